"""When a request is due, and who may move that day, how and until when."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dsar_export.errors import NotPermittedError, RegisterError, StateError, WrongUseError
from dsar_export.model.clock import ClockTable, DueDate, Effect, Ground
from dsar_export.model.intake import Channel
from dsar_export.model.people import Grant
from dsar_export.model.register import Register
from dsar_export.model.request import Right
from dsar_export.requests import trail
from dsar_export.requests.database import reading, writing
from dsar_export.requests.pauses import pauses_of
from dsar_export.requests.people import grant
from dsar_export.requests.requests import read_request
from dsar_export.requests.states import State
from dsar_export.use_cases import decide
from dsar_export.use_cases.clocks import clock_findings, refuse_unfit_clocks, rules_for
from dsar_export.use_cases.due import due_of, extend, pause, resume
from dsar_export.use_cases.look_up import requests_here
from dsar_export.use_cases.take_in import Intake, correct, take_in
from tests.requests.installations import put
from tests.use_cases.offices import SPOKEN, STAFF, Office, identifier

CLARIFICATION, IDENTITY, FEE = Ground.CLARIFICATION, Ground.IDENTITY, Ground.FEE
SAM = identifier("email=sam@example.org")
RECEIVED = datetime(2026, 6, 1, 10, tzinfo=UTC)


@pytest.fixture
def office(office: Office) -> Office:
    """The office, whose staff have worked there for long."""
    with writing(office.installation.engine) as connection:
        for name, roles in STAFF.items():
            for controller, role, datasets in roles:
                grant(connection, Grant(name, controller, role, at("2026-01-01"), None, datasets))
    return office


def at(day: str, hour: int = 12) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


def received(office: Office, day: str = "2026-06-01", hour: int = 10) -> str:
    """The reference of a request that arrived then and is opened at once."""
    office.now = at(day, hour)
    intake = Intake((Right.ACCESS,), "acme", Channel.EMAIL, at(day, hour), (SAM,))
    return take_in(office.desk("ada"), office.services.register, intake).reference


def due(office: Office, reference: str, by: str = "aud") -> DueDate:
    return due_of(office.desk(by), office.services.register, reference)


def due_day(office: Office, reference: str) -> str:
    return due(office, reference).day.isoformat()


def with_clock(office: Office, **clock: object) -> Register:
    """The office's register with another clock, or another country."""
    register = office.services.register
    place = {name: clock.pop(name) for name in ("country", "time_zone") if name in clock}
    org = register.organisation
    table = ClockTable(**clock)  # type: ignore[arg-type] # a test's own words
    acme = replace(org.controllers["acme"], clock=table, **place)  # type: ignore[arg-type] # as above
    return replace(register, organisation=replace(org, controllers={"acme": acme}))


def test_a_request_is_due_a_month_after_it_was_received(office: Office) -> None:
    reference = received(office)
    assert due_day(office, reference) == "2026-07-01"
    office.now = at("2026-07-02")
    assert due(office, reference).overdue


def test_the_day_is_that_of_the_controllers_place(office: Office) -> None:
    reference = received(office, "2026-06-09", 23)
    berlin = with_clock(office, country="DE", time_zone="Europe/Berlin", subdivision="BE")
    assert due_of(office.desk("aud"), berlin, reference).day == date(2026, 7, 10)


# The extension


def test_an_extension_gives_three_months_from_the_start_and_is_in_the_trail(office: Office) -> None:
    reference = received(office)
    office.now = at("2026-07-01", 20)
    extend(office.desk("ray"), office.services.register, reference, SPOKEN)
    assert due_day(office, reference) == "2026-09-01"
    assert office.listed(reference).extended_by == "ray"
    with reading(office.installation.engine) as connection:
        stored = read_request(connection, reference, office.installation.vault)
    assert stored.extension_reason == SPOKEN
    assert SPOKEN not in repr(stored)
    assert actions(office, reference) == [("ada", "open"), ("ray", "extend")]


def test_after_the_first_month_nothing_is_extended(office: Office) -> None:
    reference = received(office)
    office.now = at("2026-07-01", 23)  # in London, the next day has begun
    with pytest.raises(WrongUseError, match="could be extended until 2026-07-01; answer it"):
        extend(office.desk("ray"), office.services.register, reference, SPOKEN)
    assert due_day(office, reference) == "2026-07-01"


