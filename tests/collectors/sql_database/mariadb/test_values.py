"""MariaDB compares, orders and returns values like SQLite, whatever collation, character set or type a column has.

Skipped where there is no MariaDB.
"""

import hashlib
import hmac
from ast import literal_eval
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dsar_export.model.comparison import Match
from dsar_export.model.place import HistoryTable
from dsar_export.model.request import Identifier
from dsar_export.model.source import Selection
from dsar_export.model.subject_key import Step, SubjectKey
from tests.collectors.sources import C1, SAM, SqliteDatabase, cells, letters_dataset, read, table_dataset
from tests.collectors.sql_database.mariadb.database import MariadbDatabase, empty_mariadb
from tests.collectors.sql_database.test_comparing import RULES, assert_found_alike, found, spelled, telephones
from tests.docs.tables import rows_of
from tests.replacing import replace

SOME = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
UUID_TEXT = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"
DOCUMENTED = [(kind, *map(literal_eval, cells)) for kind, *cells in rows_of("databases.md", "MariaDB type")]
"""The table in the guide: a type, a cell, and how it arrives."""
TYPED = table_dataset("id", name="typed")


@pytest.fixture
def mariadb(mariadb_server: str) -> MariadbDatabase:
    return empty_mariadb(mariadb_server)


# Compared


@pytest.fixture(
    params=["utf8mb4_general_ci", "utf8mb4_unicode_ci", "utf8mb4_turkish_ci", "utf8mb4_nopad_bin"]
)
def people(request: pytest.FixtureRequest, mariadb_server: str) -> MariadbDatabase:
    made = empty_mariadb(mariadb_server, request.param)
    made.table("people", number="INTEGER", value="TEXT")
    return made


@SOME
@example(stored=["0\x1f"], asked=["sam@example.org"])
@given(stored=st.lists(spelled, min_size=1, max_size=12), asked=st.lists(spelled, min_size=1, max_size=3))
def test_a_text_is_found_exactly_by_its_rule(
    people: MariadbDatabase, stored: Sequence[str], asked: Sequence[str]
) -> None:
    for match in (Match.EXACT, Match.CASEFOLD):
        assert_found_alike(people, RULES[match], stored, [*asked, stored[0]])


@SOME
@given(st.lists(telephones, min_size=1, max_size=20), st.lists(telephones, min_size=1, max_size=2))
def test_a_telephone_number_is_found_in_every_notation(
    people: MariadbDatabase, stored: Sequence[str], asked: Sequence[str]
) -> None:
    assert_found_alike(people, RULES[Match.E164], stored, [*asked, stored[0]])


def test_values_that_are_equal_only_to_the_collation_are_not_found(mariadb: MariadbDatabase) -> None:
    mariadb.run("CREATE TABLE typed (customer_id VARCHAR(20), id INTEGER)")
    rows = [("C-1", 1), ("c-1", 2), ("C-1 ", 3), ("Ç-1", 4), ("C\u00ad-1", 5)]
    mariadb.many("INSERT INTO typed VALUES (?, ?)", rows)
    assert [cells(mariadb, TYPED, Identifier("customer_id", key)) for key, _ in rows] == [
        [(number,)] for _, number in rows
    ]


