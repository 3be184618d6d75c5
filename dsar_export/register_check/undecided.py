"""What a source holds that the register does not speak of: nobody has decided whether it is the subject's."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dsar_export.model.dataset import Dataset
from dsar_export.model.message import Message
from dsar_export.model.outcome import Gap
from dsar_export.model.place import HistoryTable
from dsar_export.model.register import Source
from dsar_export.model.source import SourceDescription, Table
from dsar_export.register_check.versions import undecided_versions

_Rows = tuple[str, str]
"""A table, and the keys by which rows of it are found, in words: their conditions have no hash."""


def undecided_tables(source: Source, held: SourceDescription, datasets: Iterable[Dataset]) -> Iterator[Table]:
    """Tables and views that none of a controller's datasets reads and no reason leaves out.

    A table of codes is read, unless it has more columns than those that say what the codes mean.
    """
    datasets = tuple(datasets)
    decided = held.own_names(name for dataset in datasets for name in tables_of(dataset))
    decided |= held.own_names(source.left_out)
    codes = {
        table.name: columns
        for name, columns in code_columns(datasets).items()
        if (table := held.table(name)) is not None
    }
    for table in held.tables:
        columns = codes.get(table.name)
        if table.name not in decided and (columns is None or not columns >= {*table.columns}):
            yield table


def tables_of(dataset: Dataset) -> tuple[str, ...]:
    """The tables whose rows a dataset exports."""
    return (dataset.place.table, *(h.table for h in dataset.place.history))


def code_columns(datasets: Iterable[Dataset]) -> Mapping[str, set[str]]:
    """The tables that explain codes of these datasets, and the columns that do."""
    columns: dict[str, set[str]] = {}
    for codes in (f.codes_from for dataset in datasets for f in dataset.fields.values()):
        if codes is not None:
            columns.setdefault(codes.table, set()).update((codes.code, codes.meaning))
    return columns


def undecided_columns(
    held: SourceDescription, datasets: Sequence[Dataset], subject: str
) -> Iterator[tuple[Sequence[Dataset], str, str]]:
    """Columns of mapped tables that are in no record and that no reason leaves out: datasets, table and column.

    Datasets that find their rows by other keys read other rows of a table, and answer for those only.
    """
    decided: dict[_Rows, set[str]] = {}
    readers: dict[_Rows, list[Dataset]] = {}
    for dataset in datasets:
        for history in (None, *dataset.place.history):
            table = held.table(dataset.place.table if history is None else history.table)
            if table is None:
                continue
            rows = (table.name, repr(dataset.subject_keys))
            decided.setdefault(rows, set()).update(_decided(dataset, history, subject))
            readers.setdefault(rows, []).append(dataset)
    for rows, reading in readers.items():
        known = held.table(rows[0])
        for column in () if known is None else known.columns:
            if column not in decided[rows]:
                yield reading, rows[0], column


def _decided(dataset: Dataset, history: HistoryTable | None, subject: str) -> set[str]:
    """The columns whose cells a record has, or that a reason leaves out; a zone or a mark is not its column's cell."""
    fields = (f.column for f in dataset.fields.values() if f.column is not None)
    names = {*fields, *dataset.left_out, *_used_by_everybody(dataset, subject)}
    if history is None:
        return names
    return {here for name in names if (here := history.column(name)) is not None} | {*history.left_out}


def _used_by_everybody(dataset: Dataset, subject: str) -> Iterator[str]:
    """The company's column, and the one key that is the person's own: the package says whose it is."""
    keys = dataset.subject_keys
    for key in keys:
        if not key.through:
            yield key.tenant_column or ""
            if len(keys) == 1 and key.identifier == subject:
                yield key.column


def undecided_gaps(
    name: str, source: Source, held: SourceDescription, datasets: Sequence[Dataset], subject: str
) -> Iterator[Gap]:
    """The same as gaps: an export with a register that has fallen behind must say what it did not search.

    A column is a gap of every dataset whose rows have it.
    """
    codes = code_columns(datasets)
    for table in undecided_tables(source, held, datasets):
        named = (("table", repr(table.name)),)
        if table.name in codes:
            known = Message(
                "{table} is in the register only for what codes mean, so it was not searched", named
            )
        else:
            known = Message("{table} is not in the register yet, so it was not searched", named)
        yield Gap(name, None, known)
    for reading, _, column in undecided_columns(held, datasets, subject):
        reason = Message(
            "column {column} is not in the register yet, so it was not copied", (("column", repr(column)),)
        )
        yield from (Gap(name, dataset.name, reason, within_rows=True) for dataset in reading)
    for dataset in datasets:
        for table_name in undecided_versions(dataset, held):
            yield Gap(
                name,
                dataset.name,
                Message(
                    "earlier versions of rows, which the table {table} keeps, are not in the register yet, "
                    "so they were not copied",
                    (("table", repr(table_name)),),
                ),
            )
