"""Columns that hold identifiers of one kind: of which types, and with which defaults."""

from collections.abc import Iterator, Mapping
from typing import Final

from dsar_export.identities.identifier_columns import IdentifierColumn, Undecided, identifier_columns
from dsar_export.interfaces import Snapshot
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.model.source import ColumnKind, SourceDescription
from dsar_export.register.hints import location

_NUMBERS: Final = (ColumnKind.INTEGER, ColumnKind.DECIMAL, ColumnKind.FLOAT)


def identifier_findings(
    register: Register, held: Mapping[str, SourceDescription], snapshots: Mapping[str, Snapshot]
) -> Iterator[Finding]:
    """Warnings: a default on which the register must decide, and one kind of identifier in columns of two types."""
    if not register.names_known_sources:
        return  # which is a finding of its own
    found: dict[Finding, None] = {}
    for controller in register.organisation.controllers:
        columns = list(identifier_columns(register, controller))
        for column in Undecided(columns, held, snapshots).defaults():
            found[_undecided(register, column)] = None
        for finding in _types(register, columns, held):
            found[finding] = None
    yield from found


def _undecided(register: Register, column: IdentifierColumn) -> Finding:
    return Finding(
        location(register, column.dataset),
        f"{column.at}.nobody",
        f"{column.table}.{column.column} has a constant default, and no row that it refers to has it: such rows may be "
        'nobody\'s, so until you decide they are not followed. List it, such as nobody = ["0"], or write nobody = [] '
        "if it is a person",
        warning=True,
    )


def _types(
    register: Register, columns: list[IdentifierColumn], held: Mapping[str, SourceDescription]
) -> Iterator[Finding]:
    first: dict[str, tuple[IdentifierColumn, str]] = {}
    for column in columns:
        kind = _type(column, held)
        if kind is None:
            continue
        other, known = first.setdefault(column.kind, (column, kind))
        if kind != known:
            yield Finding(
                location(register, column.dataset),
                column.at,
                f"{column.table}.{column.column} holds {column.kind!r} as {kind}, and {other.table}.{other.column} as "
                f"{known}: a text is a number only as that is written (7, not 07 or 7.00); make sure that they agree",
                warning=True,
            )


def _type(column: IdentifierColumn, held: Mapping[str, SourceDescription]) -> str | None:
    table = column.in_table(held)
    facts = None if table is None else table.facts.get(column.column)
    if facts is None or facts.kind is ColumnKind.OTHER:
        return None
    return str(facts.kind)
