"""Moments on the command line: all by the clock of the controller, and a day that is named counts to its end."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from dsar_export.language.zones import moment_text
from dsar_export.use_cases.moments import end_of
from tests.cli import test_requests
from tests.cli.test_intake import CONTACTS
from tests.cli.test_requests import Office
from tests.worlds import SUBJECT

office = test_requests.office
TOKYO = timezone(timedelta(hours=9), "JST")
MINUTE = r"\d{4}-\d\d-\d\d \d\d:\d\d"


def in_tokyo(office: Office) -> None:
    """The controller moves to a place where no clock is ever that of UTC, and has an address of the person."""
    file = office.folder / "register" / "register.toml"
    text = file.read_text(encoding="utf-8").replace("Europe/London", "Asia/Tokyo")
    file.write_text(f"{text}{CONTACTS}", encoding="utf-8")


@pytest.mark.parametrize(
    ("zone", "seconds", "shown"),
    [
        (UTC, False, "2026-06-30 23:30 UTC"),
        (TOKYO, True, "2026-07-01 08:30:00 JST"),
        (timezone(timedelta(hours=-3)), False, "2026-06-30 20:30 UTC-03:00"),
    ],
)
def test_a_moment_has_the_abbreviation_or_the_offset_of_its_zone(
    zone: timezone,
    seconds: bool,  # noqa: FBT001 - a column of the table
    shown: str,
) -> None:
    assert moment_text(datetime(2026, 6, 30, 23, 30, tzinfo=UTC), zone, seconds=seconds) == shown


def test_the_end_of_a_day_is_that_of_the_zone_and_a_moment_stays_as_it_is() -> None:
    assert end_of("2026-06-30", TOKYO) == datetime(2026, 6, 30, 23, 59, 59, 999999, TOKYO)
    assert end_of("2026-06-30T10:00:00+00:00", TOKYO) == datetime(2026, 6, 30, 10, tzinfo=UTC)
    assert end_of(None, TOKYO) is None


def test_every_moment_is_shown_by_the_clock_of_the_controller(office: Office) -> None:
    in_tokyo(office)
    arrived = ("--received", "2026-01-29T23:30:00+00:00", "--also", "erasure=Legal department")
    agent = office.folder / "agent.txt"
    agent.write_text("Advocates of Example Ltd", encoding="utf-8")
    mandate = ("--agent-file", agent, "--mandate-until", "2199-12-31", "--channel", "letter")
    asked = ("request", "open", "--controller", "acme", "--right", "access", "--identifiers-file", "-")
    reference = office.done(*asked, *arrived, *mandate, stdin=f"{SUBJECT}\ncustomer_id=C-1\n")["reference"]
    office.done("request", "code", reference)
    held = office.run("hold", reference, "--until", "2099-12-31", "--reason-file", "-", stdin="a lawsuit")
    assert held.out == f"reference  {reference}\nhold       until 2099-12-31 23:59 JST\n"
    office.done("request", "note", reference, "--text-file", "-", stdin="called twice")
    office.done(
        "request", "complain", reference, "--received", "2026-02-03", "--text-file", "-", stdin="slow"
    )
    office.done(
        "request",
        "answer-complaint",
        reference,
        "--outcome",
        "upheld",
        "--text-file",
        "-",
        stdin="sorry",
    )
    shown = office.run("request", "show", reference).out
    assert "received      2026-01-30 08:30 JST\n" in shown
    assert "received 2026-02-03 00:00 JST by email" in shown
    assert "until 2199-12-31 23:59 JST" in shown
    for line in ("code ", "hold until ", "agent ", "handed on ", "note by ", "answer to complaint 1 "):
        assert re.search(rf"^{line}.*{MINUTE} JST", shown, re.MULTILINE), line
    others = [("trail", "show", reference), ("mail", "list"), ("request", "evidence", reference)]
    for finished in (office.run(*other) for other in others):
        assert finished.code == 0
        assert re.search(rf"{MINUTE}(:\d\d)? JST", finished.out)
        assert not re.search(rf"{MINUTE}(:\d\d)?(?! JST|:\d\d JST)", finished.out)
        assert "UTC" not in shown + finished.out
    entries = office.run("trail", "show", reference).out
    assert "until 2099-12-31 23:59:59 JST" in entries


def test_collecting_names_the_moment_of_each_source_with_its_zone(office: Office) -> None:
    in_tokyo(office)
    reference = office.verified()
    assert re.search(
        rf"source main: read, as of {MINUTE} JST\n", office.run("request", "collect", "--now", reference).out
    )


def test_a_role_lasts_to_the_end_of_its_last_day(office: Office) -> None:
    in_tokyo(office)
    given = ("people", "roles", "robin", "--controller", "acme", "--add", "agent", "--until", "2099-12-31")
    people = office.done(*given)["people"]
    assert isinstance(people, list)
    (robin,) = [person for person in people if person["name"] == "robin"]
    assert [role["until"] for role in robin["roles"]] == [None, "2099-12-31T14:59:59.999999+00:00"]


def test_the_trail_is_shown_even_with_a_wrong_register(office: Office) -> None:
    reference = office.opened()
    (office.folder / "register" / "register.toml").write_text("wrong", encoding="utf-8")
    shown = office.run("trail", "show", reference)
    assert (shown.code, " UTC " in shown.out) == (0, True)
