"""Opens one snapshot of each source that a request needs and checks all of them before reading a row."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from dsar_export.errors import SourceUnreadableError, WrongUseError, reading
from dsar_export.export.capabilities import described, planned, planned_link
from dsar_export.export.collect import ownership
from dsar_export.export.ledger import Ledger
from dsar_export.export.pipeline import Subject
from dsar_export.export.plan import DatasetPlan, not_covered
from dsar_export.identities.identifier_columns import Undecided, identifier_columns
from dsar_export.identities.links import LinkReader
from dsar_export.interfaces import Snapshot
from dsar_export.model.dataset import Dataset
from dsar_export.model.identity import Identity
from dsar_export.model.package import NotCovered, SourceMoment
from dsar_export.model.register import Register
from dsar_export.model.request import SubjectRequest, in_scope
from dsar_export.model.source import Probe, SourceDescription
from dsar_export.model.work import WorkStep
from dsar_export.register_check.foreign_tables import unaccepted_foreign_tables
from dsar_export.register_check.owners import refuse_wrong_owners, refuse_wrong_steps
from dsar_export.register_check.references import refuse
from dsar_export.use_cases.catalogues import with_catalogues
from dsar_export.use_cases.services import Services, known_controller
from dsar_export.use_cases.subjects import register_to_show
from dsar_export.use_cases.undecided_terms import refuse_undecided_tenants, refuse_undecided_terms


@dataclass(frozen=True)
class OpenSources:
    """One snapshot of every source of a controller, its datasets compiled, and a reader of its links.

    Datasets and links are all probed. `register` is the controller's own part; `descriptions` are the tables of
    each source, which completed the schemas of the register, and `moments` the times that its data is from. Sources
    that are `unread` were not opened. `plans` are those that an agent's mandate covers, if one asks; `not_covered` are
    the others.
    """

    register: Register
    plans: Mapping[str, DatasetPlan]
    snapshots: Mapping[str, Snapshot]
    descriptions: Mapping[str, SourceDescription]
    moments: tuple[SourceMoment, ...]
    reader: LinkReader
    unread: frozenset[str] = frozenset()
    not_covered: tuple[NotCovered, ...] = ()
    probes: Mapping[str, Probe] = field(default_factory=dict)
    """What each source reports about its datasets."""

    @property
    def datasets(self) -> tuple[Dataset, ...]:
        """The datasets that are read, in the register's order."""
        return tuple(plan.dataset for plan in self.plans.values())

    def subject(self, services: Services, identity: Identity) -> Subject:
        """The person whose identity was found here."""
        return Subject(identity, self.snapshots, services.keys, self.reader.kinds.is_ignored)


def sources_of(register: Register, controller: str, scope: Collection[str] = ()) -> tuple[str, ...]:
    """The sources of a controller's datasets in a scope and of its links, in the order in which they are opened."""
    of_datasets = (d.source for d in register.datasets_of(controller) if in_scope(d.name, scope))
    of_links = (link.source for link in register.links_of(controller))
    return tuple(dict.fromkeys((*of_datasets, *of_links)))


def possible_sources_of(register: Register, controller: str) -> tuple[str, ...]:
    """These sources for a controller, then all others that may hold its data."""
    entries = register.organisation.sources.items()
    others = (name for name, entry in entries if controller in entry.controllers)
    return tuple(dict.fromkeys((*sources_of(register, controller), *others)))


def limits_of(register: Register, controller: str) -> Mapping[str, int]:
    """How many requests at most may read each source of a controller at once, of those that have a limit."""
    sources = {name: register.organisation.sources[name] for name in sources_of(register, controller)}
    return {name: source.at_most for name, source in sources.items() if source.at_most is not None}


def unread_sources(register: Register, ledger: Ledger) -> tuple[str, ...]:
    """The sources that could not be read, also those that have links alone."""
    opened = {moment.source for moment in ledger.moments}
    part = register_to_show(register, ledger.subject)
    return tuple(name for name in sources_of(part, ledger.controller, ledger.scope) if name not in opened)


