"""Collects a verified request into its Draft, under a lease, and leads it to review."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from dsar_export.errors import (
    DraftUnreadableError,
    StaleError,
    SubjectAmbiguousError,
    WrongChoiceError,
    WrongUseError,
)
from dsar_export.export.ledger import Ledger
from dsar_export.folding import NOBODY
from dsar_export.model.draft import PartFacts, attempt_folder, attempt_of
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.model.request import SubjectRequest, Verification
from dsar_export.model.work import Task
from dsar_export.requests.decisions import decisions_of, verification_hash
from dsar_export.requests.four_eyes import one_more
from dsar_export.requests.identifiers import proven_identifiers, set_found_identifiers
from dsar_export.requests.requests import ListedRequest, StoredRequest, read_request
from dsar_export.requests.states import Action, State
from dsar_export.sealing.drafts.keys import new_draft_key
from dsar_export.use_cases.attempt import AT_ONCE, Attempt, begun
from dsar_export.use_cases.automatic import approve_by_policy
from dsar_export.use_cases.build import OpenDraft, open_draft
from dsar_export.use_cases.collect import Collection, Savings, collect_draft, erase_draft, erase_on_failure
from dsar_export.use_cases.collect_again import Earlier, complete_draft, earlier_draft
from dsar_export.use_cases.desk import Act, Desk, draft_of, draft_place, sealed_draft_key
from dsar_export.use_cases.earlier_requests import NAME as EARLIER_REQUESTS
from dsar_export.use_cases.earlier_requests import with_earlier_requests
from dsar_export.use_cases.lease import Turn
from dsar_export.use_cases.mandates import refuse_ended_mandate
from dsar_export.use_cases.open_sources import limits_of, unread_sources
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.subjects import services_about
from dsar_export.use_cases.sweep import sweep
from dsar_export.use_cases.take_in import given_identifiers
from dsar_export.use_cases.undecided_terms import refuse_undecided_request


@dataclass(frozen=True)
class CollectOrder:
    """How a request is collected."""

    nothing_held_confirmed: bool = False
    """Submits an empty Draft too, for a package that states that nothing is held."""
    anew: bool = False
    """Whether all is read, also where a Draft in review lacks only sources that could not be read."""


def collect_request(
    desk: Desk,
    services: Services,
    reference: str,
    order: CollectOrder = CollectOrder(),
    turn: Turn = AT_ONCE,
) -> Ledger | None:
    """Collects what the sources hold, and submits it to review; None if they hold nothing.

    SubjectAmbiguousError if several people match: then `choose` follows.
    """
    with desk.looking() as act:  # before anything is moved, as the register may be refused
        request = act.request(reference, Role.AGENT)
        proven = [i.identifier for i in proven_identifiers(act.connection, reference, desk.vault)]
    listed = request.listed
    theirs = services_about(services, listed.subject, proven)
    refuse_undecided_request(theirs.register, request)
    own = with_earlier_requests(theirs, desk.engine, desk.vault, listed)
    limits = limits_of(own.register, listed.controller)
    turn = turn if turn.by_worker else replace(turn, options=json.dumps(vars(order)))
    attempt = begun(desk, reference, Task.COLLECT, turn, partial(_columns, desk), limits)
    try:
        with attempt.at_work(own) as leased:
            ledger, part = _collected(attempt, leased, listed, order)
        if _holds_nothing(ledger, own.register) and not order.nothing_held_confirmed:
            erase_draft(desk.drafts, reference, attempt.number)
            _ended(attempt, Action.FIND_NOBODY)
            return None
        _submitted(attempt, own.register, ledger, part)
    except (SubjectAmbiguousError, WrongChoiceError):
        _ended(attempt, Action.FIND_SEVERAL)
        raise
    except StaleError:  # the request ended, or another attempt has it, which may go on from these parts
        if not attempt.is_saved():
            erase_on_failure(desk.drafts, reference, attempt.number)
        raise
    except BaseException as error:  # an interruption too: the request can be collected again at once
        if not _is_submitted(attempt):
            if not attempt.turn.by_worker:  # of a worker's, a checkpoint may name parts; others are swept
                erase_on_failure(desk.drafts, reference, attempt.number)
            attempt.failed(error)
        raise
    return ledger


def _collected(
    attempt: Attempt, services: Services, before: ListedRequest, order: CollectOrder
) -> tuple[Ledger, PartFacts]:
    """A new Draft, or one completed from what an earlier attempt had read, if that is possible."""
    desk, request = attempt.desk, attempt.request
    if not attempt.turn.by_worker:  # which sweeps by itself, now and then
        sweep(desk)
    savings = Savings(attempt.is_last, attempt.save if attempt.turn.by_worker else None)
    asked = subject_request(desk, request)
    collection = Collection(services, asked, draft_place(desk, request), attempt.number, savings)
    collection.jobs.update(_jobs(attempt))
    earlier = None
    if attempt.turn.by_worker or not order.anew:  # a worker's checkpoint is of what was asked anew
        earlier = _earlier(attempt, services, asked, None if order.anew else before)
    completed = None if earlier is None else complete_draft(collection, earlier)
    return completed or collect_draft(collection)


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
        held = proven_identifiers(act.connection, listed.reference, desk.vault)
        decisions = decisions_of(act.connection, listed.reference, desk.vault)
    proven = tuple(stored.identifier for stored in held)
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


def _earlier(
    attempt: Attempt, services: Services, asked: SubjectRequest, before: ListedRequest | None
) -> Earlier | None:
    """A checkpoint of the same work, or else the Draft that was in review before."""
    desk, request, work = attempt.desk, attempt.request, attempt.work
    try:
        if work.checkpoint is not None:
            place = draft_place(desk, request)
            saved = open_draft(place, work.checkpoint, work.checkpoint_hash or "", attempt.reference)
            return earlier_draft(services, asked, saved, checkpoint=True)
        if before is not None and before.state is State.IN_REVIEW:
            return earlier_draft(services, asked, draft_of(desk, request))
    except DraftUnreadableError:  # it can't be completed, but all can be collected
        pass
    return None


def _jobs(attempt: Attempt) -> Mapping[str, Mapping[str, str]]:
    """The work that sources were started with, also where all else of a checkpoint is too old to carry over."""
    work = attempt.work
    if work.checkpoint is None:
        return {}
    place = draft_place(attempt.desk, attempt.request)
    try:
        saved = open_draft(place, work.checkpoint, work.checkpoint_hash or "", attempt.reference)
    except DraftUnreadableError:
        return {}
    return saved.ledger.jobs


def _columns(desk: Desk, act: Act, request: StoredRequest) -> Mapping[str, object]:
    refuse_ended_mandate(request, act.at)
    reference = request.listed.reference
    sealed = request.draft_key_sealed or sealed_draft_key(new_draft_key(), reference, desk.vault)
    return {"collected_by": _collectors(desk, request), "draft_key_sealed": sealed}


def _collectors(desk: Desk, request: StoredRequest) -> str:
    """Whoever collects; with those before, if their Draft may be completed instead of being replaced."""
    before = request.listed.collected_by if request.listed.state is State.IN_REVIEW else None
    return one_more(before, desk.person.name)


def _ended(attempt: Attempt, action: Action) -> None:
    with attempt.desk.acting() as act:
        attempt.moved(act, action)
        act.note(action.value, attempt.request, attempt=attempt.number)


def _is_submitted(attempt: Attempt) -> bool:
    """Whether the row names the Draft of this attempt, so that what failed came after that."""
    with attempt.desk.looking() as act:
        row = read_request(act.connection, attempt.reference, attempt.desk.vault).listed
    return row.draft is not None and attempt_of(row.draft) == attempt_folder(
        attempt.reference, attempt.number
    )


def _found_under(desk: Desk, register: Register, ledger: Ledger) -> Iterator[str]:
    """The blind indexes of all that the person is known by; a request may name only what leads there."""
    found = [each.identifier for each in ledger.identity.own]
    for given in given_identifiers(register, ledger.controller, found):
        if given.folded != NOBODY:
            yield desk.vault.blind_index(given.identifier.kind, given.folded)


def _submitted(attempt: Attempt, register: Register, ledger: Ledger, part: PartFacts) -> None:
    """Names the new Draft in the row; those of earlier attempts are erased after that."""
    desk, request = attempt.desk, attempt.request
    with desk.acting() as act:
        attempt.moved(act, Action.SUBMIT, draft=part.name, ledger_hash=part.sha256)
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
        draft = OpenDraft(draft_place(desk, request), ledger)
        set_found_identifiers(act.connection, attempt.reference, _found_under(desk, register, ledger))
        approve_by_policy(act, register, attempt.reference, draft)
    for earlier in range(1, ledger.attempt):
        erase_draft(desk.drafts, attempt.reference, earlier)
