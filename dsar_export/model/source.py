"""How a collector describes its source, what is requested from it, and what it returns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final

from dsar_export.model.dataset import Dataset
from dsar_export.model.index import Index
from dsar_export.model.table_name import name_parts

CHUNK_ROWS: Final = 250  # few enough that a chunk stays in the processor's cache: see ADR 20
CHUNK_BYTES: Final = 8 * 1024 * 1024


class ColumnKind(StrEnum):
    """The kind of a column's values, as far as comparing, ordering and reading distinguish kinds."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLOAT = "float"
    SINGLE = "float of 32 bits"
    MONEY = "money"
    BOOLEAN = "boolean"
    UUID = "uuid"
    BYTES = "bytes"
    INSTANT = "instant"
    LOCAL_TIME = "local time"
    DATE = "date"
    TIME = "time of day"
    JSON = "JSON"
    ARRAY = "array"
    LARGE_OBJECT = "large object"
    OTHER = "other"


NUMBER_KINDS: Final = frozenset({ColumnKind.INTEGER, ColumnKind.DECIMAL, ColumnKind.FLOAT, ColumnKind.SINGLE})


@dataclass(frozen=True)
class ColumnFacts:
    """The facts that a source declares about a column.

    `default` is an expression as the source writes it. `values` are all that the column may hold, if the source
    lists them. `comment` is what somebody has written about it in the source.
    """

    kind: ColumnKind = ColumnKind.OTHER
    default: str | None = None
    nullable: bool = True
    values: tuple[str, ...] | None = None
    comment: str | None = None


@dataclass(frozen=True)
class ForeignKey:
    """Columns of a table, and the columns of another table that they refer to, one by one."""

    columns: tuple[str, ...]
    table: str
    referred: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table or view of a source, with its columns.

    `name` has the form of `dsar_export.model.table_name`. `unique_keys` are unique among the rows that are in the
    table today. `foreign_keys` are those that the source itself declares, and `primary_key` has the columns of its
    primary key in their order, () without one. `facts` holds the declared facts about columns, if any. `comment` is
    what somebody has written about it in the source.

    The rows of a table that `is_foreign` lie on another server, which may hide some. A table that `keeps_versions`
    also holds its rows as they were before they were changed or deleted, and shows those only on demand. `indexes` is
    None if the source does not show them; `rows` is about how many rows it has, if the source keeps a figure.
    """

    name: str
    columns: tuple[str, ...]
    unique_keys: tuple[frozenset[str], ...] = ()
    is_view: bool = False
    foreign_keys: tuple[ForeignKey, ...] = ()
    facts: Mapping[str, ColumnFacts] = field(default_factory=dict)
    is_foreign: bool = False
    keeps_versions: bool = False
    indexes: tuple[Index, ...] | None = None
    rows: int | None = None
    primary_key: tuple[str, ...] = ()
    comment: str | None = None
    is_sampled: bool = False
    """Whether no more is known of its columns than some rows show: others may exist, and reading finds out."""
    added: frozenset[str] = frozenset()
    """Columns that its collector adds, such as the number of a line, which say nothing about anybody."""

    def is_key(self, *columns: str, tenant: str | None = None) -> bool:
        """Whether at most one row has the same values in all columns, within a company if there is a tenant column."""
        own = {frozenset(columns), frozenset((*columns, tenant or columns[0]))}
        return any(key in own for key in self.unique_keys)

    def has_unique(self, columns: Sequence[str]) -> bool:
        """Whether some of these columns have different values in any two rows."""
        return any(key <= {*columns} for key in self.unique_keys)

    def declared_references(self, columns: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The tables that just these columns refer to together, each with the columns there in the same order."""
        for key in self.foreign_keys:
            pairs = dict(zip(key.columns, key.referred, strict=True))
            if pairs.keys() == set(columns):
                yield key.table, tuple(pairs[name] for name in columns)


@dataclass(frozen=True)
class SourceDescription:
    """The tables of a source, and what limits or endangers reading them.

    `may_write` names tables that the role in use could change, and other rights that it has beyond reading.
    `unseen` describes what the source may hold but hides from the role; `unsound` describes faults of the source
    itself. Both are texts for the people who maintain the register, with the next step. `large_objects` is true if
    the source keeps files apart, with only their numbers in columns. Names of tables in `schema` have no schema part.
    `typed` is false if a cell may have another type than its column.
    """

    tables: tuple[Table, ...]
    may_write: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    unsound: tuple[str, ...] = ()
    large_objects: bool = False
    schema: str | None = None
    typed: bool = True

    def table(self, name: str) -> Table | None:
        """The table with this name, however its parts are quoted; None if there is none."""
        parts = name_parts(name)
        if len(parts) == 2 and parts[0] == self.schema:
            parts = parts[1:]
        return self._by_parts.get(parts)

    def own_names(self, names: Iterable[str]) -> frozenset[str]:
        """The names that belong to tables of the source, in the source's own spelling."""
        return frozenset(table.name for name in names if (table := self.table(name)) is not None)

    @cached_property
    def _by_parts(self) -> Mapping[tuple[str, ...], Table]:
        return {name_parts(table.name): table for table in self.tables}


