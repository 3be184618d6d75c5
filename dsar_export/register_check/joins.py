"""What a query reads beside its own table: rows of other people, unless their owner is asserted."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.model.source import Probe, SourceDescription
from dsar_export.register.hints import location, nearest
from dsar_export.register_check.foreign_tables import unaccepted

_OVER: Final = re.compile(r"\bover\b", re.IGNORECASE)
"""A window function puts cells of other rows beside a row."""


def joins_findings(
    register: Register, dataset: Dataset, held: SourceDescription, probe: Probe
) -> Iterator[Finding]:
    """Tables of people's rows that the plan of a query reads and its `joins` does not name, and the other way round."""
    if dataset.place.query is None:
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
    own = _own_name(dataset.place.table, held)
    times = Counter(_own_name(name, held) for name in probe.reads)
    # A view that the plan names keeps its rows, or hides whose they are; one that is only another name is not there.
    people |= {table.name for table in held.tables if table.is_view}
    if not _OVER.search(dataset.place.query):
        times[own] -= 1  # its own rows are the key's
    owners = {_own_name(name, held): len(dataset.place.owners_in(name)) for name in dataset.place.joins}
    for name in sorted(people & {name for name, n in times.items() if n > owners.get(name, 0)}):
        yield Finding(
            where,
            "joins",
            f"the query reads rows of people from {name!r}: return a column with the owner of each joined row, and "
            f'name it as joins = {{ {name} = "column" }}, a list where it is read several times',
        )
    read = {_own_name(name, held) for name in probe.reads}
    for name in sorted(set(owners) - read):
        yield Finding(
            where, f"joins.{name}", f"the query reads no table {name!r}; {nearest(name, read - {own})}"
        )


def _own_name(name: str, held: SourceDescription) -> str:
    table = held.table(name)
    return name if table is None else table.name


def _tables_of_people(register: Register, source: str, held: SourceDescription) -> set[str]:
    """Tables that a dataset or link reads, that lie on the way to a subject, or that have a subject key's column."""
    names, keys = set[str](), set[str]()
    for dataset in (d for d in register.datasets if d.source == source):
        names |= {dataset.place.table, *(history.table for history in dataset.place.history)}
        for key in dataset.subject_keys:
            names |= {step.table for step in key.through}
            keys |= {key.column} if key.identifier == register.organisation.subject else set()
    names |= {link.at.table for link in register.organisation.links if link.source == source}
    found = {table.name for name in names if (table := held.table(name)) is not None}
    unique = {key for table in held.tables for key in table.unique_keys}
    keys = {key for key in keys if frozenset({key}) not in unique}  # `id` is a key of its own table
    found |= {table.name for table in held.tables if keys & set(table.columns)}
    return found | {
        table.name for table in held.tables if any(referred in found for _, referred, _ in table.foreign_keys)
    }
