"""The contract kit: checks a collector against a source with known content.

A third party's test builds a `CollectorCase` for its own source and calls `assert_contract`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from dsar_export.errors import DsarExportError, RegisterError, SourceUnreadableError, WrongUseError
from dsar_export.export.capabilities import counted, described, meanings, planned, planned_link
from dsar_export.folding import equals_constant, folded
from dsar_export.interfaces import Attachments, CodeTables, Collector, Planner, Snapshot
from dsar_export.model.comparison import Comparison
from dsar_export.model.field_mapping import CodeTable, FieldMapping
from dsar_export.model.link import Link
from dsar_export.model.source import CHUNK_BYTES, CHUNK_ROWS, Chunk, LinkRow, Selection

Rows = Sequence[tuple[object, ...]]
_CODED: Final = "coded"


@dataclass(frozen=True)
class CollectorCase:
    """A source with known content, and what a collector must find in it.

    `rows` are the selection's rows as chunks contain them. `linked` are the rows of `link` for the folded keys `given`.
    `meanings` are the meanings, by code as text, that the code table `codes` has for the column `coded` in these rows.
    `change` adds a row of the subject to the source. `broken` builds a collector whose source does not answer. `state`
    returns a value that differs after the source was changed. `private` are texts in the source that no error may
    quote.

    For a thorough case, include more than CHUNK_ROWS rows and some rows of a megabyte. If the source has a tenant
    column, include rows of the selection's `other_tenants`, which must not be found, and rows without a company, which
    must be found.
    """

    collector: Callable[[], Collector]
    broken: Callable[[], Collector]
    selection: Selection
    rows: Rows
    link: Link
    given: frozenset[str]
    linked: Sequence[LinkRow]
    change: Callable[[], None]
    state: Callable[[], object]
    private: Sequence[str]
    codes: CodeTable | None = None
    coded: str = ""
    meanings: Mapping[str, object] = field(default_factory=dict)
    counted: int | None = None
    """How many rows of the dataset's own table its subject key finds, if it has exactly one key in that table."""
    one_moment: bool = True
    """Whether a snapshot shows one moment of the source. A source that is asked page by page can't: it may show a
    change, and must lose or double no row over it."""


def assert_contract(case: CollectorCase) -> None:
    """Raises AssertionError with a list of every promise that the collector breaks."""
    broken = list(broken_promises(case))
    if broken:
        raise AssertionError("the collector breaks its contract:\n" + "\n".join(f"- {b}" for b in broken))


def broken_promises(case: CollectorCase) -> Iterator[str]:
    """A sentence for every promise that the collector breaks."""
    before = case.state()
    yield from _describes(case)
    yield from _reads(case)
    yield from _resolves(case)
    yield from _refuses(case)
    if case.state() != before:
        yield "reading changed the source"
    yield from _keeps_its_moment(case)


def _describes(case: CollectorCase) -> Iterator[str]:
    dataset = case.selection.dataset
    table = described(case.collector(), [dataset.at]).table(dataset.place.table)
    if table is None:
        yield "describe() does not name the dataset's table"
        return
    # A query may return columns of other tables, and define names of its own.
    expected = dataset.columns if dataset.place.query is None else dataset.place.keys
    own = {key.column for key in dataset.subject_keys if not key.through}
    if not {*own, *expected} <= set(table.columns):
        yield "describe() does not name all columns of the table"