@dataclass(frozen=True)
class Selection:
    """A dataset, and the subject whose rows are requested.

    `keys` holds, for each of the dataset's subject keys, the folded values to look for, each once and in order.
    `tenants` holds the values of a tenant column in the company's rows, if the source has several companies. Rows
    with a tenant that is in neither `tenants` nor `other_tenants` belong to no known company: they are requested
    too, to be counted. If `other_tenants` is None, only the company's own rows are requested.
    """

    dataset: Dataset
    keys: tuple[tuple[str, ...], ...]
    tenants: tuple[str | int, ...] = ()
    other_tenants: tuple[str | int, ...] | None = None


Column = Sequence[object]
"""The cells of one column of a chunk, in the order of its rows."""


@dataclass(frozen=True)
class Chunk:
    """At most CHUNK_ROWS rows and CHUNK_BYTES of cells (one row may be larger).

    A row begins with cells for each of the dataset's subject keys, read from the table that has the key: the key,
    the tenant column (None without one), and the columns of the key's `conditions`. With a query, the owners of
    joined rows come next, in the order of `joins`. The cells of the dataset's `columns` follow. Bytes in a text
    cell that are not valid UTF-8 are decoded with `surrogateescape`.

    `subject_key` is the index of the key that found the rows. `earlier_version` is true if they come from a history
    table or are versions that were replaced, `deleted` if they are the last versions of rows that are no longer in
    their table. A row that several keys find is returned for each of them.
    """

    rows: Sequence[tuple[object, ...]]
    subject_key: int = 0
    earlier_version: bool = False
    deleted: bool = False


class FileFault(StrEnum):
    """Why a file was not read, or not to its end."""

    CUT = "it became shorter while it was read"
    GONE = "it is gone"
    DAMAGED = "it is damaged, or still being compressed"
    TOO_LONG = "it has more text than the register allows"
    NOT_A_FILE = "it is a link or something else that is no file"
    REFUSED = "the system refuses to read it"
    NO_FILE = "there is no such file"


@dataclass(frozen=True)
class FileGap:
    """A file that was not read in full: its place among the files of its pattern, never its name; and why."""

    files: str
    number: int
    fault: FileFault


@dataclass(frozen=True)
class Searched:
    """What was gone through for a selection in a source of files.

    `lines` are all that were searched; None if the source has no lines. `unattributed` are those with an identifier of
    the subject in them that show no owner: they are broken, or have no key. `others` are rows that the source returned
    although nobody asked for them, since their key is another person's. `unnamed` are the subject's rows with more in
    them than the register names.
    """

    lines: int | None = 0
    unattributed: int = 0
    gaps: tuple[FileGap, ...] = ()
    others: int = 0
    unnamed: int = 0


@dataclass(frozen=True)
class LinkRow:
    """Cells of a row that links two identifiers, as stored; `held` has the cells of the link's `where`, in order."""

    given: object
    reached: object
    since: object = None
    until: object = None
    held: tuple[object, ...] = ()


@dataclass(frozen=True)
class Probe:
    """What a source reports about a selection without reading any of its rows.

    `without_index` means that the source would scan or sort for lack of an index; `remote`, that a server would do
    so, not this machine. For a dataset with a query, `reads` names each table that it reads, as often as it reads
    it, and `instants` the returned columns that hold instants; `reads` is None if the source does not show it.
    `scans` names what would be read without an index: a table of the dataset, and the subject key by its index.
    `counts_scan` means the same for counting the rows that the key finds (see `RowCounter`). `returned` names the
    columns that a query returns if it takes all of a table, as `SELECT c.*` does; otherwise it is empty.
    """

    without_index: bool
    remote: bool = False
    reads: tuple[str, ...] | None = ()
    instants: frozenset[str] = frozenset()
    scans: frozenset[tuple[str, int]] = frozenset()
    counts_scan: bool = False
    returned: tuple[str, ...] = ()
