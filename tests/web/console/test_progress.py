"""The progress of work as it happens: bounded in time and number, and only for whoever may see the request."""

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from dsar_export.model.people import Role
from dsar_export.model.work import Position, Task, WorkStep
from dsar_export.requests.database import writing
from dsar_export.requests.people import end_grants
from dsar_export.requests.work import begin_try, park, show_sign
from dsar_export.use_cases.decide import cancel
from dsar_export.web.progress_stream import AT_ONCE, PER_WATCHER, Pace
from dsar_export.web.slots import Slots
from tests.web.console.conftest import House
from tests.web.console.consoles import BASE, served_console
from tests.web.console.streams import Stream, stream
from tests.web.served import SECONDS

QUICK = Pace(looks=0.02, heartbeat=0.1, longest=0.5)


def watched(
    house: House, reference: str, name: str = "ada", language: str = "en"
) -> AbstractContextManager[Stream]:
    headers = {"X-Person": name, "Accept-Language": language}
    return stream(house.port, f"{BASE}/requests/{reference}/progress", headers)


def asked(house: House) -> str:
    """A request that `ada` asked to collect."""
    reference = house.office.verified()
    assert house.visitor("ada").post(f"/requests/{reference}/collect").status == 303
    return reference


@contextmanager
def quick(house: House, reached: Path) -> Iterator[House]:
    """The same office on another server, which looks often and not for long."""
    with served_console(house.office, reached, QUICK) as (port, place):
        yield replace(house, port=port, place=place)


def test_each_change_is_sent_once_and_the_end_too(house: House) -> None:
    reference, office = asked(house), house.office
    with watched(house, reference, "aud") as seen:
        assert (seen.status, seen.answer.getheader("content-type")) == (
            200,
            "text/event-stream; charset=utf-8",
        )
        assert seen.answer.getheader("cache-control") == "no-store"
        name, shown = seen.event()
        assert (name, shown["text"]) == ("message", "collect, asked by ada: waits for a worker")
        with writing(office.installation.engine) as connection:
            begin_try(connection, reference, Task.COLLECT, office.now)
            show_sign(connection, reference, Position(WorkStep.READ, "records", 7), office.now)
        name, shown = seen.event()
        assert (name, shown["dataset"], shown["records"], shown["state"]) == (
            "message",
            "records",
            7,
            "verified",
        )
        assert (shown["text"], shown["rows"]) == ("collect, asked by ada: rows are read", shown["rows"])
        assert str(shown["rows"]).startswith("records, 7 rows, last sign of life 2026-")
        with writing(office.installation.engine) as connection:
            park(connection, reference, office.now, "source main does not answer")
        name, shown = seen.event()
        assert name == "end"
        assert shown["attempt"] == 0
        assert seen.event() == ("", {})


def test_the_work_itself_ends_the_stream_in_the_readers_language(house: House) -> None:
    reference = asked(house)
    with watched(house, reference, language="de") as seen:
        assert seen.event()[1]["text"] == "Zusammentragen, angefordert von ada: wartet auf einen Worker"
        house.office.collect("ada", reference)
        while (found := seen.event())[0] == "message":
            pass
        assert found[0] == "end"
        assert str(found[1]["text"]).startswith("Das ist beendet. Die Anfrage ist jetzt: in Prüfung")


def test_nothing_to_follow_ends_at_once(house: House) -> None:
    reference = house.reviewed()
    with watched(house, reference) as seen:
        assert [seen.event()[0], seen.event()[0]] == ["end", ""]


@pytest.mark.parametrize("name", ["bea", "nia", "fay"])
def test_whoever_may_not_see_a_request_does_not_learn_that_it_is_there(house: House, name: str) -> None:
    answers = [
        house.visitor(name).get(f"/requests/{each}/progress")
        for each in (asked(house), "DSAR-20260101-NEVERWAS")
    ]
    assert [answer.status for answer in answers] == [404, 404]
    assert answers[0].text == answers[1].text


def test_a_sign_of_life_is_sent_and_the_stream_ends_after_its_time(house: House, reached: Path) -> None:
    reference = asked(house)
    with quick(house, reached) as often, watched(often, reference) as seen:
        names = [seen.event()[0] for _ in range(3)]
        assert names == ["message", "heartbeat", "heartbeat"]
        begun = time.monotonic()
        while seen.event()[0]:
            assert time.monotonic() - begun < 5
        assert time.monotonic() - begun < 2


def test_it_ends_when_the_role_does(house: House) -> None:
    reference = asked(house)
    with watched(house, reference, "rex") as seen:
        assert seen.event()[0] == "message"
        with writing(house.office.installation.engine) as connection:
            end_grants(connection, "rex", "acme", Role.REVIEWER, house.office.now)
        assert seen.event() == ("", {})


def free_again(house: House, reference: str, name: str) -> None:
    """Waits until somebody can watch, after others have left."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with watched(house, reference, name) as seen:
            if seen.status == 200:
                return
        time.sleep(0.05)
    raise AssertionError("nobody who left made room")


def test_one_person_watches_a_few_at_a_time_and_others_still_can(house: House) -> None:
    reference = asked(house)
    with ExitStack() as open_ones:
        for _ in range(PER_WATCHER):
            assert open_ones.enter_context(watched(house, reference)).event()[0] == "message"
        with watched(house, reference) as one_more:
            assert one_more.status == 503
        with watched(house, reference, "ray") as another:
            assert another.status == 200
    free_again(house, reference, "ada")


def test_however_many_watch_there_is_room_for_so_many() -> None:
    slots = Slots(AT_ONCE, PER_WATCHER)
    with ExitStack() as taken:
        for number in range(AT_ONCE):
            assert taken.enter_context(slots.one(f"colleague {number // PER_WATCHER}"))
        assert not slots.is_free("somebody else")


def test_fifty_who_watch_keep_nobody_else_waiting(house: House, reached: Path) -> None:
    reference, answers = asked(house), threading.Event()
    served = served_console(house.office, reached, lasts=lambda: answers.wait(SECONDS))
    with served as (port, place), ExitStack() as open_ones:
        open_ones.callback(answers.set)
        for number in range(50):
            headers = {"X-Person": "ada", "X-Login": f"colleague-{number}"}
            path = f"{BASE}/requests/{reference}/progress"
            assert open_ones.enter_context(stream(port, path, headers)).status == 200
        begun = time.monotonic()
        assert replace(house, port=port, place=place).visitor("ray").get("/inbox").status == 200
        assert time.monotonic() - begun < SECONDS / 2


def test_a_server_that_is_to_end_does_not_wait_for_those_who_watch(house: House, reached: Path) -> None:
    reference = asked(house)
    with ExitStack() as later:
        with served_console(house.office, reached) as (port, place):
            seen = later.enter_context(watched(replace(house, port=port, place=place), reference))
            assert seen.event()[0] == "message"
            begun = time.monotonic()
        assert time.monotonic() - begun < 5
        cancel(house.office.desk("ada"), reference)


def test_the_page_has_the_one_script_by_its_hash_only_while_there_is_something_to_follow(
    house: House,
) -> None:
    reference = asked(house)
    page = house.visitor("ada").get(f"/requests/{reference}")
    policy = page.headers["content-security-policy"]
    assert "script-src 'sha256-" in policy
    assert "connect-src 'self'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert page.text.count("<script>") == 1
    assert len(page.text.partition("<script>")[2].partition("</script>")[0]) <= 2048
    other = house.visitor("ada").get(f"/requests/{house.reviewed()}")
    assert "<script" not in other.text
    assert "script-src" not in other.headers["content-security-policy"]