def _reads(case: CollectorCase) -> Iterator[str]:
    with case.collector().snapshot() as snapshot:
        planned(snapshot, case.selection)
        chunks = list(snapshot.chunks(case.selection))
        as_of = snapshot.as_of()
        if as_of is not None and (as_of.tzinfo is None or as_of > datetime.now(UTC)):
            yield "as_of() does not return a time that has a time zone and is not in the future"
        yield from _bounds(chunks)
        if not all(_found_by_its_key(case.selection, c) for c in chunks):
            yield "a chunk has rows that its subject key does not find"
        if _rows(chunks) != list(case.rows):
            yield "chunks() does not return exactly the subject's rows, in the dataset's order"
        if _rows(snapshot.chunks(case.selection)) != list(case.rows):
            yield "reading twice in one snapshot returns different rows"
        nobody = replace(case.selection, keys=tuple(() for _ in case.selection.keys))
        if _rows(snapshot.chunks(nobody)):
            yield "chunks() returns rows although no identifier was given"
        yield from _companies(case, snapshot)
        if case.counted is not None and sum(n for _, n in counted(snapshot, case.selection)) != case.counted:
            yield "counts() does not return the number of rows that the key finds in the dataset's own table"


def _companies(case: CollectorCase, snapshot: Snapshot) -> Iterator[str]:
    """Rows without a company are returned if `other_tenants` is given, and only then."""
    selection = case.selection
    columns = [key.tenant_column for key in selection.dataset.subject_keys]
    if not any(columns):
        return
    ours = {folded(tenant, Comparison()) for tenant in selection.tenants}
    more = [
        row
        for chunk in snapshot.chunks(replace(selection, other_tenants=None))
        for row in chunk.rows
        if columns[chunk.subject_key] is not None
        and folded(row[selection.dataset.owner_places[chunk.subject_key] + 1], Comparison()) not in ours
    ]
    if more:
        yield "chunks() returns rows of no company or of another company although other_tenants is None"


def _bounds(chunks: Sequence[Chunk]) -> Iterator[str]:
    if any(len(c.rows) > CHUNK_ROWS for c in chunks):
        yield f"a chunk has more than {CHUNK_ROWS} rows"
    if any(not c.rows for c in chunks):
        yield "a chunk is empty"
    if any(len(c.rows) > 1 and _size(c.rows) > CHUNK_BYTES for c in chunks):
        yield f"a chunk of several rows has more than {CHUNK_BYTES} bytes"


def _found_by_its_key(selection: Selection, chunk: Chunk) -> bool:
    key, keys = selection.dataset.subject_keys[chunk.subject_key], selection.keys[chunk.subject_key]
    at = selection.dataset.owner_places[chunk.subject_key]
    found = {tuple(row[at : at + key.width]) for row in chunk.rows}
    return all(
        folded(cell, key.comparison) in keys and all(map(equals_constant, held, key.constants))
        for cell, _, *held in found
    )


def _resolves(case: CollectorCase) -> Iterator[str]:
    with case.collector().snapshot() as snapshot:
        planned_link(snapshot, case.link, case.selection.tenants)
        found = list(snapshot.resolve(case.link, case.given, case.selection.tenants))
        if sorted(found, key=repr) != sorted(case.linked, key=repr):
            yield "resolve() does not find exactly the linked identifiers"
        if list(snapshot.resolve(case.link, frozenset(), case.selection.tenants)):
            yield "resolve() finds identifiers although none was given"
        if (
            case.codes is not None
            and not case.meanings.items() <= meanings(snapshot, _coded(case), _CODED).items()
        ):
            yield "codes() does not return the meanings of the codes"


def _refuses(case: CollectorCase) -> Iterator[str]:
    probing = _error_in(case, lambda s: _probe_a_column_that_is_not_there(case, s))
    linking = _error_in(case, lambda s: _follow_a_column_that_is_not_there(case, s))
    decoding = _error_in(case, lambda s: _read_a_code_table_that_is_not_there(case, s))
    opening = _error_in(case, _open_nothing)
    unreachable = _error_of(lambda: _read_all(case))
    if not isinstance(probing, RegisterError):
        yield "probe() does not raise RegisterError for a column that does not exist"
    if not isinstance(linking, RegisterError):
        yield "probe_link() does not raise RegisterError for a column that does not exist"
    if not isinstance(decoding, RegisterError):
        yield "codes() does not raise RegisterError for a table that does not exist"
    if not isinstance(opening, WrongUseError | SourceUnreadableError):
        yield "open_attachment() raises neither WrongUseError nor SourceUnreadableError for a missing file"
    if not isinstance(unreachable, SourceUnreadableError):
        yield "a source that does not answer does not raise SourceUnreadableError"
    for error in (probing, linking, decoding, opening, unreachable):
        if any(text in str(error) for text in case.private):
            yield f"a {type(error).__name__} quotes the data"


