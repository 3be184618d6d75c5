"""The number of rows fetched at a time: few while they are large, because fetched rows are in memory."""

from collections.abc import Iterator

import pytest

from collectors.sql_database.chunks import Step, bounded, step_of
from collectors.sql_database.cursor import HALF_A_CHUNK, Rows
from dsar_export.model.source import CHUNK_BYTES, CHUNK_ROWS

MEGABYTE = "x" * (1 << 20)


def fetched(rows: Rows, most: int = HALF_A_CHUNK) -> Iterator[Step]:
    """The rows in the steps in which a cursor would fetch them."""
    size, at = 10, 0
    while at < len(rows):
        step = step_of(rows[at : at + size])
        yield step
        at, size = at + size, step.next_size(most)


@pytest.mark.parametrize("most", [HALF_A_CHUNK, 500])
@pytest.mark.parametrize("large_from", [0, 9, 10, 11, 124, 125, 250, 700])
def test_when_rows_become_large_at_most_one_large_step_is_fetched(large_from: int, most: int) -> None:
    rows = [(n, MEGABYTE if n >= large_from else "x") for n in range(large_from + most + 15)]
    steps = list(fetched(rows, most))
    assert [row for step in steps for row in step.rows] == rows
    large = [len(step.rows) for step in steps if step.size > 2 * CHUNK_BYTES]
    assert max(len(step.rows) for step in steps) <= most
    assert len(large) <= 1


@pytest.mark.parametrize("most", [HALF_A_CHUNK, 500])
@pytest.mark.parametrize("rows", [1, 249, 250, 251, 777, 1500])
def test_steps_fill_chunks(rows: int, most: int) -> None:
    found = [len(chunk) for chunk in bounded(fetched([(n, "x") for n in range(rows)], most))]
    assert found == [CHUNK_ROWS] * (rows // CHUNK_ROWS) + [rows % CHUNK_ROWS] * (rows % CHUNK_ROWS > 0)


def test_a_step_with_all_rows_filtered_out_makes_no_chunk_smaller() -> None:
    steps = [Step([], CHUNK_BYTES + 1), Step([(1,)], 10), Step([(2,)], 10)]
    assert list(bounded(steps)) == [[(1,), (2,)]]


def test_a_full_chunk_is_delivered_before_more_rows_are_fetched() -> None:
    """Otherwise the additional rows would take memory in the meantime."""
    taken: list[int] = []

    def fetching() -> Iterator[Step]:
        for number in range(4):
            taken.append(number)
            yield step_of([(n,) for n in range(CHUNK_ROWS // 2)])

    chunks = bounded(fetching())
    assert len(next(chunks)) == CHUNK_ROWS
    assert taken == [0, 1]