@pytest.mark.parametrize(
    ("kind", "stored", "given", "is_read"),
    [
        ("SMALLINT", 7, "7", 7),
        ("BIGINT UNSIGNED", 2**64 - 1, str(2**64 - 1), 2**64 - 1),
        ("INTEGER ZEROFILL", 7, "7", 7),
        ("DECIMAL(5, 0)", 7, "7", Decimal(7)),
        ("CHAR(9)", "C-1", "C-1", "C-1"),
        ("VARCHAR(9) CHARACTER SET latin1", "Zoë", "Zoë", "Zoë"),
        ("VARCHAR(9) CHARACTER SET utf16", "Zoë", "Zoë", "Zoë"),
        ("VARCHAR(9) CHARACTER SET ascii", "C-1", "C-1", "C-1"),
        ("ENUM('gold', 'silver')", "gold", "gold", "gold"),
        ("BINARY(16)", bytes.fromhex(UUID_TEXT.replace("-", "")), UUID_TEXT.replace("-", ""), None),
        ("UUID", UUID_TEXT, UUID_TEXT, UUID_TEXT),
    ],
)
def test_a_subject_key_of_any_type_is_found_by_its_text(
    mariadb: MariadbDatabase, kind: str, stored: object, given: str, is_read: object
) -> None:
    mariadb.run(f"CREATE TABLE typed (customer_id {kind}, id INTEGER, INDEX (customer_id))")
    mariadb.run("INSERT INTO typed VALUES (?, 1), (NULL, 2)", stored)
    assert read(mariadb, TYPED, Identifier("customer_id", given)) == [(is_read or stored, None, 1)]
    for nobodys in ("8", "x", "", "' OR 1=1 --", "0" * 40, "ж", "\udcff", "\ud800", "Zoё"):
        assert read(mariadb, TYPED, Identifier("customer_id", nobodys)) == []


@pytest.mark.parametrize("kind", ["BINARY(32)", "CHAR(64)"])
def test_a_hash_is_found_as_bytes_and_as_text(mariadb: MariadbDatabase, kind: str) -> None:
    mariadb.run(f"CREATE TABLE people (number INTEGER, value {kind})")
    digests = [hmac.new(b"key", text, hashlib.sha256) for text in (b"sam@example.org", b"robin")]
    mariadb.many(
        "INSERT INTO people VALUES (?, ?)",
        [(n, d.digest() if "BINARY" in kind else d.hexdigest().upper()) for n, d in enumerate(digests)],
    )
    assert found(mariadb, RULES[Match.HMAC], SAM.value) == {0}


def test_bytes_are_compared_as_hexadecimal_even_if_they_are_readable_text(mariadb: MariadbDatabase) -> None:
    mariadb.run("CREATE TABLE people (number INTEGER, value VARBINARY(9))")
    mariadb.run("INSERT INTO people VALUES (1, 'JKLM'), (2, '4a4b4c4d')")
    assert found(mariadb, RULES[Match.CASEFOLD], "4A4B4C4D") == {1}


def test_a_turkish_collation_folds_like_all_others(people: MariadbDatabase) -> None:
    people.run("INSERT INTO people VALUES (1, 'SIM@X.ORG'), (2, 'sim@x.org'), (3, 'sım@x.org')")
    assert found(people, RULES[Match.CASEFOLD], "Sim@x.org") == {1, 2}


def test_a_lone_surrogate_is_found_and_arrives_like_other_undecodable_bytes(mariadb: MariadbDatabase) -> None:
    mariadb.run("CREATE TABLE typed (customer_id VARCHAR(20), id INTEGER, cell TEXT)")
    mariadb.run("INSERT INTO typed VALUES (CONCAT('C-', UNHEX('EDA080')), 1, UNHEX('78EDA080'))")
    half = b"\xed\xa0\x80".decode("utf-8", "surrogateescape")
    ((key, _, cell),) = read(
        mariadb, table_dataset("cell", name="typed"), Identifier("customer_id", f"C-{half}")
    )
    assert (key, cell) == (f"C-{half}", f"x{half}")


# Over other tables, of one company, in history tables


def test_rows_by_joins_by_company_and_in_history_tables_are_found(mariadb: MariadbDatabase) -> None:
    mariadb.run("CREATE TABLE `order` (id VARCHAR(9) PRIMARY KEY, customer_id VARCHAR(9), tenant INTEGER)")
    for name, column in (("lines", "what"), ("lines_before", "was")):
        mariadb.run(f"CREATE TABLE `{name}` (order_id VARCHAR(9), number INTEGER, {column} TEXT)")
        rows = [(o, n, f"{o}/{n}") for o in ("O-2", "O-10", "O-3", "O-4") for n in (2, 1)]
        mariadb.many(f"INSERT INTO `{name}` VALUES (?, ?, ?)", rows)
    mariadb.run(
        "INSERT INTO `order` VALUES ('O-2','C-1',5), ('O-10','C-1',5), ('O-3','C-2',5), ('O-4','C-1',6)"
    )
    over = Step(column="order_id", table="order", key="id")
    key = SubjectKey(column="customer_id", identifier="customer_id", through=(over,), tenant_column="tenant")
    before = HistoryTable(table="lines_before", order_by=("number",), columns={"what": "was"})
    dataset = replace(
        table_dataset("what", name="lines", order=("number",)), subject_keys=(key,), history=(before,)
    )
    expected = [("C-1", 5, what) for what in ("O-10/1", "O-10/2", "O-2/1", "O-2/2")]
    assert read(mariadb, dataset, C1, tenants=(5,)) == [*expected, *expected]
    assert read(mariadb, dataset, C1) == []


