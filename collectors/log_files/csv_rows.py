"""A row of CSV -> the cells of columns of the file's header."""

import csv
from collections.abc import Sequence

from collectors.log_files.blocks import LONGEST
from collectors.log_files.faults import BrokenLineError

csv.field_size_limit(LONGEST)  # for the process; 128 KiB otherwise


class CsvRow:
    """The rows below one header."""

    def __init__(self, header: Sequence[str], delimiter: str, columns: Sequence[str] = ()) -> None:
        place = {name: n for n, name in enumerate(header)}
        self._width, self._delimiter = len(header), delimiter
        self._places = [place.get(name) for name in columns]

    def cells(self, line: bytes) -> tuple[object, ...]:
        """The cells of the columns; an empty one is no value. BrokenLineError if the row has another width."""
        row = cells_of(line, self._delimiter)
        if len(row) != self._width:
            raise BrokenLineError
        return tuple(None if at is None else row[at] or None for at in self._places)


def cells_of(line: bytes, delimiter: str) -> Sequence[str]:
    """All cells of a row; BrokenLineError."""
    text = line.decode("utf-8", "surrogateescape").lstrip("\ufeff")
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        raise BrokenLineError from None
    if len(rows) != 1:
        raise BrokenLineError
    return rows[0]
