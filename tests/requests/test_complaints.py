"""Complaints are numbered, acknowledged once and answered once, in whatever state their request is."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from dsar_export.errors import StaleError, WrongUseError
from dsar_export.model.complaint import Complaint, ListedComplaint
from dsar_export.model.intake import Channel
from dsar_export.requests.complaints import (
    acknowledge_complaint,
    add_complaint,
    answer_complaint,
    complaints_of,
    lock_and_number,
    open_complaints,
)
from dsar_export.requests.database import reading, writing
from dsar_export.requests.installation import Installation
from dsar_export.requests.states import Action, State
from dsar_export.requests.tables import REQUESTS
from dsar_export.requests.transitions import erase_request, move
from tests.requests.installations import AT, LATER, REFERENCE, opened, put

FIRST = ListedComplaint(REFERENCE, 1, AT, Channel.LETTER, "ada")
SECOND = replace(FIRST, number=2, received_at=LATER)


def complained(installation: Installation) -> None:
    """Two complaints about a request."""
    opened(installation)
    with writing(installation.engine) as connection:
        for complaint in (FIRST, SECOND):
            assert lock_and_number(connection, REFERENCE) == complaint.number
            add_complaint(connection, complaint, f"text {complaint.number}", installation.vault)


def complaints(installation: Installation) -> tuple[Complaint, ...]:
    with reading(installation.engine) as connection:
        return complaints_of(connection, REFERENCE, installation.vault)


def test_complaints_come_back_in_their_order(installation: Installation) -> None:
    complained(installation)
    assert complaints(installation) == (Complaint(FIRST, "text 1"), Complaint(SECOND, "text 2"))
    with reading(installation.engine) as connection:
        assert open_complaints(connection) == (FIRST, SECOND)


@pytest.mark.parametrize("state", State)
def test_a_complaint_leaves_state_and_version_of_its_request_alone(
    state: State, installation: Installation
) -> None:
    version = opened(installation)
    with writing(installation.engine) as connection:
        put(connection, installation, state)
        add_complaint(connection, FIRST, "text", installation.vault)
        acknowledge_complaint(connection, FIRST, "bob", AT)
        answer_complaint(connection, FIRST, ("bob", AT, "answer"), installation.vault)
        columns = (REQUESTS.c.state, REQUESTS.c.version, REQUESTS.c.changed_at)
        assert tuple(connection.execute(select(*columns)).one()) == (state, version, AT)


def test_a_complaint_is_acknowledged_once_and_before_its_answer(installation: Installation) -> None:
    complained(installation)
    with writing(installation.engine) as connection:
        acknowledge_complaint(connection, FIRST, "bob", LATER)
        with pytest.raises(WrongUseError, match="complaint 1 was acknowledged"):
            acknowledge_complaint(connection, FIRST, "eve", AT)
        answer_complaint(connection, SECOND, ("bob", LATER, "answer"), installation.vault)
        with pytest.raises(WrongUseError, match="complaint 2 was acknowledged or answered"):
            acknowledge_complaint(connection, SECOND, "eve", AT)
    first, second = complaints(installation)
    assert (first.listed.acknowledged_by, first.listed.acknowledged_at) == ("bob", LATER)
    assert (second.listed.acknowledged_by, second.listed.acknowledged_at) == (None, None)


def test_a_complaint_is_answered_once_and_is_open_until_then(installation: Installation) -> None:
    complained(installation)
    with writing(installation.engine) as connection:
        answer_complaint(connection, FIRST, ("bob", LATER, "answer"), installation.vault)
        with pytest.raises(WrongUseError, match="complaint 1 is answered already"):
            answer_complaint(connection, FIRST, ("eve", AT, "another"), installation.vault)
        assert open_complaints(connection) == (SECOND,)
    assert complaints(installation)[0] == Complaint(
        replace(FIRST, answered_at=LATER, answered_by="bob"), "text 1", "answer"
    )


def test_empty_texts_and_complaints_about_nothing_are_refused(installation: Installation) -> None:
    opened(installation)
    with writing(installation.engine) as connection:
        with pytest.raises(WrongUseError, match="the complaint is empty"):
            add_complaint(connection, FIRST, " ", installation.vault)
        add_complaint(connection, FIRST, "text", installation.vault)
        with pytest.raises(WrongUseError, match="the answer is empty"):
            answer_complaint(connection, FIRST, ("bob", AT, ""), installation.vault)
        with pytest.raises(WrongUseError, match="no request has the reference"):
            lock_and_number(connection, "DSAR-20260101-00000000")


def test_a_request_with_a_complaint_without_an_answer_is_not_erased(installation: Installation) -> None:
    complained(installation)
    with writing(installation.engine) as connection:
        version = move(connection, REFERENCE, 1, Action.CANCEL, AT)
        for complaint in (FIRST, SECOND):
            with pytest.raises(StaleError):
                erase_request(connection, REFERENCE, version)
            answer_complaint(connection, complaint, ("bob", LATER, "answer"), installation.vault)
        erase_request(connection, REFERENCE, version)
    assert complaints(installation) == ()
