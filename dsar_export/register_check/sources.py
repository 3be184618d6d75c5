"""The register against what its sources really hold: nothing may be there that nobody has decided on."""

import re
from collections.abc import Iterator, Mapping, Sequence

from dsar_export.errors import RegisterError
from dsar_export.export.collect import ownership
from dsar_export.interfaces import Collector, Snapshot
from dsar_export.model.credential import looks_like_credential
from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.link import Link, Validity
from dsar_export.model.register import Register
from dsar_export.model.source import SourceDescription, Table
from dsar_export.register_check.foreign_tables import foreign_table_findings
from dsar_export.register_check.source_warnings import source_warnings
from dsar_export.register_check.tables import known_columns, no_table, table_findings
from dsar_export.register_check.undecided import tables_of, undecided_columns, undecided_tables
from dsar_export.register_file import location


def source_findings(register: Register, collectors: Mapping[str, Collector]) -> Iterator[Finding]:
    """Tables, views and columns unknown or undecided, orders that are not unique or need a sort."""
    for name, collector in collectors.items():
        held = collector.describe()
        datasets = [d for d in register.datasets if d.source == name]
        yield from _links(register, name, held)
        columns = list(_columns(register, held, datasets))
        yield from columns
        yield from _undecided(register, name, held, datasets)
        yield from foreign_table_findings(register, name, held, datasets)
        yield from source_warnings(register, name, held, datasets)
        told = {finding.where for finding in columns}
        with collector.snapshot() as snapshot:
            for dataset in datasets:
                yield from _probe(register, dataset, snapshot, told)


def _links(register: Register, source: str, held: SourceDescription) -> Iterator[Finding]:
    where = location(register)
    for index, link in enumerate(register.organisation.links):
        if link.source != source:
            continue
        table = held.table(link.table)
        if table is None:
            yield no_table(where, f"links.{index}.table", link.table, held)
        else:
            for key, column in _link_columns(link):
                yield from known_columns(where, f"links.{index}.{key}", [column], table)


def _link_columns(link: Link) -> Iterator[tuple[str, str]]:
    """The columns of a link, each with the key that names it."""
    named = {"given_column": link.given_column, "leads_to_column": link.leads_to_column}
    valid = link.valid or Validity()
    optional = {
        "valid.since": valid.since,
        "valid.until": valid.until,
        "tenant_column": link.tenant_column,
    }
    yield from named.items()
    yield from ((key, column) for key, column in optional.items() if column is not None)


def _undecided(
    register: Register, source: str, held: SourceDescription, datasets: Sequence[Dataset]
) -> Iterator[Finding]:
    """What no dataset takes for one controller or another: another's dataset answers nobody else's customer."""
    where, key = location(register), f"sources.{source}.left_out"
    entry = register.organisation.sources[source]
    told: set[Finding] = set()
    for controller in entry.controllers:
        own = [d for d in datasets if controller in register.controllers_of(d)]
        whose = "" if len(own) == len(datasets) else f" of {controller!r}"
        for finding in _undecided_of(register, source, held, own, whose):
            if finding not in told:
                told.add(finding)
                yield finding
    for name in entry.left_out:
        if held.table(name) is None:
            yield no_table(where, key, name, held)
        elif all(held.own_names([name]) <= _read_for(register, c, held, datasets) for c in entry.controllers):
            yield Finding(where, key, f"table {name!r} is left out, but a dataset reads it")


def _undecided_of(
    register: Register, source: str, held: SourceDescription, datasets: Sequence[Dataset], whose: str
) -> Iterator[Finding]:
    entry = register.organisation.sources[source]
    for table in undecided_tables(entry, held, datasets):
        what = "view" if table.is_view else "table"
        yield Finding(
            location(register),
            f"sources.{source}.left_out",
            f"{what} {table.name!r} is read by no dataset{whose}: add a dataset, or list it here with a reason",
        )
    for dataset, table_name, column in undecided_columns(held, datasets, register.organisation.subject):
        yield Finding(
            location(register, dataset),
            "fields",
            f"column {table_name}.{column} is taken by no field{whose}: map it, or list it under left_out",
        )