def test_a_request_is_extended_once(office: Office) -> None:
    reference = received(office)
    extend(office.desk("ada"), office.services.register, reference, SPOKEN)
    with pytest.raises(WrongUseError, match="is extended already"):
        extend(office.desk("ada"), office.services.register, reference, SPOKEN)


def test_an_extension_needs_a_reason(office: Office) -> None:
    reference = received(office)
    with pytest.raises(WrongUseError, match="needs a reason"):
        extend(office.desk("ada"), office.services.register, reference, " ")


# Waits


def test_a_wait_for_clarification_is_added_and_is_in_the_trail(office: Office) -> None:
    reference = received(office)
    office.now = at("2026-06-03")
    pause(office.desk("ada"), office.services.register, reference, CLARIFICATION)
    office.now = at("2026-06-05")
    assert due(office, reference).at_the_earliest
    assert due_day(office, reference) == "2026-07-03"
    office.now = at("2026-06-10")
    resume(office.desk("ray"), office.services.register, reference)
    office.now = at("2026-06-20")
    assert not due(office, reference).at_the_earliest
    assert due_day(office, reference) == "2026-07-08"
    assert actions(office, reference) == [("ada", "open"), ("ada", "pause"), ("ray", "resume")]


def test_what_staff_record_late_counts_from_the_day_it_happened(office: Office) -> None:
    reference, register = received(office), office.services.register
    office.now = at("2026-06-20")
    pause(office.desk("ada"), register, reference, CLARIFICATION, at("2026-06-03", 0))
    resume(office.desk("ada"), register, reference, at("2026-06-10", 0))
    assert due_day(office, reference) == "2026-07-08"


def test_a_day_alone_may_be_the_day_of_receipt_or_of_the_question(office: Office) -> None:
    reference, register = received(office), office.services.register
    office.now = at("2026-06-01", 20)
    pause(office.desk("ada"), register, reference, CLARIFICATION, at("2026-06-01", 0))
    resume(office.desk("ada"), register, reference, at("2026-06-01", 0))
    with reading(office.installation.engine) as connection:
        (waited,) = pauses_of(connection, [office.listed(reference)])[reference]
    assert waited.since == waited.until == office.listed(reference).received_at
    assert due_day(office, reference) == "2026-07-01"


@pytest.mark.parametrize("day", ["2026-05-31", "2026-06-05"])
def test_a_question_before_the_receipt_or_in_the_future_is_refused(day: str, office: Office) -> None:
    reference = received(office)
    office.now = at("2026-06-04")
    with pytest.raises(
        WrongUseError, match=r"before 2026-06-01 or in the future; correct the moment it was asked for"
    ):
        pause(office.desk("ada"), office.services.register, reference, CLARIFICATION, at(day))


def test_an_answer_before_the_question_is_refused(office: Office) -> None:
    reference, register = received(office), office.services.register
    office.now = at("2026-06-04")
    pause(office.desk("ada"), register, reference, CLARIFICATION)
    office.now = at("2026-06-06")
    with pytest.raises(WrongUseError, match="before 2026-06-04"):
        resume(office.desk("ada"), register, reference, at("2026-06-03"))


def test_nothing_is_awaited_twice_and_nothing_arrives_that_was_not_asked_for(office: Office) -> None:
    reference, register = received(office), office.services.register
    with pytest.raises(WrongUseError, match="nothing is awaited"):
        resume(office.desk("ada"), register, reference)
    pause(office.desk("ada"), register, reference, CLARIFICATION)
    for ground in (CLARIFICATION, IDENTITY):
        with pytest.raises(WrongUseError, match="already waits for clarification; record that it arrived"):
            pause(office.desk("ada"), register, reference, ground)


def test_a_ground_that_the_rules_do_not_allow_is_refused(office: Office) -> None:
    reference = received(office)
    berlin = with_clock(office, country="DE", time_zone="Europe/Berlin", subdivision="BE")
    before = office.listed(reference)
    with pytest.raises(WrongUseError, match="clarification does not stop the clock; one for identity does"):
        pause(office.desk("ada"), berlin, reference, CLARIFICATION)
    assert office.listed(reference) == before
    allowed = with_clock(
        office,
        subdivision="BE",
        country="DE",
        time_zone="Europe/Berlin",
        effects={CLARIFICATION: Effect.STOPS_CLOCK},
    )
    pause(office.desk("ada"), allowed, reference, CLARIFICATION)


