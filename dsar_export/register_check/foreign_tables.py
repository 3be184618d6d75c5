"""Tables whose rows lie on another server, which may hide some of them without a word."""

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
    held: SourceDescription,
    datasets: Iterable[Dataset],
    links: Iterable[Link],
) -> Iterator[Finding]:
    """Foreign tables that datasets or links read, and no reason accepts."""
    read = [name for dataset in datasets for name in _read_by(dataset)]
    read += [link.at.table for link in links if link.source == source]
    yield from unaccepted(register, source, held, read)


def unaccepted(
    register: Register, source: str, held: SourceDescription, read: Iterable[str]
) -> Iterator[Finding]:
    """Those of the tables whose rows lie on another server, and which no reason accepts."""
    accepted = register.organisation.sources[source].foreign_tables
    known = held.own_names(name for name, why in accepted.items() if why.strip())
    for name in sorted(held.own_names(read) - known):
        table = held.table(name)
        if table is not None and table.is_foreign:
            yield Finding(
                location(register),
                f"sources.{source}.foreign_tables",
                f"the rows of {name!r} lie on another server, which may hide some without a word, as row security of "
                "its own is not switched off from here: make sure that it shows all rows, and say here why it does",
            )


def foreign_table_findings(
    register: Register, source: str, held: SourceDescription, datasets: Sequence[Dataset]
) -> Iterator[Finding]:
    """What is not accepted, and reasons that accept nothing."""
    links = register.organisation.links
    yield from unaccepted_foreign_tables(register, source, held, datasets, links)
    where, at = location(register), f"sources.{source}.foreign_tables"
    for name, why in register.organisation.sources[source].foreign_tables.items():
        table = held.table(name)
        if table is None:
            yield no_table(where, at, name, held)
        elif not table.is_foreign:
            yield Finding(where, at, f"the rows of {name!r} lie in the source itself; drop it here")
        elif not why.strip():
            yield Finding(where, f"{at}.{name}", "is empty; say why the other server shows all rows")


def _read_by(dataset: Dataset) -> tuple[str, ...]:
    """Every table that a dataset reads: those on the way to its subject, of its codes and of its joins too."""
    on_the_way = (step.table for key in dataset.subject_keys for step in key.through)
    return (*tables_of(dataset), *on_the_way, *code_columns([dataset]), *dataset.place.joins)
