"""The contracts between the core and what is plugged into it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable

from dsar_export.model.link import Link
from dsar_export.model.outcome import Record
from dsar_export.model.package import Document, Member, PackageContents
from dsar_export.model.place import At, LinkAt
from dsar_export.model.register import Source
from dsar_export.model.schema import DatasetSchema
from dsar_export.model.source import Chunk, LinkRow, Probe, Selection, SourceDescription


class Snapshot(Protocol):
    """One moment of a source: everything read through it is of that moment.

    Where its connection is lost before any row of a dataset was handed on, SourceLostError says that all may
    begin again; later SourceUnreadableError says that it may not.
    """

    def as_of(self) -> datetime | None:
        """The moment that it is of, where the source says that it is behind, as a standby may be; None for now."""
        ...

    def chunks(self, selection: Selection) -> Iterator[Chunk]:
        """The rows of a selection in the dataset's order, in one pass; SourceUnreadableError."""
        ...

    def resolve(self, link: Link, keys: Collection[str], tenants: tuple[str | int, ...]) -> Iterator[LinkRow]:
        """The link's rows whose given identifier folds to one of the keys; RegisterError, SourceUnreadableError."""
        ...


@runtime_checkable
class Planner(Protocol):
    """What a snapshot may have: it prepares what is asked later, so that errors come before a row is read."""

    def probe(self, selection: Selection) -> Probe:
        """Prepares a selection without reading a row; RegisterError if the source has no such column."""
        ...

    def probe_link(self, link: Link, tenants: tuple[str | int, ...]) -> Probe:
        """Prepares a link without reading a row; RegisterError if the source has no such column, or keeps it back."""
        ...


@runtime_checkable
class CodeTables(Protocol):
    """What a snapshot may have: tables that explain codes (`codes_from`)."""

    def codes(self, selection: Selection, field: str) -> Mapping[str, object]:
        """What a field's code table says, by the code as text (`dsar_export.model.codes`).

        At least the codes that occur in the selection's rows are there, if the table has them. RegisterError,
        SourceUnreadableError.
        """
        ...


@runtime_checkable
class RowCounter(Protocol):
    """What a snapshot may have: it counts the rows of a table beside those that a query returns."""

    def counts(self, selection: Selection) -> Iterator[tuple[tuple[object, ...], int]]:
        """How many rows of its own table the key of a dataset with a query finds; SourceUnreadableError.

        By the cells that say whose they are, as a row of a chunk begins; rows that the query leaves out count too.
        """
        ...


@runtime_checkable
class Attachments(Protocol):
    """What a snapshot may have: files that rows refer to."""

    def open_attachment(self, reference: str) -> AbstractContextManager[BinaryIO]:
        """A file that a row refers to; SourceUnreadableError where it is not there."""
        ...


class Parts(Protocol):
    """The classes that validate a collector's own keys: of a dataset's file (`At`), and of a link (`LinkAt`).

    Each is a dataclass marked `toml_table`; pydantic reads it by its types, and its ValueErrors are the caller's.
    """

    @property
    def dataset_part(self) -> type[At]: ...

    @property
    def link_part(self) -> type[LinkAt]: ...


class Collector(Protocol):
    """Reads one kind of source, and never changes it."""

    def describe(self) -> SourceDescription:
        """All tables and views with their columns; SourceUnreadableError."""
        ...

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """One read-only moment of the source; SourceUnreadableError."""
        ...


class CollectorFactory(Parts, Protocol):
    """What an entry point of the group `dsar_export.collectors` names: most simply a class."""

    def __call__(self, name: str, source: Source, folder: Path) -> Collector:
        """Makes the collector of a source; relative paths are below the register's folder."""
        ...


class RecordStream(Protocol):
    """Renders one dataset piece by piece."""

    @property
    def cells_changed(self) -> int:
        """How many cells were written otherwise than they are, for safety."""
        ...

    def head(self) -> bytes: ...

    def rows(self, records: Sequence[Record], lines: bytes) -> bytes:
        """A chunk of records; `lines` are the same as JSON (RFC 8259), one a line, with commas between them."""
        ...

    def tail(self) -> bytes: ...


class DatasetRenderer(Protocol):
    """Renders a dataset's records as one member of the package; it can be pickled, as another process renders many.

    One of mediatype `application/json` writes an array with one record a line: the report reads it again, line by
    line, and shows no records where no renderer writes one.
    """

    mediatype: str

    def path(self, dataset: str) -> str: ...
    def stream(self, schema: DatasetSchema) -> RecordStream: ...


class DocumentRenderer(Protocol):
    """Renders documents from the answered datasets and the members that are already there."""

    def documents(self, contents: PackageContents, members: Sequence[Member]) -> Iterable[Document]: ...


class Progress(Protocol):
    """Told how far an export is; it gets names and counts only."""

    def started(self, dataset: str) -> None: ...
    def advanced(self, rows: int) -> None: ...
    def finished(self, dataset: str, rows: int) -> None: ...


class Clock(Protocol):
    """The time, so that tests may choose it."""

    def __call__(self) -> datetime: ...
