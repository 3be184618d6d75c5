"""The SQL collector keeps its contract, and the contract kit names every broken promise."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from dsar_export.model.source import CHUNK_BYTES, CHUNK_ROWS
from dsar_export.testing import CollectorCase, assert_contract, broken_promises
from tests.collectors.cases import filled, query_case, table_case
from tests.collectors.sources import Database, SqliteDatabase
from tests.hostile import HostileCollector, Lie


@pytest.fixture
def held(empty: Database) -> Iterator[Database]:
    with filled(empty) as database:
        yield database


@pytest.fixture
def file(empty_sqlite: SqliteDatabase) -> Iterator[Database]:
    with filled(empty_sqlite) as database:
        yield database


def hostile(case: CollectorCase, lie: Lie, database: Database) -> CollectorCase:
    def spoil() -> None:
        database.run("INSERT INTO campaigns (title) VALUES ('was here')")

    def wrapped(*, broken: bool) -> HostileCollector:
        honest = case.broken() if broken else case.collector()
        return HostileCollector(honest, lie, spoil, private="PRIVATE 7")

    return replace(case, collector=lambda: wrapped(broken=False), broken=lambda: wrapped(broken=True))


def test_the_cases_test_what_they_are_meant_to(held: Database) -> None:
    for case in (table_case(held), query_case(held)):
        assert len(case.rows) > 4 * CHUNK_ROWS
        assert sum(len(str(cell)) for row in case.rows for cell in row) > CHUNK_BYTES + (1 << 20)


def test_reading_a_table_keeps_the_contract(held: Database) -> None:
    assert_contract(table_case(held))


def test_reading_a_query_keeps_the_contract(held: Database) -> None:
    assert_contract(query_case(held))


def test_a_wrapper_without_a_lie_passes_too(held: Database) -> None:
    assert list(broken_promises(hostile(table_case(held), Lie.NONE, held))) == []


@pytest.mark.parametrize("lie", [lie for lie in Lie if lie is not Lie.NONE])
def test_each_lie_is_named(file: Database, lie: Lie) -> None:
    assert lie.named in list(broken_promises(hostile(table_case(file), lie, file)))


def test_the_contract_names_all_broken_promises_and_not_only_the_first(file: Database) -> None:
    liar = hostile(table_case(file), Lie.LOSES_A_ROW, file)
    with pytest.raises(AssertionError, match="breaks its contract") as caught:
        assert_contract(liar)
    lines = str(caught.value).splitlines()
    assert len(lines) == 4  # the first reading, the second, and after a change