def test_nothing_stops_the_clock_once_the_answer_is_overdue(office: Office) -> None:
    reference = received(office)
    office.now = at("2026-07-02")
    with pytest.raises(WrongUseError, match="was due on 2026-07-01"):
        pause(office.desk("ada"), office.services.register, reference, CLARIFICATION)


def test_a_clock_that_was_set_back_neither_shortens_nor_prevents(office: Office) -> None:
    reference, register = received(office), office.services.register
    office.now = at("2026-06-03")
    pause(office.desk("ada"), register, reference, CLARIFICATION)
    office.now = at("2026-05-20")
    assert due_day(office, reference) == "2026-07-01"
    resume(office.desk("ada"), register, reference)
    office.now = at("2026-06-20")
    assert due_day(office, reference) == "2026-07-01"


# Proof of identity and the fee


def test_in_britain_the_limit_starts_with_the_verification_that_was_asked_for(office: Office) -> None:
    reference, register = received(office), office.services.register
    pause(office.desk("ada"), register, reference, IDENTITY)
    assert office.listed(reference).identity_asked_at is not None
    office.now = at("2026-06-08")
    office.verify(reference)
    office.now = at("2026-06-20")
    assert due_day(office, reference) == "2026-07-08"
    with pytest.raises(WrongUseError, match="the person is verified"):
        pause(office.desk("ada"), register, reference, IDENTITY)


def test_the_limit_starts_when_the_proof_arrived_not_when_somebody_looked_at_it(office: Office) -> None:
    reference, register = received(office), office.services.register
    pause(office.desk("ada"), register, reference, IDENTITY)
    office.now = at("2026-06-05")
    resume(office.desk("ada"), register, reference)
    office.now = at("2026-06-08")
    office.verify(reference)
    assert due_day(office, reference) == "2026-07-06"  # the 5th is a Sunday


def test_who_is_asked_again_was_first_asked_then(office: Office) -> None:
    reference, register = received(office), office.services.register
    pause(office.desk("ada"), register, reference, IDENTITY)
    first = office.listed(reference).identity_asked_at
    office.now = at("2026-06-05")
    resume(office.desk("ada"), register, reference)
    pause(office.desk("ada"), register, reference, IDENTITY)
    office.now = at("2026-06-09")
    office.verify(reference)
    assert office.listed(reference).identity_asked_at == first
    assert due_day(office, reference) == "2026-07-09"


def test_without_a_question_verification_delays_nothing(office: Office) -> None:
    reference = received(office)
    office.now = at("2026-06-08")
    office.verify(reference)
    assert due_day(office, reference) == "2026-07-01"


def test_a_correction_of_identifiers_leaves_the_proof_where_it_was(office: Office) -> None:
    reference, register = received(office), office.services.register
    pause(office.desk("ada"), register, reference, IDENTITY)
    office.now = at("2026-06-08")
    office.verify(reference)
    correct(office.desk("ada"), register, reference, [SAM])
    office.now = at("2026-06-20")
    assert office.listed(reference).verified_at is None
    assert due_day(office, reference) == "2026-07-08"


def test_in_france_the_wait_for_identity_is_added(office: Office) -> None:
    reference = received(office)
    paris = with_clock(office, country="FR", time_zone="Europe/Paris")
    pause(office.desk("ada"), paris, reference, IDENTITY)
    office.now = at("2026-06-08")
    office.verify(reference)
    found = due_of(office.desk("aud"), paris, reference)
    assert (found.start, found.day) == (date(2026, 6, 1), date(2026, 7, 8))


def test_the_limit_starts_when_the_fee_is_paid(office: Office) -> None:
    reference, register = received(office), office.services.register
    pause(office.desk("ada"), register, reference, FEE)
    office.now = at("2026-06-09")
    resume(office.desk("ada"), register, reference)
    assert due_day(office, reference) == "2026-07-09"
    assert office.listed(reference).fee_paid_at is not None


def test_a_second_fee_is_awaited_although_the_first_was_paid(office: Office) -> None:
    reference, register = received(office, "2026-03-01"), office.services.register
    for asked, paid in (("2026-03-01", "2026-03-05"), ("2026-03-10", "2026-03-20")):
        office.now = at(asked)
        pause(office.desk("ada"), register, reference, FEE)
        assert due(office, reference).at_the_earliest
        office.now = at(paid)
        before = due_day(office, reference)
        resume(office.desk("ada"), register, reference)
        assert not due(office, reference).at_the_earliest
        assert due_day(office, reference) == before
    assert before == "2026-04-20"
    with pytest.raises(WrongUseError, match="nothing is awaited"):
        resume(office.desk("ada"), register, reference)


