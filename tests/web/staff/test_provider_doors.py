"""Staff come in by their organisation's provider: a real one of PyPI, and one of ours that signs anything."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from oidc_provider_mock import run_server_in_thread
from pydantic import SecretStr

from dsar_export.requests.sessions import PROVEN_FOR
from dsar_export.settings import Settings
from dsar_export.use_cases.provider_login import bind_login, end_login
from dsar_export.use_cases.staff import disable_colleague
from dsar_export.web.app import build_app
from dsar_export.web.place import Place
from dsar_export.web.serving import server_of
from tests.requests.installations import founded_installation
from tests.use_cases.offices import Office, quick_services
from tests.web.served import OWN_SITE, SECONDS, Answer
from tests.web.staff.providers import CLIENT, SigningProvider, serving

SUBJECT: Final = "subject-1"


@dataclass
class Browser:
    """Somebody's browser, with its cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self._asked("GET", path, None)

    def post(self, path: str, **fields: str) -> Answer:
        return self._asked("POST", path, urlencode(fields))

    def _asked(self, method: str, path: str, body: str | None) -> Answer:
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**OWN_SITE, "Cookie": sent, "Accept-Language": "en"}
        headers |= {} if body is None else {"Content-Type": "application/x-www-form-urlencoded"}
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)) as connection:
            connection.request(method, path, body, headers)
            found = connection.getresponse()
            for value in found.headers.get_all("set-cookie") or ():
                name, _, kept = value.partition(";")[0].partition("=")
                self.cookies[name] = kept.strip('"')
            named = {name.lower(): value for name, value in found.getheaders()}
            return Answer(found.status, named, found.read())

    def led(self, query: str = "") -> dict[str, str]:
        """What the browser takes along to the provider."""
        answer = self.get(f"/staff/login{query}")
        assert answer.status == 303, answer.text
        return {n: v[0] for n, v in parse_qs(urlsplit(answer.headers["location"]).query).items()}

    def comes_back(self, taken: dict[str, str], **changed: str) -> Answer:
        """With what our provider takes for a code, which is the nonce."""
        return self.get(
            f"/staff/login/back?{urlencode({'code': taken['nonce'], 'state': taken['state']} | changed)}"
        )


@dataclass
class House:
    office: Office
    port: int
    provider: SigningProvider

    def browser(self) -> Browser:
        return Browser(self.port)

    def signed_in(self) -> Browser:
        browser = self.browser()
        assert browser.comes_back(browser.led()).headers["location"] == "/staff"
        return browser

    def bind(self, name: str = "ada", issuer: str = "") -> None:
        bind_login(self.office.desk("fay"), name, issuer or self.provider.issuer, SUBJECT)


@pytest.fixture(scope="module")
def signing() -> Iterator[SigningProvider]:
    with serving(SigningProvider()) as provider:
        yield provider


@pytest.fixture
def house(reached: Path, tmp_path: Path, signing: SigningProvider) -> Iterator[House]:
    signing.claims = {}
    yield from housed(reached, tmp_path, signing.issuer, signing)


def housed(
    reached: Path, folder: Path, issuer: str, signing: SigningProvider, *, secret: bool = False
) -> Iterator[House]:
    """An office on the web whose provider is `issuer`; with a secret, passwords count too."""
    made = founded_installation(f"sqlite:///{folder / 'requests.db'}", folder / "keys.json")
    office = Office(made, quick_services(reached), folder / "state", folder / "anchor.json")
    office.now = datetime.now(UTC)
    changed = {
        "register_folder": reached,
        "web_port": 0,
        "web_url": "http://localhost:8000",
        "oidc_issuer": issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SecretStr("a secret: with signs/") if secret else None,
        "staff_passwords": secret,
    }
    settings = Settings(state=folder).model_copy(update=changed)
    server = server_of(build_app(Place(settings, lambda _: office.desk("nia"))), settings)
    thread = threading.Thread(target=server.run, name="staff", daemon=True)
    thread.start()
    until = time.monotonic() + SECONDS
    while not server.started:
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.01)
    try:
        yield House(office, server.servers[0].sockets[0].getsockname()[1], signing)
    finally:
        server.should_exit = True
        thread.join(SECONDS)
        made.engine.dispose()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the provider's own
def test_whoever_signs_in_at_a_real_provider_comes_to_the_page_that_they_wanted(
    reached: Path, tmp_path: Path, signing: SigningProvider
) -> None:
    with run_server_in_thread(require_nonce=True) as running:
        issuer = f"http://localhost:{running.server_port}"
        for house in housed(reached, tmp_path, issuer, signing, secret=True):
            house.bind(issuer=issuer)
            browser = house.browser()
            page = browser.get("/staff/sign-in?next=/staff/trail").text
            assert "Sign in with your organisation&#39;s account" in page
            assert 'name="password"' in page
            place = urlsplit(browser.get("/staff/login?next=/staff/requests").headers["location"])
            with closing(HTTPConnection("localhost", running.server_port, timeout=SECONDS)) as connection:
                form = {"Content-Type": "application/x-www-form-urlencoded"}
                connection.request("POST", f"{place.path}?{place.query}", urlencode({"sub": SUBJECT}), form)
                back = urlsplit(str(connection.getresponse().headers["location"]))
            assert (back.hostname, back.path) == ("localhost", "/staff/login/back")
            answer = browser.get(f"{back.path}?{back.query}")
            assert (answer.status, answer.headers["location"]) == (303, "/staff/requests")
            assert "ada" in browser.get("/staff/requests").text
            again = browser.get(f"{back.path}?{back.query}")
            assert again.status == 400


