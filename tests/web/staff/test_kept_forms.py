"""What somebody typed survives a closed door, and is sent only by whoever came in, and only to forms of ours."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pyotp
import pytest

from dsar_export.language.catalogue import texts
from dsar_export.requests.sessions import IDLE, PROVEN_FOR
from dsar_export.requests.states import State
from dsar_export.settings import Settings
from dsar_export.use_cases.look_up import request_file
from dsar_export.web.console.pages import console_routes
from dsar_export.web.console.rendering import LARGEST_FORM, MOST_FIELDS, Console
from dsar_export.web.console.words.doors import NAMES_OF_DEEDS
from dsar_export.web.console.words.named import console_texts
from dsar_export.web.place import Place
from dsar_export.web.staff.mounting import STAFF_PATH
from tests.web.served import OWN_SITE, SECONDS, Answer
from tests.web.staff.forms import form_to, forms_in
from tests.web.staff.test_doors import COOKIE, PASSWORD, Browser, House, housed

TYPED: Final = 'two\r\nlines, "quotes" & <script>alert(1)</script>, Zoë 🙂'
NOW: Final = timedelta(seconds=31)
"""After which a code is another one."""


@pytest.fixture(scope="module")
def house(reached: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with housed(reached, tmp_path_factory.mktemp("kept")) as made:
        yield made


def signed_in(house: House, name: str) -> Browser:
    house.office.now += NOW
    return house.signed_in(name)


def sent(browser: Browser, action: str, fields: Sequence[tuple[str, str]]) -> Answer:
    return browser.ask("POST", action.removeprefix(STAFF_PATH), urlencode(fields))


def enters(house: House, browser: Browser, page: Answer, name: str, password: str = PASSWORD) -> Answer:
    """Somebody signs in by the form of a page."""
    house.office.now += NOW
    door = form_to(page.text, "/staff/sign-in")
    code = pyotp.TOTP(house.secrets[name]).at(house.office.now)
    return sent(browser, door.action, door.filled(login=name, password=password, code=code))


def notes(house: House, reference: str) -> list[str]:
    return [note.text for note in request_file(house.office.desk("ada"), reference).notes]


def test_a_note_that_was_typed_too_long_is_sent_after_signing_in_again(house: House) -> None:
    browser, reference = signed_in(house, "ada"), house.office.opened("ada", "email=sam@example.org")
    old = browser.csrf()
    house.office.now += IDLE
    path = f"/staff/requests/{reference}/note"
    door = browser.post(f"/requests/{reference}/note", csrf=old, note=TYPED)
    assert door.status == 401
    assert "What you typed is not lost." in door.text
    assert old not in door.text

    again = enters(house, browser, door, "ada", "wrong horse battery")
    assert again.status == 401
    behind = enters(house, browser, again, "ada")
    assert behind.status == 200
    assert "You were about to send this form:" in behind.text
    assert "<b>Write a note</b>" in behind.text
    assert "<script>" not in behind.text
    assert notes(house, reference) == []

    waiting = form_to(behind.text, path)
    assert dict(waiting.fields)["csrf"] not in {"", old}
    answer = sent(browser, waiting.action, waiting.fields)
    assert (answer.status, answer.headers["location"]) == (303, f"/staff/requests/{reference}")
    assert notes(house, reference) == [TYPED]


def test_what_must_be_proven_is_done_after_proving_and_not_by_it(house: House) -> None:
    browser = signed_in(house, "ray")
    reference = house.office.verified()
    house.office.collect("ada", reference)
    token = browser.csrf()
    house.office.now += PROVEN_FOR
    path = f"/requests/{reference}/approve"
    door = browser.post(path, csrf=token)
    assert door.status == 401
    prove = form_to(door.text, "/staff/prove")
    assert prove.action == f"/staff/prove?next=/staff/requests/{reference}"

    wrong = sent(browser, prove.action, prove.filled(password="wrong"))
    prove = form_to(wrong.text, "/staff/prove")
    behind = sent(browser, prove.action, prove.filled(password=PASSWORD))
    assert "<b>Approve</b>" in behind.text
    assert house.office.listed(reference).state is State.IN_REVIEW
    waiting = form_to(behind.text, f"/staff{path}")
    assert sent(browser, waiting.action, waiting.fields).status == 303
    assert house.office.listed(reference).state is State.APPROVED


def test_a_form_waits_too_if_the_session_ends_while_one_proves_who_one_is(house: House) -> None:
    browser = signed_in(house, "fay")
    token = browser.csrf("/people")
    house.office.now += PROVEN_FOR
    door = browser.post("/people/disable", csrf=token, name="nia")
    prove = form_to(door.text, "/staff/prove")
    house.office.now += IDLE
    page = sent(browser, prove.action, prove.filled(password=PASSWORD))
    assert page.status == 401
    behind = enters(house, browser, page, "fay")
    waiting = form_to(behind.text, "/staff/people/disable")
    assert dict(waiting.fields)["name"] == "nia"


def test_a_form_of_another_session_does_not_wait(house: House) -> None:
    browser = signed_in(house, "fay")
    house.office.now += PROVEN_FOR
    answer = browser.post("/people/disable", csrf="0" * 64, name="MARKER")
    assert answer.status == 403
    assert "MARKER" not in answer.text
    page = form_to(browser.get("/prove").text, "/staff/prove")
    fields = [*page.fields, ("kept-path", "/staff/people/disable"), ("kept.name", "MARKER")]
    forged = [(name, "0" * 64 if name == "csrf" else value) for name, value in fields]
    assert sent(browser, page.action, forged).status == 403


OTHERS: Final[tuple[dict[str, str], ...]] = (
    {},
    {"Origin": "null"},
    {"Origin": "https://example.org"},
    {"Sec-Fetch-Site": "cross-site"},
)
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


def asked(house: House, path: str, fields: Sequence[tuple[str, str]], headers: dict[str, str]) -> Answer:
    with closing(HTTPConnection("127.0.0.1", house.port, timeout=SECONDS)) as connection:
        connection.request("POST", path, urlencode(fields), headers)
        found = connection.getresponse()
        named = {name.lower(): value for name, value in found.getheaders()}
        return Answer(found.status, named, found.read())


@pytest.mark.parametrize("origin", OTHERS)
def test_without_a_session_only_a_page_of_ours_can_leave_a_form(house: House, origin: dict[str, str]) -> None:
    fields = [("csrf", "x"), ("note", "MARKER")]
    answer = asked(house, "/staff/requests/DSAR-20261122-AAAAAAAA/note", fields, {**FORM, **origin})
    assert answer.status in {303, 403}
    assert "MARKER" not in answer.text


@pytest.mark.parametrize("origin", OTHERS)
def test_nobody_elsewhere_puts_a_form_into_the_door(house: House, origin: dict[str, str]) -> None:
    signed_in(house, "kim")
    house.office.now += NOW
    code = pyotp.TOTP(house.secrets["kim"]).at(house.office.now)
    entry = [("login", "kim"), ("password", PASSWORD), ("code", code)]
    kept = [("kept-path", "/staff/people/give-role"), ("kept.name", "MARKER")]
    answer = asked(house, "/staff/sign-in", [*entry, *kept], {**FORM, **origin})
    assert answer.status in {303, 403}
    assert "MARKER" not in answer.text


def test_an_older_browser_that_names_its_origin_is_believed(house: House) -> None:
    fields = [("csrf", "x"), ("note", "MARKER")]
    origin = {"Origin": f"http://127.0.0.1:{house.port}"}
    answer = asked(house, "/staff/requests/DSAR-20261122-AAAAAAAA/note", fields, {**FORM, **origin})
    assert answer.status == 401
    assert "MARKER" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "https://example.org/staff/people/disable",
        "//example.org/staff/people/disable",
        "/staff/sign-out",
        "/staff/sign-in",
        "/staff/requests",
        "/staff/requests/../people/disable/x",
        "/l/x/download",
        "javascript:x",
        "/staff/people/disable\n",
        f"/staff/requests/{'A' * 2000}/note",
        "",
    ],
)
def test_a_form_waits_only_for_a_path_of_the_console(house: House, path: str) -> None:
    page = Browser(house.port).get("/sign-in")
    door = form_to(page.text, "/staff/sign-in")
    fields = [*door.filled(login="nobody"), ("kept-path", path), ("kept.note", "MARKER")]
    answer = sent(Browser(house.port), door.action, fields)
    assert answer.status == 401
    assert "MARKER" not in answer.text
    assert [form.action for form in forms_in(answer.text)] == ["/staff/sign-in?next=/staff"]


def test_a_path_is_an_address_of_this_site_whatever_letters_it_has(house: House) -> None:
    answer = Browser(house.port).post("/requests/A%3Fx=%22%3E%3Cb%3E/note", csrf="x", note="y")
    door = form_to(answer.text, "/staff/sign-in")
    assert door.action == "/staff/sign-in?next=/staff/requests/A%3Fx%3D%22%3E%3Cb%3E"
    assert "<b>" not in answer.text


def test_the_longest_form_goes_through_the_door_and_a_longer_one_is_refused(house: House) -> None:
    signed_in(house, "abe")
    browser, path = Browser(house.port), "/requests/DSAR-20261122-AAAAAAAA/note"
    room = LARGEST_FORM - len(urlencode({"csrf": "x", "note": ""}))
    assert browser.post(path, csrf="x", note="n" * (room + 1)).status == 413
    door = browser.post(path, csrf="x", note="n" * room)
    behind = enters(house, browser, door, "abe")
    assert dict(form_to(behind.text, f"/staff{path}").fields)["note"] == "n" * room


def test_a_form_with_files_or_too_many_fields_does_not_wait(house: House) -> None:
    path = "/staff/requests/DSAR-20261122-AAAAAAAA/note"
    files = {"Content-Type": "multipart/form-data; boundary=x", **OWN_SITE}
    assert asked(house, path, [("csrf", "x")], files).status == 303
    many = [("csrf", "x"), *((f"f{number}", "y") for number in range(MOST_FIELDS))]
    assert asked(house, path, many, {**FORM, **OWN_SITE}).status == 413


def test_after_the_door_a_form_is_sent_by_whoever_may(house: House) -> None:
    """Whoever signs in at somebody else's screen sees the form, and the rule of its page is theirs."""
    browser = signed_in(house, "fay")
    token = browser.csrf("/people")
    house.office.now += IDLE
    door = browser.post("/people/disable", csrf=token, name="nia")
    signed_in(house, "ada")
    behind = enters(house, browser, door, "ada")
    waiting = form_to(behind.text, "/staff/people/disable")
    assert sent(browser, waiting.action, waiting.fields).status == 404


def test_a_cookie_of_another_browser_does_not_take_a_form_along(house: House) -> None:
    browser = signed_in(house, "ray")
    door = Browser(house.port).post("/people/disable", csrf="x", name="MARKER")
    assert "MARKER" in door.text
    assert "MARKER" not in Browser(house.port, browser.cookie).get("/people").text
    assert COOKIE not in door.headers.get("set-cookie", "")


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_every_form_has_a_name_that_is_shown_while_it_waits(tmp_path: Path, language: str) -> None:
    words = console_texts(texts(language))
    routes = console_routes(Console(Place(Settings(state=tmp_path)), STAFF_PATH))
    names = {route.path.rpartition("/")[2] for route in routes if route.method == "POST"}
    assert len(names) > 10
    without = [name for name in names if NAMES_OF_DEEDS.get(name, name.replace("-", "_")) not in words]
    assert without == [], "add it to words/doors.py"
