"""Complaints and refusals as staff run them: who is asked for what, and what `request show` has."""

import pytest

from tests.cli.test_requests import REVIEWER, STRANGER, Office, office
from tests.worlds import SUBJECT

__all__ = ["office"]
SEEN = "Sam sells these letters"


@pytest.fixture
def proposed(office: Office) -> str:
    """The reference of a request whose refusal as abusive is proposed."""
    reference = office.in_review()
    for name in ("objective", "subjective"):
        (office.folder / name).write_text(f"{SEEN}: {name}", encoding="utf-8")
    files = (
        "--objective-file",
        office.folder / "objective",
        "--subjective-file",
        office.folder / "subjective",
    )
    refuse = ("request", "refuse", reference, "--ground", "abusive", "--reason-file", "-", *files)
    finished = office.run(*refuse, stdin="bulk letters", uid=REVIEWER)
    assert finished.code == 0, finished.err
    assert "only proposed: a second reviewer decides, and the time limit runs on" in finished.err
    return reference


def second_reviewer(office: Office) -> None:
    office.done("people", "add", "second", "--uid", STRANGER)
    office.done("people", "roles", "second", "--controller", "acme", "--add", "reviewer")


def test_a_proposal_is_shown_with_its_proof_and_who_may_confirm(office: Office, proposed: str) -> None:
    assert (
        "abusive, by robin; may confirm: nobody left: add a reviewer"
        in office.run("request", "show", proposed).out
    )
    second_reviewer(office)
    shown = office.run("request", "show", proposed).out
    assert "abusive, by robin; may confirm: second" in shown
    assert f"what shows the intent to abuse: {SEEN}: subjective" in shown
    assert "confirm-refusal, withdraw-refusal" in shown
    found = office.done("request", "show", proposed)
    assert found["state"] == "in_review"
    assert isinstance(found["proposed_refusal"], dict)
    at = found["proposed_refusal"].pop("at")
    assert found["refusal_proposed_at"] == at
    assert found["proposed_refusal"] == {
        "ground": "abusive",
        "by": "robin",
        "reason": "bulk letters",
        "objective": f"{SEEN}: objective",
        "subjective": f"{SEEN}: subjective",
        "may_confirm": ["second"],
    }


def test_the_proposer_does_not_confirm_and_a_second_reviewer_does(office: Office, proposed: str) -> None:
    second_reviewer(office)
    refused = office.run("request", "confirm-refusal", proposed, uid=REVIEWER)
    assert (refused.code, office.state(proposed)) == (2, "in_review")
    assert "second" in refused.err
    found = office.done("request", "confirm-refusal", proposed, uid=STRANGER)
    assert (found["state"], found["proposed_refusal"]) == ("refused", None)
    entries = office.done("trail", "show", proposed)["entries"]
    assert isinstance(entries, list)
    assert [(e["action"], e["reason_code"]) for e in entries[-2:]] == [
        ("propose_refusal", "abusive"),
        ("confirm_refusal", "abusive"),
    ]
    assert SEEN not in str(entries)


def test_a_proposal_is_withdrawn(office: Office, proposed: str) -> None:
    withdraw = ("request", "withdraw-refusal", proposed, "--reason-file", "-")
    assert office.done(*withdraw, stdin="not proven", uid=REVIEWER)["proposed_refusal"] is None


def test_a_refusal_without_a_ground_or_with_an_unknown_one_is_refused(office: Office) -> None:
    reference = office.opened()
    refuse = ("request", "refuse", reference, "--reason-file", "-")
    assert office.run(*refuse, stdin="no", uid=REVIEWER).code == 2
    unknown = office.run(*refuse, "--ground", "tired", stdin="no", uid=REVIEWER)
    assert "choose one of not_identified, mandate_missing" in unknown.err
    besides = office.run(*refuse, "--ground", "excessive", "--objective-file", "x", stdin="no", uid=REVIEWER)
    assert "needs the reason only" in besides.err
    twice = office.run(*refuse, "--ground", "abusive", "--objective-file", "-", stdin="no", uid=REVIEWER)
    assert "only one of the files can be standard input" in twice.err


def test_a_complaint_goes_from_receipt_to_answer(office: Office) -> None:
    reference = office.opened()
    complain = ("request", "complain", reference, "--channel", "letter", "--text-file", "-")
    found = office.done(*complain, stdin="nobody answers")
    (complaint,) = list(found["complaints"])  # type: ignore[call-overload] # a list
    assert (complaint["text"], complaint["channel"], complaint["overdue"]) == (
        "nobody answers",
        "letter",
        False,
    )
    assert complaint["acknowledge_by"] is not None
    shown = office.run("request", "show", reference).out
    assert f"acknowledge or answer by {complaint['acknowledge_by']}" in shown
    assert "nobody answers" in shown
    assert (
        f"acknowledge or answer by {complaint['acknowledge_by']}" in office.run("request", "complaints").out
    )
    office.done("request", "acknowledge-complaint", reference, "1")
    assert "answer without undue delay" in office.run("request", "complaints").out
    answering = ("request", "answer-complaint", reference, "--text-file", "-")
    odd = office.run(*answering, "--outcome", "maybe", stdin="we are late")
    assert (odd.code, "--outcome is one of upheld, partly_upheld, not_upheld" in odd.err) == (2, True)
    answered = office.done(*answering, "--outcome", "partly_upheld", stdin="we are late")
    (complaint,) = list(answered["complaints"])  # type: ignore[call-overload] # a list
    words = (complaint["answer"], complaint["outcome"], complaint["may_answer"])
    assert words == ("we are late", "partly_upheld", [])
    assert office.done("request", "complaints")["complaints"] == []
    assert "answer to complaint 1 (partly upheld) by" in office.run("request", "show", reference).out
    letter = office.run("request", "letter", reference, "outcome")
    assert (letter.code, "we uphold your complaint in part" in letter.out) == (0, True)


def test_an_overdue_complaint_is_marked_and_comes_first_in_the_list(office: Office) -> None:
    asked = ("request", "open", "--controller", "acme", "--right", "access", "--identifiers-file", "-")
    late = str(office.done(*asked, "--received", "2026-06-29", stdin=SUBJECT)["reference"])
    recent = office.opened()
    for arrival in ((recent,), (late, "--received", "2026-06-30")):
        finished = office.run("request", "complain", *arrival, "--text-file", "-", stdin="too slow")
        assert finished.code == 0, finished.err
    found = list(office.done("request", "complaints")["complaints"])  # type: ignore[call-overload] # a list
    assert [(each["reference"], each["overdue"]) for each in found] == [(late, True), (recent, False)]
    assert "by 2026-07-30, overdue" in office.run("request", "show", late).out


def test_a_complaint_is_no_argument_and_its_channel_is_known(office: Office) -> None:
    reference = office.opened()
    assert "complaint is missing" in office.run("request", "complain", reference).err
    wrong = office.run("request", "complain", reference, "--channel", "fax", "--text-file", "-", stdin="x")
    assert "--channel is one of letter" in wrong.err