@contextmanager
def opened_sources(
    services: Services, request: SubjectRequest, unread: frozenset[str] = frozenset()
) -> Iterator[OpenSources]:
    """Opens the sources that a request needs; raises for everything that is wrong before any row is read.

    `unread` are sources to leave alone, because they could not be read a moment ago or are not needed.
    """
    services.progress.began(WorkStep.OPEN)
    _refuse_unanswerable(services, request)
    register = services.work.for_controller(request.controller)
    own = (d for d in register.datasets_of(request.controller) if in_scope(d.name, request.scope))
    datasets = tuple(d for d in own if d.source not in unread)
    links = tuple(ln for ln in register.links_of(request.controller) if ln.source not in unread)
    with ExitStack() as stack:
        needed = [n for n in sources_of(register, request.controller, request.scope) if n not in unread]
        snapshots = {name: _opened(services, name, datasets, stack) for name in needed}
        moments = tuple(_moment(name, snapshot, services.clock()) for name, snapshot in snapshots.items())
        descriptions = {name: _described(services, name) for name in needed}
        services = with_catalogues(services, descriptions)
        services.work.refuse_broken_references()
        register = services.work.for_controller(request.controller)
        _refuse_foreign_tables(register, request.controller, datasets, descriptions)
        refuse_wrong_steps(services.register.everybody, descriptions)
        probes: dict[str, Probe] = {}
        for dataset in datasets:  # finds a renamed column before anything is read
            tenants = register.tenants_of(dataset.source, request.controller)
            selection = ownership(dataset, (), tenants, services.keys).selection
            with reading(dataset.source):
                probes[dataset.name] = planned(snapshots[dataset.source], selection)
        for link in links:
            tenants = register.tenants_of(link.source, request.controller)
            with reading(link.source):
                planned_link(snapshots[link.source], link, tenants)
        refuse_wrong_owners(services.register.everybody, descriptions, probes)
        columns = tuple(identifier_columns(register, request.controller))
        undecided = Undecided(columns, descriptions, snapshots)
        reader = LinkReader(register, request.controller, snapshots, services.keys, undecided)
        plans = services.plans.of(request.controller, request.right, services.today(request.controller))
        covered = {name: plan for name, plan in plans.items() if in_scope(name, request.scope)}
        others = not_covered(plans.values(), request.scope)
        yield OpenSources(register, covered, snapshots, descriptions, moments, reader, unread, others, probes)


def _refuse_unanswerable(services: Services, request: SubjectRequest) -> None:
    services.work.refuse_broken_references()
    known_controller(services.register, request.controller)
    refuse_undecided_terms(services.register, request.controller, (request.right,), request.scope)
    refuse_undecided_tenants(services.register, request.controller)
    if not request.identifiers:
        raise WrongUseError(
            "no identifier was given; use --identifiers-file with a file, or with - for standard input"
        )


def _described(services: Services, source: str) -> SourceDescription:
    with reading(source):
        return described(services.collectors[source], services.register.parts_in(source))


def _moment(source: str, snapshot: Snapshot, now: datetime) -> SourceMoment:
    return SourceMoment(source, now, snapshot.as_of() or now)


def _refuse_foreign_tables(
    register: Register,
    controller: str,
    datasets: Sequence[Dataset],
    descriptions: Mapping[str, SourceDescription],
) -> None:
    for name, description in descriptions.items():
        own = [d for d in datasets if d.source == name]
        links = register.links_of(controller)
        refuse(unaccepted_foreign_tables(register, name, description, own, links))


def _opened(services: Services, source: str, datasets: Sequence[Dataset], stack: ExitStack) -> Snapshot:
    with reading(source):
        try:
            return stack.enter_context(services.collectors[source].snapshot())
        except SourceUnreadableError as error:
            unread = ", ".join(d.name for d in datasets if d.source == source)
            raise type(error)(f"{error}; not read: {unread or 'its links'}") from None
