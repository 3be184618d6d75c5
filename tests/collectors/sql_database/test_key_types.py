"""Whatever types two columns have, no row of the person is lost and no row of another is found."""

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import Final

import pytest

from dsar_export.export.collect import collect, ownership
from dsar_export.folding import as_text
from dsar_export.interfaces import Snapshot
from dsar_export.model.comparison import Match
from dsar_export.model.identity import Reached
from dsar_export.model.link import Link
from dsar_export.model.place import LinkTable
from dsar_export.model.request import Identifier
from dsar_export.model.subject_key import SubjectKey
from tests.collectors.sources import Database, PostgresDatabase, table_dataset
from tests.collectors.sql_database.mariadb.database import empty_mariadb
from tests.replacing import replace

Value = int | Decimal | str | uuid.UUID
U1, U2 = uuid.UUID("0188a1b2-c3d4-7e5f-8a9b-acbdcedfe0f1"), uuid.UUID("0188a1b2-c3d4-7e5f-8a9b-acbdcedfe0f2")
WHOLE: Final[Sequence[Value]] = (7, 70, 8)
NUMBERS: Final[Sequence[Value]] = (*WHOLE, Decimal("7.5"))
TEXTS: Final[Sequence[Value]] = (
    "7", "07", "7.0", "7.5", "70", "x", "X", str(U1), str(U1).upper(), U1.hex, f"{{{U1}}}", U1.urn, U2.hex.upper(),
)  # fmt: skip
UUIDS: Final[Sequence[Value]] = (U1, U2)
TYPES: Final[Mapping[str, Mapping[str, Sequence[Value]]]] = {
    "sqlite": {
        "INTEGER": WHOLE, "REAL": NUMBERS, "NUMERIC": NUMBERS, "TEXT": TEXTS, "BLOB": UUIDS,
        "": (*NUMBERS, *TEXTS, *UUIDS),
    },
    "postgres": {
        "SMALLINT": WHOLE, "BIGINT": WHOLE, "NUMERIC(12,2)": NUMBERS, "NUMERIC": NUMBERS, "REAL": NUMBERS,
        "DOUBLE PRECISION": NUMBERS, "TEXT": TEXTS, "VARCHAR(60)": TEXTS, "CHAR(60)": TEXTS, "UUID": UUIDS,
        "BYTEA": UUIDS,
    },
    "mariadb": {
        "INT": WHOLE, "BIGINT UNSIGNED": WHOLE, "DECIMAL(12,2)": NUMBERS, "DOUBLE": NUMBERS, "FLOAT": NUMBERS,
        "BIT(8)": WHOLE, "VARCHAR(60)": TEXTS, "CHAR(60)": TEXTS, "LONGTEXT": TEXTS, "UUID": UUIDS, "BINARY(16)": UUIDS,
        "LONGBLOB": UUIDS,
    },
}  # fmt: skip


def stored(value: Value, kind: str) -> object:
    """A value as a driver writes it to a column of a type."""
    if isinstance(value, uuid.UUID):
        return str(value) if kind == "UUID" else value.bytes
    return float(value) if isinstance(value, Decimal) else value


def equal(one: Value, other: Value) -> bool:
    """The rule, written independently of the product."""
    numbers = [isinstance(v, int | Decimal) for v in (one, other)]
    if all(numbers):
        return Decimal(str(one)) == Decimal(str(other))
    if any(numbers):
        return str(one) == str(other)
    return one == other or (as_uuid(one) is not None and as_uuid(one) == as_uuid(other))


def as_uuid(value: Value) -> uuid.UUID | None:
    if isinstance(value, uuid.UUID):
        return value
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None


RULES = pytest.mark.parametrize("match", [Match.EXACT, Match.CASEFOLD])


@RULES
def test_equal_values_and_no_others_are_found_for_any_two_types(empty: Database, match: Match) -> None:
    assert_found(empty, TYPES["postgres" if isinstance(empty, PostgresDatabase) else "sqlite"], match)


@RULES
def test_equal_values_and_no_others_are_found_in_mariadb_too(match: Match, mariadb_server: str) -> None:
    assert_found(empty_mariadb(mariadb_server), TYPES["mariadb"], match)


def assert_found(empty: Database, types: Mapping[str, Sequence[Value]], match: Match) -> None:
    for number, (kind, values) in enumerate(types.items()):
        empty.run(f"CREATE TABLE t{number} (id INTEGER, value {kind})")
        empty.many(
            f"INSERT INTO t{number} VALUES (?, ?)", [(n, stored(v, kind)) for n, v in enumerate(values)]
        )
    compared = 0
    with empty.collector().snapshot() as snapshot:
        reached = [
            linked_cells(snapshot, number, len(values)) for number, values in enumerate(types.values())
        ]
        for (one, first), (other, second) in product(enumerate(types.values()), repeat=2):
            key = SubjectKey(column="value", identifier="k", match=match)
            dataset = replace(table_dataset("id", name=f"t{other}"), subject_keys=(key,))
            for cell, value in zip(reached[one], first, strict=True):
                owned = ownership(dataset, [Reached(Identifier("k", as_text(cell)))], (), {})
                rows = [int(str(r[2])) for c in collect(owned, snapshot) for r in c.chunk.rows]
                wanted = [n for n, v in enumerate(second) if matching(value, v, match)]
                assert sorted(rows) == wanted, (list(types)[one], list(types)[other], value)
                compared += bool(wanted)
    assert compared > 100  # values that are equal to one in the other column


def linked_cells(snapshot: Snapshot, number: int, count: int) -> list[object]:
    """The cells of a table, as a link to each row returns them."""
    link = Link(
        given="n",
        leads_to="k",
        source="main",
        at=LinkTable(table=f"t{number}"),
        given_column="id",
        leads_to_column="value",
    )
    found = [snapshot.resolve(link, {str(place)}, ()) for place in range(count)]
    return [row.reached for (row,) in found]


def matching(one: Value, other: Value, match: Match) -> bool:
    if match is Match.CASEFOLD and isinstance(one, str) and isinstance(other, str):
        return equal(one.lower(), other.lower())
    return equal(one, other)
