"""The marks of records: deleted in the source, an earlier version, past the storage period."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dsar_export.folding import as_text, spellings
from dsar_export.language.catalogue import message
from dsar_export.model.booleans import boolean
from dsar_export.model.codes import as_number
from dsar_export.model.comparison import Constant
from dsar_export.model.dataset import Dataset
from dsar_export.model.register import Organisation
from dsar_export.model.schema import FieldKind, Origin, SchemaField
from dsar_export.model.source import Chunk, Column
from dsar_export.normalising.storage_periods import DAY, past_storage_period

DELETED: Final = "deleted_in_source"
EARLIER: Final = "earlier_version"
PAST: Final = "past_storage_period"
_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    DELETED: (
        message("Deleted in our system"),
        message(
            "Whether this is marked as deleted in our system. Nobody sees it there any more, but we still hold it."
        ),
    ),
    EARLIER: (
        message("Earlier version"),
        message("Whether this is an older state of the record, from before it was changed or archived."),
    ),
    PAST: (
        message("Past its storage period"),
        message(
            "Whether we should have erased this by now. You receive it all the same, and we are finding out why we "
            "still have it."
        ),
    ),
}


@dataclass(frozen=True)
class Marks:
    """The marks of a dataset's records, each with the way to find out whether it applies.

    `deleted` decides from the row's own cells. If `versions` are read, the place where a row was found decides too.
    """

    deleted: Callable[[Sequence[Column]], Column] | None
    versions: bool
    earlier: bool
    starts: str | None
    past: Callable[[object], bool]

    @property
    def names(self) -> tuple[str, ...]:
        marks = {DELETED: self.deleted or self.versions, EARLIER: self.earlier, PAST: self.starts}
        return tuple(name for name, used in marks.items() if used)

    def columns(self, chunk: Chunk, stored: Sequence[Column], made: Mapping[str, Column]) -> list[Column]:
        """One column per mark, in the order of the names; `made` are the converted columns by field."""
        columns: list[Column] = []
        if chunk.deleted or (self.versions and self.deleted is None):
            columns.append([chunk.deleted] * len(chunk.rows))
        elif self.deleted is not None:
            columns.append(self.deleted(stored))
        if self.earlier:
            columns.append([chunk.earlier_version] * len(chunk.rows))
        if self.starts is not None:
            columns.append(_once_a_day(self.past, made[self.starts]))
        return columns


def _once_a_day(past: Callable[[object], bool], cells: Column) -> Column:
    """The marks of a column, decided once for each day, which is much faster (see ADR 20)."""
    days = [cell[DAY] for cell in cells if isinstance(cell, str)]
    if len(days) < len(cells):
        return [past(cell) for cell in cells]
    found = {day: past(day) for day in set(days)}
    return list(map(found.__getitem__, days))


def marks_of(dataset: Dataset, organisation: Organisation, as_of: date, place: Mapping[str, int]) -> Marks:
    """Compiles a dataset's marks; `place` is the position of each column in a row."""
    return Marks(
        _deleted(dataset, place),
        dataset.place.reads_versions,
        bool(dataset.place.history),
        dataset.storage_starts,
        past_storage_period(dataset, organisation, as_of),
    )


def _deleted(dataset: Dataset, place: Mapping[str, int]) -> Callable[[Sequence[Column]], Column] | None:
    mark = dataset.deleted
    if mark is None:
        return None
    at = place[mark.column]
    if mark.values:
        deleted = _one_of(mark.values)
        return lambda stored: [deleted(cell) for cell in stored[at]]
    if mark.unless:
        kept = _one_of(mark.unless)
        return lambda stored: [not kept(cell) for cell in stored[at]]
    return lambda stored: [cell is not None for cell in stored[at]]


def _one_of(values: Sequence[Constant]) -> Callable[[object], bool]:
    """Whether a cell is one of the register's values; null never is."""
    written = frozenset(text for value in values for text in spellings(value))
    texts = written | {number for text in written if (number := as_number(text)) is not None}
    booleans = frozenset(boolean(as_text(value)) for value in values)

    def found(cell: object) -> bool:
        if isinstance(cell, bool):
            return cell in booleans
        return cell is not None and as_text(cell) in texts

    return found


def mark_fields(dataset: Dataset) -> tuple[SchemaField, ...]:
    """The schema fields for the marks that the dataset's records have."""
    marked = {
        DELETED: dataset.deleted or dataset.place.reads_versions,
        EARLIER: dataset.place.history,
        PAST: dataset.storage_starts,
    }
    return tuple(_field(name) for name, used in marked.items() if used)


def _field(name: str) -> SchemaField:
    title, description = _TEXTS[name]
    return SchemaField(
        name=name,
        title=title,
        description=description,
        # The first two are facts in our system; that a period is over was calculated for this package.
        origin=Origin.DERIVED if name == PAST else Origin.OBSERVED,
        kind=FieldKind.BOOLEAN,
        nullable=False,
        required=True,
    )
