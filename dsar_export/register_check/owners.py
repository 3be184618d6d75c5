"""Mistakes that would hand over somebody else's row: `check` reports them, and an export refuses them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dsar_export.model.column_names import listed
from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.half_key import CAMEL, GENERIC, names_a_type
from dsar_export.model.link import Link
from dsar_export.model.place import HistoryTable
from dsar_export.model.register import Register
from dsar_export.model.source import ColumnKind, Probe, SourceDescription, Table
from dsar_export.model.subject_key import Step, SubjectKey
from dsar_export.model.subjects import subject_of
from dsar_export.register.hints import location
from dsar_export.register_check.joins import joins_findings
from dsar_export.register_check.reference_links import reference_key_findings
from dsar_export.register_check.references import refuse
from dsar_export.register_check.tables import step_findings


def refuse_wrong_steps(register: Register, descriptions: Mapping[str, SourceDescription]) -> None:
    """Raises RegisterError if a step from a row to its subject is wrong, before any query is planned."""
    refuse(
        finding
        for dataset in register.datasets
        if dataset.source in descriptions
        for finding in step_findings(location(register, dataset), dataset, descriptions[dataset.source])
    )


def refuse_wrong_owners(
    register: Register, descriptions: Mapping[str, SourceDescription], probes: Mapping[str, Probe]
) -> None:
    """Raises RegisterError with the first findings that would hand over somebody else's row."""
    refuse(ownership_findings(register, descriptions, probes))


def ownership_findings(
    register: Register, descriptions: Mapping[str, SourceDescription], probes: Mapping[str, Probe]
) -> Iterator[Finding]:
    """Keys, links, queries and time zones that contradict the catalogues and plans of their sources."""
    yield from reference_key_findings(register, descriptions)
    for at, link in register.organisation.lookups.items():
        table = descriptions[link.source].table(link.at.table) if link.source in descriptions else None
        if table is not None:
            yield from _link(register, at, link, table)
    for dataset in register.datasets:
        if dataset.source not in descriptions:
            continue
        description, where = descriptions[dataset.source], location(register, dataset)
        for index, key in enumerate(dataset.subject_keys):
            yield from _key(where, f"subject_keys.{index}", dataset, key, description)
        probe = probes.get(dataset.name)
        yield from _zones(where, dataset, description, probe)
        if probe is not None:
            yield from joins_findings(register, dataset, description, probe)


def _key(
    where: str, at: str, dataset: Dataset, key: SubjectKey, description: SourceDescription
) -> Iterator[Finding]:
    tables = [dataset.place.table, *(step.table for step in key.through)]
    for place, step in enumerate(key.through):
        table = description.table(tables[place])
        if table is not None:
            yield from _half_key(where, f"{at}.through.{place}", step, step.columns, table)
    table = description.table(tables[-1])
    if table is not None:
        yield from _half_key(where, at, key, [key.column], table)
    yield from _histories(where, dataset, key, description)


def _histories(
    where: str, dataset: Dataset, key: SubjectKey, description: SourceDescription
) -> Iterator[Finding]:
    """Key columns in history tables, which may hold versions of rows of several tables."""
    first = key.through[0] if key.through else key
    for index, history in enumerate(dataset.place.history):
        table = description.table(history.table)
        own = first.columns if isinstance(first, Step) else (first.column,)
        columns = [name for name in map(history.column, own) if name is not None]
        if (
            table is not None
            and len(columns) == len(own)
            and not first.where
            and history.table != dataset.place.table
        ):
            yield from _half_key(where, f"history.{index}", history, columns, table)


def _link(register: Register, at: str, link: Link, table: Table) -> Iterator[Finding]:
    where, subject = location(register), subject_of(register, link)
    columns = {link.given: link.given_column, link.leads_to: link.leads_to_column}
    own = columns.get(subject)
    half = own is not None and any(names_a_type(n) and _are_halves(own, n) for n in table.columns if n != own)
    if (
        own is None or half or not table.is_key(own, tenant=link.tenant_column)
    ):  # else each row is one person's
        for column in columns.values():
            yield from _half_key(where, at, link, [column], table)
    valid = link.valid
    if valid is not None and valid.zone is not None:
        for time in (valid.since, valid.until):
            if time is not None and _is_instant(table, time):
                yield _no_zone(where, f"{at}.valid.zone", time)


def _half_key(
    where: str, at: str, holder: SubjectKey | Step | Link | HistoryTable, columns: Sequence[str], table: Table
) -> Iterator[Finding]:
    """A column that refers to several tables is half a key: another column, which is not in it, names the table."""
    constants = {} if isinstance(holder, HistoryTable) else holder.where
    if holder.no_where is not None and (constants or not holder.no_where.strip()):
        problem = (
            "where and no_where exclude each other; keep one" if constants else "is empty; write the reason"
        )
        yield Finding(where, f"{at}.no_where", problem)
    if constants or holder.no_where is not None:
        return
    tenant = None if isinstance(holder, Step | HistoryTable) else holder.tenant_column
    if any(table.declared_references(columns)):
        return
    names = [name for name in table.columns if name not in columns and names_a_type(name)]
    if table.is_key(*columns, tenant=tenant):  # `owner_id` may be a key, and `owner_type` its other half
        names = [name for name in names if any(_are_halves(column, name) for column in columns)]
    beside = next(iter(names), None)
    if beside is not None:
        yield Finding(
            where,
            at,
            f"{listed(columns)} of {table.name!r} stands beside {beside!r}, so it may refer to several tables: write "
            f'where = {{ {beside} = "…" }}, or explain in no_where why it refers to only one',
        )


def _are_halves(column: str, other: str) -> bool:
    """Whether both names share a stem that could be any table's, as `owner_id` and `owner_type` do."""
    return _stem(column) == _stem(other) and _stem(column) in GENERIC.split("|")


def _stem(name: str) -> str:
    """A name without its last word: `owner` for `owner_id` and for `ownerType`."""
    return CAMEL.sub("_", name).lower().rpartition("_")[0]


def _zones(
    where: str, dataset: Dataset, description: SourceDescription, probe: Probe | None
) -> Iterator[Finding]:
    for name, mapping in dataset.fields.items():
        key = "zone" if mapping.zone is not None else "zone_column"
        if mapping.column is None or (mapping.zone is None and mapping.zone_column is None):
            continue
        if dataset.place.query is not None:
            instant = probe is not None and mapping.column in probe.instants
        else:
            # If a history table has local times, the zone applies to them; instants have an offset of their own.
            cells = [
                cell
                for cell in _cells(dataset, mapping.column, description)
                if cell[0] is not None and cell[1]
            ]
            instant = bool(cells) and all(_is_instant(table, column) for table, column in cells)
        if instant:
            yield _no_zone(where, f"fields.{name}.{key}", mapping.column)


def _cells(
    dataset: Dataset, column: str, description: SourceDescription
) -> Iterable[tuple[Table | None, str]]:
    """The table and the column's name in it, for the dataset's table and each of its history tables."""
    yield description.table(dataset.place.table), column
    for history in dataset.place.history:
        yield description.table(history.table), history.column(column) or ""


def _is_instant(table: Table | None, column: str) -> bool:
    facts = None if table is None else table.facts.get(column)
    return facts is not None and facts.kind is ColumnKind.INSTANT


def _no_zone(where: str, at: str, column: str) -> Finding:
    return Finding(where, at, f"column {column!r} holds instants, not local times: drop the zone")
