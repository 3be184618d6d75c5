"""What would hand over somebody else's row: `check` finds it, and an export refuses it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.link import Link
from dsar_export.model.place import HistoryTable
from dsar_export.model.register import Register
from dsar_export.model.source import ColumnKind, Probe, SourceDescription, Table
from dsar_export.model.subject_key import Step, SubjectKey
from dsar_export.register.hints import location
from dsar_export.register_check.joins import joins_findings
from dsar_export.register_check.references import refuse
from dsar_export.register_check.tables import ways_findings

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OF: Final = "owner|item|object|entity|parent|target|subject|ref|related|record|model|source|resource"
_SAYS_WHAT: Final = re.compile(
    rf".+_(?:type|kind)(?:_id)?|.*content_type_id|(?:{_OF})_?(?:type|kind|model|class|module|table)|table_name",
    re.IGNORECASE,
)


def refuse_wrong_ways(register: Register, held: Mapping[str, SourceDescription]) -> None:
    """Raises RegisterError with what is wrong with the ways from rows to their subject, before anything is planned."""
    refuse(
        finding
        for dataset in register.datasets
        if dataset.source in held
        for finding in ways_findings(location(register, dataset), dataset, held[dataset.source])
    )


def refuse_wrong_owners(
    register: Register, held: Mapping[str, SourceDescription], probes: Mapping[str, Probe]
) -> None:
    """Raises RegisterError with the first findings: an export would hand over somebody else's row."""
    refuse(ownership_findings(register, held, probes))


def ownership_findings(
    register: Register, held: Mapping[str, SourceDescription], probes: Mapping[str, Probe]
) -> Iterator[Finding]:
    """What the catalogue and the plans of sources say against keys, links, queries and zones."""
    for index, link in enumerate(register.organisation.links):
        table = held[link.source].table(link.at.table) if link.source in held else None
        if table is not None:
            yield from _link(register, f"links.{index}", link, table)
    for dataset in register.datasets:
        if dataset.source not in held:
            continue
        described, where = held[dataset.source], location(register, dataset)
        for index, key in enumerate(dataset.subject_keys):
            yield from _key(where, f"subject_keys.{index}", dataset, key, described)
        probe = probes.get(dataset.name)
        yield from _zones(where, dataset, described, probe)
        if probe is not None:
            yield from joins_findings(register, dataset, described, probe)


def _key(
    where: str, at: str, dataset: Dataset, key: SubjectKey, held: SourceDescription
) -> Iterator[Finding]:
    tables = [dataset.place.table, *(step.table for step in key.through)]
    for place, step in enumerate(key.through):
        table = held.table(tables[place])
        if table is not None:
            yield from _half(where, f"{at}.through.{place}", step, step.column, table)
    table = held.table(tables[-1])
    if table is not None:
        yield from _half(where, at, key, key.column, table)
    yield from _histories(where, dataset, key, held)


def _histories(where: str, dataset: Dataset, key: SubjectKey, held: SourceDescription) -> Iterator[Finding]:
    """The column of a key in history tables, which may hold the versions of several tables' rows."""
    first = key.through[0] if key.through else key
    for index, history in enumerate(dataset.place.history):
        table, column = held.table(history.table), history.column(first.column)
        if (
            table is not None
            and column is not None
            and not first.where
            and history.table != dataset.place.table
        ):
            yield from _half(where, f"history.{index}", history, column, table)


def _link(register: Register, at: str, link: Link, table: Table) -> Iterator[Finding]:
    where, subject = location(register), register.organisation.subject
    columns = {link.given: link.given_column, link.leads_to: link.leads_to_column}
    own = columns.get(subject)
    half = own is not None and any(_says_what(n) and _are_halves(own, n) for n in table.columns if n != own)
    if own is None or half or not _is_key(table, own, link.tenant_column):  # else each row is one person's
        for column in columns.values():
            yield from _half(where, at, link, column, table)
    valid = link.valid
    if valid is not None and valid.zone is not None:
        for time in (valid.since, valid.until):
            if time is not None and _is_instant(table, time):
                yield _no_zone(where, f"{at}.valid.zone", time)


def _half(
    where: str, at: str, holder: SubjectKey | Step | Link | HistoryTable, column: str, table: Table
) -> Iterator[Finding]:
    """A column that refers to several tables is half a key: another column says to which."""
    constants = {} if isinstance(holder, HistoryTable) else holder.where
    if holder.no_where is not None and (constants or not holder.no_where.strip()):
        yield Finding(where, f"{at}.no_where", "needs a reason, and goes without where")
    if constants or holder.no_where is not None:
        return
    tenant = None if isinstance(holder, Step | HistoryTable) else holder.tenant_column
    if any(own == column for own, _, _ in table.foreign_keys):
        return
    names = [name for name in table.columns if name != column and _says_what(name)]
    if _is_key(table, column, tenant):  # `owner_id` may be one, and `owner_type` say of what
        names = [name for name in names if _are_halves(column, name)]
    beside = next(iter(names), None)
    if beside is not None:
        yield Finding(
            where,
            at,
            f"column {column!r} of {table.name!r} stands beside {beside!r}, so it may refer to several tables: write "
            f'where = {{ {beside} = "…" }}, or the reason why it refers to one to no_where',
        )


def _are_halves(column: str, other: str) -> bool:
    """Whether both are of something that is called by no table's name, as `owner_id` and `owner_type` are."""
    return _stem(column) == _stem(other) and _stem(column) in _OF.split("|")


def _stem(name: str) -> str:
    """What a name is of: `owner` in `owner_id` and in `ownerType`."""
    return _CAMEL.sub("_", name).lower().rpartition("_")[0]


def _is_key(table: Table, column: str, tenant: str | None) -> bool:
    own = {frozenset({column}), frozenset(name for name in (column, tenant) if name is not None)}
    return any(key in own for key in table.unique_keys)


def _says_what(name: str) -> bool:
    return _SAYS_WHAT.fullmatch(_CAMEL.sub("_", name)) is not None


def _zones(where: str, dataset: Dataset, held: SourceDescription, probe: Probe | None) -> Iterator[Finding]:
    for name, mapping in dataset.fields.items():
        key = "zone" if mapping.zone is not None else "zone_column"
        if mapping.column is None or (mapping.zone is None and mapping.zone_column is None):
            continue
        if dataset.place.query is not None:
            instant = probe is not None and mapping.column in probe.instants
        else:
            # Where a history table has local times, the zone is theirs: a moment names its own offset.
            cells = [
                cell for cell in _cells(dataset, mapping.column, held) if cell[0] is not None and cell[1]
            ]
            instant = bool(cells) and all(_is_instant(table, column) for table, column in cells)
        if instant:
            yield _no_zone(where, f"fields.{name}.{key}", mapping.column)


def _cells(dataset: Dataset, column: str, held: SourceDescription) -> Iterable[tuple[Table | None, str]]:
    """A column in the dataset's table, and in its history tables by its name there."""
    yield held.table(dataset.place.table), column
    for history in dataset.place.history:
        yield held.table(history.table), history.column(column) or ""


def _is_instant(table: Table | None, column: str) -> bool:
    facts = None if table is None else table.facts.get(column)
    return facts is not None and facts.kind is ColumnKind.INSTANT


def _no_zone(where: str, at: str, column: str) -> Finding:
    return Finding(where, at, f"column {column!r} holds moments, which have no local time: drop the zone")
