"""What must hold after each step of an office, whatever was tried."""

import hashlib

from sqlalchemy import func, select

from dsar_export.model.request import Right
from dsar_export.requests import trail
from dsar_export.requests.complaints import complaints_of
from dsar_export.requests.database import reading
from dsar_export.requests.decisions import decisions_hash, decisions_of
from dsar_export.requests.requests import StoredRequest, read_request
from dsar_export.requests.trail.table import TRAIL
from dsar_export.use_cases.desk import draft_of
from tests.use_cases.offices import MARKERS, ROBIN, SAM, Office
from tests.use_cases.request_model import ENDED, Case


def trail_length(office: Office) -> int:
    with reading(office.installation.engine) as connection:
        return int(connection.scalar(select(func.count()).select_from(TRAIL)) or 0)


def check_trail(office: Office) -> None:
    with reading(office.installation.engine) as connection:
        verdict = trail.verify(connection, office.installation.keys.trail, office.anchor)
    assert verdict.passed, verdict.sentence
    assert verdict.behind == 0


def stored(office: Office, reference: str) -> StoredRequest:
    with reading(office.installation.engine) as connection:
        return read_request(connection, reference, office.installation.vault)


def check_row(office: Office, case: Case) -> None:
    """The row says what the model says, and what an approval names is what is there."""
    listed = stored(office, case.reference).listed
    assert listed.state == case.state
    assert listed.attempt == case.attempt
    assert (listed.lease_until is None) == (case.lease_until is None)
    assert listed.verified_by == case.verified_by
    assert (listed.approved_ledger_hash is not None) == case.approved
    assert listed.approved_by == case.approved_by
    assert (listed.refusal_proposed_at is None) == (case.proposed_by is None)
    assert complaints_about(office, case) == case.complaints
    assert (listed.draft is None) == (case.draft is None)
    assert (listed.ended_at is not None) == (case.state in ENDED)
    if case.approved:
        with reading(office.installation.engine) as connection:
            decisions = decisions_of(connection, case.reference, office.installation.vault)
        assert listed.approved_ledger_hash == listed.ledger_hash
        assert listed.approved_decisions_hash == decisions_hash(decisions)
    published = office.published(case.reference)
    assert [(p.right, p.attempt) for p in published] == [
        (right, case.package) for right in Right if case.package is not None and right in case.rights
    ]
    for package in published:
        content = (office.packages / str(package.file)).read_bytes()
        assert package.sha256 == hashlib.sha256(content).hexdigest()


def complaints_about(office: Office, case: Case) -> list[str]:
    """Where each complaint about a request stands."""
    with reading(office.installation.engine) as connection:
        found = complaints_of(connection, case.reference, office.installation.vault)
    return [
        "answered"
        if not each.listed.is_open
        else "received"
        if each.listed.waits_for_acknowledgement
        else "acknowledged"
        for each in found
    ]


def check_files(office: Office, cases: list[Case]) -> None:
    """Drafts and packages on the disk are exactly those that rows name."""
    drafts = {"/".join(name.split("/")[:2]) for name in office.drafts.names("")}
    assert drafts == {f"{case.reference}/{case.draft}" for case in cases if case.draft is not None}
    named = {package.file for case in cases for package in office.published(case.reference)}
    assert {path.name for path in office.packages.glob("*")} == named
    assert not [name for name in office.files() if ".unfinished-" in name or ".dsar-export-" in name]


def check_no_marker(office: Office) -> None:
    """No personal data and no free text lies anywhere in clear, in the tables neither."""
    folders = {office.folder, office.anchor.parent}
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        held = path.stat()
        as_it_was = (str(path), held.st_ino, held.st_size, held.st_mtime_ns)
        if as_it_was not in office.searched:
            assert not markers_in(path.read_bytes()), path
            office.searched.add(as_it_was)
    assert not markers_in(repr(office.rows()).encode())


def markers_in(content: bytes) -> list[str]:
    return [marker for marker in MARKERS if marker.encode() in content]


def check_draft(office: Office, case: Case) -> None:
    """The Draft holds the records of the people to whom proven identifiers or a choice lead, and no others."""
    people = case.chosen or case.matched
    draft = draft_of(office.desk("ada"), stored(office, case.reference))
    assert set(draft.ledger.datasets) == case.datasets
    rows = {"C-1": {SAM, f"{SAM} again"}, "C-2": {ROBIN}}
    assert draft_texts(office, case.reference) == {text for person in people for text in rows[person]}


def draft_texts(office: Office, reference: str) -> set[object]:
    """The texts of all records in a Draft."""
    draft = draft_of(office.desk("ada"), stored(office, reference))
    return {
        record.record["text"]
        for name in ("records", "extras")
        if name in draft.ledger.datasets
        for record in draft.page(name, 0, 99)
    }
