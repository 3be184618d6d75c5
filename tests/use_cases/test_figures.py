"""Figures count every request once, as it stands, and say since when none is missing."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert

from dsar_export.errors import NotPermittedError, WrongUseError
from dsar_export.model.decision import DecisionKind
from dsar_export.model.figures import Counts, Figures
from dsar_export.model.people import Grant, Role
from dsar_export.model.request import Right
from dsar_export.requests import trail
from dsar_export.requests.database import writing
from dsar_export.requests.packages import PublishedPackage, add_package
from dsar_export.requests.people import grant
from dsar_export.requests.states import State
from dsar_export.requests.tables import DECISIONS
from dsar_export.requests.times import microseconds
from dsar_export.use_cases.figures import figures
from dsar_export.use_cases.purge import purge
from dsar_export.use_cases.review import gap_hash
from tests.requests.installations import opened, put
from tests.use_cases.offices import Office

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BOTH = tuple(Right)


@pytest.fixture
def office(each_office: Office) -> Office:
    """The office in November, with requests of the test alone; its register knows a second controller."""
    each_office.now = NOW
    organisation = each_office.services.register.organisation
    both = {**organisation.controllers, "beta": organisation.controllers["acme"]}
    register = replace(each_office.services.register, organisation=replace(organisation, controllers=both))
    each_office.services = replace(each_office.services, register=register)
    with writing(each_office.installation.engine) as connection:
        for name, controller, role in (
            ("ray", "acme", Role.REVIEWER),
            ("bea", "beta", Role.REVIEWER),
            ("ada", "acme", Role.AGENT),
            ("aud", "*", Role.AUDITOR),
            ("fay", "*", Role.ADMINISTRATOR),
        ):
            grant(connection, Grant(name, controller, role, NOW - timedelta(days=9)))
    return each_office


def at(day: str, hour: int = 10) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


class Made:
    """Puts requests into an office, past all rules."""

    def __init__(self, office: Office) -> None:
        self.office, self.count = office, 0

    def request(
        self,
        received: str,
        state: State,
        answered: str | None = None,
        rights: tuple[Right, ...] = (Right.ACCESS,),
        controller: str = "acme",
        **columns: object,
    ) -> str:
        self.count += 1
        reference = f"DSAR-{received.replace('-', '')}-{self.count:08}"
        made, moment = self.office.installation, at(received)
        opened(made, reference, received_at=moment, opened_at=moment, rights=rights, controller=controller)
        with writing(made.engine) as connection:
            put(connection, made, state, reference, **columns)
            for right in rights if answered is not None else ():
                moment = at(str(answered))
                add_package(connection, PublishedPackage(reference, right, "file", "0" * 64, 1, moment))
        return reference


@pytest.fixture
def made(office: Office) -> Made:
    return Made(office)


def seen(office: Office, by: str = "aud", since: str | None = None, until: str | None = None) -> Figures:
    days = [None if day is None else date.fromisoformat(day) for day in (since, until)]
    return figures(office.desk(by), office.services.register, *days)


def set_counts(counts: Counts) -> dict[str, object]:
    """The counts that are not zero."""
    return {name: value for name, value in asdict(counts).items() if value}


def test_each_request_is_counted_once_by_what_became_of_it(office: Office, made: Made) -> None:
    made.request("2026-09-01", State.AVAILABLE, "2026-09-30")
    made.request("2026-09-01", State.CLOSED, "2026-10-01")
    made.request("2026-09-01", State.EXPIRED, "2026-10-02")
    made.request("2026-09-01", State.IN_REVIEW)
    made.request("2026-11-19", State.RECEIVED)
    made.request("2026-09-01", State.REFUSED)
    made.request("2026-09-01", State.CANCELLED)
    made.request("2026-09-01", State.CLOSED)
    made.request("2026-09-01", State.DELIVERED, "2026-09-03", extended_at=at("2026-09-02"))
    assert set_counts(seen(office).total) == {
        "received": 9,
        "answered_in_time": 3,
        "answered_late": 1,
        "open": 2,
        "overdue": 1,
        "median_days": 29.5,
        "refused": 1,
        "cancelled": 1,
        "nothing_held": 1,
        "extended": 1,
    }


def test_the_day_of_the_answer_decides_and_not_what_happened_later(office: Office, made: Made) -> None:
    """The due day is reckoned as of the answer: an extension counts, the end of the request does not."""
    made.request("2026-06-01", State.CLOSED, "2026-07-01", ended_at=at("2026-11-01"))
    made.request("2026-06-01", State.CLOSED, "2026-08-20", ended_at=at("2026-11-01"))
    made.request("2026-06-01", State.CLOSED, "2026-08-20", extended_at=at("2026-06-20"))
    total = seen(office).total
    assert (total.answered_in_time, total.answered_late) == (2, 1)


def test_days_are_those_of_the_controller(office: Office, made: Made) -> None:
    """Half past eleven in the evening of 31 May in UTC is June in London, and so the answer is in time."""
    reference = "DSAR-20260531-00000099"
    late = at("2026-05-31", 23).replace(minute=30)
    opened(office.installation, reference, received_at=late, opened_at=late)
    with writing(office.installation.engine) as connection:
        put(connection, office.installation, State.AVAILABLE, reference)
        package = PublishedPackage(reference, Right.ACCESS, "f", "0" * 64, 1, at("2026-07-01"))
        add_package(connection, package)
    found = seen(office, since="2026-06-01")
    assert list(found.by_month) == ["2026-06"]
    assert (found.total.answered_in_time, found.total.median_days) == (1, 30)


def test_gaps_count_requests_not_decisions(office: Office, made: Made) -> None:
    reference = made.request("2026-09-01", State.AVAILABLE, "2026-09-30")
    made.request("2026-09-01", State.AVAILABLE, "2026-09-30")
    kinds = (DecisionKind.ACCEPT_GAP, DecisionKind.ACCEPT_GAP, DecisionKind.CHOOSE)
    for number, (kind, source) in enumerate(zip(kinds, ("main", "second", "main"), strict=True), start=1):
        decided(office, reference, number, kind, gap_hash(office.listed(reference), source))
    assert seen(office).total.gaps_accepted == 1


def test_an_acceptance_that_a_later_draft_voided_does_not_count(office: Office, made: Made) -> None:
    reference = made.request("2026-09-01", State.AVAILABLE, "2026-09-30")
    before = replace(office.listed(reference), ledger_hash="f" * 64)
    decided(office, reference, 1, DecisionKind.ACCEPT_GAP, gap_hash(before, "main"))
    assert seen(office).total.gaps_accepted == 0


def decided(office: Office, reference: str, number: int, kind: DecisionKind, about: str) -> None:
    """Puts a decision about something into a request."""
    row = {"reference": reference, "number": number, "kind": kind, "by": "ray", "at": NOW, "about": about}
    with writing(office.installation.engine) as connection:
        connection.execute(insert(DECISIONS).values(**row, reason_sealed=b""))


def test_groups_and_cells_add_up_to_the_total(office: Office, made: Made) -> None:
    for number, state in enumerate(State):
        rights = ((Right.ACCESS,), (Right.PORTABILITY,), BOTH)[number % 3]
        controller, month = ("acme", "beta")[number % 2], f"2026-0{number % 4 + 5}-10"
        published = {State.AVAILABLE, State.DELIVERED, State.EXPIRED}
        answered = f"{month[:7]}-28" if state in published else None
        made.request(month, state, answered, rights, controller)
    found = seen(office)
    assert found.total.received == len(State)
    groups = [list(group.values()) for group in (found.by_controller, found.by_rights, found.by_month)]
    groups.append([cell.counts for cell in found.cells])
    for group in groups:
        for name in set(asdict(found.total)) - {"median_days"}:
            assert sum(getattr(counts, name) for counts in group) == getattr(found.total, name)
    for counts in (found.total, *(cell.counts for cell in found.cells)):
        ends = counts.refused + counts.cancelled + counts.nothing_held
        assert counts.received == counts.answered_in_time + counts.answered_late + counts.open + ends
    assert set(found.by_rights) == {"access", "portability", "access+portability"}


def test_a_request_of_both_rights_is_one_request(office: Office, made: Made) -> None:
    made.request("2026-09-01", State.AVAILABLE, "2026-09-30", BOTH)
    assert seen(office).total.received == 1


def test_a_period_has_its_first_and_its_last_day(office: Office, made: Made) -> None:
    for day in ("2026-08-31", "2026-09-01", "2026-09-30", "2026-10-01"):
        made.request(day, State.CANCELLED)
    assert seen(office, since="2026-09-01", until="2026-09-30").total.received == 2
    assert seen(office, since="2026-09-01").total.received == 3
    with pytest.raises(WrongUseError, match="the last day is before the first"):
        seen(office, since="2026-09-02", until="2026-09-01")


def test_everybody_sees_the_controllers_where_they_review_audit_or_administer(
    office: Office, made: Made
) -> None:
    made.request("2026-09-01", State.CANCELLED)
    made.request("2026-09-01", State.CANCELLED, controller="beta")
    for name, controllers in {
        "ray": {"acme"},
        "bea": {"beta"},
        "aud": {"acme", "beta"},
        "fay": {"acme", "beta"},
    }.items():
        assert seen(office, name).by_controller.keys() == controllers
    for name in ("ada", "nia"):
        with pytest.raises(NotPermittedError, match="figures are for reviewers, auditors and administrators"):
            seen(office, name)


def test_a_controller_that_left_the_register_is_named_and_not_counted(office: Office, made: Made) -> None:
    made.request("2026-09-01", State.RECEIVED, controller="gamma")
    made.request("2026-09-01", State.RECEIVED)
    found = seen(office)
    assert (found.left_out, found.total.received) == (("gamma",), 1)


def test_without_requests_all_is_zero_and_nothing_is_missing(office: Office) -> None:
    found = seen(office)
    assert set_counts(found.total) == {}
    assert found.cells == ()
    assert (found.erased, found.complete_since) == (0, None)


def test_what_was_purged_is_missing_and_since_when_nothing_is_is_known(office: Office, made: Made) -> None:
    made.request("2022-03-01", State.CANCELLED, ended_at=at("2022-03-02"))
    made.request("2022-05-01", State.CANCELLED, ended_at=at("2022-05-02"))
    made.request("2026-09-01", State.CANCELLED, ended_at=at("2026-09-02"))
    purge(office.desk("fay"), office.services.register)
    found = seen(office)
    assert found.total.received == 1
    assert (found.erased, found.complete_since) == (2, date(2022, 5, 3))
    assert seen(office, "bea").erased == 0  # they were of another controller
    assert seen(office, "bea").complete_since is None


def test_after_the_trail_was_cut_nothing_is_claimed_for_the_time_before(office: Office) -> None:
    key = office.installation.keys.trail
    with writing(office.installation.engine) as connection:
        for day in ("2020-01-01", "2021-06-01"):
            trail.append(connection, key, trail.Happening(microseconds(at(day)), "fay", "prune_trail"))
        trail.prune(connection, key, microseconds(at("2021-01-01")))
    found = seen(office)
    assert (found.erased, found.complete_since) == (0, date(2021, 6, 3))
