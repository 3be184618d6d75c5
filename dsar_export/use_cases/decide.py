"""Decisions of staff about a request: each with its reason, and each in the trail."""

from collections.abc import Sequence

from dsar_export.errors import NotPermittedError, WrongUseError
from dsar_export.model.decision import Decision, DecisionKind, Note
from dsar_export.model.intake import Channel
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.requests.decisions import add_decision, add_note, decisions_of
from dsar_export.requests.people import grants_at, is_name
from dsar_export.requests.requests import StoredRequest
from dsar_export.requests.states import Action
from dsar_export.requests.transitions import change, move, require_possible
from dsar_export.use_cases.approvers import approvers, record_approval
from dsar_export.use_cases.collect_request import verification_of
from dsar_export.use_cases.desk import Act, Desk, draft_of
from dsar_export.use_cases.ending import erase_unless_held, kept_by_hold
from dsar_export.use_cases.mandates import refuse_ended_mandate
from dsar_export.use_cases.review import blockers, gap_hash


def choose(desk: Desk, reference: str, chosen: Sequence[str], reason: str) -> None:
    """Chooses who the person is, after several matched."""
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT)
        verified = verification_of(request)
        decision = Decision(DecisionKind.CHOOSE, desk.person.name, act.at, reason, verified, tuple(chosen))
        _moved(act, request, decision)
        act.note("choose", request)


def accept_gap(desk: Desk, register: Register, reference: str, source: str, reason: str) -> None:
    """Accepts that a source could not be read, or that something in it is undecided, in the Draft as it is."""
    with desk.acting() as act:
        request = act.request(reference, Role.REVIEWER)
        known = blockers(register, draft_of(desk, request).ledger, request, ())
        if source not in {blocker.source for blocker in known}:
            names = ", ".join(blocker.source for blocker in known) or "none"
            raise WrongUseError(f"{reference} has no gap of source {source!r}; sources with a gap: {names}")
        decision = Decision(
            DecisionKind.ACCEPT_GAP, desk.person.name, act.at, reason, gap_hash(request.listed, source)
        )
        add_decision(act.connection, reference, request.listed.version, decision, desk.vault)
        act.note("accept_gap", request, source=source)


def approve(desk: Desk, register: Register, reference: str) -> None:
    """Approves the Draft with the decisions as they are now; whatever changes either voids the approval."""
    with desk.acting() as act:
        request = act.request(reference, Role.REVIEWER)
        listed = request.listed
        require_possible(act.connection, reference, listed.version, Action.APPROVE, act.at)
        refuse_ended_mandate(request, act.at)
        decisions = decisions_of(act.connection, reference, desk.vault)
        ledger = draft_of(desk, request).ledger
        waiting = [b for b in blockers(register, ledger, request, decisions) if not b.accepted]
        if unread := [b.source for b in waiting if not b.undecided]:
            raise WrongUseError(
                f"{reference}: {', '.join(unread)} could not be read; collect again, accept the gap, or send back"
            )
        if undecided := ", ".join(b.source for b in waiting):
            raise WrongUseError(
                f"{reference}: nobody has decided on tables or columns of {undecided}; decide on them and collect "
                "again, accept the gap, or send back"
            )
        allowed = approvers(act, register, listed, ledger.datasets.keys())
        if desk.person.name not in allowed:
            raise NotPermittedError(
                f"{reference}: a reviewer approves who had no part in it and may see all of its datasets; "
                f"that may be done by: {', '.join(allowed) or 'nobody left, so add a reviewer'}"
            )
        record_approval(act, listed, desk.person.name)


def send_back(desk: Desk, reference: str, reason: str) -> None:
    """Sends a Draft back, to be collected again."""
    with desk.acting() as act:
        request = act.request(reference, Role.REVIEWER)
        decision = Decision(
            DecisionKind.SEND_BACK, desk.person.name, act.at, reason, request.listed.ledger_hash
        )
        _moved(act, request, decision)
        act.note("send_back", request)


def require_cancellable(desk: Desk, reference: str) -> None:
    """Raises StateError or NotPermittedError before anybody is asked whether to cancel."""
    with desk.looking() as act:
        listed = act.request(reference, Role.AGENT).listed
        require_possible(act.connection, reference, listed.version, Action.CANCEL, act.at)


def cancel(desk: Desk, reference: str) -> None:
    """Ends a request that the person withdrew, and erases its Draft if no hold keeps it."""
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT)
        kept = kept_by_hold(act, request)
        move(act.connection, reference, request.listed.version, Action.CANCEL, act.at, **kept)
        act.note("cancel", request)
    erase_unless_held(desk, request)


def deliver(desk: Desk, reference: str, channel: Channel) -> None:
    """Records that staff handed the packages over, on this way."""
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT)
        move(act.connection, reference, request.listed.version, Action.DELIVER, act.at)
        act.note("deliver", request, channel=channel.value)


def close(desk: Desk, reference: str) -> None:
    """Ends a request that was delivered, or about which nothing is held."""
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT)
        kept = kept_by_hold(act, request)
        move(act.connection, reference, request.listed.version, Action.CLOSE, act.at, **kept)
        act.note("close", request)
    erase_unless_held(desk, request)


def note(desk: Desk, reference: str, text: str) -> None:
    """Writes a note into the request's file."""
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT, Role.REVIEWER)
        add_note(act.connection, reference, Note(desk.person.name, act.at, text), desk.vault)
        act.note("note", request)


def assign(desk: Desk, reference: str, assignee: str) -> None:
    """Gives a request to a colleague, who has a role at its controller."""
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT, Role.REVIEWER)
        grants = grants_at(act.connection, act.at, request.listed.controller)
        if not is_name(assignee) or assignee not in {grant.person for grant in grants}:
            raise WrongUseError(
                f"{assignee!r} has no role at {request.listed.controller}; choose somebody who has"
            )
        change(act.connection, reference, request.listed.version, act.at, assigned_to=assignee)
        act.note("assign", request, assignee=assignee)


def _moved(act: Act, request: StoredRequest, decision: Decision) -> None:
    reference = request.listed.reference
    version = add_decision(act.connection, reference, request.listed.version, decision, act.desk.vault)
    move(act.connection, reference, version, Action(decision.kind), act.at)
