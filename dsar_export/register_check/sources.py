"""The register against its live sources: nothing may be in them that nobody has decided on."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import Final

from dsar_export.errors import RegisterError
from dsar_export.export.capabilities import described, planned
from dsar_export.export.collect import ownership
from dsar_export.interfaces import Collector, Snapshot
from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.link import Link, Validity
from dsar_export.model.register import Register
from dsar_export.model.source import Probe, SourceDescription, Table
from dsar_export.model.subjects import subject_of
from dsar_export.register.hints import location
from dsar_export.register_check.column_types import column_type_findings
from dsar_export.register_check.credentials import unread_keys
from dsar_export.register_check.foreign_tables import foreign_table_findings
from dsar_export.register_check.identifiers import identifier_findings
from dsar_export.register_check.indexes import index_findings
from dsar_export.register_check.links import link_plan_findings
from dsar_export.register_check.owners import ownership_findings
from dsar_export.register_check.source_warnings import source_warnings
from dsar_export.register_check.tables import (
    known_columns,
    no_table,
    not_unique,
    step_findings,
    table_findings,
)
from dsar_export.register_check.undecided import (
    code_columns,
    tables_of,
    undecided_columns,
    undecided_returned,
    undecided_tables,
)

_NAMED: Final = 5  # enough to see what kind of table it is


def source_findings(register: Register, collectors: Mapping[str, Collector]) -> Iterator[Finding]:
    """Unknown or undecided tables, views and columns; orders that are not unique or need a sort."""
    descriptions: dict[str, SourceDescription] = {}
    probes: dict[str, Probe] = {}
    with ExitStack() as stack:
        snapshots = {name: stack.enter_context(c.snapshot()) for name, c in collectors.items()}
        for name, collector in collectors.items():
            description = descriptions[name] = described(collector, register.parts_in(name))
            datasets = [d for d in register.datasets if d.source == name]
            linked = [*_links(register, name, description), *_contacts(register, name, description)]
            yield from linked
            columns = list(_columns(register, description, datasets))
            yield from columns
            yield from _undecided(register, name, description, datasets)
            yield from foreign_table_findings(register, name, description, datasets)
            yield from source_warnings(register, name, description, datasets)
            reported = {finding.where for finding in columns}
            yield from link_plan_findings(
                register, name, description, snapshots[name], {finding.key for finding in linked}
            )
            for dataset in datasets:
                yield from _probe(register, dataset, description, snapshots[name], reported, probes)
        yield from ownership_findings(register, descriptions, probes)
        yield from identifier_findings(register, descriptions, snapshots)


def _links(register: Register, source: str, description: SourceDescription) -> Iterator[Finding]:
    where = location(register)
    for at, link in register.organisation.lookups.items():
        if link.source != source:
            continue
        table = description.table(link.at.table)
        if table is None:
            yield no_table(where, f"{at}.table", link.at.table, description)
        else:
            for key, column in _link_columns(link):
                yield from known_columns(where, f"{at}.{_key(at, key)}", [column], table)


def _contacts(register: Register, source: str, description: SourceDescription) -> Iterator[Finding]:
    """Columns that say who else reads an address, and that its table does not have."""
    for index, contact in enumerate(register.organisation.contacts):
        table = description.table(contact.at.table) if contact.source == source else None
        if table is not None:
            yield from known_columns(location(register), f"contacts.{index}.shared", contact.shared, table)


def _key(at: str, key: str) -> str:
    """The key of a link's column as a contact names it."""
    return "address_column" if key == "leads_to_column" and at.startswith("contacts") else key


def _link_columns(link: Link) -> Iterator[tuple[str, str]]:
    """The columns of a link, each with the key that names it."""
    named = {"given_column": link.given_column, "leads_to_column": link.leads_to_column}
    yield from (("where", column) for column in link.where)
    valid = link.valid or Validity()
    optional = {
        "valid.since": valid.since,
        "valid.until": valid.until,
        "tenant_column": link.tenant_column,
        "region_column": link.region_column,
    }
    yield from named.items()
    yield from ((key, column) for key, column in optional.items() if column is not None)


def _undecided(
    register: Register, source: str, description: SourceDescription, datasets: Sequence[Dataset]
) -> Iterator[Finding]:
    """Tables and columns that a controller's datasets leave undecided: another's datasets don't answer for it."""
    where, key = location(register), f"sources.{source}.left_out"
    entry = register.organisation.sources[source]
    reported: set[Finding] = set()
    for controller in entry.controllers:
        own = [d for d in datasets if controller in register.controllers_of(d)]
        owner = "" if len(own) == len(datasets) else f" of {controller!r}"
        for finding in _undecided_in(register, source, description, own, owner):
            if finding not in reported:
                reported.add(finding)
                yield finding
    for name in entry.left_out:
        if description.table(name) is None:
            yield no_table(where, key, name, description)
        elif all(
            description.own_names([name]) <= _read_for(register, c, description, datasets)
            for c in entry.controllers
        ):
            yield Finding(where, key, f"table {name!r} is left out, but a dataset reads it; drop one of them")


