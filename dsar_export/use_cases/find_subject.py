"""Opens the sources and finds the subject in them, for an export at once or for a Draft."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final, TypeVar

from dsar_export.errors import SourceLostError, SourceUnreadableError
from dsar_export.export.gaps import identity_gaps
from dsar_export.export.pipeline import Subject
from dsar_export.identities.search import identify
from dsar_export.model.message import Message
from dsar_export.model.outcome import Gap
from dsar_export.model.register import OWN_SOURCE
from dsar_export.model.request import SubjectRequest
from dsar_export.model.subjects import datasets_of_others, subject_of
from dsar_export.model.work import WorkStep
from dsar_export.register_check.decisions import undecided_column_gaps, undecided_table_gaps
from dsar_export.register_check.undecided import undecided_gaps
from dsar_export.use_cases.open_sources import OpenSources, opened_sources, possible_sources_of
from dsar_export.use_cases.package import Findings
from dsar_export.use_cases.services import Services

T = TypeVar("T")

UNSEARCHED: Final = Message(
    "a system that could not be read may know further identifiers; rows under them were not searched"
)

ATTEMPTS: Final = 3  # a conflict on a replica is temporary; a database that is down usually stays down


def retried_if_lost(attempt: Callable[[], T]) -> T:
    """Starts again if a source was lost before its rows were used; from the beginning, with new snapshots."""
    for _ in range(ATTEMPTS - 1):
        try:
            return attempt()
        except SourceLostError:
            continue
    return attempt()


def without_unreadable(attempt: Callable[[frozenset[str]], T]) -> T:
    """Starts again without each source that can't be read, so that all others are read at one moment.

    `attempt` takes the names of the sources to leave out.
    """
    unread = frozenset[str]()
    while True:
        try:
            return retried_if_lost(partial(attempt, unread))
        except SourceUnreadableError as error:
            if error.source is None or error.source in unread:
                raise
            unread |= {error.source}


@contextmanager
def found_subject(
    services: Services, request: SubjectRequest, unread: frozenset[str] = frozenset()
) -> Iterator[tuple[OpenSources, Subject, Findings]]:
    """Opens the sources and identifies the subject in their snapshots; SourceUnreadableError if none is left."""
    with opened_sources(services, request, unread) as sources:
        if unread and not sources.snapshots.keys() - {OWN_SOURCE}:
            raise SourceUnreadableError(
                "no source of the controller could be read; try again when they answer"
            )
        services.progress.began(WorkStep.IDENTIFY)
        subject = sources.subject(services, identify(sources.reader, request))
        gaps = (
            *identity_gaps(subject.identity),
            *(
                gap
                for name in possible_sources_of(sources.register, request.controller)
                for gap in undecided_in(services, sources, name)
            ),
            *unread_links(sources, request.controller, unread),
        )
        found = (sources.register, subject.identity, gaps, sources.moments, sources.not_covered)
        findings = Findings(request, *found)
        yield sources, subject, findings


def undecided_in(services: Services, sources: OpenSources, name: str) -> Iterator[Gap]:
    """Tables and columns of a source that are undecided, and those of an open one that the register does not mention.

    Those of datasets only that are read.
    """
    organisation, controller = services.register.organisation, sources.reader.controller
    read = {dataset.name for dataset in sources.datasets}
    own = [d for d in sources.register.datasets_of(controller) if d.source == name]
    if own and not any(dataset.name in read for dataset in own):
        return  # an agent's mandate covers nothing in it
    yield from undecided_table_gaps(sources.register, controller, name)
    if name not in sources.descriptions:
        return
    description, source = sources.descriptions[name], organisation.sources[name]
    # A table may be read for other kinds of people alone.
    others = [d for d in datasets_of_others(services.register, controller) if d.source == name]
    subject = partial(subject_of, services.register)
    unknown = undecided_gaps(name, source, description, [*own, *others], subject, sources.probes)
    for gap in (*undecided_column_gaps(own), *unknown):
        if gap.dataset is None or gap.dataset in read:
            yield gap


def unread_links(sources: OpenSources, controller: str, unread: frozenset[str]) -> Iterator[Gap]:
    """The datasets whose identifiers may be incomplete, because links of an unread source lead to them."""
    links = sources.register.links_of(controller)
    kinds = {link.leads_to for link in links if link.source in unread}
    while more := {link.leads_to for link in links if link.given in kinds} - kinds:
        kinds |= more
    for dataset in sources.datasets:
        if dataset.source not in unread and kinds & {key.identifier for key in dataset.subject_keys}:
            yield Gap(dataset.source, dataset.name, UNSEARCHED)