# In order

KEYS = (
    "ab",
    "B",
    "a",
    "Ab",
    "é",
    "e",
    "É",
    "_",
    "-a",
    "Z",
    "z1",
    "z 1",
    "\U0001f680",
    "ß",
    "ss",
    "\uffee",
    "a ",
)


@pytest.mark.parametrize("collation", ["utf8mb4_unicode_nopad_ci", "utf8mb4_swedish_ci"])
def test_the_order_is_the_same_as_in_sqlite(
    collation: str, mariadb_server: str, empty_sqlite: SqliteDatabase
) -> None:
    mariadb = empty_mariadb(mariadb_server, collation)
    for database in (mariadb, empty_sqlite):
        database.table("records", customer_id="TEXT", code="VARCHAR(9)", id="INTEGER")
        rows = [(owner, code, n) for owner in KEYS for n, code in enumerate(KEYS)]
        database.many("INSERT INTO records VALUES (?, ?, ?)", rows)
    dataset = table_dataset("code", order=("code", "id"))
    everybody = [Identifier("customer_id", key) for key in KEYS]
    assert read(mariadb, dataset, *everybody) == read(empty_sqlite, dataset, *everybody)
    in_collation = mariadb.rows("SELECT code FROM records WHERE customer_id = 'ab' ORDER BY 1")
    assert [code for (code,) in in_collation] != sorted(KEYS)  # otherwise this test could not fail


def test_long_texts_with_equal_beginnings_are_in_order(mariadb: MariadbDatabase) -> None:
    mariadb.run("CREATE TABLE typed (customer_id VARCHAR(9), id LONGTEXT)")
    ends = [f"{n:04}" for n in range(0, 1000, 7)]
    mariadb.many("INSERT INTO typed VALUES ('C-1', ?)", [("x" * 20_000 + end,) for end in reversed(ends)])
    assert [cell[-4:] for (cell,) in cells(mariadb, TYPED, C1) if isinstance(cell, str)] == ends


# Handed over


@pytest.mark.parametrize(
    ("kind", "stored", "arrives"),
    [
        ("JSON", '{"b": 1,  "a": 1e2, "a": 1.10}', '{"b": 1,  "a": 1e2, "a": 1.10}'),
        ("DATETIME(6)", "2024-10-27 01:30:00.000100", "2024-10-27 01:30:00.000100"),
        ("DATETIME", "0000-00-00 00:00:00", "0000-00-00 00:00:00"),
        ("DATE", "2024-02-00", "2024-02-00"),
        ("DATE", "9999-12-31", "9999-12-31"),
        ("TIME(1)", "-838:59:58.5", "-838:59:58.5"),
        ("YEAR", 0, "0000"),
        ("DECIMAL(65, 30)", "12345678901234567890.000000000000000000000000000010",
         "12345678901234567890.000000000000000000000000000010"),
        ("DECIMAL(5, 2)", "1.10", "1.10"),
        ("DOUBLE", 0.1, 0.1),
        ("DOUBLE", 1.7976931348623157e308, 1.7976931348623157e308),
        ("FLOAT", 0.25, 0.25),
        ("BIGINT", -(2**63), -(2**63)),
        ("BIGINT UNSIGNED", 2**64 - 1, 2**64 - 1),
        ("BOOLEAN", True, 1),
        ("BIT(1)", 1, 1),
        ("BIT(64)", 2**64 - 1, 2**64 - 1),
        ("BLOB", b"\x00\xff\x80", b"\x00\xff\x80"),
        ("BINARY(3)", b"\xff", b"\xff\x00\x00"),
        ("VARCHAR(9) CHARACTER SET latin1", "é€", "é€"),
        ("SET('a', 'b')", "b,a", "a,b"),
        ("LONGTEXT", "a\u0301 \U0001f680 \u202e '\"\\ \0 %s", "a\u0301 \U0001f680 \u202e '\"\\ \0 %s"),
        ("TEXT", None, None),
        *DOCUMENTED,
    ],
)  # fmt: skip
def test_a_cell_of_any_type_arrives_without_loss(
    mariadb: MariadbDatabase, kind: str, stored: object, arrives: object
) -> None:
    mariadb.run(f"CREATE TABLE typed (customer_id VARCHAR(9), id INTEGER, cell {kind})")
    with mariadb.connection() as cursor:
        cursor.execute("SET sql_mode = ''")  # accepts dates that do not exist
        cursor.execute("INSERT INTO typed VALUES ('C-1', 1, %s)", (stored,))
    ((cell,),) = cells(mariadb, table_dataset("cell", name="typed"), C1)
    assert cell == arrives
    assert type(cell) is type(arrives)


