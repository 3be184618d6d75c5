"""Columns that hold one kind of identifier: their types and their defaults."""

from collections.abc import Iterator, Mapping
from itertools import product

from dsar_export.identities.identifier_columns import IdentifierColumn, Undecided, identifier_columns
from dsar_export.interfaces import Snapshot
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.model.source import ColumnKind, SourceDescription
from dsar_export.model.subjects import each_kind
from dsar_export.register.hints import location


def identifier_findings(
    register: Register, descriptions: Mapping[str, SourceDescription], snapshots: Mapping[str, Snapshot]
) -> Iterator[Finding]:
    """Warns of defaults that the register must decide on, and of one kind of identifier in columns of two types."""
    if not register.names_known_sources:
        return  # reported as a broken reference
    found: dict[Finding, None] = {}
    for part, controller in product(each_kind(register), register.organisation.controllers):
        columns = list(identifier_columns(part, controller))
        for column in Undecided(columns, descriptions, snapshots).defaults():
            found[_undecided(register, column)] = None
        for finding in _types(register, columns, descriptions):
            found[finding] = None
    yield from found


def _undecided(register: Register, column: IdentifierColumn) -> Finding:
    return Finding(
        location(register, column.dataset),
        f"{column.at}.nobody",
        f"{column.table}.{column.column} has a constant default that no referenced row has, so rows with it may belong "
        'to nobody. They are not followed until you decide: list the default, such as nobody = ["0"], or write '
        "nobody = [] if it is a person",
        warning=True,
    )


def _types(
    register: Register, columns: list[IdentifierColumn], descriptions: Mapping[str, SourceDescription]
) -> Iterator[Finding]:
    first: dict[str, tuple[IdentifierColumn, str]] = {}
    for column in columns:
        kind = _type(column, descriptions)
        if kind is None:
            continue
        other, known = first.setdefault(column.kind, (column, kind))
        if kind != known:
            yield Finding(
                location(register, column.dataset),
                column.at,
                f"{column.table}.{column.column} holds {column.kind!r} as {kind}, but {other.table}.{other.column} as "
                f"{known}: a text equals a number only in plain form (7, not 07 or 7.00); make sure that they agree",
                warning=True,
            )


def _type(column: IdentifierColumn, descriptions: Mapping[str, SourceDescription]) -> str | None:
    table = column.in_table(descriptions)
    facts = None if table is None else table.facts.get(column.column)
    if facts is None or facts.kind is ColumnKind.OTHER:
        return None
    return str(facts.kind)
