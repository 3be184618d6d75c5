"""A site whose pages are served by a real server on loopback, in this process and at the site's time."""

import hashlib
import secrets
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from typing import Final
from urllib.parse import urlencode, urlsplit

from sqlalchemy import update

from dsar_export.model.request import Right
from dsar_export.requests.database import reading, writing
from dsar_export.requests.download_links import NewLink, add_link, new_token
from dsar_export.requests.installation import epoch
from dsar_export.requests.packages import PublishedPackage, packages_of
from dsar_export.requests.tables import PACKAGES
from dsar_export.settings import Settings
from dsar_export.use_cases.desk import Desk
from dsar_export.web.app import build_app
from dsar_export.web.place import Place
from dsar_export.web.serving import server_of
from dsar_export.wiring.desk import open_web_desk
from tests.sites import Site

SECONDS: Final = 30
OWN_SITE: Final = {"Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Answer:
    """What a client got."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    sent: Sequence[tuple[str, str]] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Served:
    """A served site; the staff's desk and the pages' have the same clock."""

    site: Site
    desk: Desk
    place: Place
    port: int

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """One request; in names of headers `_` stands for `-`."""
        return self._answer(method, path, None, {n.replace("_", "-"): v for n, v in headers.items()})

    def post(self, path: str, headers: Mapping[str, str] = OWN_SITE, **fields: str) -> Answer:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._answer("POST", path, urlencode(fields).encode(), {**form, **headers})

    def available(self, content: bytes | None = None) -> str:
        """A request whose packages wait; the one for access with other bytes, if they are given."""
        reference = self.site.available(self.desk)
        if content is not None:
            self.put(reference, content)
        return reference

    def put(self, reference: str, content: bytes) -> None:
        """Puts other bytes in place of the package for access, as if it had been built of them."""
        name = f"{reference}.{secrets.token_hex(4)}.zip"
        self.desk.packages.put(name, [content])
        digest = hashlib.sha256(content).hexdigest()
        found = update(PACKAGES).where(PACKAGES.c.reference == reference, PACKAGES.c.right == Right.ACCESS)
        with writing(self.desk.engine) as connection:
            connection.execute(found.values(file=name, sha256=digest, size=len(content)))

    def package(self, reference: str, right: Right = Right.ACCESS) -> PublishedPackage:
        with reading(self.desk.engine) as connection:
            packages = packages_of(connection, [reference])[reference]
        return next(each for each in packages if each.right is right)

    def link(self, reference: str, contact_index: str | None = None) -> str:
        """The path of the page of a new link."""
        package, token = self.package(reference), new_token()
        with writing(self.desk.engine) as connection:
            new = NewLink(
                token,
                reference,
                package.right,
                package.sha256,
                self.site.now,
                self.desk.person.name,
                epoch(connection),
                contact_index,
            )
            add_link(connection, new)
        return f"/l/{token}"

    def started(self, link: str) -> str:
        """The path of a download that was just started."""
        answer = self.post(f"{link}/download")
        assert answer.status == 303, answer.text
        return answer.headers["location"]

    def connection(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)

    def _answer(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        with closing(self.connection()) as connection:
            connection.request(
                method, urlsplit(path)._replace(scheme="", netloc="").geturl(), body, dict(headers)
            )
            found = connection.getresponse()
            named = {name.lower(): value for name, value in found.getheaders()}
            return Answer(found.status, named, found.read(), found.getheaders())


@contextmanager
def served(site: Site, opener: bytes | None = None, **settings: object) -> Iterator[Served]:
    """Serves a site on a free port; `settings` replace those of the site."""
    desk = site.desk()
    chosen = site.settings.model_copy(
        update={
            "register_folder": site.folder / "register",
            "web_port": 0,
            "downloads_per_client": 200,
            **settings,
        }
    )

    def opened(given: Settings) -> Desk:
        return replace(open_web_desk(given), clock=lambda: site.now)

    place = Place(chosen, opened, opener)
    server = server_of(build_app(place), chosen)
    thread = threading.Thread(target=server.run, name="serving", daemon=True)
    thread.start()
    until = time.monotonic() + SECONDS
    while not server.started:
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Served(site, desk, place, port)
    finally:
        server.should_exit = True
        thread.join(SECONDS)
        place.close()
