"""Staff come in through the doors alone, on a real server on loopback, and each page keeps its rule."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pyotp
import pytest

from dsar_export.model.people import Role
from dsar_export.requests.sessions import PROVEN_FOR
from dsar_export.settings import Settings
from dsar_export.use_cases.accounts import make_account
from dsar_export.use_cases.staff import colleagues
from dsar_export.web.app import build_app
from dsar_export.web.console.pages import console_routes
from dsar_export.web.console.rendering import MOST_FIELDS, Console
from dsar_export.web.cookies import TokenCookie
from dsar_export.web.place import Place
from dsar_export.web.serving import server_of
from dsar_export.web.staff.doors import Doors
from dsar_export.web.staff.kept_forms import KeptForms
from dsar_export.web.staff.mounting import STAFF_PATH, staff_pages
from tests.requests.installations import founded_installation
from tests.use_cases.offices import Office, quick_services
from tests.web.console.streams import stream
from tests.web.served import OWN_SITE, SECONDS, Answer

PASSWORD: Final = "correct horse battery"
COOKIE: Final = "dsar-staff"


@dataclass
class Browser:
    """Somebody's browser, which keeps the cookie that it is given."""

    port: int
    cookie: str = ""
    language: str = "en"
    given: str = field(default="", init=False)
    """The cookie as the server gave it last."""

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, **fields: str) -> Answer:
        return self.ask("POST", path, urlencode(fields))

    def ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Accept-Language": self.language, **OWN_SITE}
        headers |= {"Cookie": f"{COOKIE}={self.cookie}"} if self.cookie else {}
        headers |= {} if body is None else {"Content-Type": "application/x-www-form-urlencoded"}
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)) as connection:
            connection.request(method, f"{STAFF_PATH}{path}", body, headers)
            found = connection.getresponse()
            named = {name.lower(): value for name, value in found.getheaders()}
            self.given = named.get("set-cookie", self.given)
            kept = re.match(rf"{COOKIE}=([^;]*)", named.get("set-cookie", ""))
            self.cookie = self.cookie if kept is None else kept[1].strip('"')
            return Answer(found.status, named, found.read())

    def csrf(self, path: str = "/requests") -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.get(path).text)
        assert found is not None
        return found[1]


@dataclass
class House:
    """An office on the web, and the secrets of its people's codes."""

    office: Office
    port: int
    secrets: dict[str, str] = field(default_factory=dict)

    def stranger(self) -> Browser:
        return Browser(self.port)

    def enters(self, name: str, password: str = PASSWORD, code: str | None = None) -> tuple[Browser, Answer]:
        """A try to sign in with the code of now."""
        if name not in self.secrets:
            self.secrets[name] = make_account(self.office.desk("fay"), name, PASSWORD).totp_secret
        browser = self.stranger()
        shown = pyotp.TOTP(self.secrets[name]).at(self.office.now) if code is None else code
        return browser, browser.post("/sign-in", login=name, password=password, code=shown)

    def signed_in(self, name: str) -> Browser:
        browser, answer = self.enters(name)
        assert answer.status == 303
        return browser


