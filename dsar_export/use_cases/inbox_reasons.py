"""Why requests wait for somebody: one producer for each kind of reason."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final

from dsar_export.model.inbox import Waiting, Why
from dsar_export.model.mail import NOT_SENT, MailKind
from dsar_export.model.people import Role
from dsar_export.requests.decisions import decisions_of
from dsar_export.requests.four_eyes import datasets_seen, may_approve
from dsar_export.requests.people import EVERY_CONTROLLER
from dsar_export.requests.requests import ListedRequest
from dsar_export.requests.states import AT_WORK, HANDED_OUT, State
from dsar_export.requests.transitions import NOT_ENDED
from dsar_export.use_cases.approvers import policy_of, took_part
from dsar_export.use_cases.complaining import waiting_complaint
from dsar_export.use_cases.due import UNANSWERED
from dsar_export.use_cases.inbox_view import InboxView
from dsar_export.use_cases.mandates import covered_datasets
from dsar_export.use_cases.refusing import open_proposal
from dsar_export.use_cases.review import accepted_sources
from dsar_export.use_cases.unsent import Awaited

DUE_SOON: Final = timedelta(days=7)
LONG: Final = timedelta(days=14)
"""How long staff wait for the person before they look again."""
_BUILDERS: Final = frozenset({Role.AGENT, Role.REVIEWER})
_STEPS: Final = {
    State.RECEIVED: (Why.TO_VERIFY, "verify", Role.AGENT),
    State.VERIFIED: (Why.TO_COLLECT, "collect", Role.AGENT),
    State.AMBIGUOUS: (Why.TO_CHOOSE, "choose", Role.AGENT),
    State.NOBODY_FOUND: (Why.NOBODY_FOUND, "close", Role.AGENT),
    State.DELIVERED: (Why.TO_CLOSE, "close", Role.AGENT),
}
_NOT_SENT: Final = {
    Awaited.CODE: Why.CODE_NOT_SENT,
    Awaited.PASSPHRASE_CODE: Why.PASSPHRASE_CODE_NOT_SENT,
    Awaited.LINK: Why.LINK_NOT_SENT,
}

Producer = Callable[[InboxView], Iterator[Waiting]]


def by_day(view: InboxView) -> Iterator[Waiting]:
    """What is due within a week, or should have been answered."""
    for request in view.mine(UNANSWERED, Role.AGENT, Role.REVIEWER):
        due, today = view.due.get(request.reference), view.day(request, view.at)
        if due is None:
            continue
        if due.overdue:
            yield _waiting(view, request, Why.OVERDUE, "show", since=due.day + timedelta(days=1))
        elif due.day - today <= DUE_SOON:
            yield _waiting(view, request, Why.DUE_SOON, "show", since=due.day - DUE_SOON)


def by_state(view: InboxView) -> Iterator[Waiting]:
    """What an agent does next in a state that only an agent leads on from, unless a worker does it."""
    for state, (why, command, role) in _STEPS.items():
        for request in view.mine({state}, role):
            if view.waits_for_worker(request):
                continue
            since = request.received_at if state is State.RECEIVED else request.changed_at
            yield _waiting(view, request, why, command, since=view.day(request, since))


def failed(view: InboxView) -> Iterator[Waiting]:
    """What failed, also what no worker could begin, for those who may do it again."""
    for request in view.mine(NOT_ENDED, Role.AGENT, Role.REVIEWER):
        work = view.work.get(request.reference)
        if work is not None and work.parked_at is not None:
            step = work.task.value
        elif request.state is State.FAILED and not view.waits_for_worker(request):
            step = request.failed_step or "collect"
        else:
            continue
        if _may_do(view, request, step):
            yield _waiting(view, request, Why.FAILED, step)


def abandoned(view: InboxView) -> Iterator[Waiting]:
    """What a process held under a lease that has ended, unless a worker goes on with it."""
    for request in view.mine(AT_WORK.keys(), Role.AGENT, Role.REVIEWER):
        step = AT_WORK[request.state]
        alone = not (request.worked_on_at(view.at) or view.waits_for_worker(request))
        if alone and _may_do(view, request, step):
            yield _waiting(view, request, Why.LEASE_ENDED, step)


def approved(view: InboxView) -> Iterator[Waiting]:
    """What can be built, unless a worker does it."""
    for request in view.mine({State.APPROVED}, *_BUILDERS):
        if not view.waits_for_worker(request):
            yield _waiting(view, request, Why.TO_BUILD, "build")


def in_review(view: InboxView) -> Iterator[Waiting]:
    """Gaps for a reviewer to accept, or, without any, what this very person may approve."""
    for request in view.mine({State.IN_REVIEW}, Role.REVIEWER):
        if view.gaps.get(request.reference, 0) > _accepted(view, request):
            yield _waiting(view, request, Why.GAPS_TO_ACCEPT, "accept-gap")
        elif _may_approve(view, request):
            yield _waiting(view, request, Why.TO_APPROVE, "review")


def still_awaited(view: InboxView) -> Iterator[Waiting]:
    """What the person was asked for two weeks ago."""
    for request in view.mine(UNANSWERED, Role.AGENT, Role.REVIEWER):
        for pause in view.pauses[request.reference]:
            if pause.until is None and view.at - pause.since > LONG:
                since = view.day(request, pause.since)
                yield _waiting(view, request, Why.STILL_AWAITED, "resume", since=since)


def not_fetched(view: InboxView) -> Iterator[Waiting]:
    """Packages that the person has not fetched for two weeks."""
    for request in view.mine({State.AVAILABLE}, Role.AGENT):
        published = min(package.published_at for package in view.packages[request.reference])
        if view.at - published > LONG:
            yield _waiting(view, request, Why.NOT_FETCHED, "show", since=view.day(request, published))


def package_damaged(view: InboxView) -> Iterator[Waiting]:
    """Packages that are lost or changed: they are restored from a backup, or built anew."""
    for request in view.mine(HANDED_OUT, Role.AGENT):
        damaged = [p.damaged_at for p in view.packages.get(request.reference, ()) if p.damaged_at is not None]
        if damaged:
            yield _waiting(
                view, request, Why.PACKAGE_DAMAGED, "reissue", since=view.day(request, min(damaged))
            )


def mail_not_sent(view: InboxView) -> Iterator[Waiting]:
    """Mail that ended unsent, as far as anybody knows: another letter or notice says something else.

    A code is replaced by the next, and matters only as long as the person is not verified.
    """
    for reference, mails in view.unsent_mails.items():
        request = view.requests[reference]
        ended = [mail for mail in mails if mail.ended_at is not None]
        codes = [mail for mail in ended if mail.kind is MailKind.CODE]
        matter = [mail for mail in ended if mail.kind is not MailKind.CODE]
        if request.state is State.RECEIVED:
            matter += codes[-1:]
        days = [view.day(request, m.ended_at or view.at) for m in matter if m.state in NOT_SENT]
        if days and view.has_role(request, Role.AGENT):
            yield _waiting(view, request, Why.MAIL_NOT_SENT, "show", since=min(days))


def code_expired(view: InboxView) -> Iterator[Waiting]:
    """Codes that the person did not return, so that another one, or evidence, is needed."""
    for request in view.mine({State.RECEIVED}, Role.AGENT):
        since = view.void_codes.get(request.reference)
        if since is not None:
            yield _waiting(view, request, Why.CODE_EXPIRED, "code", since=view.day(request, since))


def not_sent(view: InboxView) -> Iterator[Waiting]:
    """Codes and links that were asked for in vain, so that staff go on in another way."""
    for awaited, why in _NOT_SENT.items():
        for reference, unsent in view.unsent[awaited].items():
            request = view.requests[reference]
            if view.has_role(request, Role.AGENT):
                yield _waiting(view, request, why, "show", since=view.day(request, unsent.at))


def complained(view: InboxView) -> Iterator[Waiting]:
    """Complaints to acknowledge, for all who may; then those that this very person, or nobody at all, may answer."""
    name = view.act.desk.person.name
    for complaint in view.complaints:
        request = view.requests.get(complaint.reference)
        if request is None or not view.has_role(request, Role.AGENT, Role.REVIEWER):
            continue
        waiting = waiting_complaint(view.act, view.register, request, complaint)
        since, number = view.day(request, complaint.received_at), complaint.number
        if waiting.acknowledge_by is not None:
            yield _waiting(view, request, Why.COMPLAINT, "acknowledge-complaint", since, number)
        elif name in waiting.may_answer:
            yield _waiting(view, request, Why.COMPLAINT, "answer-complaint", since, number)
        elif not waiting.may_answer:  # they add an agent or a reviewer
            yield _waiting(view, request, Why.COMPLAINT, "show", since)


def person_wrote(view: InboxView) -> Iterator[Waiting]:
    """What the person wrote in the portal, also about a request that has ended, until staff write."""
    for reference, at in view.written.items():
        request = view.requests.get(reference)
        if request is not None and view.has_role(request, Role.AGENT, Role.REVIEWER):
            yield _waiting(view, request, Why.PERSON_WROTE, "show", since=view.day(request, at))


def refusal_proposed(view: InboxView) -> Iterator[Waiting]:
    """Refusals as abusive that wait for this very person."""
    desk = view.act.desk
    for request in view.mine(NOT_ENDED, Role.REVIEWER):
        if request.refusal_proposed_at is not None:
            decisions = decisions_of(view.act.connection, request.reference, desk.vault)
            proposed = open_proposal(view.act, request, decisions)
            if proposed is not None and desk.person.name in proposed.may_confirm:
                since = view.day(request, request.refusal_proposed_at)
                yield _waiting(view, request, Why.REFUSAL_TO_CONFIRM, "confirm-refusal", since=since)


def webhook_parked(view: InboxView) -> Iterator[Waiting]:
    """Messages to other systems that were tried for days, also about requests that have ended."""
    for reference, at in view.parked_messages.items():
        request = view.requests.get(reference)
        if request is not None and view.has_role(request, Role.AGENT):
            since = view.day(request, at)
            yield Waiting(reference, Why.WEBHOOK_PARKED, since, "dsar-export webhook list")


PRODUCERS: Final[tuple[Producer, ...]] = (
    by_day,
    by_state,
    failed,
    package_damaged,
    abandoned,
    in_review,
    approved,
    still_awaited,
    not_fetched,
    mail_not_sent,
    code_expired,
    not_sent,
    webhook_parked,
    complained,
    person_wrote,
    refusal_proposed,
)
"""All kinds of reasons; for another one, add a function here and a word to `Why`."""


def _waiting(
    view: InboxView,
    request: ListedRequest,
    why: Why,
    command: str,
    since: date | None = None,
    number: int | None = None,
) -> Waiting:
    """`number` is that of the complaint which the command is about."""
    day = view.day(request, request.changed_at) if since is None else since
    about = request.reference if number is None else f"{request.reference} {number}"
    return Waiting(request.reference, why, day, f"dsar-export request {command} {about}")


def _may_do(view: InboxView, request: ListedRequest, step: str) -> bool:
    roles = _BUILDERS if step == "build" else {Role.AGENT}
    return view.has_role(request, *roles)


def _accepted(view: InboxView, request: ListedRequest) -> int:
    about = {decision.about for decision in view.decisions.get(request.reference, ())}
    return len(accepted_sources(view.register, request, about))


def _may_approve(view: InboxView, request: ListedRequest) -> bool:
    grants = [g for g in view.grants if g.controller in {request.controller, EVERY_CONTROLLER}]
    part = took_part(request, view.decisions.get(request.reference, ()))
    name = view.act.desk.person.name
    needed: frozenset[str] = frozenset()
    if datasets_seen(name, grants) is not None:
        needed = covered_datasets(
            view.act, view.register, request
        )  # opens the mandate for who may not see all
    return may_approve(name, grants, policy_of(view.register, request), part, needed)
