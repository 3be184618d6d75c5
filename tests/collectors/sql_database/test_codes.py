"""Code tables of any size: a small one is read as a whole, a large one only for codes that occur in the rows."""

from collections.abc import Mapping, Sequence
from typing import cast

import pytest

from dsar_export.errors import RegisterError
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import CodeTable, FieldMapping
from dsar_export.model.place import HistoryTable
from dsar_export.model.request import Identifier
from dsar_export.model.schema import FieldKind
from dsar_export.model.source import Selection
from dsar_export.model.subject_key import SubjectKey
from dsar_export.normalising import Unfit
from dsar_export.normalising.cells import converter
from tests.collectors.conftest import with_tables
from tests.collectors.sources import (
    C1,
    ROW_ID,
    SAM,
    Database,
    Row,
    SqliteDatabase,
    cells,
    coded,
    fill,
    selection,
    table_dataset,
)
from tests.collectors.sql_database.mariadb.database import empty_mariadb
from tests.replacing import replace
from tests.statements import statements

KINDS = CodeTable(table="kinds", code="code", meaning="meaning")
LARGE = 12_000
FEW = 8
_DIGIT = "(SELECT 0 AS d UNION ALL " + " UNION ALL ".join(f"SELECT {n}" for n in range(1, 10)) + ")"
_TO_9999 = (
    f"SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d AS n FROM {_DIGIT} a, {_DIGIT} b, {_DIGIT} c, {_DIGIT} e"
)
_TO_19999 = f"{_TO_9999} UNION ALL SELECT 10000 + n FROM ({_TO_9999}) AS more"


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def empty_database(request: pytest.FixtureRequest) -> Database:
    """An empty database of each kind in turn; MariaDB's is case-insensitive."""
    if request.param == "mariadb":
        return empty_mariadb(request.getfixturevalue("mariadb_server"))
    return cast(Database, request.getfixturevalue(f"empty_{request.param}"))


