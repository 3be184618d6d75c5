"""The register against what its sources really hold: nothing may be there that nobody has decided on."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Final

from dsar_export.errors import RegisterError
from dsar_export.export.capabilities import planned
from dsar_export.export.collect import ownership
from dsar_export.interfaces import Collector, Snapshot
from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.link import Link, Validity
from dsar_export.model.register import Register
from dsar_export.model.source import Probe, SourceDescription, Table
from dsar_export.register.hints import location
from dsar_export.register_check.credentials import unread_keys
from dsar_export.register_check.foreign_tables import foreign_table_findings
from dsar_export.register_check.identifiers import identifier_findings
from dsar_export.register_check.links import probed_links
from dsar_export.register_check.owners import ownership_findings
from dsar_export.register_check.source_warnings import source_warnings
from dsar_export.register_check.tables import known_columns, no_table, table_findings, ways_findings
from dsar_export.register_check.undecided import code_columns, tables_of, undecided_columns, undecided_tables

_NAMED: Final = 5  # enough to see what kind of table it is


def source_findings(register: Register, collectors: Mapping[str, Collector]) -> Iterator[Finding]:
    """Tables, views and columns unknown or undecided, orders that are not unique or need a sort."""
    described: dict[str, SourceDescription] = {}
    probes: dict[str, Probe] = {}
    with ExitStack() as stack:
        snapshots = {name: stack.enter_context(c.snapshot()) for name, c in collectors.items()}
        for name, collector in collectors.items():
            held = described[name] = collector.describe()
            datasets = [d for d in register.datasets if d.source == name]
            linked = list(_links(register, name, held))
            yield from linked
            columns = list(_columns(register, held, datasets))
            yield from columns
            yield from _undecided(register, name, held, datasets)
            yield from foreign_table_findings(register, name, held, datasets)
            yield from source_warnings(register, name, held, datasets)
            told = {finding.where for finding in columns}
            yield from probed_links(register, name, snapshots[name], {finding.key for finding in linked})
            for dataset in datasets:
                yield from _probe(register, dataset, snapshots[name], told, probes)
        yield from ownership_findings(register, described, probes)
        yield from identifier_findings(register, described, snapshots)


def _links(register: Register, source: str, held: SourceDescription) -> Iterator[Finding]:
    where = location(register)
    for index, link in enumerate(register.organisation.links):
        if link.source != source:
            continue
        table = held.table(link.at.table)
        if table is None:
            yield no_table(where, f"links.{index}.table", link.at.table, held)
        else:
            for key, column in _link_columns(link):
                yield from known_columns(where, f"links.{index}.{key}", [column], table)


def _link_columns(link: Link) -> Iterator[tuple[str, str]]:
    """The columns of a link, each with the key that names it."""
    named = {"given_column": link.given_column, "leads_to_column": link.leads_to_column}
    yield from (("where", column) for column in link.where)
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
        yield Finding(
            location(register), f"sources.{source}.left_out", _undecided_table(table, datasets, whose)
        )
    for reading, table_name, column in undecided_columns(held, datasets, register.organisation.subject):
        yield Finding(
            location(register, reading[0]),
            "fields",
            f"column {table_name}.{column} is taken by no field{whose}: map it, or list it under left_out",
        )


def _undecided_table(table: Table, datasets: Sequence[Dataset], whose: str) -> str:
    what = "view" if table.is_view else "table"
    explains = code_columns(datasets).get(table.name)
    if explains is None:
        return f"{what} {table.name!r} is read by no dataset{whose}: add a dataset, or list it here with a reason"
    others = [column for column in table.columns if column not in explains]
    named = ", ".join(map(repr, others[:_NAMED])) + (", …" if len(others) > _NAMED else "")
    return (
        f"{what} {table.name!r} says what codes mean, and nobody has decided on its other columns ({named}): "
        "list it here with a reason, or add a dataset"
    )


def _read_for(
    register: Register, controller: str, held: SourceDescription, datasets: Sequence[Dataset]
) -> frozenset[str]:
    own = (d for d in datasets if controller in register.controllers_of(d))
    return held.own_names(name for d in own for name in tables_of(d))


def _columns(register: Register, held: SourceDescription, datasets: Sequence[Dataset]) -> Iterator[Finding]:
    for dataset in datasets:
        where, table = location(register, dataset), held.table(dataset.place.table)
        if table is None:
            yield no_table(where, "table", dataset.place.table, held)
        else:
            yield from _dataset_columns(where, dataset, table)
        yield from ways_findings(where, dataset, held)
        yield from table_findings(where, dataset, held)


def _dataset_columns(where: str, dataset: Dataset, table: Table) -> Iterator[Finding]:
    yield from known_columns(where, "order_by", dataset.place.order_by, table)
    left_out = [name.partition("/")[0] for name in dataset.left_out]  # `column/path` is of JSON
    yield from known_columns(where, "left_out", left_out, table)
    keys = [*filter(None, dataset.key_values.values())]
    if dataset.place.query is None:
        yield from known_columns(where, "fields", [c for c in dataset.columns if c not in keys], table)
        yield from known_columns(where, "key_values", keys, table)
    yield from unread_keys(where, dataset, table)
    if dataset.place.key is not None and frozenset({dataset.place.key}) not in table.unique_keys:
        yield Finding(
            where, "key", f"column {dataset.place.key!r} is not unique in {table.name!r}: rows would repeat"
        )
    # The order by subject key comes first, and makes nothing unique by itself.
    first = {key.column for key in dataset.subject_keys if not key.through}
    if table.unique_keys and not any(key <= {*first, *dataset.place.order_by} for key in table.unique_keys):
        yield Finding(where, "order_by", f"is not unique in {table.name!r}; end it with a unique key")


def _probe(
    register: Register, dataset: Dataset, snapshot: Snapshot, told: set[str], probes: dict[str, Probe]
) -> Iterator[Finding]:
    where = location(register, dataset)
    try:
        every = register.organisation.sources[dataset.source].tenants.values()
        tenants = tuple(tenant for held in every for tenant in held)
        probe = probes[dataset.name] = planned(snapshot, ownership(dataset, (), tenants, {}).selection)
    except RegisterError as error:
        if where not in told:  # the same column would be named twice
            yield Finding(where, "query" if dataset.place.query else "fields", str(error))
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
    holder, columns, unique = dataset.place.table, list(dataset.place.order_by), ""
    for step in key.through:
        yield f"{holder}({', '.join([step.column, *columns])}){unique}"
        # Unique, or the planner can't know that rows of one parent come together.
        holder, columns, unique = step.table, [step.key], " (unique)"
    yield f"{holder}({', '.join(dict.fromkeys([key.column, *columns]))}){unique}"
