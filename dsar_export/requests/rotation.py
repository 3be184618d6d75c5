"""Seals every value anew after keys were added, so that earlier keys can go."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, select, update

from dsar_export.requests.tables import DECISIONS, IDENTIFIERS, NOTES, REQUESTS
from dsar_export.requests.transitions import replace_sealed
from dsar_export.requests.vault import Cell, Vault

_DRAFT_KEY: Final = REQUESTS.c.draft_key_sealed.name
_AT_ONCE: Final = 500
"""Requests whose values are in memory together."""


def seal_anew(connection: Connection, vault: Vault) -> int:
    """Seals every value and wraps every Draft's key with the current keys; returns how many had earlier ones.

    The caller holds the turn of the trail, so that nobody writes a sealed value meanwhile.
    """
    references = connection.scalars(select(REQUESTS.c.reference).order_by(REQUESTS.c.reference)).all()
    return sum(
        _table_anew(connection, vault, table, some)
        for some in _batches(references)
        for table in (REQUESTS, IDENTIFIERS, DECISIONS, NOTES)
    )


def _table_anew(connection: Connection, vault: Vault, table: Table, references: Sequence[str]) -> int:
    rows = connection.execute(select(table).where(table.c.reference.in_(references))).mappings().all()
    count = 0
    for row in rows:
        changed = _changed(row, table, vault)
        if changed:
            _write(connection, table, row, changed)
        count += len(changed)
    return count


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


def _write(connection: Connection, table: Table, row: RowMapping, changed: dict[str, bytes]) -> None:
    if table is REQUESTS:
        replace_sealed(connection, row["reference"], **changed)
        return
    key: list[ColumnElement[bool]] = [column == row[column.name] for column in table.primary_key.columns]
    connection.execute(update(table).where(*key).values(**changed))


def _batches(references: Sequence[str]) -> list[Sequence[str]]:
    return [references[start : start + _AT_ONCE] for start in range(0, len(references), _AT_ONCE)]
