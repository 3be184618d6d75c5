"""Parts of a source that the register does not mention: nobody has decided whether they are the subject's data."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from dsar_export.model.dataset import Dataset
from dsar_export.model.message import Message
from dsar_export.model.outcome import Gap
from dsar_export.model.place import HistoryTable
from dsar_export.model.register import Source
from dsar_export.model.source import Probe, SourceDescription, Table
from dsar_export.register_check.versions import undecided_versions

_Rows = tuple[str, str]
"""A table, and the subject keys that find its rows, as text because their conditions are not hashable."""
SubjectOf = Callable[[Dataset], str]
"""The kind of identifier that stands for one person of a dataset's kind of people."""


def undecided_tables(
    source: Source, description: SourceDescription, datasets: Iterable[Dataset]
) -> Iterator[Table]:
    """Tables and views that none of a controller's datasets reads and that are not left out with a reason.

    A code table counts as read if it has no columns beside those that explain the codes.
    """
    datasets = tuple(datasets)
    decided = description.own_names(name for dataset in datasets for name in tables_of(dataset))
    decided |= description.own_names(source.left_out)
    codes = {
        table.name: columns
        for name, columns in code_columns(datasets).items()
        if (table := description.table(name)) is not None
    }
    for table in description.tables:
        columns = codes.get(table.name)
        if table.name not in decided and (columns is None or not columns >= {*table.columns}):
            yield table


def tables_of(dataset: Dataset) -> tuple[str, ...]:
    """The tables whose rows a dataset exports."""
    return (dataset.place.table, *(h.table for h in dataset.place.history))


def code_columns(datasets: Iterable[Dataset]) -> Mapping[str, set[str]]:
    """The code tables of these datasets, each with its columns that explain codes."""
    columns: dict[str, set[str]] = {}
    for codes in (f.codes_from for dataset in datasets for f in dataset.fields.values()):
        if codes is not None:
            columns.setdefault(codes.table, set()).update((codes.code, codes.meaning))
    return columns


def undecided_columns(
    description: SourceDescription, datasets: Sequence[Dataset], subject_of: SubjectOf
) -> Iterator[tuple[Sequence[Dataset], str, str]]:
    """Columns of mapped tables that are in no record and not left out with a reason: datasets, table and column.

    Datasets with different subject keys read different rows of a table, and answer only for those.
    """
    decided: dict[_Rows, set[str]] = {}
    readers: dict[_Rows, list[Dataset]] = {}
    for dataset in datasets:
        for history in (None, *dataset.place.history):
            table = description.table(dataset.place.table if history is None else history.table)
            if table is None:
                continue
            rows = (table.name, repr(dataset.subject_keys))
            decided.setdefault(rows, set()).update(_decided(dataset, history, subject_of(dataset)))
            readers.setdefault(rows, []).append(dataset)
    for rows, reading in readers.items():
        known = description.table(rows[0])
        if known is None:
            continue
        for column in known.columns:
            if column not in decided[rows] | known.added:
                yield reading, rows[0], column


def _decided(dataset: Dataset, history: HistoryTable | None, subject: str) -> set[str]:
    """The columns whose cells are in a record or left out with a reason; a zone or a mark does not export its cell."""
    fields = (f.column for f in dataset.fields.values() if f.column is not None)
    names = {*fields, *dataset.left_out, *_named_by_package(dataset, subject)}
    if history is None:
        return names
    return {here for name in names if (here := history.column(name)) is not None} | {*history.left_out}


def _named_by_package(dataset: Dataset, subject: str) -> Iterator[str]:
    """The tenant column, and a sole key that identifies the subject: the package itself names company and person."""
    keys = dataset.subject_keys
    for key in keys:
        if not key.through:
            yield key.tenant_column or ""
            if len(keys) == 1 and key.identifier == subject:
                yield key.column


def undecided_returned(dataset: Dataset, description: SourceDescription, probe: Probe) -> Iterator[str]:
    """Columns of joined tables that a query returns as it takes all of them, and that nobody has decided on."""
    table, key = description.table(dataset.place.table), dataset.subject_keys[0]
    known = {*dataset.columns, *dataset.left_out, *dataset.place.order_by, key.column, *dataset.place.keys}
    known |= {owner.column for owner in dataset.place.joined}
    own = () if table is None else table.columns  # else the column is undecided in its table
    yield from (name for name in probe.returned if name not in known and name not in own)


def undecided_gaps(
    name: str,
    source: Source,
    description: SourceDescription,
    datasets: Sequence[Dataset],
    subject_of: SubjectOf,
    probes: Mapping[str, Probe],
) -> Iterator[Gap]:
    """The same as gaps, because an export from an outdated register must state what it did not search.

    A column is a gap of every dataset that reads its rows.
    """
    codes = code_columns(datasets)
    for table in undecided_tables(source, description, datasets):
        named = (("table", repr(table.name)),)
        if table.name in codes:
            known = Message(
                "{table} is in the register only for what codes mean, so it was not searched", named
            )
        else:
            known = Message("{table} is not in the register yet, so it was not searched", named)
        yield Gap(name, None, known)
    for reading, _, column in undecided_columns(description, datasets, subject_of):
        yield from (_column_gap(dataset, column) for dataset in reading)
    for dataset in datasets:
        if dataset.name in probes:
            for column in undecided_returned(dataset, description, probes[dataset.name]):
                yield _column_gap(dataset, column)
        for table_name in undecided_versions(dataset, description):
            yield Gap(
                name,
                dataset.name,
                Message(
                    "earlier versions of rows, which the table {table} keeps, are not in the register yet, "
                    "so they were not copied",
                    (("table", repr(table_name)),),
                ),
            )


def _column_gap(dataset: Dataset, column: str) -> Gap:
    reason = Message(
        "column {column} is not in the register yet, so it was not copied", (("column", repr(column)),)
    )
    return Gap(dataset.source, dataset.name, reason, within_rows=True)
