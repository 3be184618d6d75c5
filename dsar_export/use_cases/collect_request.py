"""Collects a verified request into its Draft, under a lease, and leads it to review."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from dsar_export.errors import (
    DraftUnreadableError,
    StaleError,
    SubjectAmbiguousError,
    WrongChoiceError,
    WrongUseError,
)
from dsar_export.export.ledger import Ledger
from dsar_export.interfaces import Progress
from dsar_export.model.draft import PartFacts
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.model.request import SubjectRequest, Verification
from dsar_export.requests.database import writing
from dsar_export.requests.decisions import decisions_of, verification_hash
from dsar_export.requests.four_eyes import one_more
from dsar_export.requests.identifiers import identifiers_of
from dsar_export.requests.requests import StoredRequest, read_request
from dsar_export.requests.states import Action, State
from dsar_export.requests.transitions import move, renew_lease, version_of_attempt
from dsar_export.sealing.drafts.keys import new_draft_key
from dsar_export.use_cases.automatic import approve_by_policy
from dsar_export.use_cases.build import OpenDraft
from dsar_export.use_cases.collect import collect_draft, erase_draft, erase_on_failure
from dsar_export.use_cases.collect_again import Earlier, complete_draft, earlier_draft
from dsar_export.use_cases.desk import Act, Desk, draft_of, draft_place, sealed_draft_key
from dsar_export.use_cases.earlier_requests import NAME as EARLIER_REQUESTS
from dsar_export.use_cases.earlier_requests import with_earlier_requests
from dsar_export.use_cases.mandates import refuse_ended_mandate
from dsar_export.use_cases.open_sources import unread_sources
from dsar_export.use_cases.services import Services, with_progress
from dsar_export.use_cases.sweep import sweep

LEASE: Final = timedelta(seconds=90)
_RENEWED: Final = timedelta(seconds=20)


@dataclass
class LeasedProgress:
    """Shows the progress and renews the lease as rows come; StaleError if somebody else has the request now."""

    desk: Desk
    reference: str
    attempt: int
    shown: Progress
    renewed: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.renewed = self.desk.clock()

    def started(self, dataset: str) -> None:
        self._renew()
        self.shown.started(dataset)

    def advanced(self, rows: int) -> None:
        self._renew()
        self.shown.advanced(rows)

    def finished(self, dataset: str, rows: int) -> None:
        self._renew()
        self.shown.finished(dataset, rows)

    def _renew(self) -> None:
        now = self.desk.clock()
        if now - self.renewed < _RENEWED:
            return
        with writing(self.desk.engine) as connection:
            if not renew_lease(connection, self.reference, self.attempt, now + LEASE):
                raise StaleError(
                    f"{self.reference}: another process has taken over this work, or it was cancelled; stop here"
                )
        self.renewed = now


def collect_request(
    desk: Desk,
    services: Services,
    reference: str,
    *,
    nothing_held_confirmed: bool = False,
    anew: bool = False,
) -> Ledger | None:
    """Collects what the sources hold, and submits it to review; None if they hold nothing.

    If a Draft in review lacks sources that could not be read, only these are read, unless all is to be `anew`.
    SubjectAmbiguousError if several people match: then `choose` follows. `nothing_held_confirmed` submits an empty
    Draft too, for a package that states that nothing is held.
    """
    with desk.looking() as act:  # before anything is moved, as the register may be refused
        listed = act.request(reference, Role.AGENT).listed
    own = with_earlier_requests(services, desk.engine, desk.vault, listed)
    request, in_review = _begun(desk, reference)
    attempt = request.listed.attempt
    leased = with_progress(own, LeasedProgress(desk, reference, attempt, services.progress))
    try:
        ledger, part = _collected(desk, leased, request, again=in_review and not anew)
        if _holds_nothing(ledger, own.register) and not nothing_held_confirmed:
            erase_draft(desk.drafts, reference, attempt)
            _ended(desk, request, attempt, Action.FIND_NOBODY)
            return None
        _submitted(desk, own.register, request, OpenDraft(draft_place(desk, request), ledger), part)
    except (SubjectAmbiguousError, WrongChoiceError):
        _ended(desk, request, attempt, Action.FIND_SEVERAL)
        raise
    except StaleError:  # the request ended, or another attempt has it: no row will name these parts
        erase_on_failure(desk.drafts, reference, attempt)
        raise
    except BaseException:  # an interruption too: the request can be collected again at once
        if not _is_submitted(desk, request):
            erase_on_failure(desk.drafts, reference, attempt)
            _ended(desk, request, attempt, Action.FAIL, failed_step="collect")
        raise
    return ledger


def _collected(
    desk: Desk, services: Services, request: StoredRequest, *, again: bool
) -> tuple[Ledger, PartFacts]:
    """A new Draft; `again` completes an earlier one if that is possible."""
    sweep(desk)
    asked, attempt = subject_request(desk, request), request.listed.attempt
    earlier = _earlier(desk, services, request, asked) if again else None
    completed = None if earlier is None else complete_draft(services, asked, attempt, earlier)
    return completed or collect_draft(services, asked, draft_place(desk, request), attempt)


def _holds_nothing(ledger: Ledger, register: Register) -> bool:
    """Whether nobody is found; not while a source is unread, which may hold something or lead to it.

    An earlier request under the same identifiers does not make them anybody's.
    """
    read = sum(entry.tally.read for name, entry in ledger.datasets.items() if name != EARLIER_REQUESTS)
    return not read and not unread_sources(register, ledger)


def subject_request(desk: Desk, request: StoredRequest) -> SubjectRequest:
    """The request as the sources are asked: with proven identifiers alone, and whom somebody chose.

    It names the first right that is asked for; what is collected is the same for all.
    """
    listed = request.listed
    with desk.looking() as act:
        held = identifiers_of(act.connection, listed.reference, desk.vault)
        decisions = decisions_of(act.connection, listed.reference, desk.vault)
    proven = tuple(stored.identifier for stored in held if stored.proven_by is not None)
    if not proven or listed.verified_at is None or listed.verified_by is None:
        raise WrongUseError(f"{listed.reference} has no proven identifier; verify it again")
    about = verification_of(request)
    chosen = next((d.chosen for d in reversed(decisions) if d.chosen and d.about == about), ())
    verification = Verification(listed.verified_by, request.evidence or "", listed.verified_at)
    mandate = request.subject.mandate
    return SubjectRequest(
        listed.reference,
        listed.rights[0],
        listed.controller,
        proven,
        verification,
        chosen,
        () if mandate is None else mandate.scope,
    )


def verification_of(request: StoredRequest) -> str | None:
    """What a choice is about: identifiers that are corrected or proven anew need another one."""
    listed = request.listed
    if listed.verified_by is None or listed.verified_at is None:
        return None
    return verification_hash(listed.verified_by, listed.verified_at)


def _earlier(desk: Desk, services: Services, request: StoredRequest, asked: SubjectRequest) -> Earlier | None:
    try:
        return earlier_draft(services, asked, draft_of(desk, request))
    except DraftUnreadableError:  # it can't be completed, but all can be collected
        return None


def _begun(desk: Desk, reference: str) -> tuple[StoredRequest, bool]:
    """Begins an attempt; whether the request was in review."""
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT)
        sealed = request.draft_key_sealed or sealed_draft_key(new_draft_key(), reference, desk.vault)
        move(
            act.connection,
            reference,
            request.listed.version,
            Action.COLLECT,
            act.at,
            collected_by=_collectors(desk, request),
            lease_until=act.at + LEASE,
            draft_key_sealed=sealed,
        )
        refuse_ended_mandate(request, act.at)
        begun = act.request(reference, Role.AGENT)
        act.note("collect", begun, attempt=begun.listed.attempt)
    return begun, request.listed.state is State.IN_REVIEW


def _collectors(desk: Desk, request: StoredRequest) -> str:
    """Whoever collects; with those before, if their Draft may be completed instead of being replaced."""
    before = request.listed.collected_by if request.listed.state is State.IN_REVIEW else None
    return one_more(before, desk.person.name)


def _ended(desk: Desk, request: StoredRequest, attempt: int, action: Action, **columns: str) -> None:
    with desk.acting() as act:
        _move_attempt(act, request, attempt, action, **columns)
        act.note(action.value, request, attempt=attempt)


def _is_submitted(desk: Desk, request: StoredRequest) -> bool:
    """Whether the row names the Draft of this attempt, so that what failed came after that."""
    reference, attempt = request.listed.reference, request.listed.attempt
    with desk.looking() as act:
        row = read_request(act.connection, reference, desk.vault).listed
    return row.draft is not None and row.draft.startswith(f"{reference}/{attempt}/")


def _submitted(
    desk: Desk, register: Register, request: StoredRequest, draft: OpenDraft, part: PartFacts
) -> None:
    """Names the new Draft in the row; those of earlier attempts are erased after that."""
    ledger = draft.ledger
    with desk.acting() as act:
        columns = {"draft": part.name, "ledger_hash": part.sha256}
        _move_attempt(act, request, ledger.attempt, Action.SUBMIT, **columns)
        records = sum(entry.tally.read for entry in ledger.datasets.values())
        act.note(
            "submit",
            request,
            attempt=ledger.attempt,
            ledger=part.sha256,
            records=records,
            carried=len(ledger.carried),
            gaps=len(unread_sources(register, ledger)),
        )
        approve_by_policy(act, register, request.listed.reference, draft)
    for earlier in range(1, ledger.attempt):
        erase_draft(desk.drafts, request.listed.reference, earlier)


def _move_attempt(act: Act, request: StoredRequest, attempt: int, action: Action, **columns: str) -> None:
    reference = request.listed.reference
    version = version_of_attempt(act.connection, reference, attempt)
    move(act.connection, reference, version, action, act.at, **columns)
