"""Evidence shows what was done with a request, by which role and when, and nothing about anybody."""

import json
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from dsar_export.errors import NotPermittedError, SourceUnreadableError
from dsar_export.model.clock import Ground
from dsar_export.model.evidence import Evidence
from dsar_export.model.intake import FurtherRight
from dsar_export.model.people import Grant, Role
from dsar_export.model.refusal import AbuseProof, Refusal
from dsar_export.model.request import Right
from dsar_export.requests import trail
from dsar_export.requests.database import reading, writing
from dsar_export.requests.states import Action
from dsar_export.requests.times import microseconds
from dsar_export.requests.transitions import move
from dsar_export.use_cases import decide, due, hand_on, staff
from dsar_export.use_cases.evidence import write_evidence
from dsar_export.use_cases.evidence_json import evidence_json
from dsar_export.use_cases.evidence_text import evidence_lines
from dsar_export.use_cases.hold import place_hold
from dsar_export.use_cases.refusing import confirm_refusal, refuse
from tests.use_cases.flaky import Flaky
from tests.use_cases.offices import MARKERS, PARTS_OF, SPOKEN, STAFF, START, Office
from tests.worlds import SilentProgress

SCHEMA = Path(__file__).parents[2] / "docs" / "evidence.schema.json"


def evidence(office: Office, reference: str, by: str = "aud") -> Evidence:
    return write_evidence(office.desk(by), office.with_progress(SilentProgress()), PARTS_OF, reference)


def available(office: Office, *rights: Right) -> str:
    """The reference of a request whose packages are published."""
    reference = office.approved(rights=rights or (Right.ACCESS,))
    with office.built("kim", reference):
        pass
    return reference


def closed(office: Office) -> str:
    """The reference of a request that was delivered and closed, so that its Draft is erased."""
    reference = available(office)
    with writing(office.installation.engine) as connection:
        move(connection, reference, office.listed(reference).version, Action.DELIVER, office.tick())
    decide.close(office.desk("ada"), reference)
    return reference


def eventful(office: Office) -> str:
    """The reference of a request with every free text, after which a reviewer refused it."""
    ada, ray, register = office.desk("ada"), office.desk("ray"), office.services.register
    reference = office.opened("ada", "email=Sam@example.org")
    due.pause(ada, register, reference, Ground.IDENTITY)
    office.verify(reference)
    due.extend(ada, register, reference, SPOKEN)
    hand_on.hand_on(ada, reference, FurtherRight.ERASURE, SPOKEN)
    decide.note(ada, reference, SPOKEN)
    decide.assign(ada, reference, "abe")
    place_hold(ray, reference, START + timedelta(days=400), SPOKEN)
    lost = Flaky(office.services.collectors["second"], "snapshot", 9, SourceUnreadableError)
    office.collectors["second"] = lost
    office.collect("ada", reference)
    decide.accept_gap(ray, register, reference, "second", SPOKEN)
    refuse(ray, reference, Refusal("excessive", SPOKEN))
    return reference


def test_it_has_the_timeline_with_roles_and_pseudonyms(each_office: Office) -> None:
    found = evidence(each_office, available(each_office))
    assert [(e.action, e.by.pseudonym, e.by.roles) for e in found.timeline] == [
        ("open", "P1", ("agent",)),
        ("verify", "P2", ("agent",)),
        ("collect", "P1", ("agent",)),
        ("submit", "P1", ("agent",)),
        ("approve", "P3", ("reviewer",)),
        ("build", "P4", ("agent", "reviewer")),
        ("publish", "P4", ("agent", "reviewer")),
    ]
    assert found.verification is not None
    assert (found.verification.kinds, found.verification.by.pseudonym) == (("seen",), "P2")
    assert [(d.kind, d.by.pseudonym) for d in found.decisions] == [("approve", "P3")]
    assert found.trail.passed
    assert found.not_shown == ()


def test_it_has_the_outcomes_of_each_right_as_they_were_sealed(office: Office) -> None:
    found = evidence(office, available(office, *Right))
    counts = {
        counted.right: [(o.dataset, o.read, o.written, o.withheld) for o in counted.outcomes]
        for counted in found.outcomes
    }
    assert counts == {
        Right.ACCESS: [("records", 2, 2, 0), ("extras", 2, 2, 0), ("data_requests", 0, 0, 0)],
        Right.PORTABILITY: [("records", 2, 2, 0), ("extras", 2, 0, 2), ("data_requests", 0, 0, 0)],
    }
    assert [p.sha256 for p in found.packages] == [p.sha256 for p in office.published(found.request.reference)]
    assert all(package.manifest_hmac for package in found.packages)
    assert found.versions is not None
    assert set(found.versions.schemas) == {"records"}