def test_the_servers_settings_do_not_change_what_arrives(mariadb: MariadbDatabase) -> None:
    mariadb.table("letters", id="INTEGER", email="TEXT", at="TIMESTAMP", day="DATE", body="TEXT")
    mariadb.run("INSERT INTO letters VALUES (1, 'sam@example.org', '2024-07-01 12:00:00', '2024-02-03', 'x')")
    mariadb.run(
        "INSERT INTO letters SELECT 1 + seq, email, at, day, REPEAT('y', 999) FROM letters, seq_1_to_3"
    )
    query = """SELECT 1 AS id, email, GROUP_CONCAT(body) AS body, MIN(at) AS title FROM letters l
        WHERE email IN :email AND body LIKE '%' GROUP BY email"""
    settings = {
        "time_zone": "'+09:00'",
        "sql_mode": "'ANSI'",
        "sql_select_limit": 1,
        "group_concat_max_len": 4,
    }
    before = mariadb.rows(f"SELECT {', '.join(f'@@GLOBAL.{name}' for name in settings)}")[0]
    (utc,) = mariadb.rows(
        "SELECT DATE_FORMAT(CONVERT_TZ(at, @@time_zone, '+00:00'), '%Y-%m-%d %T') FROM letters LIMIT 1"
    )
    try:
        for name, value in settings.items():
            mariadb.run(f"SET GLOBAL {name} = {value}")
        ((_, _, _, body, at),) = read(mariadb, letters_dataset(query, Match.EXACT), SAM)
        assert len(read(mariadb, letters_dataset(None, Match.EXACT), SAM)) == 4
    finally:
        for name, value in zip(settings, before, strict=True):
            mariadb.run(f"SET GLOBAL {name} = ?", value)
    assert (len(str(body)), at) == (3 * 999 + 4, f"{utc[0]}+00:00")  # a TIMESTAMP is a moment


def test_a_key_that_is_not_a_number_finds_nothing_in_a_number_column(mariadb: MariadbDatabase) -> None:
    # The server compares a text as 0.
    mariadb.run("CREATE TABLE people (number INTEGER, value INTEGER)")
    mariadb.run("INSERT INTO people VALUES (1, 0), (2, 7)")
    for text in ("x", "", "7 x", "07", "9" * 30):
        assert found(mariadb, RULES[Match.EXACT], text) == set()


def test_without_keys_nothing_is_found(mariadb: MariadbDatabase) -> None:
    mariadb.run("CREATE TABLE typed (customer_id VARCHAR(9), id INTEGER)")
    mariadb.run("INSERT INTO typed VALUES ('', 1), (NULL, 2)")
    with mariadb.collector().snapshot() as opened:
        assert list(opened.chunks(Selection(TYPED, ((),)))) == []
