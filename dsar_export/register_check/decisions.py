"""What a register states as undecided: how much it is, and what a package lacks because of it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.model.dataset import Dataset
from dsar_export.model.left_out import LeftOut, LeftOutReason
from dsar_export.model.message import Message
from dsar_export.model.outcome import Gap
from dsar_export.model.register import Register
from dsar_export.model.table_name import name_parts
from dsar_export.model.undecided import TENANT, DecisionsLeft
from dsar_export.register_check.undecided import tables_of

_TABLES: Final = message(
    "nobody has decided yet whether these tables hold data about the person, so they were not searched: {tables}"
)
_COLUMNS: Final = message(
    "nobody has decided yet whether these columns are data about the person, so they were not copied: {columns}"
)
_VERSIONS: Final = message(
    "nobody has decided yet whether earlier versions of the rows are data about the person, so they were not copied"
)


def decisions_left(register: Register) -> DecisionsLeft:
    """The entries of the register's files that wait for a decision."""
    organisation = register.organisation
    places = [dataset.place for dataset in register.datasets]
    columns = [dataset.left_out for dataset in register.datasets]
    columns += [history.left_out for place in places for history in place.history]
    return DecisionsLeft(
        tables=sum(len(_undecided(source.left_out)) for source in organisation.sources.values()),
        columns=sum(len(_undecided(left_out)) for left_out in columns),
        versions=sum(_waits(place.versions_left_out) for place in places),
        terms=sum(len(set(dataset.undecided)) for dataset in register.datasets),
        statements=len(set(organisation.undecided)),
        details=sum(len(set(each.undecided)) for each in organisation.controllers.values())
        + sum(TENANT in values for each in organisation.sources.values() for values in each.tenants.values()),
    )


def undecided_table_gaps(register: Register, controller: str, source: str) -> Iterator[Gap]:
    """Tables of a source that may hold data of a controller, and about which nobody has decided: one gap for all."""
    entry = register.organisation.sources[source]
    datasets = [d for d in register.datasets_of(controller) if d.source == source]
    read = {name_parts(table) for dataset in datasets for table in tables_of(dataset)}
    tables = [name for name in _undecided(entry.left_out) if name_parts(name) not in read]
    if controller in entry.controllers and tables:
        yield Gap(source, None, Message(_TABLES, (("tables", _named(tables)),)))


def undecided_column_gaps(datasets: Sequence[Dataset]) -> Iterator[Gap]:
    """Columns and earlier versions of rows about which nobody has decided: one gap for the columns of a dataset."""
    for dataset in datasets:
        if columns := list(_undecided_columns(dataset, datasets)):
            reason = Message(_COLUMNS, (("columns", _named(columns)),))
            yield Gap(dataset.source, dataset.name, reason, within_rows=True)
        if _waits(dataset.place.versions_left_out):
            yield Gap(dataset.source, dataset.name, Message(_VERSIONS))


def is_undecided(gap: Gap) -> bool:
    """Whether a gap is one of these, and not of a source that could not be read in full."""
    return gap.reason.text in {_TABLES, _COLUMNS, _VERSIONS}


def _undecided_columns(dataset: Dataset, datasets: Iterable[Dataset]) -> Iterator[str]:
    """Its undecided columns, unless a dataset that reads the very same rows copies them."""
    rows = _rows(dataset)
    copied = {c for other in datasets if _rows(other) == rows for c in _copied(other)}
    yield from (name for name in _undecided(dataset.left_out) if name not in copied)
    for history in dataset.place.history:
        yield from (f"{history.table}.{name}" for name in _undecided(history.left_out))


def _rows(dataset: Dataset) -> tuple[str, tuple[str, ...], str]:
    """The source and table of a dataset, and the keys that find its rows, as text because they are not hashable."""
    return dataset.source, name_parts(dataset.place.table), repr(dataset.subject_keys)


def _copied(dataset: Dataset) -> Iterator[str]:
    return (field.column for field in dataset.fields.values() if field.column is not None)


def _undecided(left_out: Mapping[str, LeftOut]) -> Collection[str]:
    return [name for name, each in left_out.items() if _waits(each)]


def _waits(left_out: LeftOut | None) -> bool:
    return left_out is not None and left_out.reason is LeftOutReason.UNDECIDED


def _named(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names))