def test_it_has_the_due_day_the_waits_and_whether_the_answer_was_in_time(office: Office) -> None:
    late = office.approved()
    office.now += timedelta(days=99)
    with office.built("kim", late):
        pass
    limit = evidence(office, late).time_limit
    assert limit is not None
    assert (limit.answered, limit.in_time) == (office.now.date(), False)
    assert limit.due.day < office.now.date()


def test_a_wait_that_was_open_at_the_answer_moves_the_due_day_no_more(office: Office) -> None:
    reference = office.approved()
    due.pause(office.desk("ada"), office.services.register, reference, Ground.CLARIFICATION)
    with office.built("kim", reference):
        pass
    before = evidence(office, reference).time_limit
    office.now += timedelta(days=50)
    after = evidence(office, reference).time_limit
    assert before is not None
    assert after is not None
    assert (after.due.day, after.in_time) == (before.due.day, True)


def test_a_request_without_an_answer_is_neither_in_time_nor_late(office: Office) -> None:
    found = evidence(office, eventful(office))
    limit = found.time_limit
    assert limit is not None
    assert (limit.answered, limit.in_time, limit.extended) == (None, None, START.date())
    assert [pause.ground for pause in limit.pauses] == [Ground.IDENTITY]


def test_it_fits_its_schema(office: Office) -> None:
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    for reference in (available(office), office.opened("ada", "email=b@example.org"), eventful(office)):
        validator.validate(json.loads(json.dumps(evidence_json(evidence(office, reference)))))


def test_neither_the_person_nor_staff_nor_a_reason_is_in_it(each_office: Office) -> None:
    found = evidence(each_office, eventful(each_office))
    assert {"accept_gap", "note", "extend", "refuse", "hold", "hand_on", "assign"} <= {
        e.action for e in found.timeline
    }
    assert [decision.kind for decision in found.decisions] == ["accept_gap", "refuse"]
    (counted,) = found.outcomes
    assert [gap.source for gap in counted.gaps] == ["second"]
    for text in (json.dumps(evidence_json(found)), "\n".join(evidence_lines(found, UTC))):
        for marker in (*MARKERS, *(f'"{name}"' for name in STAFF), *(f" {name} " for name in STAFF)):
            assert marker not in text
        assert not any(d in text for d in ("decisions_hash", "reason_sealed"))


def test_a_confirmed_refusal_is_the_decision_to_refuse(office: Office) -> None:
    reference = office.verified()
    refuse(office.desk("ray"), reference, Refusal("abusive", SPOKEN, AbuseProof(SPOKEN, SPOKEN)))
    confirm_refusal(office.desk("kim"), reference)
    found = evidence(office, reference)
    assert [decision.kind for decision in found.decisions] == ["propose_refusal", "refuse"]
    assert found.decisions[0].by != found.decisions[1].by


def test_an_approval_by_policy_says_so(office: Office) -> None:
    reference = office.opened("ada", "email=sam@example.org")
    with office.desk("ada").acting() as act:
        act.append("approve", reference, "acme", {"ledger": "0" * 64, "contact": "1" * 64}, "policy")
    assert evidence(office, reference).timeline[-1].details == {"reason_code": "policy", "ledger": "0" * 64}


def test_details_that_name_staff_have_the_pseudonym_that_they_have_elsewhere(office: Office) -> None:
    found = evidence(office, eventful(office))
    (assigned,) = (e for e in found.timeline if e.action == "assign")
    (verified,) = (e for e in found.timeline if e.action == "verify")
    assert assigned.details == {"assignee": verified.by.pseudonym}


def test_hashes_that_names_could_be_guessed_from_are_left_out(office: Office) -> None:
    found = evidence(office, available(office))
    (approved,) = (e for e in found.timeline if e.action == "approve")
    assert approved.details.keys() == {"ledger"}


