"""Which field a column becomes, or why it is left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from dsar_export.model.source import NUMBER_KINDS, ColumnFacts, ColumnKind, Table
from dsar_export.register_draft.credentials import is_withheld, withheld_line
from dsar_export.register_draft.graph import Graph, Reference, facts_of
from dsar_export.register_draft.look import Seen
from dsar_export.register_draft.lookups import meaning_of
from dsar_export.register_draft.shape import Line, Toml
from dsar_export.register_draft.words import ends_in, is_one, names, simple_name, words_in

UNDECIDED: Final = "undecided"
_TIMES: Final = frozenset({ColumnKind.INSTANT, ColumnKind.LOCAL_TIME, ColumnKind.DATE})
_MARKS: Final = _TIMES | {ColumnKind.BOOLEAN, ColumnKind.INTEGER}


@dataclass(frozen=True)
class ColumnDraft:
    """A column as a line of `[fields]`, or of `[left_out]`; `marks_deleted` if it says that the row was deleted."""

    column: str
    line: Line
    left_out: bool = False
    marks_deleted: bool = False


@dataclass(frozen=True)
class ColumnReader:
    """Decides on the columns of tables.

    `zone` is the time zone of all local times, if somebody named it. `targets` has, by table and column, the
    `dataset.field` that holds what a reference refers to. `explaining` are tables that name nobody, so that their
    texts may stand in place of codes. `seen` has what a look at values showed.
    """

    graph: Graph
    zone: str | None
    targets: Mapping[tuple[str, str], str]
    explaining: frozenset[str]
    seen: Seen = field(default_factory=dict)

    def columns(self, table: Table, keys: frozenset[str]) -> tuple[ColumnDraft, ...]:
        """A draft of each column of a table; `keys` are those by which its rows are found and ordered."""
        usual = field_names(table)
        taken = set(usual.values())
        found: list[ColumnDraft] = []
        for column in table.columns:
            kept = column in keys or (table.name, column) in self.targets
            found.append(self._column(table, column, usual[column], taken, kept=kept))
        return tuple(found)

    def _column(self, table: Table, column: str, usual: str, taken: set[str], *, kept: bool) -> ColumnDraft:
        facts = facts_of(table, column)
        left = _left_out(table, column, facts, kept=kept)
        if left is not None:
            return ColumnDraft(column, Line(column, *left), left_out=True)
        reference = self._reference(table, column)
        reading = self._reading(
            table, column, facts, None if kept and not self._in_dataset(reference) else reference
        )
        name = _unused(_without_key(column), usual, taken) if "codes_from" in reading else usual
        mapping: dict[str, Toml] = {"column": column, **reading}
        if facts.comment:
            mapping["description"] = facts.comment
        if not _is_observed(column, facts) and reference is None and not kept:
            mapping["origin"] = "provided" if _is_provided(column) else "derived"
        deleted = is_one("columns.deleted", column) and facts.kind in _MARKS
        return ColumnDraft(
            column, Line(name, mapping, _remark(column, facts, reference)), marks_deleted=deleted
        )

    def _in_dataset(self, reference: Reference | None) -> bool:
        return reference is not None and (reference.target, reference.keys[0]) in self.targets

    def _reference(self, table: Table, column: str) -> Reference | None:
        return next((r for r in self.graph.out_of(table.name) if r.columns == (column,)), None)

    def _reading(
        self, table: Table, column: str, facts: ColumnFacts, reference: Reference | None
    ) -> dict[str, Toml]:
        """What the field needs beside its column."""
        if reference is not None:
            return self._referring(reference)
        if (table.name, column) in self.seen:
            return dict(self.seen[table.name, column])
        if facts.kind is ColumnKind.LOCAL_TIME:
            return {"zone": self.zone} if self.zone is not None else {"type": "string"}
        if facts.kind is ColumnKind.LARGE_OBJECT:
            return {"large_object": True}
        return _money(table, column, facts)

    def _referring(self, reference: Reference) -> dict[str, Toml]:
        target = None if reference.guessed else self.targets.get((reference.target, reference.keys[0]))
        if target is not None:
            return {"references": target}
        explained = meaning_of(self.graph, reference) if reference.target in self.explaining else None
        if explained is None:
            return {}
        table: dict[str, Toml] = {
            "table": explained.table,
            "code": explained.code,
            "meaning": explained.meaning,
        }
        return {"type": "string", "codes_from": {**table, "keep_code": True}}


def period_of(drafts: tuple[ColumnDraft, ...], table: Table) -> str | None:
    """The field by whose time the records of a table are counted, such as when an order was placed."""
    times = [d.line.key for d in drafts if _is_time(d, table) and not _is_another_time(d.column)]
    return times[0] if times else None


def _is_time(draft: ColumnDraft, table: Table) -> bool:
    mapping = draft.line.value
    if draft.left_out or draft.marks_deleted or not isinstance(mapping, Mapping):
        return False
    if "type" in mapping:
        return mapping["type"] in {"date", "date-time"}
    return "zone" in mapping or facts_of(table, draft.column).kind in {ColumnKind.INSTANT, ColumnKind.DATE}


def _is_another_time(column: str) -> bool:
    """Whether a time is that of a person's birth or of a row's last change, by which nobody counts."""
    return names("columns.human", column) or ends_in("columns.updated", column)


def field_names(table: Table) -> Mapping[str, str]:
    """The usual name of each column's field, all different; a field with a meaning in place of its code has another."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for column in table.columns:
        found[column] = _unused(simple_name(column), None, taken)
    return found