def _undecided_in(
    register: Register, source: str, description: SourceDescription, datasets: Sequence[Dataset], owner: str
) -> Iterator[Finding]:
    entry = register.organisation.sources[source]
    for table in undecided_tables(entry, description, datasets):
        yield Finding(
            location(register), f"sources.{source}.left_out", _undecided_table(table, datasets, owner)
        )
    for reading, table_name, column in undecided_columns(
        description, datasets, partial(subject_of, register)
    ):
        yield Finding(
            location(register, reading[0]),
            "fields",
            f"column {table_name}.{column} is not mapped to any field{owner}: map it, or list it under left_out",
        )


def _undecided_table(table: Table, datasets: Sequence[Dataset], owner: str) -> str:
    what = "view" if table.is_view else "table"
    explains = code_columns(datasets).get(table.name)
    if explains is None:
        return (
            f"no dataset{owner} reads the {what} {table.name!r}: add a dataset, or list it here with a reason"
        )
    others = [column for column in table.columns if column not in explains]
    named = ", ".join(map(repr, others[:_NAMED])) + (", …" if len(others) > _NAMED else "")
    return (
        f"the code table {table.name!r} has other columns that nobody has decided on ({named}): "
        "list it here with a reason, or add a dataset"
    )


def _read_for(
    register: Register, controller: str, description: SourceDescription, datasets: Sequence[Dataset]
) -> frozenset[str]:
    own = (d for d in datasets if controller in register.controllers_of(d))
    return description.own_names(name for d in own for name in tables_of(d))


def _columns(
    register: Register, description: SourceDescription, datasets: Sequence[Dataset]
) -> Iterator[Finding]:
    for dataset in datasets:
        where, table = location(register, dataset), description.table(dataset.place.table)
        if table is None:
            yield no_table(where, "table", dataset.place.table, description)
        else:
            yield from _dataset_columns(where, dataset, table)
        yield from column_type_findings(register, dataset, description)
        yield from step_findings(where, dataset, description)
        yield from table_findings(where, dataset, description)


def _dataset_columns(where: str, dataset: Dataset, table: Table) -> Iterator[Finding]:
    yield from known_columns(where, "order_by", dataset.place.order_by, table)
    if dataset.place.query is None:  # else a column of the query may be left out too
        yield from known_columns(where, "left_out", _left_out_columns(dataset), table)
    keys = [*filter(None, dataset.key_values.values())]
    if dataset.place.query is None:
        yield from known_columns(where, "fields", [c for c in dataset.columns if c not in keys], table)
        yield from known_columns(where, "key_values", keys, table)
    yield from unread_keys(where, dataset, table)
    if dataset.place.key is not None and not table.has_unique(dataset.place.keys):
        yield Finding(where, "key", f"{not_unique(dataset.place.keys, table.name)}: name a unique column")
    # Rows are ordered by the subject key first, or by what their only step compares, which need not be unique alone.
    first = {key.column for key in dataset.subject_keys if not key.through}
    if len(dataset.subject_keys) == 1:
        first |= {c for step in dataset.subject_keys[0].through[:1] for c in step.columns}
    if table.unique_keys and not any(key <= {*first, *dataset.place.order_by} for key in table.unique_keys):
        yield Finding(where, "order_by", f"is not unique in {table.name!r}; end it with a unique key")


def _probe(
    register: Register,
    dataset: Dataset,
    description: SourceDescription,
    snapshot: Snapshot,
    reported: set[str],
    probes: dict[str, Probe],
) -> Iterator[Finding]:
    where = location(register, dataset)
    try:
        every = register.organisation.sources[dataset.source].tenants.values()
        tenants = tuple(tenant for own in every for tenant in own)
        probe = probes[dataset.name] = planned(snapshot, ownership(dataset, (), tenants, {}).selection)
    except RegisterError as error:
        if where not in reported:  # else the same column would be named twice
            yield Finding(where, "query" if dataset.place.query else "fields", str(error))
        return
    yield from _returned(where, dataset, description, probe)
    yield from index_findings(where, dataset, description, snapshot, probe)


def _returned(
    where: str, dataset: Dataset, description: SourceDescription, probe: Probe
) -> Iterator[Finding]:
    """Columns that a query returns and nobody has decided on, and left out ones that it does not return."""
    table = description.table(dataset.place.table)
    if dataset.place.query is None or table is None:
        return
    every = replace(table, columns=(*table.columns, *probe.returned))
    yield from known_columns(where, "left_out", _left_out_columns(dataset), every)
    for column in undecided_returned(dataset, description, probe):
        problem = (
            "is not mapped to any field: map it, list it under left_out, or name the columns that it takes"
        )
        yield Finding(where, "query", f"column {column!r} of the query {problem}")


def _left_out_columns(dataset: Dataset) -> list[str]:
    """The columns that are left out; `column/path` is a part of a JSON column."""
    return [name.partition("/")[0] for name in dataset.left_out]
