"""The contracts between the core and its plugins: collectors, renderers, progress and clock."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable

from dsar_export.model.index import IndexAdvice, Lookup
from dsar_export.model.letter import Letter
from dsar_export.model.link import Link
from dsar_export.model.mail import Mail, Postmark, PostResult
from dsar_export.model.outcome import Record
from dsar_export.model.package import Document, Member, PackageContents
from dsar_export.model.place import At, LinkAt
from dsar_export.model.register import Source
from dsar_export.model.schema import DatasetSchema
from dsar_export.model.source import Chunk, LinkRow, Probe, Searched, Selection, SourceDescription
from dsar_export.model.work import WorkStep


class Snapshot(Protocol):
    """A consistent view of a source: all reads see its data at the same moment.

    A connection that is lost before any row of a dataset was returned raises SourceLostError: the export can start
    again. One that is lost later raises SourceUnreadableError: it can't.
    """

    def as_of(self) -> datetime | None:
        """The moment of the data if the source reports that it lags, as a standby may; None for the present."""
        ...

    def chunks(self, selection: Selection) -> Iterator[Chunk]:
        """The rows of a selection in the dataset's order, read in one pass; SourceUnreadableError."""
        ...

    def resolve(self, link: Link, keys: Collection[str], tenants: tuple[str | int, ...]) -> Iterator[LinkRow]:
        """The link's rows whose given identifier folds to one of the keys.

        Raises RegisterError and SourceUnreadableError.
        """
        ...


@runtime_checkable
class Planner(Protocol):
    """A snapshot that can prepare selections and links, so that errors come before a row is read."""

    def probe(self, selection: Selection) -> Probe:
        """Prepares a selection without reading a row; RegisterError if a column does not exist."""
        ...

    def probe_link(self, link: Link, tenants: tuple[str | int, ...]) -> Probe:
        """Prepares a link without reading a row; RegisterError if a column does not exist or can't be read."""
        ...


@runtime_checkable
class Searcher(Protocol):
    """A snapshot of files that are searched from end to end, some of which may not be readable."""

    def searched(self, selection: Selection) -> Searched:
        """What the last complete reading of the selection's rows went through; nothing before it."""
        ...


@runtime_checkable
class Resumable(Protocol):
    """A snapshot that starts work at its source: it goes on with `jobs`, and keeps them whenever they change."""

    def resume(self, jobs: Mapping[str, str], keep: Callable[[Mapping[str, str]], None]) -> None: ...


@runtime_checkable
class IndexAdviser(Protocol):
    """A snapshot of a source with indexes, which knows how to write them and which of them serves a look-up."""

    def index_advice(self, lookup: Lookup) -> IndexAdvice:
        """The indexes that serve a look-up; SourceUnreadableError."""
        ...


@runtime_checkable
class CodeTables(Protocol):
    """A snapshot with tables that explain codes (`codes_from`)."""

    def codes(self, selection: Selection, field: str) -> Mapping[str, object]:
        """The meanings from a field's code table, by code as text (see `dsar_export.model.codes`).

        Contains at least the codes that occur in the selection's rows, if the table has them. Raises RegisterError and
        SourceUnreadableError.
        """
        ...


@runtime_checkable
class RowCounter(Protocol):
    """A snapshot that can count the rows of a table, to compare with those that a query returns."""

    def counts(self, selection: Selection) -> Iterator[tuple[tuple[object, ...], int]]:
        """For a dataset with a query, how many rows of its own table the subject key finds.

        Grouped by the owner cells with which a row of a chunk begins. Rows that the query leaves out are counted too.
        Raises SourceUnreadableError.
        """
        ...


@runtime_checkable
class Sampler(Protocol):
    """A snapshot that shows a few rows of a table, whoever they belong to, so that a draft knows how values look."""

    def sample(self, table: str, columns: Sequence[str], rows: int) -> Sequence[tuple[object, ...]]:
        """At most so many rows of a table, each with the cells of these columns; SourceUnreadableError."""
        ...


@runtime_checkable
class Attachments(Protocol):
    """A snapshot with files that rows refer to."""

    def open_attachment(self, reference: str) -> AbstractContextManager[BinaryIO]:
        """Opens a file that a row refers to; SourceUnreadableError if it does not exist."""
        ...


class Parts(Protocol):
    """The classes that validate a collector's own keys: of a dataset's file (`At`), and of a link (`LinkAt`).

    Each is a dataclass marked `toml_table`. pydantic validates it by its types; a ValueError of the class is reported
    with file and key.
    """

    @property
    def dataset_part(self) -> type[At]: ...

    @property
    def link_part(self) -> type[LinkAt]: ...


