"""A document of evidence is held against the database: what happened since is no fault, anything else is."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from dsar_export.errors import NotPermittedError, WrongUseError
from dsar_export.model.clock import Ground
from dsar_export.model.controller import Controller
from dsar_export.model.people import Role
from dsar_export.model.refusal import AbuseProof, Refusal
from dsar_export.model.request import Right
from dsar_export.requests.database import writing
from dsar_export.requests.packages import forget_files
from dsar_export.requests.states import State
from dsar_export.requests.tables import REQUESTS
from dsar_export.use_cases import decide, due
from dsar_export.use_cases.evidence import evidence_now, write_evidence
from dsar_export.use_cases.evidence_check import PartVerdict, compared, packages_with_manifest
from dsar_export.use_cases.evidence_json import evidence_json
from dsar_export.use_cases.package import MANIFEST
from dsar_export.use_cases.refusing import confirm_refusal, refuse
from dsar_export.use_cases.services import Services
from tests.use_cases.offices import PARTS_OF, SPOKEN, Office
from tests.worlds import SilentProgress, open_package

Document = dict[str, Any]
SAME, GONE_ON, DIFFERS = PartVerdict.SAME, PartVerdict.GONE_ON, PartVerdict.DIFFERS


def written(office: Office, reference: str) -> Document:
    """A document as it is read from its file."""
    services = office.with_progress(SilentProgress())
    found = write_evidence(office.desk("aud"), services, PARTS_OF, reference)
    read: Document = json.loads(json.dumps(evidence_json(found)))
    return read


def verdicts(office: Office, document: Document, reference: str) -> dict[str, PartVerdict]:
    now = evidence_now(office.desk("aud"), office.with_progress(SilentProgress()), PARTS_OF, reference)
    return {each.part: each.verdict for each in compared(document, evidence_json(now))}


def built(office: Office, *rights: Right) -> str:
    reference = office.approved(rights=rights or (Right.ACCESS,))
    with office.built("ray", reference):
        pass
    return reference


def test_a_document_is_what_the_database_says(each_office: Office) -> None:
    reference = built(each_office)
    found = verdicts(each_office, written(each_office, reference), reference)
    assert found.pop("timeline") is GONE_ON  # by the entry that the document was written
    assert set(found.values()) == {SAME}


def test_a_second_document_does_not_spoil_the_first(office: Office) -> None:
    reference = built(office)
    first, second = written(office, reference), written(office, reference)
    for document in (first, second):
        assert DIFFERS not in verdicts(office, document, reference).values()


TAMPERED: dict[str, tuple[str, Callable[[Document], object]]] = {
    "another receipt": ("request", lambda d: d["request"].update(received_at="2026-01-01T00:00:00+00:00")),
    "another right": ("request", lambda d: d["request"].update(rights=["portability"])),
    "another day of writing": ("written_at", lambda d: d.update(written_at="2026-01-01T00:00:00+00:00")),
    "an entry less at the end": ("written_at", lambda d: d["timeline"].pop()),
    "an entry less at the beginning": ("timeline", lambda d: d["timeline"].pop(0)),
    "another moment": ("timeline", lambda d: d["timeline"][1].update(at="2026-01-01T00:00:00+00:00")),
    "another role": ("timeline", lambda d: d["timeline"][1]["by"].update(roles=["auditor"])),
    "no timeline": ("timeline", lambda d: d.update(timeline="none")),
    "another package": ("packages", lambda d: d["packages"][0].update(sha256="0" * 64)),
    "another manifest": ("packages", lambda d: d["packages"][0].update(manifest_hmac="0" * 64)),
    "another state": ("state", lambda d: d["request"].update(state="closed")),
    "another proof": ("verification", lambda d: d["verification"].update(kinds=["passport"])),
    "no proof": ("verification", lambda d: d.update(verification=None)),
    "another count": ("outcomes", lambda d: d["outcomes"][0]["datasets"][0].update(written=1)),
    "another register": ("versions", lambda d: d["versions"].update(register="0" * 64)),
    "another day of the answer": ("time_limit", lambda d: d["time_limit"].update(answered="2030-01-01")),
    "an extension": ("time_limit", lambda d: d["time_limit"].update(extended="2026-11-22")),
    "a wait": ("time_limit", lambda d: d["time_limit"]["pauses"].append({"ground": "fee"})),
    "no time limit": ("time_limit", lambda d: d.update(time_limit=None)),
    "a package less": ("packages", lambda d: d["packages"].pop()),
    "a decision less": ("decisions", lambda d: d["decisions"].pop()),
    "a decision more": ("decisions", lambda d: d["decisions"].append({"kind": "refuse"})),
}


def test_what_somebody_changed_in_it_differs(office: Office) -> None:
    reference = office.verified()
    office.collect("ada", reference)
    decide.send_back(office.desk("ray"), reference, "look again")
    office.collect("ada", reference)
    decide.approve(office.desk("ray"), office.services.register, reference)
    with office.built("ray", reference):
        pass
    text = json.dumps(written(office, reference))
    now = evidence_now(office.desk("aud"), office.with_progress(SilentProgress()), PARTS_OF, reference)
    for what, (part, change) in TAMPERED.items():
        document = json.loads(text)
        change(document)
        found = {each.part: each.verdict for each in compared(document, evidence_json(now))}
        assert found[part] is DIFFERS, what


def test_what_happened_since_is_no_fault(office: Office) -> None:
    """The request is sent back, corrected and cancelled, and its Draft erased."""
    reference = office.approved()
    document = written(office, reference)
    decide.send_back(office.desk("ray"), reference, "look again")
    decide.cancel(office.desk("ada"), reference)
    found = verdicts(office, document, reference)
    assert DIFFERS not in found.values()
    assert found["timeline"] is found["decisions"] is GONE_ON
    assert found["state"] is PartVerdict.CHANGED
    assert found["outcomes"] is found["versions"] is PartVerdict.GONE


def test_what_is_asked_of_workers_explains_no_other_state(office: Office) -> None:
    """Nor do tries that are put off, or a passphrase that was shown."""
    reference = office.approved()
    document = written(office, reference)
    with office.desk("ada").acting() as act:
        request = act.request(reference, Role.AGENT)
        for action in ("ask", "put_off", "reveal"):
            act.note(action, request)
        row = REQUESTS.c.reference == reference
        act.connection.execute(update(REQUESTS).where(row).values(state=State.AVAILABLE))
    found = verdicts(office, document, reference)
    assert (found["timeline"], found["state"]) == (GONE_ON, DIFFERS)


def test_a_confirmed_refusal_is_a_decision_of_its_own(office: Office) -> None:
    reference = office.verified()
    refuse(office.desk("ray"), reference, Refusal("abusive", SPOKEN, AbuseProof(SPOKEN, SPOKEN)))
    proposed = written(office, reference)
    confirm_refusal(office.desk("kim"), reference)
    assert verdicts(office, proposed, reference)["decisions"] is GONE_ON
    refused = written(office, reference)
    assert verdicts(office, refused, reference)["decisions"] is SAME
    refused["decisions"].pop()
    assert verdicts(office, refused, reference)["decisions"] is DIFFERS


def test_a_package_whose_file_was_erased_is_the_one_that_was_sent(office: Office) -> None:
    reference = built(office)
    document = written(office, reference)
    with writing(office.installation.engine) as connection:
        forget_files(connection, reference)
    assert verdicts(office, document, reference)["packages"] is SAME


def test_a_note_explains_no_other_state(office: Office) -> None:
    reference = built(office)
    document = written(office, reference)
    decide.note(office.desk("ada"), reference, "a note")
    document["request"]["state"] = "closed"
    assert verdicts(office, document, reference)["state"] is DIFFERS


def test_a_day_that_moves_on_while_something_is_awaited_is_no_fault(office: Office) -> None:
    reference = office.opened("ada", "email=sam@example.org")
    due.pause(office.desk("ada"), office.services.register, reference, Ground.IDENTITY)
    document = written(office, reference)
    office.now += timedelta(days=5)
    assert verdicts(office, document, reference)["time_limit"] is SAME


def with_controllers(office: Office, **controllers: Controller) -> Services:
    """The office's services with a register that has other controllers."""
    services = office.with_progress(SilentProgress())
    organisation = replace(services.register.organisation, controllers=controllers)
    return replace(services, register=replace(services.register, organisation=organisation))


