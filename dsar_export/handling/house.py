"""What answers requests, and how it opens the sources of one controller."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dsar_export.errors import SourceUnreadableError, WrongUseError
from dsar_export.export.collect import ownership
from dsar_export.export.identifier_columns import Undecided, identifier_columns
from dsar_export.export.identity_graph import LinkReader
from dsar_export.export.pipeline import Renderers, Subject
from dsar_export.interfaces import Clock, Collector, Progress, Snapshot
from dsar_export.matching import KeyRing
from dsar_export.model.dataset import Dataset
from dsar_export.model.identity import Identity
from dsar_export.model.package import SourceMoment
from dsar_export.model.register import Controller, Register
from dsar_export.model.request import SubjectRequest
from dsar_export.model.source import SourceDescription
from dsar_export.register_check.foreign_tables import unaccepted_foreign_tables
from dsar_export.register_check.owners import refuse_wrong_owners, refuse_wrong_ways
from dsar_export.register_check.references import refuse, refuse_broken_references
from dsar_export.register_file import nearest


@dataclass(frozen=True)
class House:
    """What answers requests: the register, its collectors by source, the keys of hashed identifiers, and more."""

    register: Register
    collectors: Mapping[str, Collector]
    keys: KeyRing
    renderers: Renderers
    progress: Progress
    clock: Clock

    def today(self, controller: str) -> date:
        """The day that it is where the controller is: a storage period ends by its calendar."""
        zone = self.register.organisation.controllers[controller].time_zone
        return self.clock().astimezone(ZoneInfo(zone)).date()


@dataclass(frozen=True)
class OpenSources:
    """One snapshot of every source of a controller, its datasets and links all probed, and a reader of its links.

    `register` is as the controller tells it; `held` is what each source says that it holds, `moments` of when each
    is.
    """

    register: Register
    datasets: tuple[Dataset, ...]
    snapshots: Mapping[str, Snapshot]
    held: Mapping[str, SourceDescription]
    moments: tuple[SourceMoment, ...]
    reader: LinkReader

    def subject(self, house: House, request: SubjectRequest, identity: Identity) -> Subject:
        """Whose rows are to be read, for an identity that was found here."""
        return Subject(
            register=self.register,
            controller=request.controller,
            right=request.right,
            identity=identity,
            snapshots=self.snapshots,
            keys=house.keys,
            as_of=house.today(request.controller),
            nobody=self.reader.kinds.is_nobodys,
        )


@contextmanager
def opened_sources(house: House, request: SubjectRequest) -> Iterator[OpenSources]:
    """Opens what a request needs; everything that is wrong with it is told before anything is read."""
    _answerable(house.register, request)
    register = house.register.told_by(request.controller)
    datasets = register.datasets_of(request.controller)
    with ExitStack() as stack:
        needed = _sources(register, request.controller, datasets)
        snapshots = {name: _opened(house, name, datasets, stack) for name in needed}
        moments = tuple(_moment(name, snapshot, house.clock()) for name, snapshot in snapshots.items())
        held = {name: house.collectors[name].describe() for name in needed}
        _refuse_foreign_tables(register, request.controller, datasets, held)
        refuse_wrong_ways(house.register, held)
        probes = {}
        for dataset in datasets:  # a renamed column is found before anything is read
            tenants = register.tenants_of(dataset.source, request.controller)
            selection = ownership(dataset, (), tenants, house.keys).selection
            probes[dataset.name] = snapshots[dataset.source].probe(selection)
        for link in register.links_of(request.controller):
            tenants = register.tenants_of(link.source, request.controller)
            snapshots[link.source].probe_link(link, tenants)
        refuse_wrong_owners(house.register, held, probes)
        columns = tuple(identifier_columns(register, request.controller))
        undecided = Undecided(columns, held, snapshots)
        reader = LinkReader(register, request.controller, snapshots, house.keys, undecided)
        yield OpenSources(register, datasets, snapshots, held, moments, reader)


def known_controller(register: Register, name: str) -> Controller:
    """The controller of that name; WrongUseError where the register has none."""
    controllers = register.organisation.controllers
    if name not in controllers:
        raise WrongUseError(f"no controller {name!r} in the register; {nearest(name, controllers)}")
    return controllers[name]


def _answerable(register: Register, request: SubjectRequest) -> None:
    refuse_broken_references(register)
    known_controller(register, request.controller)
    if not request.identifiers:
        raise WrongUseError("no identifier was given; use --identifiers-file FILE, or - for standard input")


def _sources(register: Register, controller: str, datasets: Sequence[Dataset]) -> list[str]:
    linked = [link.source for link in register.links_of(controller)]
    return list(dict.fromkeys([*(d.source for d in datasets), *linked]))


def _moment(source: str, snapshot: Snapshot, now: datetime) -> SourceMoment:
    return SourceMoment(source, now, snapshot.as_of() or now)


def _refuse_foreign_tables(
    register: Register, controller: str, datasets: Sequence[Dataset], held: Mapping[str, SourceDescription]
) -> None:
    for name, description in held.items():
        own = [d for d in datasets if d.source == name]
        links = register.links_of(controller)
        refuse(unaccepted_foreign_tables(register, name, description, own, links))


def _opened(house: House, source: str, datasets: Sequence[Dataset], stack: ExitStack) -> Snapshot:
    try:
        return stack.enter_context(house.collectors[source].snapshot())
    except SourceUnreadableError as error:
        waiting = ", ".join(d.name for d in datasets if d.source == source)
        raise type(error)(f"{error}; not read: {waiting or 'its links'}") from None
