"""What must hold after each step of an office, whatever was tried."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select

from dsar_export.model.mail import MailKind
from dsar_export.model.request import Right
from dsar_export.requests import trail
from dsar_export.requests.complaints import complaints_of
from dsar_export.requests.database import reading
from dsar_export.requests.decisions import decisions_hash, decisions_of
from dsar_export.requests.outbox import mail_cell
from dsar_export.requests.requests import StoredRequest, read_request
from dsar_export.requests.tables import CODES, OUTBOX
from dsar_export.requests.trail.table import TRAIL
from dsar_export.use_cases.desk import draft_of
from tests.use_cases.offices import MARKERS, ROBIN, SAM, Office
from tests.use_cases.request_model import ENDED, Case


def newest_entry(office: Office) -> int:
    """The number of the trail's last entry; a purge may prune more entries than it appends."""
    with reading(office.installation.engine) as connection:
        return int(connection.scalar(select(func.max(TRAIL.c.number))) or 0)


def trail_actions(office: Office) -> list[str]:
    """What was done, in the order of the trail."""
    with reading(office.installation.engine) as connection:
        return list(connection.scalars(select(TRAIL.c.action).order_by(TRAIL.c.number)))


def mailed_codes(office: Office, reference: str) -> dict[str, str]:
    """The codes that the person of a request received, each by its mail."""
    vault, mine = office.installation.vault, (OUTBOX.c.reference == reference, OUTBOX.c.kind == MailKind.CODE)
    with reading(office.installation.engine) as connection:
        mails = connection.execute(select(OUTBOX.c.id, OUTBOX.c.mail_sealed).where(*mine)).all()
    texts = {mail: json.loads(vault.open(sealed, mail_cell(mail)))[2] for mail, sealed in mails}
    return {mail: str(re.findall(r"    (\d{6})\n", text)[0]) for mail, text in texts.items()}


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
    assert (listed.extended_at is not None) == case.extended
    assert listed.hold_until == case.hold_until
    assert (listed.approved_ledger_hash is not None) == case.approved
    assert listed.approved_by == case.approved_by
    assert (listed.refusal_proposed_at is None) == (case.proposed_by is None)
    assert complaints_about(office, case) == [complaint.state for complaint in case.complaints]
    assert tries(office, case) == [(code.tries, code.used) for code in case.codes]
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
        assert (package.file is not None) == case.has_files
        if package.file is None:
            continue
        content = (office.packages / package.file).read_bytes()
        assert package.sha256 == hashlib.sha256(content).hexdigest()


def tries(office: Office, case: Case) -> list[tuple[int, bool]]:
    """How often each code of a request was tried, and whether it was used."""
    query = select(CODES.c.tries, CODES.c.used_at).where(CODES.c.reference == case.reference)
    with reading(office.installation.engine) as connection:
        found = connection.execute(query.order_by(CODES.c.number))
        return [(tried, used_at is not None) for tried, used_at in found]


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
    published = [package for case in cases for package in office.published(case.reference)]
    named = {package.file for package in published if package.file is not None}
    assert {path.name for path in office.packages.glob("*")} == named
    assert not [name for name in office.files() if ".unfinished-" in name or ".dsar-export-" in name]


def check_no_marker(office: Office) -> None:
    """No personal data and no free text lies anywhere in clear, in the tables neither."""
    check_no_marker_in(office, office.rows())
    _refuse_markers([path.read_bytes() for path in office.anchor.parent.rglob("*") if path.is_file()])


def check_no_marker_in(office: Office, rows: Mapping[str, Sequence[tuple[object, ...]]]) -> None:
    """The same for tables, Drafts and packages; a database's file, with all earlier rows, takes long to search."""
    texts = [path.read_bytes() for path in office.folder.rglob("*") if path.is_file()]
    _refuse_markers([*texts, repr(rows).encode()])


def _refuse_markers(texts: Collection[bytes]) -> None:
    for marker in MARKERS:
        assert not any(marker.encode() in text for text in texts), marker


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
