"""A collector that breaks one promise of the contract at a time, to test the contract kit."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from io import BytesIO
from typing import BinaryIO, cast

from collectors.sql_database.snapshot import SqlSnapshot
from dsar_export.errors import DsarExportError, RegisterError, SourceUnreadableError
from dsar_export.interfaces import Collector, Snapshot
from dsar_export.model.link import Link
from dsar_export.model.source import Chunk, LinkRow, Probe, Selection, SourceDescription

Row = tuple[object, ...]


class Lie(Enum):
    """The broken promise; the value is the failure that the contract kit must report."""

    NONE = ""
    ANOTHERS_ROW = "chunks() does not return exactly the subject's rows, in the dataset's order"
    LOSES_A_ROW = "chunks() does not return exactly the subject's rows, in the dataset's order "
    REPEATS_A_ROW = " chunks() does not return exactly the subject's rows, in the dataset's order"
    ANOTHER_ORDER = " chunks() does not return exactly the subject's rows, in the dataset's order "
    CUTS_A_CELL = "  chunks() does not return exactly the subject's rows, in the dataset's order"
    ANOTHER_TENANT = "  chunks() does not return exactly the subject's rows, in the dataset's order "
    ROWS_OF_UNKNOWN_TENANT = "   chunks() does not return exactly the subject's rows, in the dataset's order"
    EVERY_COMPANY = "chunks() returns rows of no company or of another company although other_tenants is None"
    ANOTHER_KEY = "a chunk has rows that its subject key does not find"
    TIME_IN_THE_FUTURE = "as_of() does not return a time that has a time zone and is not in the future"
    TIME_WITHOUT_ZONE = " as_of() does not return a time that has a time zone and is not in the future"
    TOO_MANY_ROWS = "a chunk has more than 250 rows"
    TOO_MANY_BYTES = "a chunk of several rows has more than 8388608 bytes"
    EMPTY_CHUNK = "a chunk is empty"
    READS_ONCE_ONLY = "reading twice in one snapshot returns different rows"
    EVERYBODY_FOR_NOBODY = "chunks() returns rows although no identifier was given"
    LINKS_TOO_FAR = "resolve() does not find exactly the linked identifiers"
    LINKS_NOTHING = " resolve() does not find exactly the linked identifiers"
    LINKS_FROM_NOBODY = "resolve() finds identifiers although none was given"
    COUNTS_TOO_MANY = (
        "counts() does not return the number of rows that the key finds in the dataset's own table"
    )
    FORGETS_A_CODE = "codes() does not return the meanings of the codes"
    KNOWS_ANY_CODE_TABLE = "codes() does not raise RegisterError for a table that does not exist"
    HIDES_THE_TABLE = "describe() does not name the dataset's table"
    HIDES_A_COLUMN = "describe() does not name all columns of the table"
    TAKES_ANY_COLUMN = "probe() does not raise RegisterError for a column that does not exist"
    LINKS_BY_ANY_COLUMN = "probe_link() does not raise RegisterError for a column that does not exist"
    OPENS_ANYTHING = (
        "open_attachment() raises neither WrongUseError nor SourceUnreadableError for a missing file"
    )
    EMPTY_WHEN_BROKEN = "a source that does not answer does not raise SourceUnreadableError"
    OWN_ERRORS = " a source that does not answer does not raise SourceUnreadableError"
    QUOTES_A_CELL = "a RegisterError quotes the data"
    QUOTES_WHEN_BROKEN = "a SourceUnreadableError quotes the data"
    CHANGES_THE_SOURCE = "reading changed the source"
    SEES_LATER_CHANGES = "a snapshot shows a change that was made after it was opened"

    @property
    def named(self) -> str:
        """The failure; two lies may break the same promise, and blanks only make their values distinct."""
        return self.value.strip()


@dataclass
class HostileCollector:
    """Wraps an honest collector and breaks one promise; `spoil` changes its source, `private` is a text in its data."""

    honest: Collector
    lie: Lie
    spoil: Callable[[], None] = lambda: None
    private: str = ""

    def describe(self) -> SourceDescription:
        tables = self.honest.describe().tables
        if self.lie is Lie.HIDES_THE_TABLE:
            tables = ()
        if self.lie is Lie.HIDES_A_COLUMN:
            tables = tuple(replace(t, columns=t.columns[:-1]) for t in tables)
        return SourceDescription(tables)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        if self.lie is Lie.CHANGES_THE_SOURCE:
            self.spoil()
        try:
            with self.honest.snapshot() as honest:
                yield HostileSnapshot(self, cast(SqlSnapshot, honest))
        except SourceUnreadableError:
            if self.lie is Lie.EMPTY_WHEN_BROKEN:
                yield EmptySnapshot()
            elif self.lie is Lie.OWN_ERRORS:
                raise RuntimeError("connection refused") from None
            elif self.lie is Lie.QUOTES_WHEN_BROKEN:
                raise SourceUnreadableError(f"could not read {self.private}") from None
            else:
                raise


@dataclass
class HostileSnapshot:
    """A snapshot of the honest collector with one broken promise."""

    collector: HostileCollector
    honest: SqlSnapshot
    readings: int = field(default=0)

    @property
    def _lie(self) -> Lie:
        return self.collector.lie

    def as_of(self) -> datetime | None:
        if self._lie is Lie.TIME_IN_THE_FUTURE:
            return datetime.now(UTC) + timedelta(days=1)
        return datetime(2026, 1, 1) if self._lie is Lie.TIME_WITHOUT_ZONE else self.honest.as_of()  # noqa: DTZ001 # the lie

    def probe(self, selection: Selection) -> Probe:
        try:
            return self.honest.probe(selection)
        except RegisterError:
            if self._lie is Lie.TAKES_ANY_COLUMN:
                return Probe(without_index=False)
            if self._lie is Lie.QUOTES_A_CELL:
                raise RegisterError(f"no such column beside {self.collector.private}") from None
            raise

    def probe_link(self, link: Link, tenants: tuple[str | int, ...]) -> Probe:
        try:
            return self.honest.probe_link(link, tenants)
        except RegisterError:
            if self._lie is Lie.LINKS_BY_ANY_COLUMN:
                return Probe(without_index=False)
            raise

    def resolve(self, link: Link, keys: Collection[str], tenants: tuple[str | int, ...]) -> Iterator[LinkRow]:
        stranger = LinkRow(next(iter(keys), "nobody's"), "somebody else's")
        if self._lie is not Lie.LINKS_NOTHING:
            yield from self.honest.resolve(link, keys, tenants)
        if (self._lie is Lie.LINKS_TOO_FAR and keys) or (self._lie is Lie.LINKS_FROM_NOBODY and not keys):
            yield stranger

    def counts(self, selection: Selection) -> Iterator[tuple[tuple[object, ...], int]]:
        yield from self.honest.counts(selection)
        if self._lie is Lie.COUNTS_TOO_MANY:
            yield (selection.keys[0][0], None), 1

    def codes(self, selection: Selection, field: str) -> Mapping[str, object]:
        try:
            meanings = dict(self.honest.codes(selection, field))
        except RegisterError:
            if self._lie is Lie.KNOWS_ANY_CODE_TABLE:
                return {}
            raise
        if self._lie is Lie.FORGETS_A_CODE:
            meanings.popitem()
        return meanings

    def chunks(self, selection: Selection) -> Iterator[Chunk]:
        self.readings += 1
        if self._lie is Lie.SEES_LATER_CHANGES:
            with self.collector.honest.snapshot() as later:
                yield from later.chunks(selection)
            return
        if self._lie is Lie.ROWS_OF_UNKNOWN_TENANT:
            selection = replace(selection, other_tenants=None)
        if self._lie is Lie.EVERY_COMPANY and selection.other_tenants is None:
            selection = replace(selection, other_tenants=())
        rows = [row for chunk in self.honest.chunks(selection) for row in chunk.rows]
        if not rows:
            if self._lie is Lie.EVERYBODY_FOR_NOBODY:
                yield Chunk([("somebody else", None)])
            return
        yield from self._spoiled(rows)

    def _spoiled(self, rows: list[Row]) -> Iterator[Chunk]:
        if self._lie is Lie.EMPTY_CHUNK:
            yield Chunk([])
        if self._lie is Lie.READS_ONCE_ONLY and self.readings > 1:
            return
        if self._lie is Lie.TOO_MANY_ROWS:
            yield from _split(rows, most=251)
        elif self._lie is Lie.TOO_MANY_BYTES:
            yield from _split(rows, most=250)
        else:
            yield from _split(_changed(self._lie, rows), most=192, full=6 << 20)

    def open_attachment(self, reference: str) -> AbstractContextManager[BinaryIO]:
        if self._lie is Lie.OPENS_ANYTHING:
            return BytesIO(reference.encode())
        raise SourceUnreadableError("it is not there")


class EmptySnapshot:
    """A snapshot that makes an unreachable source look empty."""

    def as_of(self) -> datetime | None:
        return None

    def probe(self, selection: Selection) -> Probe:
        return Probe(without_index=False)

    def probe_link(self, link: Link, tenants: tuple[str | int, ...]) -> Probe:
        return Probe(without_index=False)

    def resolve(self, link: Link, keys: Collection[str], tenants: tuple[str | int, ...]) -> Iterator[LinkRow]:
        return iter(())

    def counts(self, selection: Selection) -> Iterator[tuple[tuple[object, ...], int]]:
        return iter(())

    def codes(self, selection: Selection, field: str) -> Mapping[str, object]:
        return {}

    def chunks(self, selection: Selection) -> Iterator[Chunk]:
        return iter(())

    def open_attachment(self, reference: str) -> AbstractContextManager[BinaryIO]:
        raise SourceUnreadableError("nothing is there")


def _changed(lie: Lie, rows: list[Row]) -> list[Row]:
    first, *others = rows
    anothers = ("somebody else", *first[1:])
    spoiled = {
        Lie.ANOTHERS_ROW: [*rows, anothers],
        Lie.ANOTHER_KEY: [*rows, anothers],
        Lie.ANOTHER_TENANT: [*rows, (first[0], "another company", *first[2:])],
        Lie.LOSES_A_ROW: others,
        Lie.REPEATS_A_ROW: [first, *rows],
        Lie.ANOTHER_ORDER: [*others, first],
    }
    if lie is Lie.CUTS_A_CELL:
        return [tuple(c[:100_000] if isinstance(c, str) else c for c in row) for row in rows]
    return spoiled.get(lie, rows)


def _split(rows: Iterable[Row], *, most: int, full: int | None = None) -> Iterator[Chunk]:
    """Chunks of at most that many rows; one that has `full` bytes takes no more."""
    held: list[Row] = []
    size = 0
    for row in rows:
        held.append(row)
        size += _bytes(row)
        if len(held) >= most or (full is not None and size >= full):
            yield Chunk(held)
            held, size = [], 0
    if held:
        yield Chunk(held)


def _bytes(row: Row) -> int:
    return sum(len(cell) for cell in row if isinstance(cell, str | bytes))


def error_of(act: Callable[[], object]) -> DsarExportError | None:
    """The DsarExportError that a call raises, or None."""
    with suppress(StopIteration):
        try:
            act()
        except DsarExportError as error:
            return error
    return None