def test_without_passwords_there_is_no_form_for_one(house: House) -> None:
    browser = house.browser()
    assert 'name="password"' not in browser.get("/staff/sign-in").text
    assert browser.post("/staff/sign-in", login="ada", password="x", code="1").status in {404, 405}


def test_an_account_that_is_nobodys_here_gets_the_line_by_which_an_administrator_lets_it_in(
    house: House,
) -> None:
    browser = house.browser()
    answer = browser.comes_back(browser.led())
    assert answer.status == 403
    assert SUBJECT in answer.text
    assert browser.get("/staff/requests").status == 303
    house.bind()
    assert house.signed_in().get("/staff/requests").status == 200


def test_the_browser_that_was_led_there_comes_back_once_and_no_other(house: House) -> None:
    house.bind()
    browser, other = house.browser(), house.browser()
    taken = browser.led()
    assert other.comes_back(taken).status == 400
    other.led()
    assert other.comes_back(taken).status == 400
    assert browser.comes_back(taken, state="guessed").status == 400
    taken = browser.led()
    kept = dict(browser.cookies)
    assert browser.comes_back(taken).status == 303
    browser.cookies = kept
    assert browser.comes_back(taken).status == 400


def test_nobody_comes_back_after_minutes(house: House) -> None:
    house.bind()
    browser = house.browser()
    taken = browser.led()
    house.office.now += timedelta(minutes=10)
    assert browser.comes_back(taken).status == 400


WRONG: Final = [
    {"code": ""},
    {"code": "of another browser"},
    {"iss": "https://elsewhere.example.org"},
    {"code": "x" * 5000},
]


@pytest.mark.parametrize("changed", WRONG)
def test_what_proves_nobody_shows_one_page_and_lets_nobody_in(house: House, changed: dict[str, str]) -> None:
    house.bind()
    browser = house.browser()
    answer = browser.comes_back(browser.led(), **changed)
    assert answer.status == 400
    assert "That did not work" in answer.text
    assert browser.get("/staff/requests").status == 303


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org", "/staff//x", "/l/token"])
def test_the_way_on_leads_to_no_other_site(house: House, wanted: str) -> None:
    house.bind()
    browser = house.browser()
    assert browser.comes_back(browser.led(f"?{urlencode({'next': wanted})}")).headers["location"] == "/staff"


def test_an_ended_login_ends_its_session_and_opens_nothing(house: House) -> None:
    house.bind()
    browser = house.signed_in()
    assert end_login(house.office.desk("fay"), "ada")
    assert not end_login(house.office.desk("fay"), "ada")
    assert browser.get("/staff/requests").status == 303
    assert browser.comes_back(browser.led()).status == 403


def test_the_account_of_somebody_who_left_opens_nothing(house: House) -> None:
    house.bind()
    browser = house.signed_in()
    disable_colleague(house.office.desk("fay"), "ada")
    assert browser.get("/staff/requests").status == 303
    assert browser.comes_back(browser.led()).status == 403


PROVES: Final = [(None, 400), (-120, 400), (1, 303)]


@pytest.mark.parametrize(("entered", "status"), PROVES)
def test_proving_again_needs_that_the_person_entered_anew_since(
    house: House, entered: int | None, status: int
) -> None:
    house.bind("fay")
    browser = house.signed_in()
    house.office.now += PROVEN_FOR + timedelta(seconds=1)
    csrf = re.findall(r'name="csrf" value="([0-9a-f]+)"', browser.get("/staff/people").text)[0]
    fields = {"csrf": csrf, "name": "ada", "role": "auditor", "controller": "acme"}
    stopped = browser.post("/staff/people/give-role", **fields)
    assert stopped.status == 401
    assert "come back to this one" in stopped.text
    kept = dict(re.findall(r'name="(kept[^"]*)" value="([^"]*)"', stopped.text))
    assert kept["kept.role"] == "auditor"
    assert (
        "/staff/login?prove=yes&amp;next=/staff/people" in browser.get("/staff/prove?next=/staff/people").text
    )
    taken = browser.led("?prove=yes&next=/staff/people")
    assert (taken["prompt"], taken["max_age"]) == ("login", "0")
    at = int(house.office.now.timestamp())
    house.provider.claims = {"iat": at, "exp": at + 60} | (
        {} if entered is None else {"auth_time": at + entered}
    )
    assert browser.comes_back(taken).status == status
    waited = browser.post("/staff/waiting", **kept)
    assert waited.status == 200
    assert 'action="/staff/people/give-role"' in waited.text
    sent = browser.post("/staff/people/give-role", **fields)
    assert sent.status == (303 if status == 303 else 401)


def test_nobody_proves_by_the_account_of_another(house: House) -> None:
    house.bind("fay")
    browser = house.signed_in()
    taken = browser.led("?prove=yes&next=/staff/people")
    now = int(house.office.now.timestamp())
    house.provider.claims = {"sub": "subject-2", "auth_time": now + 1}
    bind_login(house.office.desk("fay"), "ada", house.provider.issuer, "subject-2")
    assert browser.comes_back(taken).status == 400


def test_the_cookie_of_the_way_is_short_lived_and_forgotten(house: House) -> None:
    browser = house.browser()
    answer = browser.get("/staff/login")
    assert "Max-Age=600" in answer.headers["set-cookie"]
    assert "HttpOnly" in answer.headers["set-cookie"]
    taken = {n: v[0] for n, v in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    browser.comes_back(taken)
    assert browser.cookies["dsar-login"] == ""
