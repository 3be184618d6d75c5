"""What a query reads beside its own table: rows of other people, unless their owner is asserted."""

from collections.abc import Iterator

from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.model.source import Probe, SourceDescription
from dsar_export.register_check.foreign_tables import unaccepted
from dsar_export.register_file import location, nearest


def joins_findings(
    register: Register, dataset: Dataset, held: SourceDescription, probe: Probe
) -> Iterator[Finding]:
    """Tables of people's rows that the plan of a query reads and its `joins` does not name, and the other way round."""
    if dataset.query is None:
        return
    if probe.reads is None:
        yield Finding(
            location(register, dataset),
            "query",
            "the source keeps from this account which tables the query reads, so nobody sees whether it joins other "
            "people's rows: GRANT SHOW VIEW on its views, or name their tables in the query",
        )
        return
    yield from unaccepted(register, dataset.source, held, probe.reads)
    where, people = location(register, dataset), _tables_of_people(register, dataset.source, held)
    read = [table.name if (table := held.table(name)) is not None else name for name in probe.reads]
    named = {table.name if (table := held.table(name)) is not None else name for name in dataset.joins}
    own = held.table(dataset.table)
    others = {name for name in read if own is None or name != own.name}
    if own is not None and read.count(own.name) > 1:
        others.add(own.name)
    for name in sorted((others & people) - named):
        yield Finding(
            where,
            "joins",
            f"the query reads rows of people from {name!r}: return a column with the owner of the joined row, and "
            f'name it as joins = {{ {name} = "column" }}',
        )
    for name in sorted(named - set(read)):
        yield Finding(where, f"joins.{name}", f"the query reads no table {name!r}; {nearest(name, others)}")


def _tables_of_people(register: Register, source: str, held: SourceDescription) -> set[str]:
    """Tables that a dataset or link reads, that lie on the way to a subject, or that have a subject key's column."""
    names, keys = set[str](), set[str]()
    for dataset in (d for d in register.datasets if d.source == source):
        names |= {dataset.table, *(history.table for history in dataset.history)}
        for key in dataset.subject_keys:
            names |= {step.table for step in key.through}
            keys |= {key.column} if key.identifier == register.organisation.subject else set()
    names |= {link.table for link in register.organisation.links if link.source == source}
    found = {table.name for name in names if (table := held.table(name)) is not None}
    unique = {key for table in held.tables for key in table.unique_keys}
    keys = {key for key in keys if frozenset({key}) not in unique}  # `id` is a key of its own table
    found |= {table.name for table in held.tables if keys & set(table.columns)}
    return found | {
        table.name for table in held.tables if any(referred in found for _, referred, _ in table.foreign_keys)
    }
