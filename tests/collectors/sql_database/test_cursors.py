"""No row is lost or read twice, whatever the number of steps and the texts in the rows."""

import pytest

from tests.collectors.sources import C1, SqliteDatabase, cells, chunks, fill, table_dataset

ONE_COLUMN = table_dataset("text")
ROWS = 700
# Places in the steps and chunks: the first, the last, and both sides of each boundary.
PLACES = (0, 9, 10, 11, 249, 250, 251, 499, 500, 699)


@pytest.mark.parametrize("places", [*((place,) for place in PLACES), PLACES, ()])
def test_no_row_is_lost_by_text_that_is_not_utf_8(sqlite: SqliteDatabase, places: tuple[int, ...]) -> None:
    fill(sqlite, *(f"text {number}" for number in range(ROWS)))
    for place in places:
        sqlite.run(f"UPDATE records SET text = CAST(x'ff' AS TEXT) WHERE text = 'text {place}'")
    expected = ["\udcff" if number in places else f"text {number}" for number in range(ROWS)]
    assert [row[0] for row in cells(sqlite, ONE_COLUMN, C1)] == expected


def test_after_a_text_that_is_not_utf_8_others_are_read_in_the_same_snapshot(sqlite: SqliteDatabase) -> None:
    fill(sqlite, "\ue000", *["é"] * 600)
    sqlite.run("UPDATE records SET text = CAST(x'c3' AS TEXT) WHERE text = '\ue000'")
    read = [row[-1] for chunk in chunks(sqlite, ONE_COLUMN, C1) for row in chunk.rows]
    assert read == ["\udcc3", *["é"] * 600]


@pytest.mark.parametrize("rows", [1, 9, 10, 11, 249, 250, 251, 260, 500, 501, 1000])
def test_any_number_of_rows_is_read_completely(sqlite: SqliteDatabase, rows: int) -> None:
    fill(sqlite, *map(str, range(rows)))
    found = chunks(sqlite, ONE_COLUMN, C1)
    assert [row[-1] for chunk in found for row in chunk.rows] == [str(number) for number in range(rows)]
    assert [len(chunk.rows) for chunk in found] == [250] * (rows // 250) + [rows % 250] * (rows % 250 > 0)