def test_roles_are_those_of_the_moment(office: Office) -> None:
    """A role that was ended later was held then, and one that was given later was not."""
    reference = office.opened("ada", "email=sam@example.org")
    fay = office.desk("fay")
    staff.end_role(fay, "ada", "acme", Role.AGENT)
    staff.give_role(fay, Grant("ada", "acme", Role.REVIEWER, office.tick()))
    decide.note(office.desk("ada"), reference, "later")
    found = evidence(office, reference)
    assert [(e.action, e.by.roles) for e in found.timeline] == [("open", ("agent",)), ("note", ("reviewer",))]


def test_a_colleague_who_was_disabled_had_no_role_afterwards(office: Office) -> None:
    reference = office.opened("ada", "email=sam@example.org")
    staff.disable_colleague(office.desk("fay"), "ada")
    happening = trail.Happening(microseconds(office.tick()), "ada", "note", reference, "acme")
    with office.desk("abe").acting() as act:  # as if a clock had been set back
        trail.append(act.connection, office.installation.keys.trail, happening)
    assert [e.by.roles for e in evidence(office, reference).timeline] == [("agent",), ()]


def test_whoever_is_no_member_of_staff_is_the_program(office: Office) -> None:
    reference = office.opened("ada", "email=sam@example.org")
    with office.desk("ada").acting() as act:
        happening = trail.Happening(1, "outbox", "expire", reference, "acme")
        trail.append(act.connection, office.installation.keys.trail, happening)
    by = evidence(office, reference).timeline[-1].by
    assert (by.pseudonym, by.roles) == ("program", ())


def test_without_a_draft_it_says_what_it_can_not_show_any_more(each_office: Office) -> None:
    found = evidence(each_office, closed(each_office))
    assert found.outcomes == ()
    assert found.versions is None
    assert found.not_shown == ("outcomes by dataset and versions: the Draft was erased",)
    assert [(p.right, len(p.sha256)) for p in found.packages] == [(Right.ACCESS, 64)]
    assert found.time_limit is not None
    assert found.time_limit.in_time is True


def test_a_draft_that_was_damaged_is_not_shown(office: Office) -> None:
    reference = available(office)
    for part in (office.folder / "drafts" / reference).rglob("*"):
        if part.is_file():
            part.write_bytes(b"damaged")
    assert evidence(office, reference).not_shown == (
        "outcomes by dataset and versions: the Draft can't be read",
    )


def test_before_anything_was_collected_there_is_no_draft_to_show(office: Office) -> None:
    found = evidence(office, office.opened("ada", "email=sam@example.org"))
    assert found.not_shown == ("outcomes by dataset and versions: the Draft does not exist",)
    assert found.verification is None


def test_of_a_controller_that_left_the_register_there_is_no_due_day(office: Office) -> None:
    reference = office.opened("ada", "email=sam@example.org")
    organisation = office.services.register.organisation
    left = replace(organisation, controllers={"other": organisation.controllers["acme"]})
    register = replace(office.services.register, organisation=left)
    services = replace(office.with_progress(SilentProgress()), register=register)
    found = write_evidence(office.desk("aud"), services, PARTS_OF, reference)
    assert found.time_limit is None
    assert "the due date: the controller has left the register" in found.not_shown


def test_that_it_was_written_is_in_the_trail_and_in_the_next_document(office: Office) -> None:
    reference = office.opened("ada", "email=sam@example.org")
    first, second = evidence(office, reference), evidence(office, reference, "ray")
    assert [e.action for e in first.timeline] == ["open"]
    assert [(e.action, e.by.roles) for e in second.timeline] == [
        ("open", ("agent",)),
        ("evidence", ("auditor",)),
    ]
    with reading(office.installation.engine) as connection:
        assert trail.verify(connection, office.installation.keys.trail, office.anchor).passed


@pytest.mark.parametrize("name", ["fay", "bea", "nia"])
def test_others_get_none_and_leave_no_entry(name: str, office: Office) -> None:
    reference = office.opened("ada", "email=sam@example.org")
    with pytest.raises(NotPermittedError):
        evidence(office, reference, name)
    assert len(evidence(office, reference).timeline) == 1


def test_a_broken_trail_is_in_it(office: Office) -> None:
    reference = office.opened("ada", "email=sam@example.org")
    office.anchor.unlink()
    found = evidence(office, reference)
    assert (found.trail.passed, found.trail.fault) == (False, "anchor_missing")
    assert "does not verify (anchor missing)" in "\n".join(evidence_lines(found, UTC))
