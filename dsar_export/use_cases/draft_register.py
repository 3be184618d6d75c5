"""Drafts a register from the catalogue of a database, and adds to a register what is new in its databases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from zoneinfo import available_timezones

from dsar_export.errors import SubjectAmbiguousError, WrongUseError
from dsar_export.interfaces import Collector, Sampler
from dsar_export.model.register import Register
from dsar_export.model.source import ColumnKind, SourceDescription
from dsar_export.model.subjects import subject_of
from dsar_export.model.table_name import name_parts
from dsar_export.register.hints import nearest
from dsar_export.register_check.undecided import undecided_columns, undecided_tables
from dsar_export.register_draft.address import Address, address_of, resolved
from dsar_export.register_draft.columns import UNDECIDED
from dsar_export.register_draft.draft import Wishes, draft_register
from dsar_export.register_draft.fitting import Edited
from dsar_export.register_draft.folder import refuse_existing, write_register
from dsar_export.register_draft.look import Seen, looked_at
from dsar_export.register_draft.shape import DraftedRegister, Line
from dsar_export.register_draft.update import Additions, New, add_new
from dsar_export.register_draft.write import Frame, register_files

CollectorAt = Callable[[str, str], Collector]
"""Returns the collector for a source's name and address."""
AskZone = Callable[[str], str | None]
"""Asks for the time zone of local times, with an example of a column; None if nobody knows."""


@dataclass(frozen=True)
class DraftOrder:
    """What to draft: the database's address, the new folder, who answers, and what staff know beforehand.

    With `look`, a few values of each table are read to see how they are written, and kept nowhere.
    """

    url: str
    out: Path
    controller: str
    wishes: Wishes
    today: date
    ask_zone: AskZone
    look: bool = False


@dataclass(frozen=True)
class DatasetSummary:
    """A drafted dataset in figures."""

    name: str
    table: str
    fields: int
    left_out: int


@dataclass(frozen=True)
class Drafted:
    """What was written; `local_times` counts columns whose time zone nobody named."""

    person: str
    datasets: tuple[DatasetSummary, ...]
    left_out: tuple[str, ...]
    undecided: tuple[str, ...]
    to_set: str | None
    local_times: int


def draft_register_in(order: DraftOrder, collector_at: CollectorAt) -> Drafted:
    """Writes a register into a new folder, or nothing.

    Raises WrongUseError, SourceUnreadableError, SubjectAmbiguousError and NotWritableError.
    """
    refuse_existing(order.out)
    address = address_of(order.url, order.out)
    collector = collector_at(address.source, resolved(order.url))
    description = collector.describe()
    _refuse_empty(description, order.wishes.schemas)
    times = tuple(_local_times(description))
    wishes = order.wishes
    if times and wishes.zone is None:
        wishes = replace(wishes, zone=order.ask_zone(times[0]))
    _refuse_unknown_zone(wishes.zone)
    seen = _looked_at(collector, description, wishes) if order.look else {}
    draft = draft_register(description, address.source, wishes, seen)
    frame = Frame(order.controller, address.source, address.url, order.today, remark=address.remark)
    write_register(order.out, register_files(draft, frame))
    return _summary(draft, address, 0 if wishes.zone is not None else len(times))


def _looked_at(collector: Collector, description: SourceDescription, wishes: Wishes) -> Seen:
    """What a few values of each table show; nothing where the collector has no samples."""
    with collector.snapshot() as snapshot:
        return looked_at(description, snapshot, wishes.zone) if isinstance(snapshot, Sampler) else {}


def update_register(register: Register, collectors: Mapping[str, Collector], wishes: Wishes) -> Additions:
    """Adds to a register's files what its sources have and it does not mention."""
    found = [
        _updated(register, name, collector.describe(), wishes)
        for name, collector in collectors.items()
        if register.organisation.sources[name].kind == "sql_database"
    ]
    return Additions(
        tuple(name for each in found for name in each.datasets),
        tuple(name for each in found for name in each.tables),
        tuple(name for each in found for name in each.columns),
    )


def _updated(register: Register, name: str, description: SourceDescription, wishes: Wishes) -> Additions:
    source = register.organisation.sources[name]
    datasets = [d for d in register.datasets if d.source == name]
    tables = tuple(table.name for table in undecided_tables(source, description, datasets))
    columns = tuple(
        (reading[0].name, table, column)
        for reading, table, column in undecided_columns(description, datasets, partial(subject_of, register))
    )
    if not tables and not columns:
        return Additions()
    draft = _draft_alike(register, name, description, wishes)
    return add_new(register.folder, New(name, tables, columns), draft, _edited(register, name))


def _edited(register: Register, name: str) -> Edited:
    """What the register has already, so that new datasets fit in."""
    own = [] if register.organisation.subject is None else [register.organisation.subject]
    files = {path.stem for path in (register.folder / "datasets").glob("*.toml")}
    return Edited(
        identifiers=frozenset([*own, *(link.leads_to for link in register.organisation.links)]),
        names=frozenset([*files, *(d.name for d in register.datasets)]),
        readers={d.place.table: (d.name, frozenset(d.fields)) for d in register.datasets if d.source == name},
    )


def _draft_alike(
    register: Register, name: str, description: SourceDescription, wishes: Wishes
) -> DraftedRegister | None:
    """A draft of the source in which people are the same as in the register; None if there is no such draft.

    Nobody knows to which kind of people a new table belongs if the register has several.
    """
    try:
        draft = draft_register(description, name, wishes)
    except (WrongUseError, SubjectAmbiguousError):
        return None
    return draft if draft.subject == register.organisation.subject else None


def _refuse_empty(description: SourceDescription, schemas: tuple[str, ...]) -> None:
    if not description.tables:
        raise WrongUseError(
            "the database has no table that this role can see; check the address and its rights"
        )
    known = {
        "" if len(parts) == 1 else parts[0] for parts in (name_parts(t.name) for t in description.tables)
    }
    known = {*known, description.schema or ""} - {""}
    for schema in schemas:
        if schema not in known:
            there = f"; there are {', '.join(sorted(known))}" if known else ", nor any other; leave it out"
            raise WrongUseError(f"--schema: there is no schema {schema!r} with tables{there}")


def _refuse_unknown_zone(zone: str | None) -> None:
    if zone is not None and zone not in available_timezones():
        raise WrongUseError(f"--zone: there is no time zone {zone!r}; {nearest(zone, available_timezones())}")


def _local_times(description: SourceDescription) -> list[str]:
    return [
        f"{table.name}.{column}"
        for table in description.tables
        if not table.is_view
        for column, facts in table.facts.items()
        if facts.kind is ColumnKind.LOCAL_TIME
    ]


def _summary(draft: DraftedRegister, address: Address, local_times: int) -> Drafted:
    return Drafted(
        person=draft.datasets[0].table,
        datasets=tuple(
            DatasetSummary(d.name, d.table, len(d.fields), len(d.left_out)) for d in draft.datasets
        ),
        left_out=tuple(line.key for line in draft.left_out if not _is_undecided(line)),
        undecided=tuple(line.key for line in draft.left_out if _is_undecided(line)),
        to_set=address.to_set,
        local_times=local_times,
    )


def _is_undecided(line: Line) -> bool:
    return isinstance(line.value, Mapping) and line.value.get("reason") == UNDECIDED
