"""What became of the rows: ledgers, gaps, and the figures that the report needs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from dsar_export.model.dataset import Dataset
from dsar_export.model.message import Message
from dsar_export.model.words import Words

Record = dict[str, object]
"""One normalised row: JSON values by field name, in the schema's order."""


@dataclass(frozen=True, order=True)
class Reason:
    """Why a row does not conform: the field and the rule, never the value."""

    field: str
    rule: str


@dataclass(frozen=True)
class Nonconforming:
    """A row that is kept beside: its place in the order read, the reasons, and its cells (unfit ones as stored)."""

    row: int
    reasons: tuple[Reason, ...]
    values: Mapping[str, object]


@dataclass(frozen=True)
class RecordLines:
    """Records on their way into members, as values and as JSON; rows kept beside, as JSON only.

    The JSON (RFC 8259) has one value per line, with commas between the lines.
    """

    records: Sequence[Record] = ()
    lines: bytes = b""
    nonconforming: bytes = b""


@dataclass(frozen=True)
class Outcome:
    """A dataset's ledger.

    `first` and `last` are RFC 3339 texts, or None if no period is known. `times_kept_beside` counts ambiguous or
    nonexistent local times, whose stored text is kept beside. `kept_back` counts the withheld rows that could not
    be filtered safely and wait for staff. `marked` counts records by mark. `lines` counts the lines of a source of
    files that were searched for these rows.
    """

    dataset: str
    read: int
    written: int
    withheld: int
    nonconforming: int
    first: str | None = None
    last: str | None = None
    times_kept_beside: int = 0
    csv_cells_changed: int = 0
    reasons: tuple[tuple[Reason, int], ...] = ()
    kept_back: int = 0
    marked: tuple[tuple[str, int], ...] = ()
    lines: int | None = None

    @property
    def balanced(self) -> bool:
        return self.read == self.written + self.withheld + self.nonconforming


@dataclass(frozen=True)
class FieldLeftOut:
    """A field that the right does not cover, and why."""

    field: str
    title: Words
    reason: Message


@dataclass(frozen=True)
class Gap:
    """Something that was searched but could not be read or attributed.

    `within_rows` means that it concerns a part of the rows that were found: without such rows, nothing is missing.
    """

    source: str
    dataset: str | None
    reason: Message
    within_rows: bool = False

    def concerns(self, dataset: Dataset) -> bool:
        """Whether it concerns this dataset, or its whole source, which may hold data that the dataset answers for."""
        if self.dataset is None:
            return self.source == dataset.source
        return self.dataset == dataset.name


def in_gap(dataset: Dataset, gaps: Iterable[Gap]) -> bool:
    """Whether a part of the data that a dataset answers for was not obtained."""
    return any(gap.concerns(dataset) for gap in gaps)


@dataclass(frozen=True)
class Digest:
    """The figures that the documents need beside a dataset's records, bounded in size: the records per month.

    `key_values` holds hashes of the values of fields that refer to others or are referred to, alone or with others,
    unless there are too many.
    """

    months: Mapping[str, int]
    key_values: Mapping[tuple[str, ...], frozenset[int]] = field(default_factory=dict)


class Answer(StrEnum):
    """What became of a promise of the privacy notice."""

    PRESENT = "present"
    NONE_HELD = "none_held"
    WITHHELD = "withheld"
    NOT_OBTAINED = "not_obtained"
    NOT_SEARCHED = "not_searched"
