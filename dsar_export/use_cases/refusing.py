"""Refuses a request on a ground of the law; an abuse is proven in both parts, and confirmed by a second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dsar_export.errors import NotPermittedError, WrongUseError
from dsar_export.model.decision import Decision, DecisionKind
from dsar_export.model.people import Role
from dsar_export.model.refusal import Refusal, RefusalGround, grounds_on
from dsar_export.requests.decisions import add_decision, decisions_of
from dsar_export.requests.people import grants_at, subjects
from dsar_export.requests.requests import ListedRequest, StoredRequest
from dsar_export.requests.states import Action
from dsar_export.requests.transitions import change, move
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.ending import erase_unless_held, kept_by_hold


@dataclass(frozen=True)
class ProposedRefusal:
    """A refusal that waits for a second person; the time limit of the request runs on."""

    decision: Decision
    may_confirm: tuple[str, ...]


def ground_of(code: str, at: datetime) -> RefusalGround:
    """The ground with this code; WrongUseError names those that hold now."""
    held = grounds_on(at.date())
    if code not in held:
        raise WrongUseError(f"{code!r} is no ground of refusal now; choose one of {', '.join(held)}")
    return held[code]


def refuse(desk: Desk, reference: str, refusal: Refusal) -> bool:
    """Refuses a request, and erases its Draft if no hold keeps it; an abuse is only proposed.

    Whether the request is refused now.
    """
    with desk.acting() as act:
        ground = ground_of(refusal.ground, act.at)
        _require_proof(reference, ground, refusal)
        request = act.request(reference, Role.REVIEWER)
        kind = DecisionKind.PROPOSE_REFUSAL if ground.proof_by_two_people else DecisionKind.REFUSE
        decision = Decision(
            kind,
            desk.person.name,
            act.at,
            refusal.reason,
            request.listed.ledger_hash,
            ground=ground.code,
            proof=refusal.proof,
        )
        if ground.proof_by_two_people:
            _propose(act, request, decision)
            return False
        _refuse(act, request, decision, "refuse")
    erase_unless_held(desk, request)
    return True


def confirm_refusal(desk: Desk, reference: str) -> None:
    """Refuses a request as somebody else proposed; nobody does that who proposed it, or opened or verified it."""
    with desk.acting() as act:
        request = act.request(reference, Role.REVIEWER)
        proposed = _required(act, request)
        _require_second_person(act, reference, proposed)
        proposal, name = proposed.decision, desk.person.name
        if proposal.ground not in grounds_on(act.at.date()):  # the law has changed since
            raise WrongUseError(
                f"{reference}: {proposal.ground!r} is no ground of refusal any more; withdraw the proposal"
            )
        decision = Decision(
            DecisionKind.REFUSE, name, act.at, proposal.reason, proposal.about, ground=proposal.ground
        )
        _refuse(act, request, decision, "confirm_refusal")
    erase_unless_held(desk, request)


def withdraw_refusal(desk: Desk, reference: str, reason: str) -> None:
    """Takes a proposal back: by whoever made it, or by one who may confirm it."""
    with desk.acting() as act:
        request = act.request(reference, Role.REVIEWER)
        proposed = _required(act, request)
        if desk.person.name != proposed.decision.by:
            _require_second_person(act, reference, proposed)
        decision = Decision(
            DecisionKind.WITHDRAW_REFUSAL,
            desk.person.name,
            act.at,
            reason,
            proposed.decision.about,
            ground=proposed.decision.ground,
        )
        version = add_decision(act.connection, reference, request.listed.version, decision, act.desk.vault)
        change(act.connection, reference, version, act.at, refusal_proposed_at=None)
        _note(act, request.listed, "withdraw_refusal", decision)


def open_proposal(act: Act, request: ListedRequest, decisions: Sequence[Decision]) -> ProposedRefusal | None:
    """The proposal to refuse a request that waits now, and who may confirm it."""
    if request.refusal_proposed_at is None:
        return None
    proposal = [d for d in decisions if d.kind is DecisionKind.PROPOSE_REFUSAL][-1]
    grants = grants_at(act.connection, act.at, request.controller, Role.REVIEWER)
    barred = {proposal.by, request.opened_by, request.verified_by}
    barred |= subjects(act.connection, request.reference)
    return ProposedRefusal(proposal, tuple(sorted({grant.person for grant in grants} - barred)))


def _require_proof(reference: str, ground: RefusalGround, refusal: Refusal) -> None:
    proof = refusal.proof
    if ground.proof_by_two_people and (proof is None or not proof.complete):
        raise WrongUseError(
            f"{reference}: to refuse as {ground.code} needs both parts of the proof: what shows that the request does "
            "not serve the purpose of the right, and what shows the intent to abuse it"
        )
    if not ground.proof_by_two_people and proof is not None:
        raise WrongUseError(
            f"{reference}: to refuse as {ground.code} needs no such proof; write the reason only"
        )


def _required(act: Act, request: StoredRequest) -> ProposedRefusal:
    reference = request.listed.reference
    decisions = decisions_of(act.connection, reference, act.desk.vault)
    proposed = open_proposal(act, request.listed, decisions)
    if proposed is None:
        raise WrongUseError(
            f"{reference}: no refusal is proposed, or the request has gone on since; look at its state"
        )
    return proposed


def _require_second_person(act: Act, reference: str, proposed: ProposedRefusal) -> None:
    if act.desk.person.name not in proposed.may_confirm:
        raise NotPermittedError(
            f"{reference}: a second reviewer decides on this refusal, who neither proposed it nor opened or verified "
            f"the request: {', '.join(proposed.may_confirm) or 'nobody left, so add a reviewer'}"
        )


def _propose(act: Act, request: StoredRequest, decision: Decision) -> None:
    listed = request.listed
    if listed.refusal_proposed_at is not None:
        raise WrongUseError(
            f"{listed.reference}: a refusal is proposed already; confirm it or withdraw it first"
        )
    version = add_decision(act.connection, listed.reference, listed.version, decision, act.desk.vault)
    change(act.connection, listed.reference, version, act.at, refusal_proposed_at=act.at)
    _note(act, listed, "propose_refusal", decision)


def _refuse(act: Act, request: StoredRequest, decision: Decision, action: str) -> None:
    listed = request.listed
    version = add_decision(act.connection, listed.reference, listed.version, decision, act.desk.vault)
    kept = kept_by_hold(act, request)
    move(act.connection, listed.reference, version, Action.REFUSE, act.at, **kept)
    _note(act, listed, action, decision)


def _note(act: Act, listed: ListedRequest, action: str, decision: Decision) -> None:
    act.append(action, listed.reference, listed.controller, {}, decision.ground)
