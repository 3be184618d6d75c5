"""Reads on one PostgreSQL connection can be interleaved, end when interrupted, and fail alone."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from collectors.sql_database.snapshot import SqlSnapshot
from dsar_export.errors import SourceUnreadableError
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import CodeTable
from dsar_export.model.request import Identifier
from dsar_export.model.source import Chunk, Selection
from tests.collectors.cancelling import cancelled_soon
from tests.collectors.sources import C1, LINK, SAM, PostgresDatabase, fill, meanings, selection, table_dataset
from tests.replacing import replace

RECORDS = table_dataset("text")
ROWS = 700
ANOTHER = Identifier("customer_id", "C-2")
CODES = CodeTable(table="campaigns", code="id", meaning="title")


# A function that is called when its row is fetched; a volatile one would be called for all rows first.
_SLOWLY = (
    "CREATE FUNCTION slowly(text) RETURNS text IMMUTABLE LANGUAGE plpgsql "
    "AS 'BEGIN PERFORM pg_sleep({}); RETURN NULL; END'"
)


@contextmanager
def opened(pg: PostgresDatabase, timeout: int = 60) -> Iterator[SqlSnapshot]:
    """A snapshot in which rows are computed only when they are fetched, in their order."""
    with pg.collector(timeout=timeout).snapshot() as snapshot:
        made = snapshot
        made._connection.exec_driver_sql("SELECT set_config('enable_sort', 'off', true)")
        yield made


def texts(chunks: Iterator[Chunk]) -> list[object]:
    return [row[-1] for chunk in chunks for row in chunk.rows]


def read_to(place: int, stream: Iterator[Chunk]) -> None:
    """Reads exactly `place` rows."""
    found = 0
    while found < place:
        found += len(next(stream).rows)
    assert found == place


def computed(cell: str) -> Selection:
    """The rows of C-1 with a cell that the server computes when it reaches the row."""
    dataset: Dataset = replace(
        RECORDS,
        query=f"""SELECT id, customer_id, {cell} AS text FROM (SELECT * FROM records
            WHERE customer_id IN :customer_id ORDER BY customer_id COLLATE "C", id OFFSET 0) in_order""",
        key="id",
    )
    return selection(dataset, C1)


def test_interleaved_reads_and_other_statements_between_their_chunks_lose_no_row(
    pg: PostgresDatabase,
) -> None:
    ours, theirs = ([f"{who} {n}" for n in range(ROWS)] for who in ("ours", "theirs"))
    fill(pg, *ours)
    fill(pg, *theirs, customer="C-2")
    pg.run("INSERT INTO campaigns VALUES (1, 'Spring')")
    pg.run("INSERT INTO customers VALUES ('C-1', 'sam@example.org')")
    with opened(pg) as snapshot:
        one = snapshot.chunks(selection(RECORDS, C1))
        two = snapshot.chunks(selection(RECORDS, ANOTHER))
        found: tuple[list[object], list[object]] = ([], [])
        for mine, yours in zip(one, two, strict=True):
            found[0].extend(texts(iter([mine])))
            found[1].extend(texts(iter([yours])))
            assert meanings(snapshot, CODES) == {"1": "Spring"}
            assert len(list(snapshot.resolve(LINK, [SAM.value], ()))) == 1
            assert snapshot.probe(selection(RECORDS, C1)).remote
    assert found == (ours, theirs)


def test_a_finished_read_does_not_disturb_another(pg: PostgresDatabase) -> None:
    fill(pg, *map(str, range(300)))
    fill(pg, *map(str, range(900)), customer="C-2")
    with opened(pg) as snapshot:
        short, long = snapshot.chunks(selection(RECORDS, C1)), snapshot.chunks(selection(RECORDS, ANOTHER))
        next(short)
        first = len(next(long).rows)
        assert texts(short)[-1] == "299"
        assert len(texts(long)) == 900 - first


def test_fewer_rows_at_a_time_are_fetched_from_a_slow_server(pg: PostgresDatabase) -> None:
    """The server's timeout applies to each FETCH, and a whole step would take longer."""
    fill(pg, *["x"] * ROWS)
    pg.run(_SLOWLY.format(0.003))
    with opened(pg, timeout=1) as snapshot:
        assert len(texts(snapshot.chunks(computed("slowly(text)")))) == ROWS


def test_an_interrupted_read_does_not_disturb_later_ones(pg: PostgresDatabase) -> None:
    fill(pg, *map(str, range(ROWS)))
    with opened(pg) as snapshot:
        for _ in range(2):
            stream = snapshot.chunks(selection(RECORDS, C1))
            next(stream)
            stream.close()  # type: ignore[attr-defined] # a generator
        assert texts(snapshot.chunks(selection(RECORDS, C1))) == [str(n) for n in range(ROWS)]


def test_an_error_in_the_middle_of_a_read_quotes_no_cell(pg: PostgresDatabase) -> None:
    fill(pg, *["1"] * 1000, "PRIVATE", *["1"] * 200)
    with opened(pg) as snapshot:
        # So that the rows are planned at once, because errors of planning are quoted.
        assert meanings(snapshot, CODES) == {}
        stream = snapshot.chunks(computed("text::int::text"))
        read_to(1000, stream)
        with pytest.raises(
            SourceUnreadableError, match="dataset 'records': the statement does not fit the database"
        ) as error:
            next(stream)
    assert "PRIVATE" not in str(error.value)


def gone(pg: PostgresDatabase) -> bool:
    """Whether the snapshot's backend released its table, long before it would have done so by itself."""
    pg.run("SET lock_timeout = '10s'; DROP TABLE records")
    return True


class Stop(BaseException):
    """Raised by a signal handler."""


@contextmanager
def stopped_soon() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise Stop

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_statement_is_cancelled_at_the_server_from_another_thread(pg: PostgresDatabase) -> None:
    fill(pg, *["x"] * ROWS)
    collector = pg.collector(timeout=60)
    with (
        collector.snapshot() as snapshot,
        cancelled_soon(collector.cancel),
        pytest.raises(SourceUnreadableError, match="dataset 'records'"),
    ):
        next(snapshot.chunks(computed("pg_sleep(30)::text")))
    assert gone(pg)


def test_a_signal_while_waiting_for_rows_raises_only_its_own_exception(pg: PostgresDatabase) -> None:
    fill(pg, *["x"] * ROWS)
    with pytest.raises(Stop), opened(pg) as snapshot, stopped_soon():
        next(snapshot.chunks(computed("pg_sleep(30)::text")))
    assert gone(pg)