def _probe_a_column_that_is_not_there(case: CollectorCase, snapshot: Snapshot) -> None:
    """Where a source does not plan, reading the rows must raise."""
    dataset = case.selection.dataset
    place = dataset.place if dataset.place.query is None else replace(dataset.place, query=None, key=None)
    at = dataset.at if place is dataset.place else place
    renamed = replace(dataset, fields={"x": FieldMapping(column="no_such_column_anywhere")}, at=at)
    selection = replace(case.selection, dataset=renamed)
    if isinstance(snapshot, Planner):
        snapshot.probe(selection)
    else:
        _rows(snapshot.chunks(selection))


def _follow_a_column_that_is_not_there(case: CollectorCase, snapshot: Snapshot) -> None:
    link = replace(case.link, leads_to_column="no_such_column_anywhere")
    if isinstance(snapshot, Planner):
        snapshot.probe_link(link, case.selection.tenants)
    else:
        list(snapshot.resolve(link, case.given, case.selection.tenants))


def _read_a_code_table_that_is_not_there(case: CollectorCase, snapshot: Snapshot) -> None:
    if case.codes is None or not isinstance(snapshot, CodeTables):
        raise RegisterError("a source without code tables is refused before it is read")
    elsewhere = replace(case, codes=replace(case.codes, table="no_such_table_anywhere"))
    snapshot.codes(_coded(elsewhere), _CODED)


def _open_nothing(snapshot: Snapshot) -> None:
    if not isinstance(snapshot, Attachments):
        raise WrongUseError("a source without attachments is never asked for one")
    with snapshot.open_attachment("no/such/attachment"):
        pass


def _coded(case: CollectorCase) -> Selection:
    """The selection with a field that has a code table."""
    dataset = case.selection.dataset
    field = FieldMapping(column=case.coded, codes_from=case.codes)
    return replace(case.selection, dataset=replace(dataset, fields={**dataset.fields, _CODED: field}))


def _keeps_its_moment(case: CollectorCase) -> Iterator[str]:
    with case.collector().snapshot() as snapshot:
        case.change()
        rows = _rows(snapshot.chunks(case.selection))
        if case.one_moment and rows != list(case.rows):
            yield "a snapshot shows a change that was made after it was opened"
        if not case.one_moment and (not {*case.rows} <= {*rows} or len(rows) > len(case.rows) + 1):
            yield "a change loses or doubles rows"


def _read_all(case: CollectorCase) -> None:
    with case.broken().snapshot() as snapshot:
        _rows(snapshot.chunks(case.selection))


def _error_in(case: CollectorCase, act: Callable[[Snapshot], object]) -> Exception | None:
    """The error of a call in a snapshot of its own: the error may have made the snapshot unusable."""
    with case.collector().snapshot() as snapshot:
        return _error_of(lambda: act(snapshot))


def _error_of(act: Callable[[], object]) -> Exception | None:
    try:
        act()
    except DsarExportError as error:
        return error
    except Exception as error:  # noqa: BLE001 - any other error is the broken promise itself
        return error
    return None


def _rows(chunks: Iterable[Chunk]) -> list[tuple[object, ...]]:
    return [tuple(row) for chunk in chunks for row in chunk.rows]


def _size(rows: Rows) -> int:
    return sum(
        len(c.encode("utf-8", "surrogateescape")) if isinstance(c, str) else 8 for r in rows for c in r
    )
