"""What a few values show that the catalogue does not: how times and JSON are written. The values are kept nowhere."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from json import JSONDecodeError, loads
from typing import Final

from dsar_export.interfaces import Sampler
from dsar_export.model.source import ColumnKind, SourceDescription, Table
from dsar_export.register_draft.credentials import is_withheld
from dsar_export.register_draft.graph import facts_of
from dsar_export.register_draft.shape import Toml
from dsar_export.register_draft.words import ends_in

Seen = Mapping[tuple[str, str], Mapping[str, Toml]]
"""What a field of a table's column needs, by table and column."""
_ROWS: Final = 200
_FEW: Final = 3
"""How many values must agree."""
_OFFSET: Final = re.compile(r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$", re.IGNORECASE)
# Counts since 1970 between 1990 and 2100; the units differ by a thousand, so that each number fits one at most.
_EPOCHS: Final = {
    "epoch_seconds": 1,
    "epoch_milliseconds": 1_000,
    "epoch_microseconds": 1_000_000,
    "epoch_nanoseconds": 1_000_000_000,
}
_SINCE, _UNTIL = 631_152_000, 4_102_444_800


def looked_at(description: SourceDescription, sampler: Sampler, zone: str | None) -> Seen:
    """How the values of texts and numbers are written, as far as a few rows of each table show it.

    `zone` is the time zone of local times, if somebody named it. Raises SourceUnreadableError.
    """
    found: dict[tuple[str, str], Mapping[str, Toml]] = {}
    for table in description.tables:
        columns = [] if table.is_view else _worth_a_look(table)
        rows = sampler.sample(table.name, columns, _ROWS) if columns else ()
        for at, column in enumerate(columns):
            reading = _reading(column, [row[at] for row in rows if row[at] is not None], zone)
            if reading is not None:
                found[table.name, column] = reading
    return found


def _worth_a_look(table: Table) -> list[str]:
    return [
        column
        for column in table.columns
        if not is_withheld(table, column)
        if (kind := facts_of(table, column).kind) is ColumnKind.TEXT
        or (kind is ColumnKind.INTEGER and ends_in("columns.moments", column))
    ]


def _reading(column: str, values: Sequence[object], zone: str | None) -> Mapping[str, Toml] | None:
    if len(values) < _FEW:
        return None
    if all(isinstance(value, int) for value in values):
        return _epoch(values)
    if not all(isinstance(value, str) for value in values):
        return None
    texts = [str(value) for value in values]
    if ends_in("columns.moments", column) or _all_read(date.fromisoformat, texts):
        return _moment(texts, zone)
    return {"type": "json"} if all(map(_is_structure, texts)) else None


def _epoch(values: Iterable[object]) -> Mapping[str, Toml] | None:
    numbers = [int(str(value)) for value in values]
    for unit, factor in _EPOCHS.items():
        if all(_SINCE * factor < number < _UNTIL * factor for number in numbers):
            return {"type": "date-time", "unit": unit}
    return None


def _moment(texts: Sequence[str], zone: str | None) -> Mapping[str, Toml] | None:
    if _all_read(date.fromisoformat, texts):
        return {"type": "date"}
    if not _all_read(datetime.fromisoformat, texts):
        return None
    if all(_OFFSET.search(text) for text in texts):
        return {"type": "date-time"}
    return None if zone is None else {"type": "date-time", "zone": zone}


def _all_read(read: Callable[[str], object], texts: Iterable[str]) -> bool:
    try:
        for text in texts:
            read(text)
    except ValueError:
        return False
    return True


def _is_structure(text: str) -> bool:
    try:
        return isinstance(loads(text), dict | list)
    except JSONDecodeError:
        return False
