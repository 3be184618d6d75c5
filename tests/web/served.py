"""An office whose pages are served by a real server on loopback, in this process and by the office's clock."""

import hashlib
import secrets
import threading
import time
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import update
from structlog.testing import capture_logs

from dsar_export.interfaces import ObjectStore
from dsar_export.model.request import Right
from dsar_export.requests.database import reading, writing
from dsar_export.requests.download_links import MOST_DOWNLOADS, NewLink, add_link, new_token
from dsar_export.requests.download_tables import LINKS
from dsar_export.requests.installation import epoch
from dsar_export.requests.outbox import contact_index
from dsar_export.requests.packages import PublishedPackage, packages_of
from dsar_export.requests.tables import PACKAGES
from dsar_export.settings import Settings
from dsar_export.use_cases.desk import Desk
from dsar_export.web.app import build_app
from dsar_export.web.place import Place
from dsar_export.web.serving import server_of
from tests.use_cases.offices import WEB
from tests.use_cases.parcels import FIRST, Parcels

SECONDS: Final = 30
OWN_SITE: Final = {"Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Answer:
    """What a client got; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Served:
    """Served pages, and the office whose packages they hand out."""

    parcels: Parcels
    store: ObjectStore
    place: Place
    port: int
    logs: list[MutableMapping[str, Any]]

    @property
    def desk(self) -> Desk:
        """A desk of staff, with the store of what is served."""
        return replace(self.parcels.desk(), packages=self.store)

    def get(self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> Answer:
        return self._answer(method, path, None, headers or {})

    def post(self, path: str, headers: Mapping[str, str] = OWN_SITE, **fields: str) -> Answer:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._answer("POST", path, urlencode(fields).encode(), {**form, **headers})

    def available(self, content: bytes = b"a package") -> str:
        """A request whose package for access has these bytes."""
        reference = self.parcels.ready()
        self.put(reference, content)
        return reference

    def put(self, reference: str, content: bytes) -> None:
        """Puts other bytes in place of the package, as if it had been built of them."""
        name = f"{reference}.{secrets.token_hex(4)}.zip"
        self.store.put(name, [content])
        digest = hashlib.sha256(content).hexdigest()
        found = update(PACKAGES).where(PACKAGES.c.reference == reference, PACKAGES.c.right == Right.ACCESS)
        with writing(self.desk.engine) as connection:
            connection.execute(found.values(file=name, sha256=digest, size=len(content)))

    def package(self, reference: str) -> PublishedPackage:
        with reading(self.desk.engine) as connection:
            return packages_of(connection, [reference])[reference][0]

    def link(self, reference: str, to: str = FIRST, most: int = MOST_DOWNLOADS) -> str:
        """The path of the page of a new link, which went to an address; the others stay until it is used."""
        package, token, desk = self.package(reference), new_token(), self.desk
        index = contact_index(desk.vault, to)
        with desk.acting() as act:
            now = epoch(act.connection)
            by = desk.person.name
            new = NewLink(token, reference, package.right, package.sha256, act.at, by, now, index)
            add_link(act.connection, new)
            mine = (LINKS.c.reference == reference, LINKS.c.made_at == act.at)
            act.connection.execute(update(LINKS).where(*mine).values(most=most))
        return f"/l/{token}"

    def started(self, link: str) -> str:
        """The path of a download that was just started."""
        answer = self.post(f"{link}/download")
        assert answer.status == 303, answer.text
        return answer.headers["location"]

    def connection(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)

    def logged(self, event: str, **facts: object) -> MutableMapping[str, Any]:
        """The newest line about something, which may be written after an answer."""
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            found = [line for line in self.logs if {"event": event, **facts}.items() <= line.items()]
            if found:
                return found[-1]
            time.sleep(0.02)
        raise AssertionError(f"no line about {event!r}")

    def _answer(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        with closing(self.connection()) as connection:
            connection.request(method, path, body, dict(headers))
            found = connection.getresponse()
            named = {name.lower(): value for name, value in found.getheaders()}
            return Answer(found.status, named, found.read())


@contextmanager
def served(
    parcels: Parcels,
    store: ObjectStore | None = None,
    opener: bytes | None = None,
    links_at: str = WEB,
    **settings: object,
) -> Iterator[Served]:
    """Serves an office on a free port, as somebody without any role; links begin with `links_at`."""
    given = {"register_folder": parcels.register, "web_port": 0, "downloads_per_client": 200}
    chosen = Settings(state=parcels.office.folder).model_copy(update={**given, **settings})
    packages = store or parcels.office.store
    place = Place(chosen, lambda _: replace(parcels.desk("nia"), packages=packages, web_url=links_at), opener)
    server = server_of(build_app(place), chosen)
    thread = threading.Thread(target=server.run, name="serving", daemon=True)
    thread.start()
    until = time.monotonic() + SECONDS
    while not server.started:
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        with capture_logs() as logs:
            yield Served(parcels, packages, place, port, logs)
    finally:
        server.should_exit = True
        thread.join(SECONDS)
