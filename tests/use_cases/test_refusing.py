"""A refusal has a ground of the law; as abusive, it takes both parts of the proof and a second person."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dsar_export.errors import NotPermittedError, WrongUseError
from dsar_export.model.decision import DecisionKind
from dsar_export.model.people import Grant, Role
from dsar_export.model.refusal import AbuseProof, Refusal
from dsar_export.requests import trail
from dsar_export.requests.database import reading, writing
from dsar_export.requests.people import grant
from dsar_export.requests.trail import entries
from dsar_export.use_cases import decide
from dsar_export.use_cases.due import due_of
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.mandates import MandateCorrection, correct_mandate
from dsar_export.use_cases.prove import prove_by_evidence
from dsar_export.use_cases.refusing import confirm_refusal, refuse, withdraw_refusal
from dsar_export.use_cases.staff import state_own_identifiers
from dsar_export.use_cases.take_in import correct
from tests.use_cases.offices import SPOKEN, START, Office, identifier

PROOF = AbuseProof(f"the letters are sold, {SPOKEN}", f"announced on a site, {SPOKEN}")
ABUSE = Refusal("abusive", SPOKEN, PROOF)


@pytest.fixture
def office(office: Office) -> Office:
    """The office, where `aud` reviews too, so that more than one may confirm."""
    with writing(office.installation.engine) as connection:
        grant(connection, Grant("aud", "acme", Role.REVIEWER, START))
    return office


def in_review(office: Office) -> str:
    reference = office.verified("email=Sam@example.org")
    office.collect("ada", reference)
    return reference


def last(office: Office, reference: str) -> tuple[object, object, object]:
    """Who did what last with a request, and the code of the reason."""
    with reading(office.installation.engine) as connection:
        found = [e.values for e in entries(connection) if e.values["reference"] == reference]
    return found[-1]["actor"], found[-1]["action"], found[-1]["reason_code"]


def test_one_reviewer_refuses_and_the_ground_is_in_the_trail(office: Office) -> None:
    reference = in_review(office)
    assert refuse(office.desk("ray"), reference, Refusal("excessive", SPOKEN))
    assert office.listed(reference).state == "refused"
    assert last(office, reference) == ("ray", "refuse", "excessive")
    (decision,) = request_file(office.desk("aud"), reference).decisions
    assert (decision.kind, decision.ground, decision.reason) == (DecisionKind.REFUSE, "excessive", SPOKEN)
    assert not list(office.drafts.names(reference))


@pytest.mark.parametrize(
    ("refusal", "why"),
    [
        (
            Refusal("unwanted", SPOKEN),
            "'unwanted' is no ground of refusal now; choose one of not_identified",
        ),
        (Refusal("abusive", SPOKEN), "needs both parts of the proof"),
        (replace(ABUSE, proof=AbuseProof(SPOKEN, " ")), "needs both parts of the proof"),
        (replace(ABUSE, proof=AbuseProof("", SPOKEN)), "needs both parts of the proof"),
        (replace(ABUSE, reason=""), "needs a reason"),
        (Refusal("excessive", SPOKEN, PROOF), "needs no such proof"),
    ],
)
def test_what_is_not_a_whole_refusal_changes_nothing(office: Office, refusal: Refusal, why: str) -> None:
    reference = in_review(office)
    before = office.rows()
    with pytest.raises(WrongUseError, match=why):
        refuse(office.desk("ray"), reference, refusal)
    assert office.rows() == before


def test_before_the_ruling_nobody_could_refuse_as_abusive(office: Office) -> None:
    reference = in_review(office)
    office.now = office.now.replace(year=2026, month=3, day=18)
    with pytest.raises(WrongUseError, match="no ground of refusal now"):
        refuse(office.desk("ray"), reference, ABUSE)


def test_an_abuse_is_proposed_and_nothing_else_changes(office: Office) -> None:
    reference = in_review(office)
    due = due_of(office.desk("aud"), office.services.register, reference)
    assert not refuse(office.desk("ray"), reference, ABUSE)
    assert office.listed(reference).state == "in_review"
    assert last(office, reference) == ("ray", "propose_refusal", "abusive")
    assert due_of(office.desk("aud"), office.services.register, reference).day == due.day
    file = request_file(office.desk("aud"), reference)
    assert file.proposed_refusal is not None
    assert file.proposed_refusal.decision.proof == PROOF
    assert file.proposed_refusal.may_confirm == ("aud", "kim", "rex")
    assert list(office.drafts.names(reference))


def test_a_second_reviewer_confirms_with_the_ground_and_the_reason(office: Office) -> None:
    reference = in_review(office)
    refuse(office.desk("ray"), reference, ABUSE)
    confirm_refusal(office.desk("kim"), reference)
    assert office.listed(reference).state == "refused"
    assert last(office, reference) == ("kim", "confirm_refusal", "abusive")
    proposed, refused = request_file(office.desk("aud"), reference).decisions
    assert (proposed.kind, proposed.by) == (DecisionKind.PROPOSE_REFUSAL, "ray")
    assert (refused.kind, refused.by, refused.ground, refused.reason) == ("refuse", "kim", "abusive", SPOKEN)
    assert not list(office.drafts.names(reference))
    with pytest.raises(WrongUseError, match="no refusal is proposed"):
        confirm_refusal(office.desk("rex"), reference)


@pytest.mark.parametrize(("opens", "verifies"), [("kim", "abe"), ("ada", "kim")])
def test_nobody_confirms_who_proposed_opened_or_verified(office: Office, opens: str, verifies: str) -> None:
    reference = office.opened(opens, "email=Sam@example.org")
    prove_by_evidence(office.desk(verifies), office.services.register, reference, "seen", SPOKEN)
    refuse(office.desk("ray"), reference, ABUSE)
    for name in ("ray", "kim"):
        with pytest.raises(NotPermittedError, match=r"a second reviewer decides .*: aud, rex$"):
            confirm_refusal(office.desk(name), reference)
    with pytest.raises(NotPermittedError, match="no reviewer"):
        confirm_refusal(office.desk("ada"), reference)
    assert office.listed(reference).state == "verified"
    confirm_refusal(office.desk("rex"), reference)


def test_nobody_confirms_whom_the_request_is_about(office: Office) -> None:
    reference = in_review(office)
    state_own_identifiers(
        office.desk("kim"), office.services.register, "kim", [identifier("email=Sam@example.org")]
    )
    refuse(office.desk("ray"), reference, ABUSE)
    file = request_file(office.desk("aud"), reference)
    assert file.proposed_refusal is not None
    assert file.proposed_refusal.may_confirm == ("aud", "rex")


def test_if_nobody_is_left_the_error_says_so(office: Office) -> None:
    reference = in_review(office)
    refuse(office.desk("ray"), reference, ABUSE)
    office.now = START.replace(year=START.year - 1)  # before anybody else had a role
    with writing(office.installation.engine) as connection:
        grant(connection, Grant("ray", "acme", Role.REVIEWER, office.now))
    with pytest.raises(NotPermittedError, match="nobody left, so add a reviewer"):
        confirm_refusal(office.desk("ray"), reference)


def test_nobody_confirms_on_a_ground_that_does_not_hold_on_that_day(office: Office) -> None:
    reference = in_review(office)
    refuse(office.desk("ray"), reference, ABUSE)
    office.now = START.replace(year=2026, month=3, day=18)
    with writing(office.installation.engine) as connection:
        grant(connection, Grant("kim", "acme", Role.REVIEWER, office.now))
    with pytest.raises(WrongUseError, match="'abusive' is no ground of refusal any more; withdraw"):
        confirm_refusal(office.desk("kim"), reference)
    assert office.listed(reference).state == "in_review"
    withdraw_refusal(office.desk("kim"), reference, SPOKEN)


@pytest.mark.parametrize("name", ["ray", "kim"])
def test_either_of_the_two_withdraws_it_with_a_reason(office: Office, name: str) -> None:
    reference = in_review(office)
    refuse(office.desk("ray"), reference, ABUSE)
    with pytest.raises(WrongUseError, match="needs a reason"):
        withdraw_refusal(office.desk(name), reference, "")
    withdraw_refusal(office.desk(name), reference, SPOKEN)
    assert last(office, reference) == (name, "withdraw_refusal", "abusive")
    assert request_file(office.desk("aud"), reference).proposed_refusal is None
    assert office.listed(reference).state == "in_review"
    with pytest.raises(WrongUseError, match="no refusal is proposed"):
        confirm_refusal(office.desk("kim"), reference)
    refuse(office.desk("kim"), reference, ABUSE)
    confirm_refusal(office.desk("ray"), reference)


def test_who_opened_the_request_does_not_withdraw_what_another_proposed(office: Office) -> None:
    reference = office.opened("kim", "email=Sam@example.org")
    refuse(office.desk("ray"), reference, ABUSE)
    with pytest.raises(NotPermittedError, match="a second reviewer decides"):
        withdraw_refusal(office.desk("kim"), reference, SPOKEN)


@pytest.mark.parametrize(
    "goes_on",
    [
        lambda office, reference: office.collect("ada", reference),
        lambda office, reference: decide.approve(office.desk("kim"), office.services.register, reference),
        lambda office, reference: decide.send_back(office.desk("kim"), reference, SPOKEN),
        lambda office, reference: correct(
            office.desk("ada"), office.services.register, reference, [identifier("email=robin@example.org")]
        ),
        lambda office, reference: correct_mandate(
            office.desk("ada"), office.services.register, reference, MandateCorrection(SPOKEN, ("records",))
        ),
    ],
    ids=["collect", "approve", "send_back", "correct", "mandate"],
)
def test_a_request_that_goes_on_voids_the_proposal(
    office: Office, goes_on: Callable[[Office, str], None]
) -> None:
    reference = in_review(office)
    refuse(office.desk("ray"), reference, ABUSE)
    goes_on(office, reference)
    assert request_file(office.desk("aud"), reference).proposed_refusal is None
    with pytest.raises(WrongUseError, match="no refusal is proposed"):
        confirm_refusal(office.desk("kim"), reference)


def test_a_correction_before_the_verification_voids_the_proposal_too(office: Office) -> None:
    reference = office.opened("ada", "email=Sam@example.org")
    refuse(office.desk("ray"), reference, ABUSE)
    correct(office.desk("kim"), office.services.register, reference, [identifier("email=robin@example.org")])
    assert request_file(office.desk("aud"), reference).proposed_refusal is None


def test_what_leaves_the_request_where_it_is_leaves_the_proposal(office: Office) -> None:
    reference = in_review(office)
    refuse(office.desk("ray"), reference, ABUSE)
    decide.note(office.desk("ada"), reference, SPOKEN)
    decide.assign(office.desk("ada"), reference, "abe")
    with pytest.raises(WrongUseError, match="proposed already"):
        refuse(office.desk("kim"), reference, ABUSE)
    confirm_refusal(office.desk("kim"), reference)


def test_no_text_of_a_refusal_is_in_the_trail(office: Office) -> None:
    reference = in_review(office)
    refuse(office.desk("ray"), reference, ABUSE)
    confirm_refusal(office.desk("kim"), reference)
    assert SPOKEN not in repr(office.rows())
    with reading(office.installation.engine) as connection:
        assert trail.verify(connection, office.installation.keys.trail, office.anchor).passed
