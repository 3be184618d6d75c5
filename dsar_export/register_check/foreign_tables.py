"""Foreign tables, whose rows are on another server that may hide some of them silently."""

from collections.abc import Iterable, Iterator, Sequence

from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.link import Link
from dsar_export.model.register import Register
from dsar_export.model.source import SourceDescription
from dsar_export.register.hints import location
from dsar_export.register_check.tables import no_table
from dsar_export.register_check.undecided import code_columns, tables_of


def unaccepted_foreign_tables(
    register: Register,
    source: str,
    description: SourceDescription,
    datasets: Iterable[Dataset],
    links: Iterable[Link],
) -> Iterator[Finding]:
    """Foreign tables that datasets or links read without a reason in the register that accepts them."""
    read = [name for dataset in datasets for name in _read_by(dataset)]
    read += [link.at.table for link in links if link.source == source]
    yield from unaccepted(register, source, description, read)


def unaccepted(
    register: Register, source: str, description: SourceDescription, read: Iterable[str]
) -> Iterator[Finding]:
    """The foreign tables among these that no reason in the register accepts."""
    accepted = register.organisation.sources[source].foreign_tables
    known = description.own_names(name for name, why in accepted.items() if why.strip())
    for name in sorted(description.own_names(read) - known):
        table = description.table(name)
        if table is not None and table.is_foreign:
            yield Finding(
                location(register),
                f"sources.{source}.foreign_tables",
                f"the rows of {name!r} lie on another server, which may hide some silently, because its row security "
                "can't be switched off from here: make sure that it shows all rows, and write here why it does",
            )


def foreign_table_findings(
    register: Register, source: str, description: SourceDescription, datasets: Sequence[Dataset]
) -> Iterator[Finding]:
    """Foreign tables that are not accepted, and reasons that apply to no foreign table or are empty."""
    links = tuple(register.organisation.lookups.values())
    yield from unaccepted_foreign_tables(register, source, description, datasets, links)
    where, at = location(register), f"sources.{source}.foreign_tables"
    for name, why in register.organisation.sources[source].foreign_tables.items():
        table = description.table(name)
        if table is None:
            yield no_table(where, at, name, description)
        elif not table.is_foreign:
            yield Finding(where, at, f"the rows of {name!r} are in the source itself; drop it here")
        elif not why.strip():
            yield Finding(where, f"{at}.{name}", "is empty; write why the other server shows all rows")


def _read_by(dataset: Dataset) -> tuple[str, ...]:
    """Every table that a dataset reads, including those of `through`, `codes_from` and `joins`."""
    on_the_way = (step.table for key in dataset.subject_keys for step in key.through)
    return (*tables_of(dataset), *on_the_way, *code_columns([dataset]), *dataset.place.joins)