def _left_out(table: Table, column: str, facts: ColumnFacts, *, kept: bool) -> tuple[Toml, str | None] | None:
    """Why a column is left out, with a remark; None for one that becomes a field, as one that is `kept` does."""
    if is_withheld(table, column):
        return withheld_line(column).value, None
    if kept:
        return None
    if facts.kind is ColumnKind.OTHER and ends_in("columns.search", column) and not facts.values:
        return {"reason": "copied_elsewhere", "note": "The words of other columns, kept for searching."}, None
    if names("columns.technical", column) and facts.kind is not ColumnKind.TEXT and not facts.values:
        return {
            "reason": "not_personal",
            "note": "A number by which the database itself keeps order.",
        }, "a guess"
    if ends_in("columns.files", column) and facts.kind is ColumnKind.TEXT:
        note = "It names a file that lies beside the database."
        return {"reason": UNDECIDED, "note": note}, "map it as a text, or leave it out with a reason"
    return None


def _money(table: Table, column: str, facts: ColumnFacts) -> dict[str, Toml]:
    if facts.kind is ColumnKind.MONEY:
        return {"type": "decimal"}
    if facts.kind not in NUMBER_KINDS or not (names("columns.money", column) or _counts_cents(column)):
        return {}
    if facts.kind is ColumnKind.INTEGER:
        return {"type": "decimal", "unit": "1/100"} if _counts_cents(column) else {}
    currency = next((c for c in table.columns if is_one("columns.currency", c)), None)
    return {
        "type": "decimal",
        **({} if currency is None else {"currency_field": field_names(table)[currency]}),
    }


def _counts_cents(column: str) -> bool:
    return ends_in("columns.minor", column)


def _is_provided(column: str) -> bool:
    kinds = ("email", "phone", "login", "human", "personal", "address", "provided")
    return not names("columns.visit", column) and any(names(f"columns.{kind}", column) for kind in kinds)


def _is_observed(column: str, facts: ColumnFacts) -> bool:
    """Whether a column holds what its dataset's `origin` says: neither what people enter, nor what is concluded."""
    concluded = names("columns.derived", column) and facts.kind in NUMBER_KINDS
    noted = facts.kind in NUMBER_KINDS or (facts.kind in _TIMES and not names("columns.human", column))
    return not concluded and (noted or not _is_provided(column))


def _remark(column: str, facts: ColumnFacts, reference: Reference | None) -> str | None:
    if reference is not None and reference.guessed:
        return f"a guess: refers to {reference.target}"
    if facts.values:
        return "stored: " + ", ".join(facts.values[:8])
    if facts.kind is ColumnKind.INTEGER and names("columns.money", column) and not _counts_cents(column):
        return 'if it counts cents: type = "decimal", unit = "1/100"'
    return None


def _without_key(column: str) -> str:
    """The name of a field with a meaning in place of its key: `product` for `product_id`."""
    words = words_in(column)
    return (
        "_".join(words[:-1])
        if len(words) > 1 and ends_in("columns.key_endings", column)
        else simple_name(column)
    )


def _unused(name: str, own: str | None, taken: set[str]) -> str:
    """The name, or one with a number if it is taken by another than `own`."""
    if name == own:
        return name
    unused, n = name, 2
    while unused in taken:
        unused, n = f"{name}_{n}", n + 1
    taken.add(unused)
    return unused
