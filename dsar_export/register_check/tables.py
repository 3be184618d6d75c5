"""A dataset's other tables: those on the way to its subject, of its history and of its codes."""

from collections.abc import Iterable, Iterator
from typing import Final

from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.place import HistoryTable
from dsar_export.model.source import ColumnKind, SourceDescription, Table
from dsar_export.model.subject_key import Step, SubjectKey
from dsar_export.model.table_name import name_parts
from dsar_export.register.hints import nearest
from dsar_export.register_check.versions import versions_findings

_LIKE: Final = {
    ColumnKind.TEXT: "text",
    **dict.fromkeys((ColumnKind.INTEGER, ColumnKind.DECIMAL, ColumnKind.FLOAT), "numbers"),
    ColumnKind.UUID: "UUIDs",
    ColumnKind.BYTES: "bytes",
}


def table_findings(where: str, dataset: Dataset, held: SourceDescription) -> Iterator[Finding]:
    """Tables and columns of histories and codes that are not there, and orders that are not unique."""
    yield from versions_findings(where, dataset, held)
    for index, history in enumerate(dataset.place.history):
        yield from _history(where, f"history.{index}", dataset, history, held)
    for name, mapping in dataset.fields.items():
        codes = mapping.codes_from
        if codes is not None:
            at = f"fields.{name}.codes_from"
            yield from _columns_of(where, at, codes.table, [codes.code, codes.meaning], held)


def ways_findings(where: str, dataset: Dataset, held: SourceDescription) -> Iterator[Finding]:
    """What is wrong with the ways from a row to its subject: with a wrong one, it would be somebody else's row."""
    for index, key in enumerate(dataset.subject_keys):
        yield from _way(where, f"subject_keys.{index}", dataset, key, held)


def _way(
    where: str, at: str, dataset: Dataset, key: SubjectKey, held: SourceDescription
) -> Iterator[Finding]:
    holder = dataset.place.table
    for index, step in enumerate(key.through):
        yield from _columns_of(where, f"{at}.through.{index}", holder, [step.column, *step.where], held)
        yield from _columns_of(where, f"{at}.through.{index}", step.table, [step.key], held)
        table = held.table(step.table)
        if table is not None and frozenset({step.key}) not in table.unique_keys:
            yield Finding(
                where,
                f"{at}.through.{index}.key",
                f"column {step.key!r} is not unique in {step.table!r}: a row would belong to several",
            )
        yield from _declared(where, f"{at}.through.{index}", holder, step, held)
        yield from _unlike(where, f"{at}.through.{index}", held.table(holder), step, table)
        holder = step.table
    tenant = () if key.tenant_column is None else (key.tenant_column,)
    yield from _columns_of(where, at, holder, [key.column, *tenant, *key.where], held)


def _declared(where: str, at: str, holder: str, step: Step, held: SourceDescription) -> Iterator[Finding]:
    """A way over a wrong column leads to somebody else, and the source may know better."""
    table = held.table(holder)
    declared = [(t, k) for c, t, k in (() if table is None else table.foreign_keys) if c == step.column]
    if declared and not any((name, step.key) in declared for name in held.own_names([step.table])):
        told = " and ".join(f"{t}.{k}" for t, k in declared)
        yield Finding(
            where, at, f"the source says that {holder}.{step.column} refers to {told}; correct the step"
        )


def _unlike(where: str, at: str, holder: Table | None, step: Step, table: Table | None) -> Iterator[Finding]:
    """Where types differ, a database compares as it likes, 07 with 7, or refuses to."""
    facts = (
        None if holder is None else holder.facts.get(step.column),
        None if table is None else table.facts.get(step.key),
    )
    one, other = (None if f is None else _LIKE.get(f.kind) for f in facts)
    if one is not None and other is not None and one != other:
        yield Finding(
            where,
            at,
            f"column {step.column!r} holds {one}, and {step.key!r} of {step.table!r} {other}: no join finds exactly "
            "the rows that belong together; use a link in place of the step, or give both one type",
        )


def _history(
    where: str, at: str, dataset: Dataset, history: HistoryTable, held: SourceDescription
) -> Iterator[Finding]:
    own = [key.column for key in dataset.subject_keys if not key.through]
    own += [key.through[0].column for key in dataset.subject_keys if key.through]
    own += [column for key in dataset.subject_keys for at, column, _ in key.conditions() if at == 0]
    for name in own:
        if history.column(name) is None:
            yield Finding(
                where, f"{at}.columns", f"without {name!r} no row of {history.table!r} is anybody's"
            )
    renamed = [history.column(name) for name in (*dataset.columns, *own)]
    names = [*(name for name in renamed if name is not None), *history.order_by, *history.left_out]
    yield from _columns_of(where, at, history.table, names, held)
    table = held.table(history.table)
    order = {*history.order_by, *own}
    if table is not None and table.unique_keys and not any(key <= order for key in table.unique_keys):
        yield Finding(where, f"{at}.order_by", f"is not unique in {table.name!r}; end it with a unique key")


def _columns_of(
    where: str, key: str, name: str, columns: Iterable[str], held: SourceDescription
) -> Iterator[Finding]:
    table = held.table(name)
    if table is None:
        yield no_table(where, key, name, held)
    else:
        yield from known_columns(where, key, columns, table)


def known_columns(where: str, key: str, columns: Iterable[str], table: Table) -> Iterator[Finding]:
    for column in columns:
        if column not in table.columns:
            yield Finding(
                where, key, f"no column {column!r} in {table.name!r}; {nearest(column, table.columns)}"
            )


def no_table(where: str, key: str, name: str, held: SourceDescription) -> Finding:
    """A name of no table; perhaps it lacks the double quotes of a part with a dot."""
    names = [table.name for table in held.tables]
    plain = ".".join(name_parts(name))
    unquoted = [other for other in names if ".".join(name_parts(other)) == plain]
    hint = f"one is called {unquoted[0]}, with the quotes" if unquoted else nearest(name, names)
    return Finding(where, key, f"no table {name!r} in the source; {hint}")
