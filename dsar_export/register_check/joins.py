"""Tables that a query reads beside its own: their rows may be other people's, unless their owner is asserted."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.model.source import Probe, SourceDescription
from dsar_export.model.subjects import subject_of
from dsar_export.register.hints import location, nearest
from dsar_export.register_check.foreign_tables import unaccepted

_OVER: Final = re.compile(r"\bover\b", re.IGNORECASE)
"""Window functions put cells of other rows beside a row."""


def joins_findings(
    register: Register, dataset: Dataset, description: SourceDescription, probe: Probe
) -> Iterator[Finding]:
    """Tables of people's rows that a query's plan reads but `joins` does not name, and the reverse."""
    if dataset.place.query is None:
        return
    if probe.reads is None:
        yield Finding(
            location(register, dataset),
            "query",
            "the source does not show this account which tables the query reads, so it may join other people's "
            "rows unnoticed: GRANT SHOW VIEW on its views, or query their tables directly",
        )
        return
    yield from unaccepted(register, dataset.source, description, probe.reads)
    where, people = location(register, dataset), _tables_of_people(register, dataset.source, description)
    own = _own_name(dataset.place.table, description)
    times = Counter(_own_name(name, description) for name in probe.reads)
    # A view in the plan stores its own rows, or hides their owners; a view that is a mere alias is not in the plan.
    people |= {table.name for table in description.tables if table.is_view}
    if not _OVER.search(dataset.place.query):
        times[own] -= 1  # the key asserts the owner of its own rows
    owners = {
        _own_name(name, description): len(dataset.place.owners_in(name)) for name in dataset.place.joins
    }
    for name in sorted(people & {name for name, n in times.items() if n > owners.get(name, 0)}):
        yield Finding(
            where,
            "joins",
            f"the query reads rows of people from {name!r}: return a column with the owner of each joined row, and "
            f'name it as joins = {{ {name} = "column" }}, or as a list if the table is read several times',
        )
    read = {_own_name(name, description) for name in probe.reads}
    for name in sorted(set(owners) - read):
        yield Finding(
            where, f"joins.{name}", f"the query does not read a table {name!r}; {nearest(name, read - {own})}"
        )


def _own_name(name: str, description: SourceDescription) -> str:
    table = description.table(name)
    return name if table is None else table.name


def _is_only_referred_to(register: Register, dataset: Dataset) -> bool:
    """Whether nobody owns the dataset's rows: people's rows refer to them, as a query's joins may do."""
    return all(key.identifier in register.reference_kinds for key in dataset.subject_keys)


def _tables_of_people(register: Register, source: str, description: SourceDescription) -> set[str]:
    """Tables that a dataset, link or `through` names, that have a subject key's column, or that refer to one."""
    names, keys = set[str](), set[str]()
    for dataset in (
        d for d in register.datasets if d.source == source and not _is_only_referred_to(register, d)
    ):
        names |= {dataset.place.table, *(history.table for history in dataset.place.history)}
        for key in dataset.subject_keys:
            names |= {step.table for step in key.through}
            keys |= {key.column} if key.identifier == subject_of(register, dataset) else set()
    links = (link for link in register.organisation.links if link.given not in register.reference_kinds)
    names |= {link.at.table for link in links if link.source == source}
    found = {table.name for name in names if (table := description.table(name)) is not None}
    unique = {key for table in description.tables for key in table.unique_keys}
    keys = {key for key in keys if frozenset({key}) not in unique}  # `id` is a key of its own table
    found |= {table.name for table in description.tables if keys & set(table.columns)}
    return found | {
        table.name for table in description.tables if any(key.table in found for key in table.foreign_keys)
    }