def test_another_clock_of_the_register_is_no_fault(office: Office) -> None:
    reference = built(office)
    document = written(office, reference)
    acme = office.services.register.organisation.controllers["acme"]
    clock = replace(acme.clock, extra_holidays=(date(2026, 12, 21),))
    services = with_controllers(office, acme=replace(acme, clock=clock))
    now: Document = evidence_json(evidence_now(office.desk("aud"), services, PARTS_OF, reference))
    assert document["time_limit"]["due"] != now["time_limit"]["due"]
    found = {each.part: each.verdict for each in compared(document, now)}
    assert found["time_limit"] is SAME


def test_the_time_limit_of_a_controller_that_left_the_register_is_gone(office: Office) -> None:
    reference = built(office)
    document = written(office, reference)
    acme = office.services.register.organisation.controllers["acme"]
    services = with_controllers(office, other=acme)
    now = evidence_json(evidence_now(office.desk("aud"), services, PARTS_OF, reference))
    found = {each.part: each.verdict for each in compared(document, now)}
    assert found["time_limit"] is PartVerdict.GONE


def test_a_document_about_another_request_or_of_another_form_is_refused(office: Office) -> None:
    first, second = (office.opened("ada", f"email={name}@example.org") for name in ("a", "b"))
    with pytest.raises(WrongUseError, match="evidence of another request"):
        verdicts(office, written(office, second), first)
    for other in (
        {},
        {"format": "dsar-export evidence 1"},
        {"format": "dsar-export evidence 1", "request": []},
    ):
        with pytest.raises(WrongUseError, match="no evidence that this program wrote"):
            verdicts(office, other, first)
    with pytest.raises(WrongUseError, match="another request"):
        verdicts(office, {"format": "dsar-export evidence 1", "request": {}}, first)


