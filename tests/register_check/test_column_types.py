"""`check` compares fields with the types, nulls and values of their columns, before a row is kept beside."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pytest

from dsar_export.model.dataset import DeletedMark
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.finding import Finding
from dsar_export.model.place import TablePlace
from dsar_export.model.request import Identifier
from dsar_export.model.source import ColumnFacts, ColumnKind, SourceDescription, Table
from dsar_export.normalising import Unfit
from dsar_export.normalising.cells import converter
from dsar_export.register_check.column_types import column_type_findings
from tests.collectors.sources import Database, PostgresDatabase, cells, table_dataset
from tests.collectors.sql_database.mariadb.database import empty_mariadb
from tests.export.rows import dataset, register, schema, with_fields
from tests.register_check.changed import changed, findings
from tests.replacing import replace

POSTGRESQL: Mapping[str, str] = {
    "smallint": "1",
    "numeric": "1",
    "money": "1",
    "real": "1",
    "double precision": "1",
    "oid": "1",
    "boolean": "true",
    "uuid": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    "bytea": "\\x00ff",
    "timestamptz": "2026-01-05 00:00Z",
    "timestamp": "2026-01-05 00:00",
    "date": "2026-01-05",
    "time": "10:00",
    "json": '{"a": 1}',
    "jsonb": '{"a": 1}',
    "jsonb[]": '{"{}"}',
    "integer[]": "{1}",
    "timestamptz[]": "{2026-01-05 10:00Z}",
}
MARIADB: Mapping[str, str] = {
    "INT": "1",
    "DECIMAL(3)": "1",
    "FLOAT": "1",
    "DOUBLE": "1",
    "BIT(1)": "1",
    "UUID": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    "BLOB": "bytes",
    "TIMESTAMP": "2026-01-05 00:00",
    "DATETIME": "2026-01-05 00:00",
    "DATE": "2026-01-05",
    "TIME": "10:00",
}
"""A type, and a cell of it that suits as many fields as any."""


PLACE = TablePlace(table="typed", order_by=("id",))


def judged(database: Database, types: Mapping[str, str]) -> Iterator[tuple[str, str, bool, bool]]:
    """For each type and field: whether the check finds a misfit, and whether the export keeps the row beside."""
    columns = [f"c{n}" for n in range(len(types))]
    declared = ", ".join(f"{c} {kind}" for c, kind in zip(columns, types, strict=True))
    database.run(f"CREATE TABLE typed (customer_id VARCHAR(9), id INTEGER, {declared})")
    values = ", ".join(f"'{cell}'" if not cell.isdigit() else cell for cell in types.values())
    database.run(f"INSERT INTO typed VALUES ('C-1', 1, {values})")
    description = database.collector().describe()
    (row,) = cells(database, table_dataset(*columns, name="typed"), Identifier("customer_id", "C-1"))
    for kind, column, cell in zip(types, columns, row, strict=True):
        for field in schema().fields:
            if field.name in dataset().fields and field.name != "record_id":
                mapped = with_fields({field.name: FieldMapping(column=column)}, at=PLACE)
                found = [f for f in column_type_findings(register(), mapped, description) if not f.warning]
                yield kind, field.name, bool(found), not is_taken(mapped, field.name, cell)


def is_taken(mapped: object, name: str, cell: object) -> bool:
    field = next(f for f in schema().fields if f.name == name)
    try:
        converter(field.kind, FieldMapping(column="c"))(cell)
    except Unfit:
        return False
    return True


def assert_check_foresees_the_export(database: Database, types: Mapping[str, str]) -> None:
    verdicts = list(judged(database, types))
    assert [v[:2] for v in verdicts if v[2] != v[3]] == []
    assert len({v[0] for v in verdicts if v[2]}) == len(types)  # each type misfits some field
    assert {v[1] for v in verdicts if not v[2]} >= {"text", "whole", "number", "amount", "flag", "day", "raw"}


def test_a_misfit_is_found_exactly_where_postgresqls_cells_are_unfit(
    empty_postgres: PostgresDatabase,
) -> None:
    assert_check_foresees_the_export(empty_postgres, POSTGRESQL)


def test_a_misfit_is_found_exactly_where_mariadbs_cells_are_unfit(mariadb_server: str) -> None:
    assert_check_foresees_the_export(empty_mariadb(mariadb_server), MARIADB)


COLUMNS = """CREATE TABLE listed (id INTEGER NOT NULL PRIMARY KEY, free VARCHAR(9), fixed VARCHAR(9) NOT NULL,
    status VARCHAR(9) CHECK (status IN ('a', 'b''c')), rank INTEGER CHECK (rank IN (1, 2)),
    many VARCHAR(9) CHECK (many IN ('x') OR many IS NULL), range_of INTEGER CHECK (range_of > 1 AND range_of < 4)
)"""


@pytest.mark.parametrize("kind", ["sqlite", "postgres", "mariadb"])
def test_nulls_and_listed_values_are_read_from_every_catalogue(
    kind: str, request: pytest.FixtureRequest
) -> None:
    if kind == "mariadb":
        database: Database = empty_mariadb(request.getfixturevalue("mariadb_server"))
    else:
        database = request.getfixturevalue(f"empty_{kind}")
    database.run(
        COLUMNS if kind != "mariadb" else COLUMNS.replace("rank ", "`rank` ").replace("(rank", "(`rank`")
    )
    table = database.collector().describe().table("listed")
    assert table is not None
    assert {name for name, facts in table.facts.items() if not facts.nullable} == {"id", "fixed"}
    assert {name: facts.values for name, facts in table.facts.items() if facts.values is not None} == {
        "status": ("a", "b'c"),
        "rank": ("1", "2"),
        "many": ("x",),
    }


def test_the_labels_of_an_enum_are_its_values(empty_postgres: PostgresDatabase, mariadb_server: str) -> None:
    mariadb = empty_mariadb(mariadb_server)
    empty_postgres.run("CREATE TYPE tier AS ENUM ('gold', 'a ''b'', c')")
    empty_postgres.run("CREATE TABLE listed (tier tier)")
    mariadb.run("CREATE TABLE listed (tier ENUM('gold', 'a ''b'', c'))")
    for database in (empty_postgres, mariadb):
        table = database.collector().describe().table("listed")
        assert table is not None
        assert table.facts["tier"].values == ("gold", "a 'b', c")


def found(
    mapping: FieldMapping,
    facts: ColumnFacts,
    name: str = "text",
    *,
    typed: bool = True,
    changes: Mapping[str, object] = MappingProxyType({}),
) -> list[Finding]:
    """The findings for a field `name` of a column `c` with these facts."""
    table = Table("typed", ("id", "c"), facts={"c": facts})
    made = replace(with_fields({name: mapping}, at=PLACE), **changes)
    return list(column_type_findings(register(), made, SourceDescription((table,), typed=typed)))


def problems(
    mapping: FieldMapping,
    facts: ColumnFacts,
    name: str = "text",
    changes: Mapping[str, object] = MappingProxyType({}),
) -> list[str]:
    return [f.problem.removeprefix("column typed.c ") for f in found(mapping, facts, name, changes=changes)]


C = FieldMapping(column="c")
LISTED = ColumnFacts(ColumnKind.TEXT, values=("gold", "silver"))


def test_where_a_cell_may_have_any_type_a_misfit_is_a_warning() -> None:
    facts = ColumnFacts(ColumnKind.BYTES)
    assert [f.warning for f in found(C, facts)] == [False]
    assert [f.warning for f in found(C, facts, typed=False)] == [True]


def test_each_misfit_says_what_to_do() -> None:
    for kind, name, advice in (
        (
            ColumnKind.BYTES,
            "text",
            "set binary for bytes and codes for booleans, or map it to a field of that type",
        ),
        (ColumnKind.INSTANT, "day", "map it to a date-time field, or convert it in a query"),
        (ColumnKind.TIME, "amount", "map it to a field of that type, or convert it in a query"),
    ):
        (problem,) = problems(C, ColumnFacts(kind), name)
        assert problem.startswith(f"is {kind}, which a field that is")
        assert problem.endswith(f"can't take, so every row would be kept beside: {advice}")
    (problem,) = problems(C, ColumnFacts(ColumnKind.LOCAL_TIME), "at")
    assert problem == "has times without a zone, so every row would be kept beside: set zone or zone_column"


@pytest.mark.parametrize("kind", [ColumnKind.INTEGER, ColumnKind.DECIMAL, ColumnKind.FLOAT, ColumnKind.TEXT])
def test_a_count_since_an_epoch_is_a_number_or_text(kind: ColumnKind) -> None:
    counted = FieldMapping(column="c", unit="epoch_seconds")
    assert problems(counted, ColumnFacts(kind), "at") == []
    assert len(problems(counted, ColumnFacts(ColumnKind.INSTANT), "at")) == 1
    assert len(problems(C, ColumnFacts(ColumnKind.INTEGER), "at")) == 1


def test_a_datetime_in_a_date_field_is_a_warning_because_midnight_fits() -> None:
    (one,) = found(C, ColumnFacts(ColumnKind.LOCAL_TIME), "day")
    assert one.warning
    assert "only midnight" in one.problem


def test_a_path_needs_a_column_that_may_hold_json() -> None:
    path = FieldMapping(column="c", path="/a")
    assert problems(path, ColumnFacts(ColumnKind.JSON)) == []
    assert problems(path, ColumnFacts(ColumnKind.TEXT)) == []
    assert problems(path, ColumnFacts(ColumnKind.DATE)) == ["is date, and a path needs JSON: drop the path"]


def test_a_label_that_codes_forgot_is_found() -> None:
    gold = FieldMapping(column="c", codes={"gold": "Gold"})
    assert problems(gold, LISTED) == ["may be 'silver', which codes lacks: rows with it would be kept beside"]
    assert problems(FieldMapping(column="c", codes={"gold": "Gold", "silver": "Silver"}), LISTED) == []
    assert problems(C, LISTED) == []


@pytest.mark.parametrize(
    ("codes", "missing"),
    [({"t": "Yes", "0": "No"}, []), ({"1": "Yes"}, ["False"]), ({"true": "Yes", "false": "No"}, [])],
)
def test_codes_of_a_boolean_need_both_in_any_spelling(
    codes: Mapping[str, str], missing: Sequence[str]
) -> None:
    lines = problems(FieldMapping(column="c", codes=codes), ColumnFacts(ColumnKind.BOOLEAN))
    assert lines == [f"may be {m}, which codes lacks: rows with it would be kept beside" for m in missing]


def test_a_null_that_the_schema_forbids_is_a_warning() -> None:
    nullable, fixed = ColumnFacts(ColumnKind.TEXT), ColumnFacts(ColumnKind.TEXT, nullable=False)
    (one,) = found(C, nullable, "record_id")
    assert one.warning
    assert one.problem.startswith("column typed.c may be null, but its field may not")
    assert found(C, fixed, "record_id") == []
    assert found(C, nullable, "text") == []


def test_the_column_by_which_rows_are_found_is_never_null_in_them() -> None:
    (key,) = dataset().subject_keys
    by_c = {"subject_keys": (replace(key, column="c"),)}
    assert found(C, ColumnFacts(ColumnKind.TEXT), "record_id", changes=by_c) == []


@pytest.mark.parametrize(
    ("mark", "facts", "problem"),
    [
        (
            DeletedMark(column="c"),
            ColumnFacts(ColumnKind.BOOLEAN, nullable=False),
            "is never null, so every row would be marked as deleted: name the values that mean it in values",
        ),
        (DeletedMark(column="c"), ColumnFacts(ColumnKind.INSTANT), None),
        (
            DeletedMark(column="c", values=("gone",)),
            ColumnFacts(ColumnKind.BOOLEAN),
            "is never 'gone'; it may be True, False",
        ),
        (DeletedMark(column="c", values=("t",)), ColumnFacts(ColumnKind.BOOLEAN), None),
        (DeletedMark(column="c", values=(True,)), ColumnFacts(ColumnKind.BOOLEAN), None),
        (DeletedMark(column="c", unless=("lead",)), LISTED, "is never 'lead'; it may be 'gold', 'silver'"),
        (DeletedMark(column="c", unless=("gold",)), LISTED, None),
        (DeletedMark(column="c", values=("any",)), ColumnFacts(ColumnKind.TEXT), None),
    ],
)
def test_a_mark_that_is_always_or_never_true_is_found(
    mark: DeletedMark, facts: ColumnFacts, problem: str | None
) -> None:
    assert problems(FieldMapping(column="id"), facts, changes={"deleted": mark}) == (
        [] if problem is None else [problem]
    )


def test_the_columns_of_a_query_have_no_declared_types() -> None:
    at = replace(PLACE, query="SELECT 1", key="id")
    table = Table("typed", ("id", "c"), facts={"c": ColumnFacts(ColumnKind.BYTES)})
    made = with_fields({"text": C}, at=at)
    assert list(column_type_findings(register(), made, SourceDescription((table,)))) == []


def test_check_shows_a_misfit_with_file_and_key(tmp_path: Path) -> None:
    statements = ("ALTER TABLE records DROP COLUMN day", "ALTER TABLE records ADD COLUMN day DATETIME")
    (one,) = findings(changed(tmp_path, statement=statements))
    assert (Path(one.where).name, one.key, one.warning) == ("records.toml", "fields.day", True)
    assert one.problem.startswith("column records.day has times")