class Collector(Protocol):
    """Reads one kind of source and never changes it."""

    def describe(self) -> SourceDescription:
        """All tables and views with their columns; raises SourceUnreadableError."""
        ...

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Opens a read-only snapshot of the source; SourceUnreadableError."""
        ...


@runtime_checkable
class Cancellable(Protocol):
    """A collector that can cancel what it waits for."""

    def cancel(self) -> None:
        """Cancels, from another thread, what runs now at the source, if anything: its reader gets an error."""
        ...


@runtime_checkable
class PartDescriber(Protocol):
    """A collector that needs a register's parts to know what is a table in its source, such as files by a pattern."""

    def describe_parts(self, parts: Sequence[At | LinkAt]) -> SourceDescription:
        """The same as `describe`, with a table for each of these parts; raises SourceUnreadableError."""
        ...


class CollectorFactory(Parts, Protocol):
    """The object that an entry point in the group `dsar_export.collectors` names, most simply a class."""

    def __call__(self, name: str, source: Source, folder: Path) -> Collector:
        """Builds the collector of a source; relative paths start at `folder`, the register's folder."""
        ...


class RecordStream(Protocol):
    """Renders one dataset, chunk by chunk."""

    @property
    def cells_changed(self) -> int:
        """How many cells were changed for safety, such as formulas in a CSV file."""
        ...

    def head(self) -> bytes: ...

    def rows(self, records: Sequence[Record], lines: bytes) -> bytes:
        """Renders a chunk of records; `lines` are the same as JSON (RFC 8259), one per line, separated by commas."""
        ...

    def tail(self) -> bytes: ...


class DatasetRenderer(Protocol):
    """Renders a dataset's records as one member of the package.

    A renderer must be picklable, because large datasets are rendered in a second process. A renderer with the
    mediatype `application/json` must write an array with one record per line: the report reads that member again, line
    by line, and shows no records if no renderer writes it.
    """

    mediatype: str

    def path(self, dataset: str) -> str: ...
    def stream(self, schema: DatasetSchema) -> RecordStream: ...


class DocumentRenderer(Protocol):
    """Renders documents from the answers to the request and the members that are already in the package."""

    def documents(self, contents: PackageContents, members: Sequence[Member]) -> Iterable[Document]: ...


class Opener(DocumentRenderer, Protocol):
    """Renders a page that opens a package in a browser."""

    @property
    def page(self) -> bytes:
        """The page as it lies in each package, and beside it."""
        ...

    @property
    def known(self) -> frozenset[str]:
        """SHA-256 of this page, and of those of earlier releases."""
        ...


class LetterRenderer(Protocol):
    """Renders a letter as a file for printing and for mail."""

    def render(self, letter: Letter) -> bytes: ...


class ObjectStore(Protocol):
    """A place for sealed objects: a folder, or an object store. It never sees plaintext."""

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Writes a new object, completely or not at all; AlreadyStoredError if there is one of this name."""
        ...

    def adopt(self, name: str, file: Path) -> None:
        """Makes a new object of a finished file, which is gone afterwards; AlreadyStoredError."""
        ...

    def read(self, name: str, start: int, length: int) -> bytes:
        """The bytes from `start`, fewer at the end; FileNotFoundError."""
        ...

    def size(self, name: str) -> int:
        """In bytes; FileNotFoundError."""
        ...

    def names(self, prefix: str) -> Sequence[str]:
        """The names that begin with a prefix, in order."""
        ...

    def place(self, name: str) -> str:
        """Where an object lies, for staff: a path or an address, without a secret."""
        ...

    def delete(self, name: str) -> None:
        """Deletes an object; without an effect if it is gone already."""
        ...

    def sweep(self, needed: Callable[[str], bool]) -> None:
        """Removes what a crash left unfinished, except below names that are still needed."""
        ...


class Progress(Protocol):
    """Receives the progress of an export: names and counts, never data."""

    def began(self, step: WorkStep) -> None: ...
    def started(self, dataset: str) -> None: ...
    def advanced(self, rows: int) -> None: ...
    def finished(self, dataset: str, rows: int) -> None: ...


class Clock(Protocol):
    """Returns the current time; tests pass their own."""

    def __call__(self) -> datetime: ...


class Waker(Protocol):
    """Wakes workers that wait for work."""

    def wake(self, reference: str, *, heavy: bool) -> bool:
        """Whether a worker was woken; if not, one finds the request by itself, later. Nothing is raised."""
        ...


class Sender(Protocol):
    """Sends mail: to a mail server, or into a folder for a demonstration."""

    def send(self, mail: Mail, postmark: Postmark) -> PostResult:
        """One attempt; whatever fails is in the result, and nothing is raised that could quote the mail."""
        ...