def test_a_manifest_is_found_in_its_package_and_no_other(office: Office) -> None:
    reference, other = built(office, *Right), built(office)
    aud = office.desk("aud")
    for package in office.published(reference):
        manifest = open_package(office.packages / str(package.file)).members[MANIFEST]
        assert packages_with_manifest(aud, reference, manifest) == (package.right,)
        assert packages_with_manifest(aud, other, manifest) == ()
        assert packages_with_manifest(aud, reference, manifest + b"\n") == ()
    with pytest.raises(NotPermittedError):
        packages_with_manifest(office.desk("bea"), reference, b"")


# Software, trail, and what was not shown


@pytest.mark.parametrize(
    ("part", "forged"),
    [
        ("software", "9.9.9"),
        ("trail", {"passed": True, "entries": 1, "fault": None}),
        ("trail", {"passed": False, "entries": 1, "fault": "changed"}),
    ],
)
def test_software_and_trail_are_those_of_the_moment_of_writing(
    part: str, forged: object, office: Office
) -> None:
    reference = built(office)
    document = written(office, reference)
    decide.note(office.desk("ada"), reference, SPOKEN)  # the trail of today is another one
    assert verdicts(office, document, reference)[part] is SAME
    assert verdicts(office, {**document, part: forged}, reference)[part] is DIFFERS


def test_without_the_entry_of_its_writing_software_and_trail_have_no_verdict(office: Office) -> None:
    reference = built(office)
    document = written(office, reference)
    document["timeline"] = [*document["timeline"], *document["timeline"][-1:]]
    found = verdicts(office, document, reference)
    assert (found["software"], found["trail"], found["timeline"]) == (
        PartVerdict.GONE,
        PartVerdict.GONE,
        DIFFERS,
    )


def test_what_could_no_longer_be_shown_since_is_gone_and_what_was_hidden_differs(office: Office) -> None:
    reference = built(office)
    document = written(office, reference)
    for name in office.drafts.names(reference):
        office.drafts.delete(name)
    assert verdicts(office, document, reference)["not_shown"] is PartVerdict.GONE
    forged = {**document, "not_shown": ["the weather"]}
    assert verdicts(office, forged, reference)["not_shown"] is DIFFERS
