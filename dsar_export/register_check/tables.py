"""A dataset's other tables: those on the way to its subject, its history tables and its code tables."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from dsar_export.model.column_names import listed
from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.place import HistoryTable
from dsar_export.model.source import NUMBER_KINDS, ColumnKind, SourceDescription, Table
from dsar_export.model.subject_key import Step, SubjectKey
from dsar_export.model.table_name import name_parts
from dsar_export.register.hints import nearest
from dsar_export.register_check.versions import versions_findings

_LIKE: Final = {
    ColumnKind.TEXT: "text",
    **dict.fromkeys(NUMBER_KINDS, "numbers"),
    ColumnKind.UUID: "UUIDs",
    ColumnKind.BYTES: "bytes",
}


def table_findings(where: str, dataset: Dataset, description: SourceDescription) -> Iterator[Finding]:
    """Missing tables and columns of histories and codes, and orders that are not unique."""
    yield from versions_findings(where, dataset, description)
    for index, history in enumerate(dataset.place.history):
        yield from _history(where, f"history.{index}", dataset, history, description)
    for name, mapping in dataset.fields.items():
        codes = mapping.codes_from
        if codes is not None:
            at = f"fields.{name}.codes_from"
            yield from _columns_of(where, at, codes.table, [codes.code, codes.meaning], description)


def step_findings(where: str, dataset: Dataset, description: SourceDescription) -> Iterator[Finding]:
    """Wrong steps on the way from a row to its subject: they would lead to somebody else's row."""
    for index, key in enumerate(dataset.subject_keys):
        yield from _steps(where, f"subject_keys.{index}", dataset, key, description)


def _steps(
    where: str, at: str, dataset: Dataset, key: SubjectKey, description: SourceDescription
) -> Iterator[Finding]:
    holder = dataset.place.table
    for index, step in enumerate(key.through):
        yield from _columns_of(
            where, f"{at}.through.{index}", holder, [*step.columns, *step.where], description
        )
        yield from _columns_of(where, f"{at}.through.{index}", step.table, step.keys, description)
        table = description.table(step.table)
        if table is not None and not table.has_unique(step.keys):
            yield Finding(
                where,
                f"{at}.through.{index}.key",
                f"{not_unique(step.keys, step.table)}, so a row could belong to several people: "
                "name a unique column",
            )
        yield from _declared(where, f"{at}.through.{index}", holder, step, description)
        yield from _type_mismatch(where, f"{at}.through.{index}", description.table(holder), step, table)
        holder = step.table
    beside = [c for c in (key.tenant_column, key.region_column) if c is not None]
    yield from _columns_of(where, at, holder, [key.column, *beside, *key.where], description)


def _declared(
    where: str, at: str, holder: str, step: Step, description: SourceDescription
) -> Iterator[Finding]:
    """Steps that contradict a foreign key of the source: over a wrong column, a row leads to somebody else."""
    table = description.table(holder)
    declared = () if table is None else tuple(table.declared_references(step.columns))
    if declared and not any((name, step.keys) in declared for name in description.own_names([step.table])):
        targets = " and ".join(f"{t}.{', '.join(keys)}" for t, keys in declared)
        yield Finding(
            where,
            at,
            f"the source declares that {holder}.{', '.join(step.columns)} refers to {targets}; correct the step",
        )


def _type_mismatch(
    where: str, at: str, holder: Table | None, step: Step, table: Table | None
) -> Iterator[Finding]:
    """Steps between columns of different types: a database may take 07 for 7, or refuse to compare them."""
    for column, key in zip(step.columns, step.keys, strict=True):
        facts = (
            None if holder is None else holder.facts.get(column),
            None if table is None else table.facts.get(key),
        )
        one, other = (None if f is None else _LIKE.get(f.kind) for f in facts)
        if one is not None and other is not None and one != other:
            yield Finding(
                where,
                at,
                f"column {column!r} holds {one}, but {key!r} of {step.table!r} holds {other}, so no join finds "
                "exactly the rows that belong together; use a link instead of the step, or give both the same type",
            )


def _history(
    where: str, at: str, dataset: Dataset, history: HistoryTable, description: SourceDescription
) -> Iterator[Finding]:
    own = [key.column for key in dataset.subject_keys if not key.through]
    own += [column for key in dataset.subject_keys if key.through for column in key.through[0].columns]
    own += [column for key in dataset.subject_keys for at, column, _ in key.conditions() if at == 0]
    for name in own:
        if history.column(name) is None:
            yield Finding(
                where,
                f"{at}.columns",
                f"without {name!r} nobody's rows can be found in {history.table!r}; name its column",
            )
    renamed = [history.column(name) for name in (*dataset.columns, *own)]
    names = [*(name for name in renamed if name is not None), *history.order_by, *history.left_out]
    yield from _columns_of(where, at, history.table, names, description)
    table = description.table(history.table)
    order = {*history.order_by, *own}
    if table is not None and table.unique_keys and not any(key <= order for key in table.unique_keys):
        yield Finding(where, f"{at}.order_by", f"is not unique in {table.name!r}; end it with a unique key")


def _columns_of(
    where: str, key: str, name: str, columns: Iterable[str], description: SourceDescription
) -> Iterator[Finding]:
    table = description.table(name)
    if table is None:
        yield no_table(where, key, name, description)
    else:
        yield from known_columns(where, key, columns, table)


def not_unique(columns: Sequence[str], table: str) -> str:
    """The problem of columns that are no key of their table."""
    return f"{listed(columns)} {'is' if len(columns) == 1 else 'are'} not unique in {table!r}"


def known_columns(where: str, key: str, columns: Iterable[str], table: Table) -> Iterator[Finding]:
    for column in columns:
        if column not in table.columns and not table.is_sampled:
            yield Finding(
                where, key, f"no column {column!r} in {table.name!r}; {nearest(column, table.columns)}"
            )


def no_table(where: str, key: str, name: str, description: SourceDescription) -> Finding:
    """The finding for a name that no table has; it may lack the double quotes around a part with a dot."""
    names = [table.name for table in description.tables]
    plain = ".".join(name_parts(name))
    unquoted = [other for other in names if ".".join(name_parts(other)) == plain]
    hint = f"write {unquoted[0]}, with the quotes" if unquoted else nearest(name, names)
    return Finding(where, key, f"no table {name!r} in the source; {hint}")
