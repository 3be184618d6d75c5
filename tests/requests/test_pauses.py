"""Waits for the person are kept by request, and end with what the request's row knows."""

from datetime import timedelta

import pytest

from dsar_export.model.clock import Ground, Pause
from dsar_export.requests.database import reading, writing
from dsar_export.requests.installation import Installation
from dsar_export.requests.pauses import begin_pause, end_pause, pauses_of
from dsar_export.requests.requests import Filters, list_requests
from dsar_export.requests.states import State
from dsar_export.requests.transitions import change, erase_request
from tests.requests.installations import AT, LATER, REFERENCE, opened, put

OTHER = "DSAR-20261102-00000002"
CLARIFICATION, IDENTITY, FEE = Ground.CLARIFICATION, Ground.IDENTITY, Ground.FEE
ASKED = AT + timedelta(minutes=5)


def pauses(installation: Installation, reference: str = REFERENCE) -> tuple[Pause, ...]:
    with reading(installation.engine) as connection:
        listed = list_requests(connection, Filters(frozenset(State)))
        return pauses_of(connection, listed)[reference]


def begin(installation: Installation, *begun: Pause, reference: str = REFERENCE) -> None:
    with writing(installation.engine) as connection:
        for pause in begun:
            begin_pause(connection, reference, pause, "ada")


def test_pauses_come_back_by_request_and_in_their_order(installation: Installation) -> None:
    opened(installation)
    opened(installation, OTHER)
    first, second = Pause(CLARIFICATION, ASKED, LATER), Pause(CLARIFICATION, LATER)
    begin(installation, first, second)
    begin(installation, Pause(FEE, LATER), reference=OTHER)
    assert pauses(installation) == (first, second)
    assert pauses(installation, OTHER) == (Pause(FEE, LATER),)


def test_of_very_many_requests_each_has_its_own(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dsar_export.requests.pauses._MOST_NAMED", 0)
    opened(installation)
    opened(installation, OTHER)
    begin(installation, Pause(CLARIFICATION, ASKED))
    assert pauses(installation) == (Pause(CLARIFICATION, ASKED),)
    assert pauses(installation, OTHER) == ()


def test_only_the_open_pause_on_the_ground_ends_and_once(installation: Installation) -> None:
    opened(installation)
    begin(installation, Pause(CLARIFICATION, AT, ASKED), Pause(CLARIFICATION, ASKED))
    with writing(installation.engine) as connection:
        assert not end_pause(connection, REFERENCE, IDENTITY, LATER)
        assert end_pause(connection, REFERENCE, CLARIFICATION, LATER)
        assert not end_pause(connection, REFERENCE, CLARIFICATION, LATER)
    assert pauses(installation) == (Pause(CLARIFICATION, AT, ASKED), Pause(CLARIFICATION, ASKED, LATER))


def test_a_pause_does_not_end_before_it_began(installation: Installation) -> None:
    opened(installation)
    begin(installation, Pause(CLARIFICATION, LATER))
    with writing(installation.engine) as connection:
        assert end_pause(connection, REFERENCE, CLARIFICATION, AT)
    assert pauses(installation) == (Pause(CLARIFICATION, LATER, LATER),)


def test_who_is_verified_is_no_longer_asked_who_they_are(installation: Installation) -> None:
    opened(installation)
    begin(installation, Pause(IDENTITY, AT), Pause(CLARIFICATION, AT))
    with writing(installation.engine) as connection:
        put(connection, installation, State.VERIFIED, verified_at=LATER)
    assert pauses(installation) == (Pause(IDENTITY, AT, LATER), Pause(CLARIFICATION, AT))


def test_a_wait_for_identity_ends_with_the_verification_though_a_clock_was_set_back(
    installation: Installation,
) -> None:
    opened(installation)
    begin(installation, Pause(IDENTITY, LATER))
    with writing(installation.engine) as connection:
        put(connection, installation, State.VERIFIED, verified_at=AT)
    assert pauses(installation) == (Pause(IDENTITY, LATER, LATER),)


def test_a_second_fee_is_not_paid_by_the_first_payment(installation: Installation) -> None:
    version = opened(installation)
    begin(installation, Pause(FEE, AT, ASKED), Pause(FEE, LATER))
    with writing(installation.engine) as connection:
        change(connection, REFERENCE, version, AT, fee_asked_at=AT, fee_paid_at=ASKED)
    assert pauses(installation) == (Pause(FEE, AT, ASKED), Pause(FEE, LATER))


def test_what_only_the_row_knows_is_a_pause_too(installation: Installation) -> None:
    version = opened(installation)
    with writing(installation.engine) as connection:
        version = change(connection, REFERENCE, version, AT, identity_asked_at=ASKED)
        change(connection, REFERENCE, version, AT, fee_asked_at=ASKED, fee_paid_at=LATER)
    assert pauses(installation) == (Pause(IDENTITY, ASKED), Pause(FEE, ASKED, LATER))
    begin(installation, Pause(IDENTITY, LATER))
    assert pauses(installation) == (Pause(IDENTITY, LATER), Pause(FEE, ASKED, LATER))


def test_pauses_are_erased_with_their_request(installation: Installation) -> None:
    version = opened(installation)
    opened(installation, OTHER)
    begin(installation, Pause(CLARIFICATION, AT))
    begin(installation, Pause(CLARIFICATION, AT), reference=OTHER)
    with writing(installation.engine) as connection:
        put(connection, installation, State.CANCELLED)
        erase_request(connection, REFERENCE, version)
    assert pauses(installation, OTHER) == (Pause(CLARIFICATION, AT),)
    with reading(installation.engine) as connection:
        assert len(list_requests(connection, Filters(frozenset(State)))) == 1
