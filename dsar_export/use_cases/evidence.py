"""Writes what an authority asks for about a request, also after most of it was erased."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dsar_export import VERSION
from dsar_export.errors import StaleError
from dsar_export.model.decision import DecisionKind
from dsar_export.model.evidence import (
    Decided,
    Event,
    Evidence,
    Opening,
    Proof,
    SealedPackage,
    TimeLimit,
    TrailState,
)
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.register.files import PartsOf
from dsar_export.requests import trail
from dsar_export.requests.database import reading
from dsar_export.requests.identifiers import identifiers_of
from dsar_export.requests.packages import Packages, all_packages_of
from dsar_export.requests.pauses import pauses_of
from dsar_export.requests.requests import ListedRequest, StoredRequest
from dsar_export.use_cases.clocks import local_day
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.due import due_dates
from dsar_export.use_cases.evidence_outcomes import DraftEvidence, draft_evidence
from dsar_export.use_cases.evidence_staff import Staff, staff_of
from dsar_export.use_cases.evidence_timeline import staff_named, timeline
from dsar_export.use_cases.services import Services

TRAIL_PASSED: Final = "passed"
"""In the entry of a document: the state of a trail without a fault."""
DECIDED_BY: Final[Mapping[str, DecisionKind]] = {
    **{kind.value: kind for kind in DecisionKind},
    "confirm_refusal": DecisionKind.REFUSE,
}
"""What the actions of the trail decide."""


@dataclass(frozen=True)
class _Gathered:
    """What was read before the transaction that writes the document's entry."""

    request: StoredRequest
    trail: TrailState
    draft: DraftEvidence


def write_evidence(desk: Desk, services: Services, parts_of: PartsOf, reference: str) -> Evidence:
    """The evidence about a request; that somebody took it is in the trail, after what the document shows."""
    gathered = _gathered(desk, services, parts_of, reference)
    with desk.acting() as act:
        found = _evidence(act, services.register, gathered)
        state = gathered.trail
        # What no later document can say of this one: by what it was written, and how the trail stood.
        act.note(
            "evidence",
            gathered.request,
            software=VERSION,
            entries=state.entries,
            state=state.fault or TRAIL_PASSED,
        )
    return found


def evidence_now(desk: Desk, services: Services, parts_of: PartsOf, reference: str) -> Evidence:
    """The same without an entry, to compare a document with it."""
    gathered = _gathered(desk, services, parts_of, reference)
    with desk.looking() as act:
        return _evidence(act, services.register, gathered)


def request_for_evidence(act: Act, reference: str) -> StoredRequest:
    """The request, for those who may write evidence about it."""
    return act.request(reference, Role.AUDITOR, Role.REVIEWER, Role.AGENT)


def _gathered(desk: Desk, services: Services, parts_of: PartsOf, reference: str) -> _Gathered:
    with desk.looking() as act:
        request = request_for_evidence(act, reference)
    with reading(desk.engine) as connection:
        verdict = trail.verify(connection, desk.keys.trail, desk.anchor)
    fault = None if verdict.fault is None else verdict.fault.value
    state = TrailState(verdict.passed, verdict.entries, fault)
    return _Gathered(request, state, draft_evidence(desk, services, parts_of, request))


def _evidence(act: Act, register: Register, gathered: _Gathered) -> Evidence:
    listed = request_for_evidence(act, gathered.request.listed.reference).listed
    reference = listed.reference
    if (listed.draft, listed.ledger_hash) != (
        gathered.request.listed.draft,
        gathered.request.listed.ledger_hash,
    ):
        raise StaleError(f"{reference} was changed meanwhile; nothing was written, run the command again")
    entries = tuple(trail.entries(act.connection, reference))
    packages = all_packages_of(act.connection, reference)
    names = [*staff_named(entries), *([listed.verified_by] if listed.verified_by else [])]
    staff = staff_of(act.connection, names)
    limit = _time_limit(act, register, listed, packages)
    events = timeline(entries, listed.controller, staff)
    began = bool(events) and events[0].action == "open"
    return Evidence(
        written_at=act.at,
        software=VERSION,
        request=_opening(listed),
        trail=gathered.trail,
        timeline=events,
        verification=_proof(act, listed, staff),
        time_limit=limit,
        decisions=_decided(events),
        outcomes=gathered.draft.outcomes,
        versions=gathered.draft.versions,
        packages=_sealed(packages),
        not_shown=_not_shown(gathered.draft, limit, began=began),
    )


def _opening(listed: ListedRequest) -> Opening:
    return Opening(
        listed.reference,
        listed.controller,
        listed.rights,
        listed.channel,
        listed.received_at,
        listed.opened_at,
        listed.state.value,
        listed.ended_at,
    )


def _proof(act: Act, listed: ListedRequest, staff: Staff) -> Proof | None:
    if listed.verified_by is None or listed.verified_at is None:
        return None
    stored = identifiers_of(act.connection, listed.reference, act.desk.vault)
    kinds = sorted({i.proven_by for i in stored if i.proven_by is not None})
    actor = staff.actor(listed.verified_by, listed.controller, listed.verified_at)
    return Proof(tuple(kinds), listed.verified_at, actor)


def _time_limit(act: Act, register: Register, listed: ListedRequest, packages: Packages) -> TimeLimit | None:
    answered = min((package.published_at for package in packages), default=None)
    due = due_dates(act, register, [listed]).get(listed.reference)
    if due is None:
        return None
    pauses = pauses_of(act.connection, [listed])[listed.reference]
    extended, came = (
        None if at is None else local_day(register, listed.controller, at)
        for at in (listed.extended_at, answered)
    )
    return TimeLimit(due, pauses, extended, came)


def _decided(events: Sequence[Event]) -> tuple[Decided, ...]:
    """Approvals too, which are in the trail alone."""
    return tuple(Decided(DECIDED_BY[e.action], e.at, e.by) for e in events if e.action in DECIDED_BY)


def _sealed(packages: Packages) -> tuple[SealedPackage, ...]:
    return tuple(
        SealedPackage(p.right, p.attempt, p.published_at, p.sha256, p.manifest_hmac, p.file is None)
        for p in packages
    )


def _not_shown(draft: DraftEvidence, limit: TimeLimit | None, *, began: bool) -> tuple[str, ...]:
    missing = []
    if not began:
        missing.append("the beginning of the timeline: its entries of the trail are erased")
    if limit is None:
        missing.append("the due date: the controller has left the register")
    if draft.missing is not None:
        missing.append(draft.missing)
    return tuple(missing)
