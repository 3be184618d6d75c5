"""Webhooks: which of them want to know of a request, with URL and secret sealed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update

from dsar_export.errors import WrongUseError
from dsar_export.requests.states import State
from dsar_export.requests.vault import Cell, Vault
from dsar_export.requests.webhook_tables import MESSAGES, WEBHOOKS

SEALED: Final = ("url_sealed", "secret_sealed")


@dataclass(frozen=True)
class Webhook:
    """A webhook as it was made; without states it wants all of them."""

    name: str
    controllers: tuple[str, ...]
    states: tuple[State, ...]
    made_at: datetime
    made_by: str


@dataclass(frozen=True)
class Target:
    """Where a webhook's messages go, and what they are signed with."""

    url: str = field(repr=False)
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class ListedWebhook:
    """A webhook with what became of its messages; `url` is None once it has ended."""

    webhook: Webhook
    url: str | None = field(repr=False)
    ended_at: datetime | None
    waiting: int
    parked: int
    failure: str | None
    """The code of the last failure of a message that still waits or is parked."""


def add_webhook(connection: Connection, vault: Vault, webhook: Webhook, target: Target) -> None:
    """Keeps a webhook; WrongUseError if there was one of this name."""
    name = webhook.name
    if connection.scalar(select(WEBHOOKS.c.name).where(WEBHOOKS.c.name == name)) is not None:
        raise WrongUseError(
            f"there is, or was, a webhook {name!r}, and its name stays in the trail; choose another"
        )
    connection.execute(
        insert(WEBHOOKS).values(
            name=name,
            controllers=webhook.controllers,
            states=tuple(state.value for state in webhook.states),
            url_sealed=vault.seal(target.url, _cell("url_sealed", name)),
            secret_sealed=vault.seal(target.secret.hex(), _cell("secret_sealed", name)),
            made_at=webhook.made_at,
            made_by=webhook.made_by,
        )
    )


def end_webhook(connection: Connection, name: str, at: datetime) -> bool:
    """Ends a webhook and wipes what waits for it; False if there is none that has not ended."""
    wiped = {"ended_at": at, **dict.fromkeys(SEALED)}
    alive = (WEBHOOKS.c.name == name, WEBHOOKS.c.ended_at.is_(None))
    if connection.execute(update(WEBHOOKS).where(*alive).values(wiped)).rowcount != 1:
        return False
    connection.execute(delete(MESSAGES).where(MESSAGES.c.webhook == name))
    return True


def target_of(connection: Connection, vault: Vault, name: str) -> Target:
    """Where the messages of a webhook that has not ended go; TamperedError if that was changed."""
    row = connection.execute(select(WEBHOOKS).where(WEBHOOKS.c.name == name)).mappings().one()
    url = vault.open(row["url_sealed"], _cell("url_sealed", name))
    return Target(url, bytes.fromhex(vault.open(row["secret_sealed"], _cell("secret_sealed", name))))


def list_webhooks(connection: Connection, vault: Vault) -> tuple[ListedWebhook, ...]:
    """All that were ever made, the oldest in front."""
    parked = func.count(MESSAGES.c.parked_at)
    counting = select(MESSAGES.c.webhook, func.count() - parked, parked).group_by(MESSAGES.c.webhook)
    counts = {name: (waiting, given_up) for name, waiting, given_up in connection.execute(counting)}
    failing = (
        select(MESSAGES.c.webhook, MESSAGES.c.failure)
        .where(MESSAGES.c.failure.is_not(None))
        .order_by(MESSAGES.c.not_before, MESSAGES.c.id)
    )
    failures = {row.webhook: row.failure for row in connection.execute(failing)}
    query = select(WEBHOOKS).order_by(WEBHOOKS.c.made_at, WEBHOOKS.c.name)
    return tuple(
        ListedWebhook(
            Webhook(
                row["name"],
                row["controllers"],
                tuple(map(State, row["states"])),
                row["made_at"],
                row["made_by"],
            ),
            row["url_sealed"] and vault.open(row["url_sealed"], _cell("url_sealed", row["name"])),
            row["ended_at"],
            *counts.get(row["name"], (0, 0)),
            failures.get(row["name"]),
        )
        for row in connection.execute(query).mappings()
    )


def webhooks_anew(connection: Connection, vault: Vault) -> int:
    """Seals all with the current keys; returns how many values had earlier ones."""
    count = 0
    alive = select(WEBHOOKS).where(WEBHOOKS.c.ended_at.is_(None))
    for row in connection.execute(alive).mappings().all():
        name = row["name"]
        new = {column: vault.seal_anew(row[column], _cell(column, name)) for column in SEALED}
        changed = {column: value for column, value in new.items() if value != row[column]}
        if changed:
            connection.execute(update(WEBHOOKS).where(WEBHOOKS.c.name == name).values(changed))
        count += len(changed)
    return count


def _cell(column: str, name: str) -> Cell:
    return Cell(WEBHOOKS.name, column, name)
