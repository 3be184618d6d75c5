"""The tables of a source with what refers to what: declared foreign keys, and references guessed by name and type."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from dsar_export.model.source import ColumnFacts, SourceDescription, Table
from dsar_export.model.table_name import name_parts
from dsar_export.register_draft.words import ends_in, is_one, singulars, telling_words, words_in

_BARE_KEYS: Final = frozenset(
    {
        *((word,) for word in ("id", "key", "code", "uuid", "guid", "nr", "no", "number", "name")),
        *(
            (word, "id")
            for word in ("entity", "row", "record", "object", "item", "meta", "parent", "external")
        ),
    }
)


@dataclass(frozen=True)
class Reference:
    """Columns of a table that refer to a row of another, or of the same; `guessed` if no foreign key declares it."""

    table: str
    columns: tuple[str, ...]
    target: str
    keys: tuple[str, ...]
    guessed: bool = False


@dataclass(frozen=True)
class Graph:
    """The tables of a source by name, with their references."""

    description: SourceDescription
    tables: Mapping[str, Table]
    references: tuple[Reference, ...]

    def out_of(self, table: str) -> tuple[Reference, ...]:
        """What a table refers to."""
        return self._out.get(table, ())

    def into(self, table: str) -> tuple[Reference, ...]:
        """What refers to a table from other tables."""
        return self._into.get(table, ())

    @cached_property
    def _out(self) -> Mapping[str, tuple[Reference, ...]]:
        return _grouped((r.table, r) for r in self.references)

    @cached_property
    def _into(self) -> Mapping[str, tuple[Reference, ...]]:
        return _grouped((r.target, r) for r in self.references if r.table != r.target)


def read_graph(description: SourceDescription) -> Graph:
    """The graph of a source; views refer to nothing, as they repeat rows of tables."""
    tables = {table.name: table for table in description.tables}
    own = [table for table in tables.values() if not table.is_view]
    declared = tuple(
        Reference(table.name, key.columns, key.table, key.referred)
        for table in own
        for key in table.foreign_keys
        if key.table in tables
    )
    targets = _Targets(own)
    guessed = tuple(reference for table in own for reference in _guessed(table, targets, declared))
    return Graph(description, tables, (*declared, *guessed))


def facts_of(table: Table, column: str) -> ColumnFacts:
    """The declared facts about a column; the defaults if there are none."""
    return table.facts.get(column, ColumnFacts())


def single_key(table: Table) -> str | None:
    """The column that is a table's key by itself: its primary key, or else a unique column that is never null."""
    if table.primary_key:
        return table.primary_key[0] if len(table.primary_key) == 1 else None
    unique = (next(iter(key)) for key in table.unique_keys if len(key) == 1)
    return next((column for column in sorted(unique) if not facts_of(table, column).nullable), None)


@dataclass(frozen=True)
class RowKey:
    """What names a row: a column, and beside it the company that the row belongs to, if several share the table."""

    column: str
    tenant: str | None = None


def row_key(table: Table) -> RowKey | None:
    """What names the rows of a table, if it is one column beside the company's; None for any other key."""
    single = single_key(table)
    if single is not None:
        return RowKey(single)
    tenants = [column for column in table.primary_key if is_one("columns.tenant", column)]
    if len(table.primary_key) == 2 and len(tenants) == 1:  # the company and the key
        return RowKey(next(c for c in table.primary_key if c not in tenants), tenants[0])
    return None


def is_unique(table: Table, columns: tuple[str, ...]) -> bool:
    """Whether no two rows of a table have the same values in these columns."""
    return frozenset(columns) in table.unique_keys or table.primary_key == columns


def _grouped(pairs: Iterable[tuple[str, Reference]]) -> Mapping[str, tuple[Reference, ...]]:
    found: dict[str, list[Reference]] = {}
    for name, reference in pairs:
        found.setdefault(name, []).append(reference)
    return {name: tuple(references) for name, references in found.items()}


class _Targets:
    """Tables that a column may refer to by its name, by the last word of that name and the kind of their key."""

    def __init__(self, tables: list[Table]) -> None:
        self._tables = tables
        self._by_name: dict[tuple[str, ...], list[tuple[Table, RowKey]]] = {}
        prefix = _prefix_of(tables)
        for table in tables:
            key = row_key(table)
            if key is not None:
                for name in dict.fromkeys(_names_of(table, key.column, prefix)):
                    self._by_name.setdefault(name, []).append((table, key))

    def archives_of(self, target: Table, key: RowKey) -> list[Table]:
        """The tables to which old rows of a table are moved under the same key, such as `orders_archive`."""
        return [
            table
            for table in self._tables
            if row_key(table) == key
            and ends_in("tables.archives", table.name)
            and words_in(name_parts(table.name)[-1])[:-1] == words_in(name_parts(target.name)[-1])
        ]

    def of(self, table: Table, column: str) -> list[tuple[Table, RowKey]]:
        """The tables to which this column may refer; to one that companies share, only beside their column."""
        found, kind = self._by_name.get(words_in(column), []), facts_of(table, column).kind
        return [
            (target, key)
            for target, key in found
            if target.name != table.name and facts_of(target, key.column).kind is kind
            if key.tenant is None or key.tenant in table.columns
        ]


def _prefix_of(tables: list[Table]) -> str | None:
    """The word with which most names of tables begin, such as the `wp` of `wp_users`."""
    first = Counter(own[0] for table in tables if len(own := words_in(name_parts(table.name)[-1])) > 1)
    word, times = first.most_common(1)[0] if first else ("", 0)
    return word if times > 2 and 2 * times > len(tables) else None


def _names_of(table: Table, key: str, prefix: str | None) -> Iterator[tuple[str, ...]]:
    """The names that a column with this table's key has elsewhere: `customer_id`, and `CustomerNo` if its key has."""
    own, bare = telling_words(name_parts(table.name)[-1]), words_in(key)
    if len(own) > 1 and own[0] == prefix:
        own = own[1:]
    if not own:
        return
    for last in singulars(own[-1]):
        stem = (*own[:-1], last)
        yield (*stem, "id")
        yield (*stem, *bare)
    if bare not in _BARE_KEYS and ends_in("columns.key_endings", key):
        yield bare


def _guessed(table: Table, targets: _Targets, declared: tuple[Reference, ...]) -> Iterator[Reference]:
    known = {column for r in declared if r.table == table.name for column in r.columns}
    for column in table.columns:
        if column in known or column == single_key(table):
            continue
        found = targets.of(table, column)
        if len(found) == 1:
            target, key = found[0]
            beside = () if key.tenant is None else (key.tenant,)
            for referred in (target, *targets.archives_of(target, key)):
                yield Reference(
                    table.name, (*beside, column), referred.name, (*beside, key.column), guessed=True
                )
