"""Opens the sources and finds the subject in them, for an export at once or for a Draft."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from dsar_export.errors import SourceLostError
from dsar_export.export.gaps import identity_gaps
from dsar_export.export.pipeline import Subject
from dsar_export.identities.search import identify
from dsar_export.model.identity import Identity
from dsar_export.model.outcome import Gap
from dsar_export.model.request import SubjectRequest
from dsar_export.register_check.undecided import undecided_gaps
from dsar_export.use_cases.open_sources import OpenSources, opened_sources
from dsar_export.use_cases.package import Findings
from dsar_export.use_cases.services import Services

T = TypeVar("T")

ATTEMPTS: Final = 3  # a conflict on a replica is temporary; a database that is down usually stays down


def retried_if_lost(attempt: Callable[[], T]) -> T:
    """Starts again if a source was lost before its rows were used; from the beginning, with new snapshots."""
    for _ in range(ATTEMPTS - 1):
        try:
            return attempt()
        except SourceLostError:
            continue
    return attempt()


@contextmanager
def found_subject(
    services: Services, request: SubjectRequest
) -> Iterator[tuple[OpenSources, Subject, Findings]]:
    """Opens the sources and identifies the subject in their snapshots."""
    with opened_sources(services, request) as sources:
        subject = sources.subject(services, identify(sources.reader, request))
        gaps = _source_gaps(services, sources, subject.identity)
        findings = Findings(request, sources.register, subject.identity, gaps, sources.moments)
        yield sources, subject, findings


def _source_gaps(services: Services, sources: OpenSources, identity: Identity) -> tuple[Gap, ...]:
    """Identifiers that were not followed, and tables and columns that the register does not mention."""
    gaps = [*identity_gaps(identity)]
    organisation = services.register.organisation
    for name, description in sources.descriptions.items():
        own = [d for d in sources.datasets if d.source == name]
        gaps += undecided_gaps(name, organisation.sources[name], description, own, organisation.subject)
    return tuple(gaps)
