"""The datasets of a draft: one for each table to which a way leads, and for each that the person's rows point to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dsar_export.model.half_key import names_a_type
from dsar_export.model.source import ColumnKind, Table
from dsar_export.model.table_name import name_parts
from dsar_export.register_draft.columns import ColumnDraft, ColumnReader, field_names, period_of
from dsar_export.register_draft.credentials import is_withheld
from dsar_export.register_draft.graph import Graph, Reference, facts_of
from dsar_export.register_draft.shape import DraftedDataset, Line, Toml
from dsar_export.register_draft.ways import Way
from dsar_export.register_draft.words import simple_name, words_in

_UNORDERED: Final = frozenset(
    {ColumnKind.JSON, ColumnKind.ARRAY, ColumnKind.BYTES, ColumnKind.LARGE_OBJECT, ColumnKind.OTHER}
)
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}
)
TERMS: Final = ("purposes", "recipients", "storage_period")


@dataclass(frozen=True)
class DatasetWriter:
    """Drafts datasets of one source; `names` has the name of each table's dataset."""

    graph: Graph
    source: str
    names: Mapping[str, str]
    reader: ColumnReader

    def dataset(self, table: Table, ways: Sequence[Way], remarks: Sequence[str]) -> DraftedDataset:
        """The dataset of a table that these ways lead to."""
        order = order_of(table, {way.column for way in ways if not way.steps} if len(ways) == 1 else set())
        keys = frozenset(
            [
                *table.primary_key,
                *(
                    column
                    for way in ways
                    for column in (way.steps[0].columns if way.steps else (way.column,))
                ),
                *(c for r in self.graph.out_of(table.name) if len(r.columns) > 1 for c in r.columns),
            ]
        )
        drafts = self.reader.columns(table, keys)
        name = self.names[table.name]
        head = (
            Line("name", name),
            Line("title", readable(name)),
            *((Line("description", table.comment),) if table.comment else ()),
            Line("source", self.source),
            Line("table", table.name),
            Line("subject_keys", [_key(way, table, self.graph) for way in ways], _guess(ways)),
            Line(
                "order_by",
                list(order),
                None if _is_unique(table, order, ways) else "not unique; name a unique key",
            ),
            Line(
                "origin", "observed", "of fields without their own: provided, observed, derived or acquired"
            ),
            *self._optional(drafts, table),
            Line("undecided", list(TERMS)),
        )
        fields = tuple(draft.line for draft in drafts if not draft.left_out)
        left_out = tuple(draft.line for draft in drafts if draft.left_out)
        references = tuple(
            self._references(table.name, {d.column: d.line.key for d in drafts if not d.left_out})
        )
        return DraftedDataset(name, table.name, tuple(remarks), head, fields, left_out, references)

    def _references(self, table: str, fields: Mapping[str, str]) -> Iterator[tuple[Line, ...]]:
        """The references of several columns to a row of another dataset."""
        for reference in self.graph.out_of(table):
            target = self.graph.tables[reference.target]
            if (
                len(reference.columns) > 1
                and reference.target in self.names
                and not reference.guessed
                and all(column in fields for column in reference.columns)
                and not any(is_withheld(target, key) for key in reference.keys)
            ):
                yield (
                    Line("fields", [fields[column] for column in reference.columns]),
                    Line("dataset", self.names[reference.target]),
                    Line("to", [field_names(target)[key] for key in reference.keys]),
                )

    def _optional(self, drafts: tuple[ColumnDraft, ...], table: Table) -> Iterator[Line]:
        period = period_of(drafts, table)
        if period is not None:
            yield Line("period", period, "the time by which records are counted")
        deleted = next((draft.column for draft in drafts if draft.marks_deleted), None)
        if deleted is not None:
            marks: dict[str, Toml] = {"column": deleted}
            if facts_of(table, deleted).kind in {ColumnKind.BOOLEAN, ColumnKind.INTEGER} and not _is_moment(
                deleted
            ):
                marks["values"] = [True if facts_of(table, deleted).kind is ColumnKind.BOOLEAN else 1]
            yield Line("deleted", marks, "a guess")
        if table.keeps_versions:
            history: dict[str, Toml] = {
                "table": table.name,
                "system_versions": True,
                "order_by": list(table.primary_key),
            }
            yield Line("history", [history])


def _is_moment(column: str) -> bool:
    """Whether a number of this name is a time since 1970, and not a mark."""
    return not {"at", "on", "date", "am", "le"}.isdisjoint(words_in(column))


def dataset_names(tables: Sequence[str]) -> Mapping[str, str]:
    """A name for the dataset of each table, all different and fit for files."""
    found: dict[str, str] = {}
    for table in tables:
        name = simple_name("_".join(name_parts(table)))
        name = f"{name}_rows" if name in _DEVICES else name
        unused, n = name, 2
        while unused in found.values():
            unused, n = f"{name}_{n}", n + 1
        found[table] = unused
    return found


def order_of(table: Table, keys: set[str]) -> tuple[str, ...]:
    """The columns that make the order unique after the subject key: the primary key, or the shortest unique one."""
    unique = sorted((tuple(sorted(key)) for key in table.unique_keys), key=lambda key: (len(key), key))
    key = table.primary_key or next(iter(unique), ())
    if not key:
        ordered = (column for column in table.columns if facts_of(table, column).kind not in _UNORDERED)
        key = tuple(column for column in ordered if not is_withheld(table, column)) or table.columns[:1]
    return tuple(column for column in key if column not in keys) or key


def readable(name: str) -> str:
    """A name of words with `_` between them as a title: `Order details`."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def no_where(table: Table, column: str, target: str) -> str | None:
    """Why a guessed reference beside a column such as `owner_type` refers to one table only."""
    declared = any(key.columns == (column,) for key in table.foreign_keys)
    beside = any(names_a_type(name) for name in table.columns if name != column)
    return None if declared or not beside else f"A guess from its name: it refers to {target} only."


def _key(way: Way, table: Table, graph: Graph) -> Toml:
    last = graph.tables[way.steps[-1].target] if way.steps else table
    steps: list[Toml] = [_step(step, graph) for step in way.steps]
    reason = None if way.where else no_where(last, way.column, f"people by {way.identifier}")
    return {
        **({"through": steps} if steps else {}),
        "column": way.column,
        "identifier": way.identifier,
        **({"tenant_column": way.tenant} if way.tenant is not None else {}),
        **({"match": "casefold"} if way.identifier == "email" else {}),
        **({"where": dict(way.where)} if way.where else {}),
        **({"no_where": reason} if reason is not None else {}),
    }


def _step(step: Reference, graph: Graph) -> Toml:
    single = len(step.columns) == 1
    reason = no_where(graph.tables[step.table], step.columns[0], step.target)
    return {
        "column": step.columns[0] if single else list(step.columns),
        "table": step.target,
        "key": step.keys[0] if single else list(step.keys),
        **({"no_where": reason} if reason is not None else {}),
    }


def _guess(ways: Sequence[Way]) -> str | None:
    return "a guess: no foreign key says so" if any(way.guessed for way in ways) else None


def _is_unique(table: Table, order: Sequence[str], ways: Sequence[Way]) -> bool:
    known = {*order, *(way.column for way in ways if not way.steps and len(ways) == 1)}
    keys = [*table.unique_keys, *((frozenset(table.primary_key),) if table.primary_key else ())]
    return any(key <= known for key in keys)
