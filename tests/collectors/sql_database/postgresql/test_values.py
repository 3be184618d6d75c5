"""Subject keys of every PostgreSQL type are found by their text, and cells of every type arrive without loss."""

from ast import literal_eval

import pytest

from dsar_export.export.collect import collect, ownership
from dsar_export.model.comparison import Match
from dsar_export.model.field_mapping import CodeTable
from dsar_export.model.identity import Reached
from dsar_export.model.request import Identifier
from dsar_export.model.source import LinkRow
from dsar_export.model.subject_key import SubjectKey
from tests.collectors.sources import (
    C1,
    LINK,
    PostgresDatabase,
    cells,
    read,
    table_dataset,
)
from tests.docs.tables import rows_of
from tests.replacing import replace

RECORDS = table_dataset("text")
KEY = SubjectKey(column="customer_id", identifier="customer_id")
OURS = (
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'dsar-export' AND datname = current_database()"
)
DOCUMENTED = [
    (kind, *map(literal_eval, cells)) for kind, *cells in rows_of("databases.md", "PostgreSQL type")
]
"""The table in the guide: a type, a cell, and how it arrives."""
CODES = CodeTable(table="campaigns", code="id", meaning="title")


# Keys and values


@pytest.mark.parametrize(
    ("kind", "stored", "given"),
    [
        ("SMALLINT", 7, "7"),
        ("BIGINT", 2**40, str(2**40)),
        ("UUID", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        ("CHAR(3)", "C-1", "C-1"),
        ("VARCHAR(9)", "C-1", "C-1"),
        ("NUMERIC", "7", "7"),
        ("tier", "gold", "gold"),
    ],
)
def test_a_subject_key_of_any_type_is_found_by_its_text(
    pg: PostgresDatabase, kind: str, stored: object, given: str
) -> None:
    pg.run("CREATE TYPE tier AS ENUM ('gold', 'silver')")
    pg.run(f"CREATE TABLE typed (customer_id {kind}, id INTEGER)")
    pg.run("INSERT INTO typed VALUES (?, 1), (NULL, 2)", stored)
    dataset = table_dataset("id", name="typed")
    ((key, _, number),) = read(pg, dataset, Identifier("customer_id", given))
    assert (str(key), number) == (given, 1)
    for nobodys in ("8", "x", "", "' OR 1=1 --", "0" * 40):
        assert read(pg, dataset, Identifier("customer_id", nobodys)) == []


@pytest.mark.parametrize("match", [Match.EXACT, Match.CASEFOLD, Match.E164])
@pytest.mark.parametrize("kind", ["CHAR(40)", "padded"])
def test_a_key_that_the_server_pads_with_blanks_is_found(
    pg: PostgresDatabase, match: Match, kind: str
) -> None:
    pg.run("CREATE DOMAIN padded AS CHAR(40)")
    pg.run(f"CREATE TABLE typed (customer_id {kind}, id INTEGER)")
    pg.run("INSERT INTO typed VALUES ('+442079460018', 1), ('+442079460019', 2)")
    key = replace(KEY, match=match, region="GB" if match is Match.E164 else None)
    owned = ownership(
        replace(table_dataset("id", name="typed"), subject_keys=(key,)),
        [Reached(Identifier("customer_id", "+442079460018"))],
        (),
        {},
    )
    with pg.collector().snapshot() as snapshot:
        assert [row[2] for one in collect(owned, snapshot) for row in one.chunk.rows] == [1]


def test_a_link_leads_to_an_identifier_without_its_padding(pg: PostgresDatabase) -> None:
    pg.run("CREATE TABLE padded (id CHAR(9), email CHAR(40))")
    pg.run("INSERT INTO padded VALUES ('C-1', 'SAM@example.org')")
    with pg.collector().snapshot() as snapshot:
        found = list(snapshot.resolve(replace(LINK, table="padded"), ["sam@example.org"], ()))
    assert found == [LinkRow("SAM@example.org", "C-1")]


def test_a_case_insensitive_column_is_still_compared_exactly(pg: PostgresDatabase) -> None:
    if not pg.rows("SELECT 1 FROM pg_available_extensions WHERE name = 'citext'"):
        pytest.skip("this PostgreSQL has no citext")
    pg.run("CREATE EXTENSION citext")
    pg.run("CREATE TABLE blind (customer_id CITEXT, id INTEGER)")
    pg.run("INSERT INTO blind VALUES ('C-1', 1), ('c-1', 2)")
    assert read(pg, table_dataset("id", name="blind"), C1) == [("C-1", None, 1)]


def test_a_case_insensitive_collation_is_still_compared_exactly(pg: PostgresDatabase) -> None:
    if not pg.rows("SELECT 1 FROM pg_collation WHERE collprovider = 'i' AND collname <> 'unicode' LIMIT 1"):
        pytest.skip("this PostgreSQL has no ICU")
    pg.run("CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false)")
    pg.run("CREATE TABLE blind_rows (customer_id TEXT COLLATE blind, id INTEGER)")
    pg.run("INSERT INTO blind_rows VALUES ('C-1', 1), ('c-1', 2)")
    assert read(pg, table_dataset("id", name="blind_rows"), C1) == [("C-1", None, 1)]


@pytest.mark.parametrize(
    ("kind", "stored", "arrives"),
    [
        ("JSONB", '{"a": 1.10, "b": [1e2, null]}', '{"a": 1.10, "b": [100, null]}'),
        ("JSON", '{"b": 1,  "a": 1e2, "a": 2}', '{"b": 1,  "a": 1e2, "a": 2}'),
        ("TIMESTAMPTZ", "2024-07-01 12:00:00.123456+02", "2024-07-01 10:00:00.123456+00"),
        ("TIMESTAMPTZ", "infinity", "infinity"),
        ("TIMESTAMPTZ", "0044-03-15 12:00:00+00 BC", "0044-03-15 12:00:00+00 BC"),
        ("TIMESTAMP", "2024-10-27 01:30:00", "2024-10-27 01:30:00"),
        ("DATE", "2024-02-29", "2024-02-29"),
        ("DATE", "-infinity", "-infinity"),
        ("TIME", "23:59:59.5", "23:59:59.5"),
        ("INTERVAL", "1 year 2 days 3 hours", "P1Y2DT3H"),
        ("NUMERIC(12, 4)", "12.5000", "12.5000"),
        (
            "NUMERIC",
            "123456789012345678901234567890.000000000001",
            "123456789012345678901234567890.000000000001",
        ),
        ("NUMERIC", "NaN", "NaN"),
        ("BYTEA", b"\x00\xff\x80", b"\x00\xff\x80"),
        ("BOOLEAN", True, True),
        ("BOOLEAN", False, False),
        ("SMALLINT", -5, -5),
        ("BIGINT", -(2**63), -(2**63)),
        ("DOUBLE PRECISION", 0.1, 0.1),
        ("DOUBLE PRECISION", float("-inf"), float("-inf")),
        ("UUID", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        ("TEXT[]", ["a", 'b"c', None], ["a", 'b"c', None]),
        ("INTEGER[]", [1, 2], [1, 2]),
        ("JSONB[]", ['{"a": 1.10}', None, "[]"], '[{"a": 1.10}, null, []]'),
        ("JSON[]", [['{"b":1,"b":2}', '"x"'], ["1", "null"]], '[[{"b":1,"b":2}, "x"], [1, null]]'),
        ("JSON[]", [], "[]"),
        ("INET", "192.0.2.7/24", "192.0.2.7/24"),
        ("tier", "gold", "gold"),
        ("tier[]", ["gold", "silver"], ["gold", "silver"]),
        ("CHAR(5)", "ab", "ab"),  # the server's own comparison ignores the blanks that it adds
        ("CHAR(3)[]", ["a", "b c"], ["a", "b c"]),
        ("CHAR(5)", "  ", ""),
        ("VARCHAR(5)", "ab  ", "ab  "),
        ("TEXT", "a\u0301 \U0001f680 \u202e '\"\\", "a\u0301 \U0001f680 \u202e '\"\\"),
        ("TEXT", None, None),
        *(
            (kind, literal_eval(cell), literal_eval(found))
            for kind, cell, found in rows_of("databases.md", "PostgreSQL type")
        ),
    ],
)
def test_a_cell_of_any_type_arrives_without_loss(
    pg: PostgresDatabase, kind: str, stored: object, arrives: object
) -> None:
    pg.run("CREATE TYPE tier AS ENUM ('gold', 'silver')")
    pg.run(f"CREATE TABLE typed (customer_id TEXT, id INTEGER, cell {kind})")
    cast = f"?::text::{kind}" if kind == "money" else f"?::{kind}" if isinstance(stored, list) else "?"
    pg.run(f"INSERT INTO typed VALUES ('C-1', 1, {cast})", stored)
    ((found,),) = cells(pg, table_dataset("cell", name="typed"), C1)
    assert found == arrives
    assert type(found) is type(arrives)


def test_the_servers_settings_do_not_change_how_values_are_written(pg: PostgresDatabase) -> None:
    pg.run(
        "CREATE TABLE typed (customer_id TEXT, id INTEGER, at TIMESTAMPTZ, day DATE, took INTERVAL, share REAL)"
    )
    pg.run("INSERT INTO typed VALUES ('C-1', 1, '2024-07-01 12:00Z', '2024-02-03', '90 minutes', 0.1)")
    settings = (
        "TimeZone = 'Asia/Tokyo'",
        "DateStyle = 'German'",
        "IntervalStyle = 'postgres'",
        "extra_float_digits = -3",
    )
    for setting in settings:
        pg.run(f"ALTER ROLE {pg.role} SET {setting}")
    try:
        found = cells(pg, table_dataset("at", "day", "took", "share", name="typed"), C1)
    finally:
        pg.run(f"ALTER ROLE {pg.role} RESET ALL")
    assert found == [("2024-07-01 12:00:00+00", "2024-02-03", "PT1H30M", 0.1)]
