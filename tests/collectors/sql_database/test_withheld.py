"""A table that the account may not read, or whose policy hides rows, is refused before anything is read."""

from collections.abc import Callable

import pytest

from collectors.sql_database.snapshot import SqlSnapshot
from dsar_export.errors import RegisterError
from dsar_export.model.comparison import Match
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import CodeTable, FieldMapping
from dsar_export.model.place import HistoryTable
from dsar_export.model.source import Probe
from dsar_export.model.subject_key import Step, SubjectKey
from tests.collectors.conftest import with_tables
from tests.collectors.sources import C1, LINK, PostgresDatabase, selection, table_dataset
from tests.collectors.sql_database.mariadb.database import MariadbDatabase, empty_mariadb
from tests.replacing import replace

RECORDS = table_dataset("text")
CODES = CodeTable(table="campaigns", code="id", meaning="title")
KEY = SubjectKey(
    column="email", identifier="email", through=(Step(column="customer_id", table="customers", key="id"),)
)
HISTORY = HistoryTable(table="letters", order_by=("id",), columns={"customer_id": "email", "text": "body"})


def probed(dataset: Dataset) -> Callable[[SqlSnapshot], object]:
    return lambda snapshot: snapshot.probe(selection(dataset, C1))


def linked(snapshot: SqlSnapshot) -> object:
    return snapshot.probe_link(LINK, ())


CASES = [
    ("records", probed(RECORDS)),
    ("campaigns", probed(replace(RECORDS, fields={"text": FieldMapping(column="text", codes_from=CODES)}))),
    ("customers", probed(replace(RECORDS, subject_keys=(KEY,)))),
    ("letters", probed(replace(RECORDS, history=(HISTORY,)))),
    ("customers", linked),
]
each_use = pytest.mark.parametrize(
    ("table", "act"), CASES, ids=["a dataset", "its codes", "its way", "its history", "a link"]
)


@pytest.fixture
def mariadb(mariadb_server: str) -> MariadbDatabase:
    made = empty_mariadb(mariadb_server)
    with_tables(made)
    return made


@each_use
def test_a_policy_that_would_hide_rows_is_refused(
    pg: PostgresDatabase, table: str, act: Callable[[SqlSnapshot], object]
) -> None:
    with pg.collector().snapshot() as opened:
        act(opened)
    pg.run(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    pg.run(f"CREATE POLICY nobody ON {table} USING (false)")
    with (
        pg.collector().snapshot() as opened,
        pytest.raises(RegisterError, match=rf'row-level security policy for table "{table}".*BYPASSRLS'),
    ):
        act(opened)


@each_use
def test_a_table_without_a_grant_is_refused(
    pg: PostgresDatabase, table: str, act: Callable[[SqlSnapshot], object]
) -> None:
    pg.run(f"REVOKE SELECT ON {table} FROM {pg.role}")
    with (
        pg.collector().snapshot() as opened,
        pytest.raises(RegisterError, match=f"permission denied for table {table}"),
    ):
        act(opened)


@each_use
def test_a_table_without_a_grant_is_refused_by_mariadb_too(
    mariadb: MariadbDatabase, table: str, act: Callable[[SqlSnapshot], object]
) -> None:
    with mariadb.collector().snapshot() as opened:
        act(opened)
    mariadb.run(f"REVOKE SELECT ON {mariadb.name}.* FROM `{mariadb.account}`@`%`")
    for other in {"records", "campaigns", "customers", "letters"} - {table}:
        mariadb.grant(f"SELECT ON {mariadb.name}.{other}")
    with mariadb.collector().snapshot() as opened, pytest.raises(RegisterError, match=f"denied .*{table}"):
        act(opened)


def test_a_link_without_a_suitable_index_is_reported(pg: PostgresDatabase, mariadb: MariadbDatabase) -> None:
    by_number = replace(
        LINK, given="customer_id", leads_to="email", given_column="id", leads_to_column="email"
    )
    exact = replace(by_number, match=Match.EXACT)
    for database in (pg, mariadb):
        with database.collector().snapshot() as opened:
            assert opened.probe_link(exact, ()) == Probe(without_index=False, remote=True)
            assert opened.probe_link(LINK, ()) == Probe(without_index=True, remote=True)