@contextmanager
def housed(register: Path, folder: Path, **settings: int) -> Iterator[House]:
    """An office on the web, with other limits if they are named."""
    made = founded_installation(f"sqlite:///{folder / 'requests.db'}", folder / "keys.json")
    office = Office(made, quick_services(register), folder / "state", folder / "anchor.json")
    most = {"staff_requests_per_minute_signed_out": 10_000, **settings}
    update = {"register_folder": register, "web_port": 0, **most}
    settings_of_house = Settings(state=folder).model_copy(update=update)
    server = server_of(build_app(Place(settings_of_house, lambda _: office.desk("nia"))), settings_of_house)
    thread = threading.Thread(target=server.run, name="staff", daemon=True)
    thread.start()
    until = time.monotonic() + SECONDS
    while not server.started:
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.01)
    try:
        yield House(office, server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(SECONDS)
        made.engine.dispose()


@pytest.fixture
def house(reached: Path, tmp_path: Path) -> Iterator[House]:
    with housed(reached, tmp_path) as made:
        yield made


def test_whoever_signs_in_sees_what_waits_and_the_cookie_is_for_these_pages_alone(house: House) -> None:
    browser, answer = house.enters("ada")
    assert (answer.status, answer.headers["location"]) == (303, "/staff")
    assert browser.get("").headers["location"] == "/staff/inbox"
    assert "HttpOnly" in browser.given
    assert "SameSite=lax" in browser.given
    assert "Path=/" in browser.given
    assert "ada" in browser.get("/inbox").text


def test_by_tls_the_cookie_is_of_this_host_alone() -> None:
    assert TokenCookie(secure=True, purpose="staff").name == "__Host-dsar-staff"
    assert TokenCookie(secure=False, purpose="staff").name == COOKIE


@pytest.mark.parametrize(
    ("name", "password", "code"),
    [("ada", "wrong horse battery", None), ("ada", PASSWORD, "000000"), ("zed", PASSWORD, "000000")],
)
def test_whatever_is_wrong_the_answer_is_the_same(
    house: House, name: str, password: str, code: str | None
) -> None:
    house.enters("ada", "wrong horse battery")
    expected = house.stranger().post("/sign-in", login="nobody", password="x", code="1")
    if name == "ada":
        browser, answer = house.enters(name, password, code)
    else:
        browser = house.stranger()
        answer = browser.post("/sign-in", login=name, password=password, code=code or "")
    assert answer.status == expected.status == 401
    assert answer.text == expected.text
    assert browser.cookie == ""


def test_nothing_that_was_typed_stands_in_the_page(house: House) -> None:
    answer = house.stranger().post("/sign-in", login="<b>ada", password="MARKER", code="MARKER")
    assert "MARKER" not in answer.text
    assert "<b>ada" not in answer.text


def test_a_stranger_is_led_to_the_door_and_back(house: House) -> None:
    browser = house.stranger()
    answer = browser.get("/trail")
    assert (answer.status, answer.headers["location"]) == (303, "/staff/sign-in?next=/staff/trail")


@pytest.mark.parametrize(
    "wanted",
    [
        "https://example.org/",
        "//example.org/x",
        "/staff//example.org",
        "/staff/\\example.org",
        "/links/x",
        "javascript:x",
    ],
)
def test_nobody_is_led_to_another_site(house: House, wanted: str) -> None:
    browser, secret = house.stranger(), make_account(house.office.desk("fay"), "kim", PASSWORD).totp_secret
    answer = browser.post(
        f"/sign-in?{urlencode({'next': wanted})}",
        login="kim",
        password=PASSWORD,
        code=pyotp.TOTP(secret).at(house.office.now),
    )
    assert (answer.status, answer.headers["location"]) == (303, "/staff")


def test_after_signing_out_the_session_opens_nothing(house: House) -> None:
    browser = house.signed_in("ada")
    kept, token = browser.cookie, browser.csrf()
    assert browser.post("/sign-out", csrf="forged").status == 403
    assert browser.post("/sign-out", csrf=token).status == 303
    assert Browser(house.port, kept).get("/requests").status == 303


def all_routes(place: Place) -> list[tuple[str, str]]:
    return [(path, method) for path, method, _ in staff_pages(place, "", secure=False)]


def test_every_page_behind_the_doors_leads_a_stranger_to_them(house: House) -> None:
    place = Place(Settings(state=house.office.folder))
    console = Console(place, STAFF_PATH)
    doors = {
        path
        for path, _, _ in Doors(
            console, TokenCookie(secure=False, purpose="staff"), KeptForms.of(console)
        ).routes()
    }
    others = [(path, method) for path, method in all_routes(place) if path not in doors]
    assert len(others) > 15
    for path, method in others:
        filled = re.sub(r"\{[^}]*\}", "DSAR-20261122-AAAAAAAA", path).removeprefix(STAFF_PATH)
        answer = house.stranger().ask(method, filled, "" if method == "POST" else None)
        assert answer.status == 303, (method, path)
        assert answer.headers["location"].startswith("/staff/sign-in?next="), (method, path)


@pytest.mark.parametrize(
    ("name", "role"),
    [("fay", Role.ADMINISTRATOR), ("ada", Role.AGENT), ("ray", Role.REVIEWER), ("aud", Role.AUDITOR)],
)
def test_whoever_has_no_role_of_a_page_sees_none(house: House, name: str, role: Role) -> None:
    place = Place(Settings(state=house.office.folder))
    routes = console_routes(Console(place, STAFF_PATH))
    browser = house.signed_in(name)
    closed = [r for r in routes if role not in r.rule.roles]
    assert closed
    for route in closed:
        filled = re.sub(r"\{[^}]*\}", "DSAR-20261122-AAAAAAAA", route.path).removeprefix(STAFF_PATH)
        found = browser.ask(route.method, filled, "" if route.method == "POST" else None)
        assert found.status == 404, (route.method, route.path)


def roles_of(house: House, name: str) -> set[str]:
    held = [one for _, grants in colleagues(house.office.desk("fay")) for one in grants]
    return {one.role for one in held if one.person == name}


def test_what_needs_it_is_done_only_after_proving_again(house: House) -> None:
    browser = house.signed_in("fay")
    token = browser.csrf("/people")
    house.office.now += PROVEN_FOR + timedelta(seconds=1)
    role = {"name": "ada", "role": "auditor", "controller": "acme"}
    assert browser.post("/people/give-role", csrf=token, **role).status == 401
    assert roles_of(house, "ada") == {Role.AGENT}
    assert browser.post("/prove?next=/staff/people", csrf=token, password="wrong").status == 401
    answer = browser.post("/prove?next=/staff/people", csrf=token, password=PASSWORD)
    assert (answer.status, answer.headers["location"]) == (303, "/staff/people")


def test_a_form_with_more_fields_than_any_of_ours_is_too_much_and_no_fault(house: House) -> None:
    browser = house.signed_in("ada")
    fields = {"csrf": browser.csrf(), "note": "x", **{f"field-{n}": "x" for n in range(MOST_FIELDS)}}
    answer = browser.post("/requests/DSAR-20261122-AAAAAAAA/note", **fields)
    assert (answer.status, "This was too much" in answer.text) == (413, True)
    assert (
        house.stranger().post("/sign-in", **{f"field-{n}": "x" for n in range(MOST_FIELDS + 1)}).status == 413
    )


def test_after_a_form_without_a_session_the_way_leads_back_to_its_page(house: House) -> None:
    answer = house.stranger().post("/requests/DSAR-20261122-AAAAAAAA/approve", reason="no form of ours")
    assert (answer.status, answer.headers["location"]) == (
        303,
        "/staff/sign-in?next=/staff/requests/DSAR-20261122-AAAAAAAA",
    )
    answer = house.stranger().post("/requests/open", csrf="x", channel="letter")
    assert answer.status == 401
    assert 'action="/staff/sign-in?next=/staff/requests/open"' in answer.text


def test_whoever_watches_the_progress_of_work_stops_when_the_session_ends(house: House) -> None:
    browser = house.signed_in("ada")
    reference, token = house.office.verified(), browser.csrf()
    assert browser.post(f"/requests/{reference}/collect", csrf=token).status == 303
    headers = {"Cookie": f"{COOKIE}={browser.cookie}"}
    with stream(house.port, f"{STAFF_PATH}/requests/{reference}/progress", headers) as seen:
        assert seen.event()[0] == "message"
        assert browser.post("/sign-out", csrf=token).status == 303
        assert seen.event() == ("", {})


def test_pages_below_a_path_of_another_site_are_not_served(house: House) -> None:
    assert staff_pages(Place(Settings(state=house.office.folder)), "/privacy", secure=True) == ()


@pytest.mark.parametrize(("language", "heading"), [("de", "Anmelden"), ("fr", "Se connecter")])
def test_the_door_is_in_the_readers_language(house: House, language: str, heading: str) -> None:
    page = Browser(house.port, language=language).get("/sign-in")
    assert page.status == 200
    assert f"<h1>{heading}</h1>" in page.text
    assert "script-src" not in page.headers["content-security-policy"]
