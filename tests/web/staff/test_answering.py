"""Nobody asks for pages of staff too often, and what is missing looks the same and takes as long."""

import re
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

import pytest

from dsar_export.settings import Settings
from dsar_export.web.console.pages import console_routes
from dsar_export.web.console.rendering import Console
from dsar_export.web.place import Place
from dsar_export.web.staff import answering
from dsar_export.web.staff.answering import LEAST_OF_MISSING
from dsar_export.web.staff.mounting import STAFF_PATH
from tests.web.served import SECONDS, Answer
from tests.web.staff.test_doors import COOKIE, Browser, House, housed

NOBODYS: Final = "DSAR-20261122-AAAAAAAA"


@pytest.fixture(scope="module")
def house(reached: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with housed(reached, tmp_path_factory.mktemp("answering")) as made:
        yield made


def test_an_address_without_a_session_waits_and_a_made_up_cookie_is_none(
    reached: Path, tmp_path: Path
) -> None:
    with housed(reached, tmp_path, staff_requests_per_minute_signed_out=4) as house:
        signed = house.signed_in("ada")
        assert Browser(house.port, "made-up").get("/requests").status == 303
        assert Browser(house.port, "made-up-too").get("/sign-in").status == 200
        assert house.stranger().get("").status == 303
        for path, method in (("/sign-in", "POST"), ("/sign-in", "GET"), ("/requests", "GET")):
            refused = Browser(house.port, "another").ask(
                method, path, "login=x" if method == "POST" else None
            )
            assert refused.status == 429, path
            assert 0 < int(refused.headers["retry-after"]) <= 60
        assert "Too many pages in a minute" in refused.text
        assert signed.get("/requests").status == 200


def test_a_session_waits_and_another_one_does_not(reached: Path, tmp_path: Path) -> None:
    with housed(reached, tmp_path, staff_requests_per_minute=3) as house:
        ada, ray = house.signed_in("ada"), house.signed_in("ray")
        *answers, refused = [ada.get("/requests").status for _ in range(4)]
        assert (answers, refused) == ([200, 200, 200], 429)
        assert ray.get("/requests").status == 200
        assert house.stranger().get("/sign-in").status == 200


def timed(browser: Browser, path: str, method: str, fields: dict[str, str]) -> tuple[Answer, float]:
    begun = time.monotonic()
    answer = browser.post(path, **fields) if method == "POST" else browser.get(path)
    return answer, time.monotonic() - begun


def test_a_request_of_another_controller_is_as_missing_as_one_that_does_not_exist(house: House) -> None:
    foreign = house.office.verified()
    house.office.collect("ada", foreign)
    routes = console_routes(Console(Place(Settings(state=house.office.folder)), STAFF_PATH))
    of_requests = [route for route in routes if route.rule.of_request]
    assert len(of_requests) > 15
    browser = house.signed_in("bea")  # of another controller
    token = browser.csrf()
    for route in of_requests:
        found = []
        for reference in (foreign, NOBODYS):
            path = route.path.replace("{reference}", reference).removeprefix(STAFF_PATH)
            path = re.sub(r"\{[^}]*\}", "records", path)
            fields = {"csrf": token, "reason": "x", "note": "x"}
            answer, seconds = timed(browser, path, route.method, fields)
            assert answer.status == 404, path
            assert seconds >= LEAST_OF_MISSING, path
            found.append((answer.body, {n: v for n, v in answer.headers.items() if n != "date"}))
        assert found[0] == found[1], route.path


def test_nobody_is_signed_in_by_the_request_before_on_the_same_connection(house: House) -> None:
    """As behind a proxy, which sends requests of many people by one connection."""
    browser = house.signed_in("kim")
    with closing(HTTPConnection("127.0.0.1", house.port, timeout=SECONDS)) as connection:
        statuses = []
        for headers in ({"Cookie": f"{COOKIE}={browser.cookie}"}, {}):
            connection.request("GET", f"{STAFF_PATH}/people", headers=headers)
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
    assert statuses == [200, 303]


def test_a_page_that_is_there_does_not_wait(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = house.signed_in("ada")
    monkeypatch.setattr(answering, "LEAST_OF_MISSING", 20.0)
    answer, seconds = timed(browser, "/requests", "GET", {})
    assert answer.status == 200
    assert seconds < 20