def _read_for(
    register: Register, controller: str, held: SourceDescription, datasets: Sequence[Dataset]
) -> frozenset[str]:
    own = (d for d in datasets if controller in register.controllers_of(d))
    return held.own_names(name for d in own for name in tables_of(d))


def _columns(register: Register, held: SourceDescription, datasets: Sequence[Dataset]) -> Iterator[Finding]:
    for dataset in datasets:
        where, table = location(register, dataset), held.table(dataset.table)
        if table is None:
            yield no_table(where, "table", dataset.table, held)
        else:
            yield from _dataset_columns(where, dataset, table)
        yield from table_findings(where, dataset, held)


def _dataset_columns(where: str, dataset: Dataset, table: Table) -> Iterator[Finding]:
    yield from known_columns(where, "order_by", dataset.order_by, table)
    left_out = [name.partition("/")[0] for name in dataset.left_out]  # `column/path` is of JSON
    yield from known_columns(where, "left_out", left_out, table)
    if dataset.query is None:
        yield from known_columns(where, "fields", dataset.columns, table)
    for key, column in _told(dataset):
        if looks_like_credential(column):
            yield _credential(where, key, column)
    if dataset.key is not None and frozenset({dataset.key}) not in table.unique_keys:
        yield Finding(
            where, "key", f"column {dataset.key!r} is not unique in {table.name!r}: rows would repeat"
        )
    # The order by subject key comes first, and makes nothing unique by itself.
    first = {key.column for key in dataset.subject_keys if not key.through}
    if table.unique_keys and not any(key <= {*first, *dataset.order_by} for key in table.unique_keys):
        yield Finding(where, "order_by", f"is not unique in {table.name!r}; end it with a unique key")


def _told(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Every name under which a cell gets into a record, with the key of the register that says so."""
    for name, mapping in dataset.fields.items():
        yield from ((f"fields.{name}.column", column) for column in mapping.columns)
        yield from ((f"fields.{name}.path", step) for step in (mapping.path or "").split("/"))
        if mapping.codes_from is not None:
            yield f"fields.{name}.codes_from.meaning", mapping.codes_from.meaning
    for index, history in enumerate(dataset.history):
        yield from ((f"history.{index}.columns", column) for column in history.columns.values())
    yield from (("query", word) for word in sorted(set(re.findall(r"\w+", dataset.query or ""))))


def _credential(where: str, key: str, column: str) -> Finding:
    return Finding(
        where, key, f"column {column!r} looks like a credential; list it under left_out as withheld"
    )


def _probe(register: Register, dataset: Dataset, snapshot: Snapshot, told: set[str]) -> Iterator[Finding]:
    where = location(register, dataset)
    try:
        every = register.organisation.sources[dataset.source].tenants.values()
        tenants = tuple(tenant for held in every for tenant in held)
        probe = snapshot.probe(ownership(dataset, (), tenants, {}).selection)
    except RegisterError as error:
        if where not in told:  # the same column would be named twice
            yield Finding(where, "query" if dataset.query else "fields", str(error))
        return
    if probe.without_index:
        which = (
            "docs/databases.md says which"
            if probe.remote
            else f"add an index on {'; on '.join(_indexes(dataset))}"
        )
        yield Finding(
            where,
            "order_by",
            f"no index serves the order, so the source would scan the table, or sort in memory or on its disk; {which}",
            warning=probe.remote,
        )


def _indexes(dataset: Dataset) -> Iterator[str]:
    """The indexes that serve a dataset's order, by its first subject key."""
    key = dataset.subject_keys[0]
    holder, columns, unique = dataset.table, list(dataset.order_by), ""
    for step in key.through:
        yield f"{holder}({', '.join([step.column, *columns])}){unique}"
        # Unique, or the planner can't know that rows of one parent come together.
        holder, columns, unique = step.table, [step.key], " (unique)"
    yield f"{holder}({', '.join(dict.fromkeys([key.column, *columns]))}){unique}"
