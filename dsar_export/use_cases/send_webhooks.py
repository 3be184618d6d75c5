"""Sends what waits for webhooks, each message outside any transaction."""

import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from dsar_export.errors import DsarExportError, WrongUseError
from dsar_export.model.webhook import Settled, WebhookCall
from dsar_export.requests import trail
from dsar_export.requests.requests import Filters, list_requests
from dsar_export.requests.states import State
from dsar_export.requests.webhook_messages import (
    ClaimedMessage,
    claim,
    park_interrupted,
    settle,
    somebody_waits,
    unpark,
)
from dsar_export.requests.webhooks import Target, target_of
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.post import require_poster

Post = Callable[[WebhookCall], str | None]
"""One attempt: the code of why it failed, or None. It raises nothing."""
Jitter = Callable[[], float]
_SMALLEST: Final = 800
_LARGEST: Final = 1200
_THOUSAND: Final = 1000
_UNREADABLE: Final = "unreadable"


@dataclass(frozen=True)
class Sent:
    """What one run did: how many attempts ended in each way."""

    ended: Mapping[Settled, int]


def send_as_staff(desk: Desk, post: Post, limit: int, *, parked: bool = False) -> Sent:
    """The same for whoever is agent or administrator somewhere; on demand what is parked is tried again, too."""
    with desk.acting() as act:
        require_poster(act)
        if parked:
            act.append("retry_webhooks", None, None, {"messages": unpark(act.connection, act.at)})
    return send_messages(desk, post, limit)


def jitter() -> float:
    """Between 0.8 and 1.2, so that what failed together is not tried again together."""
    return (_SMALLEST + secrets.randbelow(_LARGEST - _SMALLEST + 1)) / _THOUSAND


def send_messages(desk: Desk, post: Post, limit: int, spread: Jitter = jitter) -> Sent:
    """Sends at most `limit` messages; after a failure, the same webhook is left alone until the next run.

    A process that is killed after the receiver has a message does not record it: it is sent again under the same id.
    """
    ended: Counter[Settled] = Counter()
    with desk.looking() as act:
        if not somebody_waits(act.connection, act.at):
            return Sent(ended)
    _refuse_restored(desk)
    with desk.acting() as act:
        for webhook, reference in park_interrupted(act.connection, act.at):
            ended[Settled.PARKED] += 1
            _note_parked(act, webhook, reference)
    failing: set[str] = set()
    for _ in range(limit):
        with desk.acting() as act:
            claimed = claim(act.connection, act.at, failing)
            call = None if claimed is None else _call(act, claimed)
        if claimed is None:
            break
        failure = _UNREADABLE if call is None else post(call)
        settled = _settled(desk, claimed, failure, spread())
        if settled is not None:
            ended[settled] += 1
        if failure is not None:
            failing.add(claimed.webhook)
    return Sent(ended)


def _call(act: Act, claimed: ClaimedMessage) -> WebhookCall | None:
    try:
        target: Target = target_of(act.connection, act.desk.vault, claimed.webhook)
    except DsarExportError:  # the others go on; whoever reads the list sees this one
        return None
    return WebhookCall(target.url, target.secret, claimed.message_id, act.at, claimed.body)


def _settled(desk: Desk, claimed: ClaimedMessage, failure: str | None, spread: float) -> Settled | None:
    with desk.acting() as act:
        settled = settle(act.connection, claimed, failure, act.at, spread)
        if settled is Settled.PARKED:
            _note_parked(act, claimed.webhook, claimed.reference)
    return settled


def _note_parked(act: Act, webhook: str, reference: str) -> None:
    (listed,) = list_requests(act.connection, Filters(frozenset(State), references={reference}))
    act.append("park_webhook", reference, listed.controller, {"webhook": webhook})


def _refuse_restored(desk: Desk) -> None:
    """What waits in a backup was perhaps sent since, and a webhook in it perhaps ended."""
    with desk.looking() as act:
        continues = trail.continues(act.connection, desk.keys.trail, desk.anchor)
    if not continues:
        raise WrongUseError(
            "the trail does not go on where it was last seen, as after the restore of a backup, so nothing is sent to "
            "webhooks. Look at `dsar-export database restored` first"
        )
