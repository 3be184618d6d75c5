"""Seals every value anew after keys were added, so that earlier keys can go."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, RowMapping, Table, bindparam, select, update

from dsar_export.requests.accounts import accounts_anew
from dsar_export.requests.answers import answer_cell
from dsar_export.requests.outbox import mail_cell
from dsar_export.requests.tables import COMPLAINTS, DECISIONS, IDENTIFIERS, NOTES, OUTBOX, REQUESTS
from dsar_export.requests.token_tables import ANSWERS
from dsar_export.requests.transitions import replace_sealed
from dsar_export.requests.vault import Cell, Vault
from dsar_export.requests.webhooks import webhooks_anew

_DRAFT_KEY: Final = REQUESTS.c.draft_key_sealed.name
_AT_ONCE: Final = 500
"""Requests whose values are in memory together."""


def seal_anew(connection: Connection, vault: Vault) -> int:
    """Seals every value and wraps every Draft's key with the current keys; returns how many had earlier ones.

    The caller holds the turn of the trail, so that nobody writes a sealed value meanwhile.
    """
    references = connection.scalars(select(REQUESTS.c.reference).order_by(REQUESTS.c.reference)).all()
    of_requests = sum(
        _table_anew(connection, vault, table, some)
        for some in _batches(references)
        for table in (REQUESTS, IDENTIFIERS, DECISIONS, NOTES, COMPLAINTS)
    )
    own = (
        _outbox_anew(connection, vault)
        + _answers_anew(connection, vault)
        + accounts_anew(connection, vault)
        + webhooks_anew(connection, vault)
    )
    return of_requests + own


def _outbox_anew(connection: Connection, vault: Vault) -> int:
    """Only mail that waits is sealed; one that is sent, and wiped, meanwhile stays wiped."""
    sealed = OUTBOX.c.mail_sealed
    count = 0
    for mail_id, held in connection.execute(select(OUTBOX.c.id, sealed).where(sealed.is_not(None))).all():
        renewed = vault.seal_anew(held, mail_cell(mail_id))
        if renewed != held:
            still = (OUTBOX.c.id == mail_id, sealed.is_not(None))
            count += connection.execute(update(OUTBOX).where(*still).values(mail_sealed=renewed)).rowcount
    return count


def _answers_anew(connection: Connection, vault: Vault) -> int:
    key, sealed, count = ANSWERS.c.key_hash, ANSWERS.c.answer_sealed, 0
    for name, held in connection.execute(select(key, sealed).where(sealed.is_not(None))).all():
        renewed = vault.seal_anew(held, answer_cell(name))
        if renewed != held:
            count += connection.execute(
                update(ANSWERS).where(key == name).values(answer_sealed=renewed)
            ).rowcount
    return count


def _table_anew(connection: Connection, vault: Vault, table: Table, references: Sequence[str]) -> int:
    """Writes rows with the same columns to change by one statement, as one each would take three times as long."""
    rows = connection.execute(select(table).where(table.c.reference.in_(references))).mappings().all()
    alike: dict[tuple[str, ...], list[tuple[RowMapping, dict[str, bytes]]]] = {}
    for row in rows:
        changed = _changed(row, table, vault)
        if changed:
            alike.setdefault(tuple(changed), []).append((row, changed))
    for names, some in alike.items():
        _write(connection, table, names, some)
    return sum(len(names) * len(some) for names, some in alike.items())


def _changed(row: RowMapping, table: Table, vault: Vault) -> dict[str, bytes]:
    held = {c.name: row[c.name] for c in table.c if c.name.endswith("_sealed") and row[c.name] is not None}
    number = row["number"] if "number" in table.c else 0
    found = {}
    for name, sealed in held.items():
        cell = Cell(table.name, name, row["reference"], number)
        renewed = vault.wrap_anew(sealed, cell) if name == _DRAFT_KEY else vault.seal_anew(sealed, cell)
        if renewed != sealed:
            found[name] = renewed
    return found


def _write(
    connection: Connection,
    table: Table,
    names: tuple[str, ...],
    rows: Sequence[tuple[RowMapping, dict[str, bytes]]],
) -> None:
    if table is REQUESTS:
        replace_sealed(connection, names, {row["reference"]: tuple(new.values()) for row, new in rows})
        return
    place = (table.c.reference == bindparam("of_reference"), table.c.number == bindparam("of_number"))
    statement = update(table).where(*place).values({name: bindparam(f"new_{name}") for name in names})
    connection.execute(
        statement,
        [
            {
                "of_reference": row["reference"],
                "of_number": row["number"],
                **{f"new_{name}": new[name] for name in names},
            }
            for row, new in rows
        ],
    )


def _batches(references: Sequence[str]) -> list[Sequence[str]]:
    return [references[start : start + _AT_ONCE] for start in range(0, len(references), _AT_ONCE)]