@pytest.fixture(params=["whole", "those that occur"])
def table_size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has a code table of few codes read both as a small and as a large one."""
    if request.param != "whole":
        monkeypatch.setattr("collectors.sql_database.codes.MOST_CODES", FEW)


def kinds(database: Database, *codes: Row, type_: str = "TEXT", others: int = FEW + 1) -> None:
    """Creates a code table with these codes among others, which are the numbers from 1,000,000 on."""
    database.table("kinds", code=type_, meaning="TEXT")
    made = f"SELECT 1000000 + n, 'another' FROM ({_TO_19999}) AS made WHERE n < {others}"
    database.run(f"INSERT INTO kinds (code, meaning) {made}")
    database.many("INSERT INTO kinds (code, meaning) VALUES (?, ?)", codes)


def things(database: Database, *codes: object, type_: str = "TEXT", customer: str = "C-1") -> None:
    """Inserts rows with these codes in a column of the given type."""
    database.table("things", id=ROW_ID, customer_id="TEXT", kind=type_)
    database.many(
        "INSERT INTO things (customer_id, kind) VALUES (?, ?)", [(customer, code) for code in codes]
    )


def things_dataset(column: str = "kind", **dataset: object) -> Dataset:
    mapping = {"coded": FieldMapping(column=column, codes_from=KINDS)}
    made = replace(table_dataset("id", name="things"), fields=mapping)
    return replace(made, **dataset)


def looked_up(database: Database, of: Selection) -> Mapping[str, object]:
    with database.collector().snapshot() as snapshot:
        return snapshot.codes(of, "coded")


# Which codes are looked up


def test_only_the_codes_that_occur_are_looked_up_in_a_large_table(empty_database: Database) -> None:
    kinds(empty_database, ("a", "card"), ("b", "cash"), ("c", "gold"), others=LARGE)
    things(
        empty_database, "a", "b", "a", None, "lost", "999"
    )  # for a number that is not found, the whole table is scanned
    empty_database.many("INSERT INTO things (customer_id, kind) VALUES (?, ?)", [("C-2", "c")])
    assert looked_up(empty_database, selection(things_dataset(), C1)) == {"a": "card", "b": "cash"}


def test_a_small_table_is_read_as_a_whole(empty_database: Database) -> None:
    kinds(empty_database, ("a", "card"), ("b", "cash"), others=0)
    things(empty_database, "a")
    assert looked_up(empty_database, selection(things_dataset(), C1)) == {"a": "card", "b": "cash"}
    assert looked_up(empty_database, selection(things_dataset())) == {"a": "card", "b": "cash"}


def test_a_table_of_ten_thousand_codes_is_small_and_one_more_makes_it_large(empty_database: Database) -> None:
    empty_database.table("kinds", code="TEXT", meaning="TEXT")
    empty_database.run(f"INSERT INTO kinds (code, meaning) SELECT n, 'one' FROM ({_TO_9999}) AS made")
    things(empty_database, "7")
    assert len(looked_up(empty_database, selection(things_dataset(), C1))) == 10_000
    empty_database.run("INSERT INTO kinds (code, meaning) VALUES ('more', 'one')")
    assert looked_up(empty_database, selection(things_dataset(), C1)) == {"7": "one"}


def test_a_person_without_rows_has_no_codes_in_a_large_table(empty_database: Database) -> None:
    kinds(empty_database, ("a", "card"), others=LARGE)
    things(empty_database, "a")
    assert looked_up(empty_database, selection(things_dataset(), Identifier("customer_id", "C-3"))) == {}
    assert looked_up(empty_database, selection(things_dataset())) == {}


@pytest.mark.usefixtures("table_size")
def test_codes_that_differ_only_in_case_are_different(empty_database: Database) -> None:
    blind = "TEXT COLLATE NOCASE" if isinstance(empty_database, SqliteDatabase) else "TEXT"
    kinds(empty_database, ("a", "small"), ("A", "capital"), type_=blind)
    things(empty_database, "a", "A", "a", type_=blind)
    found = looked_up(empty_database, selection(things_dataset(), C1))
    assert (found["a"], found["A"]) == ("small", "capital")


def test_text_that_is_not_unicode_is_not_a_code_and_stops_nothing(empty_sqlite: SqliteDatabase) -> None:
    kinds(empty_sqlite, ("a", "card"), others=LARGE)
    things(empty_sqlite, "a")
    empty_sqlite.run("INSERT INTO things (customer_id, kind) VALUES ('C-1', CAST(x'ff61' AS TEXT))")
    assert looked_up(empty_sqlite, selection(things_dataset(), C1)) == {"a": "card"}


@pytest.mark.usefixtures("table_size")
def test_a_null_code_is_ignored_and_a_null_meaning_is_returned(empty_database: Database) -> None:
    kinds(empty_database, (None, "nobody's"), (None, "nobody's either"), ("None", "no kind"), ("a", None))
    things(empty_database, None, "None", "a")
    found = looked_up(empty_database, selection(things_dataset(), C1))
    assert {code: found[code] for code in ("None", "a")} == {"None": "no kind", "a": None}


def test_two_meanings_of_one_code_are_an_error_if_it_occurs(empty_database: Database) -> None:
    kinds(empty_database, ("a", "PRIVATE"), ("a", "cash"), ("b", "gold"), others=LARGE)
    things(empty_database, "b")
    assert looked_up(empty_database, selection(things_dataset(), C1)) == {"b": "gold"}
    empty_database.many("INSERT INTO things (customer_id, kind) VALUES (?, ?)", [("C-1", "a")])
    with pytest.raises(RegisterError, match="code table 'kinds' of source 'main' has two meanings") as caught:
        looked_up(empty_database, selection(things_dataset(), C1))
    assert "PRIVATE" not in str(caught.value)


def test_more_than_ten_thousand_codes_in_a_persons_rows_are_an_error(
    empty_database: Database,
) -> None:
    kinds(empty_database, others=LARGE)
    empty_database.table("things", id=ROW_ID, customer_id="TEXT", kind="TEXT")
    empty_database.run(
        f"INSERT INTO things (customer_id, kind) SELECT 'C-1', 1000000 + n FROM ({_TO_9999}) AS made"
    )
    assert len(looked_up(empty_database, selection(things_dataset(), C1))) == 10_000
    empty_database.run("INSERT INTO things (customer_id, kind) VALUES ('C-1', 'PRIVATE')")
    with pytest.raises(
        RegisterError, match=r"'things': more than 10000 different codes occur .*fields.coded"
    ) as caught:
        looked_up(empty_database, selection(things_dataset(), C1))
    assert "PRIVATE" not in str(caught.value)


def test_as_few_statements_are_sent_for_many_rows_as_for_one_row(empty_database: Database) -> None:
    kinds(empty_database, ("a", "card"), others=LARGE)
    counted: list[int] = []
    empty_database.table("things", id=ROW_ID, customer_id="TEXT", kind="TEXT")
    for rows in (1, 1500):
        empty_database.many("INSERT INTO things (customer_id, kind) VALUES (?, ?)", [("C-1", "a")] * rows)
        with statements() as sent:
            looked_up(empty_database, selection(things_dataset(), C1))
        counted.append(len([s for s in sent if "kinds" in s or "things" in s]))
    assert counted[0] == counted[1]


# Where the codes are


def test_codes_by_all_keys_in_history_and_under_other_names_are_looked_up(empty_database: Database) -> None:
    kinds(empty_database, ("mine", "1"), ("by mail", "2"), ("before", "3"), ("theirs", "4"), others=LARGE)
    columns = {"id": ROW_ID, "customer_id": "TEXT", "email": "TEXT"}
    empty_database.table("things", **columns, kind="TEXT")
    empty_database.table("things_history", **columns, sort_of="TEXT")
    rows: Sequence[Row] = [("C-1", None, "mine"), (None, SAM.value, "by mail"), ("C-2", None, "theirs")]
    empty_database.many("INSERT INTO things (customer_id, email, kind) VALUES (?, ?, ?)", rows)
    empty_database.many(
        "INSERT INTO things_history (customer_id, sort_of) VALUES (?, ?)", [("C-1", "before")]
    )
    keys = tuple(SubjectKey(column=kind, identifier=kind) for kind in ("customer_id", "email"))
    history = (HistoryTable(table="things_history", order_by=("id",), columns={"kind": "sort_of"}),)
    found = looked_up(empty_database, selection(things_dataset(subject_keys=keys, history=history), C1, SAM))
    assert found == {"mine": "1", "by mail": "2", "before": "3"}


def test_codes_that_a_query_returns_are_looked_up(empty_database: Database) -> None:
    kinds(empty_database, ("made-up a", "card"), ("a", "cash"), others=LARGE)
    things(empty_database, "a", "b")
    query = (
        "SELECT id, customer_id, CASE kind WHEN 'a' THEN 'made-up a' ELSE kind END AS made "
        "FROM things WHERE customer_id IN :customer_id"
    )
    found = looked_up(empty_database, selection(things_dataset("made", query=query, key="id"), C1))
    assert found == {"made-up a": "card"}


def test_codes_inside_json_are_looked_up(empty_database: Database) -> None:
    kinds(empty_database, ("a", "card"), ("7", "seven"), ("b", "cash"), others=LARGE)
    with_tables(empty_database)
    fill(
        empty_database,
        '{"pay": {"a/b": "a"}}',
        '{"pay": {"a/b": 7}}',
        '{"pay": null}',
        "no JSON",
        None,
        "[1]",
    )
    fill(empty_database, '{"pay": {"a/b": "b"}}', customer="C-2")
    found = looked_up(empty_database, coded(KINDS, C1, path="/pay/a~1b"))
    assert found == {"a": "card", "7": "seven"}


def test_the_code_of_a_constant_field_is_looked_up(empty_database: Database) -> None:
    kinds(empty_database, ("a", "card"), ("b", "cash"), others=LARGE)
    things(empty_database, "b")
    constant = {"coded": FieldMapping(value="a", codes_from=KINDS)}
    assert looked_up(empty_database, selection(replace(things_dataset(), fields=constant), C1)) == {
        "a": "card"
    }


# The types of codes

TYPES = ("BIGINT", "TEXT", "NUMERIC(10,2)", "DOUBLE PRECISION")


@pytest.mark.usefixtures("table_size")
@pytest.mark.parametrize("code", TYPES)
@pytest.mark.parametrize("cell", TYPES)
def test_a_number_matches_its_code_whatever_the_columns_types(
    empty_database: Database, cell: str, code: str
) -> None:
    kinds(empty_database, ("7", "seven"), ("70", "seventy"), ("0", "none"), type_=code)
    things(empty_database, "70", "7", "0", "8", type_=cell)
    assert decoded(empty_database) == ["seventy", "seven", "none", None]


@pytest.mark.usefixtures("table_size")
def test_texts_that_are_written_differently_are_different_codes(empty_database: Database) -> None:
    kinds(empty_database, ("7", "seven"), ("07", "James"), ("1.0", "old"), ("1", "one"))
    things(empty_database, "7", "07", "007", "1.0", "1", " 1", "1e0", "1.00")
    assert decoded(empty_database) == ["seven", "James", None, "old", "one", None, None, None]


@pytest.mark.usefixtures("table_size")
def test_a_number_that_matches_two_codes_has_no_meaning(empty_database: Database) -> None:
    kinds(empty_database, ("7", "seven"), ("7.0", "version 7"), ("8", "eight"))
    things(empty_database, "7.00", "8.00")
    assert decoded(empty_database) == [None, "eight"]


@pytest.mark.usefixtures("table_size")
def test_binary_codes_are_returned_as_hexadecimal(empty_database: Database) -> None:
    empty_database.table("kinds", code="BYTEA", meaning="TEXT")
    filling = [(n.to_bytes(3, "big"), "another") for n in range(FEW)]
    empty_database.many(
        "INSERT INTO kinds (code, meaning) VALUES (?, ?)", [*filling, (b"\xca\xfe", "coffee")]
    )
    things(empty_database, b"\xca\xfe", b"\xde\xad", type_="BYTEA")
    assert looked_up(empty_database, selection(things_dataset(), C1))["cafe"] == "coffee"
    assert decoded(empty_database) == ["coffee", None]


def decoded(database: Database) -> list[object]:
    """The meanings of the cells; None where the code is unknown."""
    mapping = things_dataset().fields["coded"]
    decode = converter(FieldKind.TEXT, mapping, looked_up(database, selection(things_dataset(), C1)))

    def meaning(cell: object) -> object:
        try:
            return decode(cell)
        except Unfit:
            return None

    return [meaning(cell) for (cell,) in cells(database, things_dataset(), C1)]
