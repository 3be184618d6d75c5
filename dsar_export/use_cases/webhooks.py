"""Webhooks of other systems: made and ended by administrators."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from dsar_export.delivery.webhook_address import fit_url
from dsar_export.delivery.webhook_post import shown_secret
from dsar_export.errors import WrongUseError
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.model.webhook import Network
from dsar_export.requests.people import EVERY_CONTROLLER, is_name
from dsar_export.requests.states import State
from dsar_export.requests.webhooks import (
    ListedWebhook,
    Target,
    Webhook,
    add_webhook,
    end_webhook,
    list_webhooks,
)
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.services import known_controller

_SECRET_BYTES: Final = 32


@dataclass(frozen=True)
class WebhookOrder:
    """A webhook that somebody wants; without a name it gets one, without states it wants all of them."""

    url: str = field(repr=False)
    controllers: Sequence[str]
    states: Sequence[State] = ()
    name: str | None = None


@dataclass(frozen=True)
class MadeWebhook:
    """A webhook with its secret, which is shown this once."""

    webhook: Webhook
    secret: str = field(repr=False)


def make_webhook(
    desk: Desk, register: Register, wanted: WebhookOrder, listed: Sequence[Network]
) -> MadeWebhook:
    """Makes a webhook; WrongUseError if nothing may be sent to its URL."""
    fit_url(wanted.url, listed)
    if wanted.name is not None and not is_name(wanted.name):
        raise WrongUseError("--name: a webhook's name has letters, digits, '.', '_' and '-', at most 64")
    if not wanted.controllers:
        raise WrongUseError("a webhook needs a controller; name it with --controller")
    for controller in wanted.controllers:
        known_controller(register, controller)
    secret = secrets.token_bytes(_SECRET_BYTES)
    with desk.acting() as act:
        act.require(EVERY_CONTROLLER, Role.ADMINISTRATOR)
        name = wanted.name or f"webhook-{len(list_webhooks(act.connection, desk.vault)) + 1}"
        states = tuple(state for state in State if state in wanted.states)
        controllers = tuple(dict.fromkeys(wanted.controllers))
        webhook = Webhook(name, controllers, states, act.at, desk.person.name)
        add_webhook(act.connection, desk.vault, webhook, Target(wanted.url, secret))
        for controller in controllers:
            act.append("add_webhook", None, controller, {"webhook": name})
    return MadeWebhook(webhook, shown_secret(secret))


def stop_webhook(desk: Desk, name: str) -> None:
    """Ends a webhook at once, with all that waits for it."""
    with desk.acting() as act:
        act.require(EVERY_CONTROLLER, Role.ADMINISTRATOR)
        if not end_webhook(act.connection, name, act.at):
            raise WrongUseError(
                "NAME: no such webhook, or it has ended; `dsar-export webhook list` shows all"
            )
        act.append("end_webhook", None, None, {"webhook": name})


def stop_all_webhooks(act: Act) -> None:
    """After the restore of a backup: one of them may have been ended since."""
    for each in list_webhooks(act.connection, act.desk.vault):
        if end_webhook(act.connection, each.webhook.name, act.at):
            act.append("end_webhook", None, None, {"webhook": each.webhook.name})


def known_webhooks(desk: Desk) -> tuple[ListedWebhook, ...]:
    """All webhooks, also those that have ended."""
    with desk.looking() as act:
        return list_webhooks(act.connection, desk.vault)
