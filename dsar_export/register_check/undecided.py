"""What a source holds that the register does not speak of: nobody has decided whether it is the subject's."""

from collections.abc import Iterable, Iterator

from dsar_export.model.outcome import Gap
from dsar_export.model.register import Dataset, Source
from dsar_export.model.source import SourceDescription, Table


def undecided_tables(source: Source, held: SourceDescription, datasets: Iterable[Dataset]) -> Iterator[Table]:
    """Tables and views that no dataset reads and no reason leaves out."""
    decided = {*(d.table for d in datasets), *source.left_out}
    return (table for table in held.tables if table.name not in decided)


def undecided_columns(held: SourceDescription, datasets: Iterable[Dataset]) -> Iterator[tuple[Dataset, str]]:
    """Columns of mapped tables that no field takes and no reason leaves out, each with a dataset of its table."""
    decided: dict[str, set[str]] = {}
    first: dict[str, Dataset] = {}
    for dataset in datasets:
        taken = decided.setdefault(dataset.table, set())
        taken |= {*dataset.columns, *dataset.left_out, dataset.subject_key.column}
        first.setdefault(dataset.table, dataset)
    for table in held.tables:
        if table.name in first:
            for column in table.columns:
                if column not in decided[table.name]:
                    yield first[table.name], column


def undecided_gaps(
    name: str, source: Source, held: SourceDescription, datasets: tuple[Dataset, ...]
) -> Iterator[Gap]:
    """The same as gaps: an export with a register that has fallen behind must say what it did not search."""
    for table in undecided_tables(source, held, datasets):
        yield Gap(name, None, f"{table.name!r} is not in the register yet, so it was not searched")
    for dataset, column in undecided_columns(held, datasets):
        yield Gap(name, dataset.name, f"column {column!r} is not in the register yet, so it was not copied")
