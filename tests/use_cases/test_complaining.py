"""Complaints have a clock of their own, and somebody else than who decided the request answers them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dsar_export.errors import NotPermittedError, WrongUseError
from dsar_export.model.complaint import NewComplaint
from dsar_export.model.intake import Channel
from dsar_export.model.people import Grant, Role
from dsar_export.model.refusal import AbuseProof, Refusal
from dsar_export.requests.database import reading, writing
from dsar_export.requests.people import grant
from dsar_export.requests.trail import entries
from dsar_export.use_cases import decide
from dsar_export.use_cases.complaining import (
    WaitingComplaint,
    acknowledge,
    answer,
    complain,
    complaints_here,
)
from dsar_export.use_cases.due import due_of
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.refusing import confirm_refusal, refuse
from dsar_export.use_cases.staff import state_own_identifiers
from tests.use_cases.offices import SPOKEN, START, Office, identifier

SAM = "email=Sam@example.org"
TOO_SLOW = NewComplaint(f"too slow, {SPOKEN}", Channel.LETTER)
RECEIVED = START - timedelta(days=3)
"""When the requests of an office arrived."""


def complained(office: Office, reference: str, by: str = "ada", new: NewComplaint = TOO_SLOW) -> int:
    return complain(office.desk(by), office.services.register, reference, new)


def waiting(office: Office, reference: str) -> list[WaitingComplaint]:
    return [
        each for _, each in request_file(office.desk("aud"), reference, office.services.register).complaints
    ]


def listed(office: Office, by: str = "aud") -> list[tuple[str, int]]:
    found = complaints_here(office.desk(by), office.services.register)
    return [(each.listed.reference, each.listed.number) for each in found]


def test_a_complaint_is_in_the_file_and_its_text_in_no_row_and_no_entry(office: Office) -> None:
    reference = office.opened("ada", SAM)
    assert complained(office, reference, "ray") == 1
    ((complaint, shown),) = request_file(office.desk("aud"), reference, office.services.register).complaints
    assert (complaint.text, shown.listed.by, shown.listed.channel) == (TOO_SLOW.text, "ray", "letter")
    assert SPOKEN not in repr(office.rows())
    with reading(office.installation.engine) as connection:
        entry = list(entries(connection))[-1].values
    assert (entry["action"], entry["actor"], entry["reference"]) == ("complain", "ray", reference)


def test_it_is_possible_after_the_end_and_neither_moves_nor_delays_the_request(office: Office) -> None:
    open_, ended = office.verified(SAM), office.verified(SAM)
    decide.cancel(office.desk("ada"), ended)
    before = [office.listed(reference) for reference in (open_, ended)]
    due = due_of(office.desk("aud"), office.services.register, open_).day
    for reference in (open_, ended):
        complained(office, reference)
        acknowledge(office.desk("ada"), office.services.register, reference)
        answer(office.desk("ada"), reference, SPOKEN)
    assert [office.listed(reference) for reference in (open_, ended)] == before
    assert due_of(office.desk("aud"), office.services.register, open_).day == due


@pytest.mark.parametrize("name", ["aud", "fay", "bea", "nia"])
def test_only_agents_and_reviewers_of_the_controller_handle_complaints(office: Office, name: str) -> None:
    reference = office.opened("ada", SAM)
    complained(office, reference)
    desk, register = office.desk(name), office.services.register
    for attempt in (
        lambda: complained(office, reference, name),
        lambda: acknowledge(desk, register, reference),
        lambda: answer(desk, reference, SPOKEN),
    ):
        with pytest.raises(NotPermittedError):
            attempt()


def test_it_is_overdue_when_its_day_is_over_and_it_was_neither_acknowledged_nor_answered(
    office: Office,
) -> None:
    reference = office.opened("ada", SAM)
    for _ in range(3):
        complained(office, reference)
    office.now = datetime(2026, 12, 22, 23, tzinfo=UTC)
    assert [each.acknowledge_by for each in waiting(office, reference)] == [date(2026, 12, 22)] * 3
    assert not any(each.overdue for each in waiting(office, reference))
    acknowledge(office.desk("ada"), office.services.register, reference, 2)
    answer(office.desk("ada"), reference, SPOKEN, 3)
    office.now += timedelta(hours=2)
    assert [each.overdue for each in waiting(office, reference)] == [True, False, False]
    assert [each.acknowledge_by for each in waiting(office, reference)] == [date(2026, 12, 22), None, None]


def test_without_a_register_there_is_no_day(office: Office) -> None:
    reference = office.opened("ada", SAM)
    complain(office.desk("ada"), None, reference, TOO_SLOW)
    ((_, shown),) = request_file(office.desk("aud"), reference).complaints
    assert (shown.acknowledge_by, shown.overdue) == (None, False)


def test_the_day_of_receipt_may_be_that_of_the_request_but_no_earlier_and_not_in_the_future(
    office: Office,
) -> None:
    reference = office.opened("ada", SAM)
    midnight = RECEIVED.replace(hour=0)
    complained(office, reference, new=NewComplaint(SPOKEN, received_at=midnight))
    assert waiting(office, reference)[0].listed.received_at == RECEIVED
    for wrong in (midnight - timedelta(hours=1), office.now + timedelta(hours=1)):
        with pytest.raises(WrongUseError, match="correct the moment the complaint was received"):
            complained(office, reference, new=NewComplaint(SPOKEN, received_at=wrong))
    with pytest.raises(WrongUseError, match="correct the moment the acknowledgement was sent"):
        acknowledge(
            office.desk("ada"), office.services.register, reference, None, midnight - timedelta(hours=1)
        )
    acknowledge(office.desk("ada"), office.services.register, reference, None, RECEIVED + timedelta(hours=5))
    assert waiting(office, reference)[0].listed.acknowledged_at == RECEIVED + timedelta(hours=5)


def test_of_several_complaints_one_is_named(office: Office) -> None:
    reference = office.opened("ada", SAM)
    with pytest.raises(WrongUseError, match="without an answer: none"):
        answer(office.desk("ada"), reference, SPOKEN)
    complained(office, reference)
    complained(office, reference)
    with pytest.raises(WrongUseError, match="name one complaint by its number; without an answer: 1, 2"):
        answer(office.desk("ada"), reference, SPOKEN)
    answer(office.desk("ada"), reference, SPOKEN, 1)
    answer(office.desk("ada"), reference, SPOKEN)
    with pytest.raises(WrongUseError, match="answered already"):
        answer(office.desk("ada"), reference, SPOKEN, 2)


def test_who_refused_does_not_answer_the_complaint_about_it(office: Office) -> None:
    reference = office.verified(SAM)
    refuse(office.desk("kim"), reference, Refusal("excessive", SPOKEN))
    complained(office, reference)
    with pytest.raises(NotPermittedError, match=r"neither approved nor refused .*: abe, ada, ray, rex$"):
        answer(office.desk("kim"), reference, SPOKEN)
    acknowledge(office.desk("kim"), office.services.register, reference)
    assert waiting(office, reference)[0].may_answer == ("abe", "ada", "ray", "rex")
    answer(office.desk("ray"), reference, SPOKEN)


def test_who_approved_does_not_answer_the_complaint_about_it(office: Office) -> None:
    reference = office.approved(SAM)
    complained(office, reference)
    with pytest.raises(NotPermittedError, match="neither approved nor refused"):
        answer(office.desk("ray"), reference, SPOKEN)
    with office.built("ada", reference):
        pass
    with pytest.raises(NotPermittedError, match="neither approved nor refused"):
        answer(office.desk("ray"), reference, SPOKEN)
    answer(office.desk("rex"), reference, SPOKEN)


def test_neither_of_the_two_who_refused_as_abusive_answers(office: Office) -> None:
    reference = office.verified(SAM)
    refuse(office.desk("ray"), reference, Refusal("abusive", SPOKEN, AbuseProof(SPOKEN, SPOKEN)))
    confirm_refusal(office.desk("kim"), reference)
    complained(office, reference)
    for name in ("ray", "kim"):
        with pytest.raises(NotPermittedError):
            answer(office.desk(name), reference, SPOKEN)
    answer(office.desk("ada"), reference, SPOKEN)


def test_whose_approval_is_void_may_answer(office: Office) -> None:
    reference = office.approved(SAM)
    decide.send_back(office.desk("kim"), reference, SPOKEN)
    complained(office, reference)
    answer(office.desk("ray"), reference, SPOKEN)


def test_the_list_has_what_waits_at_the_controllers_where_one_works(office: Office) -> None:
    ended, open_ = office.verified(SAM), office.opened("ada", SAM)
    decide.cancel(office.desk("ada"), ended)
    complained(office, open_)
    complained(office, ended, new=NewComplaint(SPOKEN, received_at=RECEIVED + timedelta(hours=1)))
    assert listed(office) == listed(office, "ada") == [(ended, 1), (open_, 1)]
    assert listed(office, "bea") == listed(office, "fay") == listed(office, "nia") == []
    acknowledge(office.desk("ada"), office.services.register, ended)
    assert listed(office) == [(open_, 1), (ended, 1)]  # what has a day comes first
    answer(office.desk("ada"), ended, SPOKEN)
    assert listed(office) == [(open_, 1)]


def test_a_complaint_is_answered_by_nobody_whom_it_is_about(office: Office) -> None:
    with writing(office.installation.engine) as connection:
        grant(connection, Grant("nia", "acme", Role.AGENT, START))
    reference = office.opened("ada", SAM)
    complained(office, reference)
    assert "nia" in waiting(office, reference)[0].may_answer
    state_own_identifiers(office.desk("nia"), office.services.register, "nia", [identifier(SAM)])
    assert "nia" not in waiting(office, reference)[0].may_answer
