"""Code tables of any size: while small whole, else the codes that occur in the rows of the selection."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import pytest

from dsar_export.errors import RegisterError
from dsar_export.model.dataset import Dataset, HistoryTable
from dsar_export.model.field_mapping import CodeTable, FieldMapping
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
def held(request: pytest.FixtureRequest) -> Database:
    """An empty database of each kind in turn; MariaDB's is blind to case."""
    if request.param == "mariadb":
        return empty_mariadb(request.getfixturevalue("mariadb_server"))
    return cast(Database, request.getfixturevalue(f"empty_{request.param}"))


@pytest.fixture(params=["whole", "those that occur"])
def however(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways in which a code table of a few codes may be read."""
    if request.param != "whole":
        monkeypatch.setattr("collectors.sql_database.codes.MOST_CODES", FEW)


def kinds(database: Database, *codes: Row, type_: str = "TEXT", others: int = FEW + 1) -> None:
    """A code table with these codes among others, the numbers from 1,000,000 on."""
    database.table("kinds", code=type_, meaning="TEXT")
    made = f"SELECT 1000000 + n, 'another' FROM ({_TO_19999}) AS made WHERE n < {others}"
    database.run(f"INSERT INTO kinds (code, meaning) {made}")
    database.many("INSERT INTO kinds (code, meaning) VALUES (?, ?)", codes)


def things(database: Database, *codes: object, type_: str = "TEXT", customer: str = "C-1") -> None:
    """Rows that hold these codes in a column of a type."""
    database.table("things", id=ROW_ID, customer_id="TEXT", kind=type_)
    database.many(
        "INSERT INTO things (customer_id, kind) VALUES (?, ?)", [(customer, code) for code in codes]
    )


def of_things(column: str = "kind", **dataset: object) -> Dataset:
    mapping = {"coded": FieldMapping(column=column, codes_from=KINDS)}
    made = replace(table_dataset("id", name="things"), fields=mapping)
    return replace(made, **dataset)  # type: ignore[arg-type] # fields of it


def told(database: Database, of: Selection) -> Mapping[str, object]:
    with database.collector().snapshot() as snapshot:
        return snapshot.codes(of, "coded")


# Which codes are looked up


def test_of_a_large_table_the_codes_that_occur_are_looked_up_and_no_other(held: Database) -> None:
    kinds(held, ("a", "card"), ("b", "cash"), ("c", "gold"), others=LARGE)
    things(
        held, "a", "b", "a", None, "lost", "999"
    )  # of a number that is not found the table is read through
    held.many("INSERT INTO things (customer_id, kind) VALUES (?, ?)", [("C-2", "c")])
    assert told(held, selection(of_things(), C1)) == {"a": "card", "b": "cash"}


def test_a_small_table_is_read_whole(held: Database) -> None:
    kinds(held, ("a", "card"), ("b", "cash"), others=0)
    things(held, "a")
    assert told(held, selection(of_things(), C1)) == {"a": "card", "b": "cash"}
    assert told(held, selection(of_things())) == {"a": "card", "b": "cash"}


def test_ten_thousand_codes_are_a_small_table_and_one_more_makes_a_large_one(held: Database) -> None:
    held.table("kinds", code="TEXT", meaning="TEXT")
    held.run(f"INSERT INTO kinds (code, meaning) SELECT n, 'one' FROM ({_TO_9999}) AS made")
    things(held, "7")
    assert len(told(held, selection(of_things(), C1))) == 10_000
    held.run("INSERT INTO kinds (code, meaning) VALUES ('more', 'one')")
    assert told(held, selection(of_things(), C1)) == {"7": "one"}


def test_a_person_without_rows_has_no_codes_of_a_large_table(held: Database) -> None:
    kinds(held, ("a", "card"), others=LARGE)
    things(held, "a")
    assert told(held, selection(of_things(), Identifier("customer_id", "C-3"))) == {}
    assert told(held, selection(of_things())) == {}


@pytest.mark.usefixtures("however")
def test_codes_that_differ_in_case_only_are_two(held: Database) -> None:
    blind = "TEXT COLLATE NOCASE" if isinstance(held, SqliteDatabase) else "TEXT"
    kinds(held, ("a", "small"), ("A", "capital"), type_=blind)
    things(held, "a", "A", "a", type_=blind)
    found = told(held, selection(of_things(), C1))
    assert (found["a"], found["A"]) == ("small", "capital")


def test_text_that_is_no_unicode_is_no_code_and_stops_nothing(empty_sqlite: SqliteDatabase) -> None:
    kinds(empty_sqlite, ("a", "card"), others=LARGE)
    things(empty_sqlite, "a")
    empty_sqlite.run("INSERT INTO things (customer_id, kind) VALUES ('C-1', CAST(x'ff61' AS TEXT))")
    assert told(empty_sqlite, selection(of_things(), C1)) == {"a": "card"}


@pytest.mark.usefixtures("however")
def test_a_code_that_is_null_is_none_and_a_meaning_that_is_null_is_told(held: Database) -> None:
    kinds(held, (None, "nobody's"), (None, "nobody's either"), ("None", "no kind"), ("a", None))
    things(held, None, "None", "a")
    found = told(held, selection(of_things(), C1))
    assert {code: found[code] for code in ("None", "a")} == {"None": "no kind", "a": None}


def test_two_meanings_of_one_code_are_an_error_if_it_occurs(held: Database) -> None:
    kinds(held, ("a", "PRIVATE"), ("a", "cash"), ("b", "gold"), others=LARGE)
    things(held, "b")
    assert told(held, selection(of_things(), C1)) == {"b": "gold"}
    held.many("INSERT INTO things (customer_id, kind) VALUES (?, ?)", [("C-1", "a")])
    with pytest.raises(RegisterError, match="code table 'kinds' of source 'main' has two meanings") as caught:
        told(held, selection(of_things(), C1))
    assert "PRIVATE" not in str(caught.value)


def test_more_than_ten_thousand_codes_in_the_rows_of_a_person_are_an_error_that_says_so(
    held: Database,
) -> None:
    kinds(held, others=LARGE)
    held.table("things", id=ROW_ID, customer_id="TEXT", kind="TEXT")
    held.run(f"INSERT INTO things (customer_id, kind) SELECT 'C-1', 1000000 + n FROM ({_TO_9999}) AS made")
    assert len(told(held, selection(of_things(), C1))) == 10_000
    held.run("INSERT INTO things (customer_id, kind) VALUES ('C-1', 'PRIVATE')")
    with pytest.raises(
        RegisterError, match=r"'things': more than 10000 different codes occur .*fields.coded"
    ) as caught:
        told(held, selection(of_things(), C1))
    assert "PRIVATE" not in str(caught.value)


def test_as_few_statements_are_sent_for_many_rows_as_for_one(held: Database) -> None:
    kinds(held, ("a", "card"), others=LARGE)
    counted: list[int] = []
    held.table("things", id=ROW_ID, customer_id="TEXT", kind="TEXT")
    for rows in (1, 1500):
        held.many("INSERT INTO things (customer_id, kind) VALUES (?, ?)", [("C-1", "a")] * rows)
        with statements() as sent:
            told(held, selection(of_things(), C1))
        counted.append(len([s for s in sent if "kinds" in s or "things" in s]))
    assert counted[0] == counted[1]


# Where the codes are


def test_codes_of_all_keys_of_history_and_under_other_names_are_looked_up(held: Database) -> None:
    kinds(held, ("mine", "1"), ("by mail", "2"), ("before", "3"), ("theirs", "4"), others=LARGE)
    columns = {"id": ROW_ID, "customer_id": "TEXT", "email": "TEXT"}
    held.table("things", **columns, kind="TEXT")
    held.table("things_history", **columns, sort_of="TEXT")
    rows: Sequence[Row] = [("C-1", None, "mine"), (None, SAM.value, "by mail"), ("C-2", None, "theirs")]
    held.many("INSERT INTO things (customer_id, email, kind) VALUES (?, ?, ?)", rows)
    held.many("INSERT INTO things_history (customer_id, sort_of) VALUES (?, ?)", [("C-1", "before")])
    keys = tuple(SubjectKey(column=kind, identifier=kind) for kind in ("customer_id", "email"))
    history = (HistoryTable(table="things_history", order_by=("id",), columns={"kind": "sort_of"}),)
    found = told(held, selection(of_things(subject_keys=keys, history=history), C1, SAM))
    assert found == {"mine": "1", "by mail": "2", "before": "3"}


def test_codes_that_a_query_returns_are_looked_up(held: Database) -> None:
    kinds(held, ("made-up a", "card"), ("a", "cash"), others=LARGE)
    things(held, "a", "b")
    query = (
        "SELECT id, customer_id, CASE kind WHEN 'a' THEN 'made-up a' ELSE kind END AS made "
        "FROM things WHERE customer_id IN :customer_id"
    )
    found = told(held, selection(of_things("made", query=query, key="id"), C1))
    assert found == {"made-up a": "card"}


def test_codes_within_json_are_looked_up(held: Database) -> None:
    kinds(held, ("a", "card"), ("7", "seven"), ("b", "cash"), others=LARGE)
    with_tables(held)
    fill(held, '{"pay": {"a/b": "a"}}', '{"pay": {"a/b": 7}}', '{"pay": null}', "no JSON", None, "[1]")
    fill(held, '{"pay": {"a/b": "b"}}', customer="C-2")
    found = told(held, coded(KINDS, C1, path="/pay/a~1b"))
    assert found == {"a": "card", "7": "seven"}


def test_the_code_of_a_field_that_is_the_same_in_all_rows_is_looked_up(held: Database) -> None:
    kinds(held, ("a", "card"), ("b", "cash"), others=LARGE)
    things(held, "b")
    constant = {"coded": FieldMapping(value="a", codes_from=KINDS)}
    assert told(held, selection(replace(of_things(), fields=constant), C1)) == {"a": "card"}


# Of what types they are

TYPES = ("BIGINT", "TEXT", "NUMERIC(10,2)", "DOUBLE PRECISION")


@pytest.mark.usefixtures("however")
@pytest.mark.parametrize("code", TYPES)
@pytest.mark.parametrize("cell", TYPES)
def test_a_number_meets_the_code_that_it_is_whatever_types_hold_them(
    held: Database, cell: str, code: str
) -> None:
    kinds(held, ("7", "seven"), ("70", "seventy"), ("0", "none"), type_=code)
    things(held, "70", "7", "0", "8", type_=cell)
    assert decoded(held) == ["seventy", "seven", "none", None]


@pytest.mark.usefixtures("however")
def test_texts_that_are_written_otherwise_are_other_codes(held: Database) -> None:
    kinds(held, ("7", "seven"), ("07", "James"), ("1.0", "old"), ("1", "one"))
    things(held, "7", "07", "007", "1.0", "1", " 1", "1e0", "1.00")
    assert decoded(held) == ["seven", "James", None, "old", "one", None, None, None]


@pytest.mark.usefixtures("however")
def test_a_number_that_may_be_two_codes_is_none(held: Database) -> None:
    kinds(held, ("7", "seven"), ("7.0", "version 7"), ("8", "eight"))
    things(held, "7.00", "8.00")
    assert decoded(held) == [None, "eight"]


@pytest.mark.usefixtures("however")
def test_binary_codes_are_told_as_hexadecimal(held: Database) -> None:
    held.table("kinds", code="BYTEA", meaning="TEXT")
    filling = [(n.to_bytes(3, "big"), "another") for n in range(FEW)]
    held.many("INSERT INTO kinds (code, meaning) VALUES (?, ?)", [*filling, (b"\xca\xfe", "coffee")])
    things(held, b"\xca\xfe", b"\xde\xad", type_="BYTEA")
    assert told(held, selection(of_things(), C1))["cafe"] == "coffee"
    assert decoded(held) == ["coffee", None]


def decoded(database: Database) -> list[object]:
    """What the cells mean, None where no code is known."""
    mapping = of_things().fields["coded"]
    decode = converter(FieldKind.TEXT, mapping, told(database, selection(of_things(), C1)))

    def meaning(cell: object) -> object:
        try:
            return decode(cell)
        except Unfit:
            return None

    return [meaning(cell) for (cell,) in cells(database, of_things(), C1)]
