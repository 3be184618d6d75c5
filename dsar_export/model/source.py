"""What a collector says of its source, is asked for, and returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dsar_export.model.register import Dataset
from dsar_export.model.request import Identifier

CHUNK_ROWS: Final = 250  # beats 2000 by 15-20 %: a chunk stays in the processor's cache
CHUNK_BYTES: Final = 8 * 1024 * 1024


@dataclass(frozen=True)
class Table:
    """A table or view of a source, with its columns."""

    name: str
    columns: tuple[str, ...]
    unique_keys: tuple[frozenset[str], ...] = ()
    is_view: bool = False


@dataclass(frozen=True)
class SourceDescription:
    """Everything that a source holds, by name."""

    tables: tuple[Table, ...]

    def table(self, name: str) -> Table | None:
        return next((t for t in self.tables if t.name == name), None)


@dataclass(frozen=True)
class Selection:
    """A dataset, and the identifiers whose rows are asked for."""

    dataset: Dataset
    identifiers: frozenset[Identifier]

    def keys(self) -> list[str]:
        """The subject keys asked for, folded as the dataset matches them, each once, in a fixed order."""
        key = self.dataset.subject_key
        return sorted({key.match.fold(i.value) for i in self.identifiers if i.kind == key.identifier})


@dataclass(frozen=True)
class Chunk:
    """At most CHUNK_ROWS rows and CHUNK_BYTES of cells (one row may be larger).

    A row's first cell is the subject key, read from the row's own table; the others follow the dataset's
    `columns`. Bytes that are no UTF-8 arrive in a text cell as `surrogateescape` decodes them.
    """

    rows: Sequence[tuple[object, ...]]


@dataclass(frozen=True)
class Probe:
    """What a source says of a selection without reading a row of it."""

    sorts_without_index: bool
