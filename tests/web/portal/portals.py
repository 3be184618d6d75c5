"""The portal of an office on a real server on loopback, and browsers of people who use it."""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Final
from urllib.parse import urlencode

from dsar_export.requests.database import reading
from dsar_export.requests.requests import Filters, list_requests
from dsar_export.requests.states import State
from dsar_export.requests.work import work_of
from dsar_export.use_cases.portal_doors import open_portal
from dsar_export.web.place import Place
from tests.use_cases.offices import Office
from tests.use_cases.parcels import Parcels, Sent
from tests.web.served import OWN_SITE, SECONDS, Answer, served

COOKIE: Final = "dsar-visit"
Fields = Sequence[tuple[str, str]]


@dataclass
class Browser:
    """A person's browser, which keeps the cookie that it is given and sends forms back as they are."""

    port: int
    language: str = "en"
    cookie: str = ""
    network: str = "127.0.0.1"
    """From which of this machine's own addresses it comes."""
    given: str = field(default="", init=False)
    """The cookie as the server gave it last."""

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, fields: Fields = (), **more: str) -> Answer:
        return self.ask("POST", path, urlencode([*fields, *more.items()]))

    def ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Accept-Language": self.language, **OWN_SITE}
        headers |= {"Cookie": f"{COOKIE}={self.cookie}"} if self.cookie else {}
        headers |= {} if body is None else {"Content-Type": "application/x-www-form-urlencoded"}
        with closing(self._connection()) as connection:
            connection.request(method, path, body, headers)
            found = connection.getresponse()
            named = {name.lower(): value for name, value in found.getheaders()}
            self.given = named.get("set-cookie", self.given)
            kept = re.match(rf"{COOKIE}=([^;]*)", named.get("set-cookie", ""))
            self.cookie = self.cookie if kept is None else kept[1].strip('"')
            return Answer(found.status, named, found.read())

    def _connection(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=SECONDS, source_address=(self.network, 0))

    def csrf(self) -> str:
        """What the forms of this visit have."""
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.get("/follow").text)
        assert found is not None
        return found[1]

    def sends(self, path: str, **fields: str) -> Answer:
        """Sends a form of this visit."""
        return self.post(path, [("csrf", self.csrf()), *fields.items()])

    def opens(self, *identifiers: str, right: str = "access", also: str = "") -> str:
        """Asks on all screens as they come, and returns the reference."""
        typed = [(f"id-{kind}", value) for kind, value in (each.split("=", 1) for each in identifiers)]
        screen = self.post("/ask/you", [("right", right), ("also", also)])
        assert screen.status == 200, screen.text
        checked = self.post("/ask/check", [*hidden(screen), *typed])
        assert checked.status == 200, checked.text
        answer = self.post("/ask/send", hidden(checked))
        assert answer.status == 303, answer.text
        found = re.fullmatch(r"/requests/([A-Z0-9-]+)/prove\?lang=\w+", answer.headers["location"])
        assert found is not None
        return found[1]


def hidden(screen: Answer) -> list[tuple[str, str]]:
    """What the first form of a screen brings along."""
    form = screen.text.partition("<form")[2].partition("</form>")[0]
    return re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)


@dataclass
class Gate:
    """An office whose portal is open."""

    parcels: Parcels
    place: Place
    port: int

    @property
    def office(self) -> Office:
        return self.parcels.office

    def browser(self, language: str = "en", network: str = "127.0.0.1") -> Browser:
        return Browser(self.port, language, network=network)

    def state(self, reference: str) -> State:
        return self.office.listed(reference).state

    def references(self) -> set[str]:
        """All requests that there are."""
        with reading(self.office.installation.engine) as connection:
            return {each.reference for each in list_requests(connection, Filters(frozenset(State)))}

    def mails(self, number: int) -> list[Sent]:
        """So many mails, which come after answers."""
        until = time.monotonic() + SECONDS
        while len(found := self.parcels.mails()) < number:
            assert time.monotonic() < until, f"{len(found)} mails of {number}"
            time.sleep(0.02)
        return found

    def code_for(self, browser: Browser, reference: str) -> str:
        """The code that a browser asks for and whoever reads the mailbox finds."""
        before = len(self.parcels.mails())
        assert browser.sends(f"/requests/{reference}/code").status == 303
        return self.mails(before + 1)[-1].code

    def work_of(self, reference: str, *, wait: bool = True) -> tuple[str, str] | None:
        """What is asked of workers, and by whom, which comes after an answer."""
        until = time.monotonic() + (SECONDS if wait else 0.5)
        while time.monotonic() < until:
            with reading(self.office.installation.engine) as connection:
                found = work_of(connection, reference)
            if found is not None:
                return found.task.value, found.asked_by
            time.sleep(0.02)
        return None

    def return_code(self, browser: Browser, reference: str) -> str:
        """The code by which a browser comes back to a request."""
        before = len(self.parcels.mails())
        assert browser.post("/follow", reference=reference).status == 200
        return self.mails(before + 1)[-1].code

    def proven(self, *identifiers: str, right: str = "access") -> tuple[Browser, str]:
        """Somebody who has proven their new request."""
        browser = self.browser()
        reference = browser.opens(*(identifiers or ("customer_id=C-1",)), right=right)
        code = self.code_for(browser, reference)
        assert browser.sends(f"/requests/{reference}/prove", code=code).status == 303
        return browser, reference


@contextmanager
def gate(parcels: Parcels) -> Iterator[Gate]:
    """Serves an office with an open portal."""
    open_portal(parcels.desk("fay"), parcels.services.register, "acme")
    with served(parcels) as shop:
        yield Gate(parcels, shop.place, shop.port)