# Who, and until when


Change = Callable[[Office, str, str], None]
CHANGES: dict[str, Change] = {
    "extend": lambda office, by, of: extend(office.desk(by), office.services.register, of, SPOKEN),
    "pause": lambda office, by, of: pause(office.desk(by), office.services.register, of, CLARIFICATION),
    "resume": lambda office, by, of: resume(office.desk(by), office.services.register, of),
}


def waiting(office: Office, action: str) -> str:
    reference = received(office)
    if action == "resume":
        CHANGES["pause"](office, "ada", reference)
    return reference


@pytest.mark.parametrize("action", CHANGES)
def test_agents_and_reviewers_may_move_the_day_and_nobody_else(action: str, office: Office) -> None:
    for allowed in ("ada", "ray"):
        CHANGES[action](office, allowed, waiting(office, action))
    reference = waiting(office, action)
    for other in ("aud", "fay", "bea", "nia"):
        with pytest.raises(NotPermittedError):
            CHANGES[action](office, other, reference)


@pytest.mark.parametrize("action", CHANGES)
def test_the_day_of_a_request_that_has_ended_stays(action: str, office: Office) -> None:
    reference = waiting(office, action)
    decide.cancel(office.desk("ada"), reference)
    before, entries = due_day(office, reference), actions(office, reference)
    with pytest.raises(StateError, match="while it is cancelled"):
        CHANGES[action](office, "ada", reference)
    office.now += timedelta(days=20)
    assert due_day(office, reference) == before
    assert actions(office, reference) == entries


@pytest.mark.parametrize("action", CHANGES)
@pytest.mark.parametrize("state", [State.AVAILABLE, State.DELIVERED])
def test_the_day_of_a_request_that_is_answered_stays(state: State, action: str, office: Office) -> None:
    reference = waiting(office, action)
    with writing(office.installation.engine) as connection:
        put(connection, office.installation, state, reference)
    with pytest.raises(StateError, match=f"while it is {state}"):
        CHANGES[action](office, "ada", reference)


# Lists and registers


def test_the_list_begins_with_what_is_due_first(office: Office) -> None:
    later, first = received(office, "2026-06-04"), received(office, "2026-06-03")
    paused = received(office, "2026-06-05")
    pause(office.desk("ada"), office.services.register, paused, CLARIFICATION)
    ended = received(office, "2026-06-05")
    decide.cancel(office.desk("ada"), ended)
    office.now = at("2026-07-04")
    extend_in_time(office, later)
    found = requests_here(office.desk("aud"), office.services.register, ended=True)
    assert [each.request.reference for each in found] == [first, paused, later, ended]
    assert [None if w.due is None else w.due.day.isoformat() for w in found] == [
        "2026-07-03",
        "2026-08-03",
        "2026-09-04",
        None,
    ]
    assert [w.overdue for w in found] == [True, False, False, False]


def extend_in_time(office: Office, reference: str) -> None:
    now, office.now = office.now, at("2026-06-20")
    extend(office.desk("ada"), office.services.register, reference, SPOKEN)
    office.now = now


def test_a_register_without_the_part_of_the_country_is_refused_with_the_choices(office: Office) -> None:
    without = with_clock(office)
    (found,) = clock_findings(without)
    assert (found.key, found.warning) == ("controllers.acme.clock.subdivision", False)
    assert "ENG (England), NIR (Northern Ireland), SCT (Scotland), WLS (Wales)" in found.problem
    for refused in (lambda: refuse_unfit_clocks(without), lambda: rules_for(without, "acme")):
        with pytest.raises(RegisterError, match="WLS"):
            refused()


def actions(office: Office, reference: str) -> list[tuple[object, object]]:
    with reading(office.installation.engine) as connection:
        entries = tuple(trail.entries(connection, reference))
    return [(entry.values["actor"], entry.values["action"]) for entry in entries]


def test_a_fee_is_never_paid_before_it_was_asked_for_where_the_clock_was_set_back(office: Office) -> None:
    reference = received(office)
    pause(office.desk("ada"), office.services.register, reference, Ground.FEE, None)
    office.now -= timedelta(hours=5)
    resume(office.desk("ada"), office.services.register, reference, None)
    row = office.listed(reference)
    assert row.fee_asked_at is not None
    assert row.fee_paid_at == row.fee_asked_at
