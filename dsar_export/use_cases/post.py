"""Puts mail into the outbox, and sends what waits there."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from dsar_export.errors import DsarExportError, NotPermittedError, WrongUseError
from dsar_export.interfaces import Sender
from dsar_export.model.mail import Delivery, Mail, MailKind, MailState, Notification, Posted, PostResult
from dsar_export.model.people import Role
from dsar_export.requests import codes, outbox, trail
from dsar_export.requests.bounces import mark_bounced, may_have_left
from dsar_export.requests.outbox import (
    ClaimedMail,
    Envelope,
    ListedMail,
    claim,
    end_overdue,
    list_mails,
    open_mail,
    queue,
    settle,
)
from dsar_export.requests.people import EVERY_CONTROLLER, grants_at
from dsar_export.requests.requests import Filters, list_requests
from dsar_export.requests.states import State
from dsar_export.use_cases.desk import Act, Desk

LASTS: Final[Mapping[MailKind, timedelta]] = {
    MailKind.CODE: codes.LASTS,
    MailKind.NOTICE: timedelta(days=2),
    MailKind.LETTER: timedelta(days=5),
    MailKind.LINK: timedelta(days=2),
    MailKind.REMINDER: timedelta(days=2),
}
"""How long a mail is tried, by its kind."""
_POSTERS: Final = frozenset({Role.AGENT, Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Sending:
    """What one run did."""

    ended: Mapping[MailState, int]
    """How many mails ended in each state."""
    tried_again: int
    """How many will be tried again later."""
    fault: str | None = None
    """The code of why the mail server could not be used; the run stopped there."""


def post_mail(act: Act, mail: Mail, kind: MailKind, reference: str | None) -> str:
    """Puts a mail into the outbox, in the transaction of what it is about; returns its id."""
    controller = None if reference is None else _controller_of(act, reference)
    envelope = Envelope(kind, reference, act.at, act.at + LASTS[kind])
    mail_id = queue(act.connection, act.desk.vault, mail, envelope)
    act.append("queue_mail", reference, controller, {"mail_kind": kind.value})
    return mail_id


def send_waiting(desk: Desk, sender: Sender, limit: int) -> Sending:
    """Sends what waits, for somebody who may; NotPermittedError."""
    with desk.looking() as act:
        require_poster(act)
    return post_waiting(desk, sender, limit)


def mail_waits(desk: Desk) -> bool:
    """Whether a mail can be sent now."""
    with desk.looking() as act:
        return outbox.mail_waits(act.connection, act.at)


def post_waiting(desk: Desk, sender: Sender, limit: int) -> Sending:
    """Sends what waits, at most `limit` mails, each outside any transaction; stops where the server can't be used.

    A process that is killed after a mail left does not record it: that mail was perhaps sent.
    """
    _refuse_restored(desk)
    ended: Counter[MailState] = Counter()
    again = 0
    with desk.acting() as act:
        for mail in end_overdue(act.connection, act.at):
            ended[mail.state] += 1
            note_end(act, mail.reference, mail.controller, mail.kind, mail.state)
    for _ in range(limit):
        with desk.acting() as act:
            claimed = claim(act.connection, act.at)
        if claimed is None:
            break
        result = _attempted(desk, sender, claimed)
        state = _settled(desk, claimed, result)
        ended.update([] if state is None else [state])
        again += state is None
        if result.posted is Posted.NO_SERVER:
            return Sending(ended, again, result.code)
    return Sending(ended, again)


def note_bounce(desk: Desk, notification: Notification) -> ListedMail:
    """The mail that a notification is about; one that failed for good is marked as bounced, once.

    WrongUseError if it is about no mail of those that the person at work may see: nothing is changed then.
    """
    with desk.acting() as act:
        controllers = require_poster(act)
        for mail_id in notification.mail_ids:
            known = may_have_left(act.connection, mail_id)
            found = () if known is None else _visible(list_mails(act.connection, ids={mail_id}), controllers)
            for mail in found:
                return _bounced(act, mail, notification)
        raise WrongUseError("the notification is about no mail that left here; nothing was changed")


def mails_here(desk: Desk) -> tuple[ListedMail, ...]:
    """The mails about requests of the controllers where the person is an agent or an administrator."""
    with desk.looking() as act:
        controllers = require_poster(act)
        found = list_mails(act.connection)
    return _visible(found, controllers)


def note_end(
    act: Act, reference: str | None, controller: str | None, kind: MailKind, state: MailState
) -> None:
    """Notes in the trail how a mail ended."""
    details = {"mail_kind": kind.value, "mail_state": state.value}
    act.append("end_mail", reference, controller, details)


def _visible(mails: Sequence[ListedMail], controllers: Set[str]) -> tuple[ListedMail, ...]:
    everywhere = EVERY_CONTROLLER in controllers
    return tuple(mail for mail in mails if everywhere or mail.controller in controllers)


def _bounced(act: Act, mail: ListedMail, notification: Notification) -> ListedMail:
    status = notification.status
    if notification.delivery is not Delivery.FAILED or status is None:
        return mail
    if not mark_bounced(act.connection, mail.mail_id, status, act.at):
        return mail
    note_end(act, mail.reference, mail.controller, mail.kind, MailState.BOUNCED)
    (marked,) = list_mails(act.connection, ids={mail.mail_id})
    return marked


def _refuse_restored(desk: Desk) -> None:
    """Mail that waits in a backup was perhaps sent since; nobody has decided yet whether this is one."""
    with desk.looking() as act:
        continues = trail.continues(act.connection, desk.keys.trail, desk.anchor)
    if not continues:
        raise WrongUseError(
            "the trail does not go on where it was last seen, as after the restore of a backup, so mail that waits was "
            "perhaps sent already; none was sent now. Look at `dsar-export database restored` first"
        )


def _attempted(desk: Desk, sender: Sender, claimed: ClaimedMail) -> PostResult:
    try:
        mail = open_mail(desk.vault, claimed)
    except DsarExportError:  # the others go on; whoever reads the list sees this one
        return PostResult(Posted.TRY_AGAIN, "unreadable")
    return sender.send(mail, claimed.postmark)


def _settled(desk: Desk, claimed: ClaimedMail, result: PostResult) -> MailState | None:
    with desk.acting() as act:
        state = settle(act.connection, claimed, result, act.at)
        if state is not None:
            reference = claimed.reference
            controller = None if reference is None else _controller_of(act, reference)
            note_end(act, reference, controller, claimed.kind, state)
    return state


def _controller_of(act: Act, reference: str) -> str:
    found = list_requests(act.connection, Filters(frozenset(State), references={reference}))
    if not found:
        raise WrongUseError(f"no request has the reference {reference}; `request list --all` shows all")
    return found[0].controller


def require_poster(act: Act) -> Set[str]:
    """The controllers for which the person at work may see mail."""
    name = act.desk.person.name
    held = [one for one in grants_at(act.connection, act.at) if one.person == name and one.role in _POSTERS]
    if not held:
        raise NotPermittedError(f"{name} is neither agent nor administrator; ask an administrator")
    return {one.controller for one in held}
