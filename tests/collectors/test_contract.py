"""The collector of SQL databases keeps its contract, and the contract kit names every promise that is broken."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from dsar_export.model.source import CHUNK_BYTES, CHUNK_ROWS
from dsar_export.testing import CollectorCase, assert_contract, broken_promises
from tests.collectors.sources import Database, filled, query_case, table_case
from tests.hostile import HostileCollector, Lie


def hostile(case: CollectorCase, lie: Lie, database: Database) -> CollectorCase:
    def spoil() -> None:
        with closing(sqlite3.connect(database.file)) as connection, connection:
            connection.execute("INSERT INTO campaigns (title) VALUES ('was here')")

    def wrapped(*, broken: bool) -> HostileCollector:
        honest = case.broken() if broken else case.collector()
        return HostileCollector(honest, lie, spoil, private="PRIVATE 7")

    return replace(case, collector=lambda: wrapped(broken=False), broken=lambda: wrapped(broken=True))


def test_the_cases_are_worth_their_name(tmp_path: Path) -> None:
    with filled(tmp_path / "source") as database:
        for case in (table_case(database), query_case(database)):
            assert len(case.rows) > 4 * CHUNK_ROWS
            assert sum(len(str(cell)) for row in case.rows for cell in row) > CHUNK_BYTES + (1 << 20)


def test_a_table_is_read_as_the_contract_says(tmp_path: Path) -> None:
    with filled(tmp_path / "source") as database:
        assert_contract(table_case(database))


def test_a_query_is_read_as_the_contract_says(tmp_path: Path) -> None:
    with filled(tmp_path / "source") as database:
        assert_contract(query_case(database))


def test_a_wrapper_that_tells_no_lie_passes_too(tmp_path: Path) -> None:
    with filled(tmp_path / "source") as database:
        assert list(broken_promises(hostile(table_case(database), Lie.NONE, database))) == []


@pytest.mark.parametrize("lie", [lie for lie in Lie if lie is not Lie.NONE])
def test_each_lie_is_named(tmp_path: Path, lie: Lie) -> None:
    with filled(tmp_path / "source") as database:
        assert lie.named in list(broken_promises(hostile(table_case(database), lie, database)))


def test_the_contract_names_all_that_is_broken_and_not_only_the_first(tmp_path: Path) -> None:
    with filled(tmp_path / "source") as database:
        liar = hostile(table_case(database), Lie.LOSES_A_ROW, database)
        with pytest.raises(AssertionError, match="breaks its contract") as caught:
            assert_contract(liar)
    told = str(caught.value).splitlines()
    assert len(told) == 4  # the first reading, the second, and after a change
