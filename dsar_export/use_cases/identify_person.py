"""Finds who is behind the given identifiers, without reading their data."""

from dataclasses import dataclass, field

from dsar_export.errors import SubjectAmbiguousError
from dsar_export.export.collect import collect
from dsar_export.export.pipeline import Subject
from dsar_export.export.plan import DatasetPlan
from dsar_export.identities.search import explore, identify, search_for, suggested
from dsar_export.model.identity import Reached
from dsar_export.model.request import SubjectRequest
from dsar_export.use_cases.open_sources import opened_sources
from dsar_export.use_cases.services import Services


@dataclass(frozen=True)
class Identification:
    """Identifiers reached by strong links, other people they lead back to, and identifiers that weak links suggest.

    `referred` is what the person's rows refer to; empty if it is not certain who the person is.
    """

    reached: tuple[Reached, ...]
    others: tuple[Reached, ...]
    suggested: tuple[Reached, ...]
    people: int
    ambiguous: str | None
    """Why an export would stop and ask; None if it would not."""
    held: bool
    """Whether any row is held under the identifiers, so that an export would find something."""
    referred: tuple[Reached, ...] = ()
    subject: str | None = None
    """The kind of people among whom they were sought."""
    candidates: tuple[str, ...] = field(default=(), repr=False)
    """The keys of those among whom staff may choose, where it would stop; they are shown to staff alone."""


def identify_person(services: Services, request: SubjectRequest) -> Identification:
    """Follows the links of the request's controller, and checks whether any row is held under the result.

    An identity that an export would refuse is returned as `ambiguous`; raises WrongUseError as an export does.
    """
    with opened_sources(services, request) as sources:
        search = search_for(sources.reader, request)
        found, backward = explore(search)
        others = search.others(backward, search.subject_ids(found))
        weak = suggested(search, found)
        ambiguous, held, pointed, candidates = None, False, tuple[Reached, ...](), tuple[str, ...]()
        try:
            subject = sources.subject(services, identify(sources.reader, request))
        except SubjectAmbiguousError as error:
            ambiguous, candidates = str(error), error.candidates
        else:
            pointed = subject.identity.referred
            held = any(_holds(subject, plan) for plan in sources.plans.values())
    return Identification(
        tuple(found.values()),
        tuple(backward[key] for key in sorted(others)),
        weak,
        len(search.distinct_subjects(search.subject_ids(found) | others)),
        ambiguous,
        held,
        pointed,
        services.register.kind,
        candidates,
    )


def _holds(subject: Subject, plan: DatasetPlan) -> bool:
    """Whether a dataset has a row of the subject; stops reading at the first."""
    snapshot = subject.snapshots[plan.dataset.source]
    return any(collected.chunk.rows for collected in collect(subject.owns(plan), snapshot))
