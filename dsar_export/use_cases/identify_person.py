"""Who is behind the given identifiers, without reading any of their data."""

from dataclasses import dataclass

from dsar_export.errors import SubjectAmbiguousError
from dsar_export.export.collect import collect
from dsar_export.export.pipeline import Subject
from dsar_export.export.plan import DatasetPlan
from dsar_export.identities.search import explore, identify, search, suggested
from dsar_export.model.identity import Reached
from dsar_export.model.request import SubjectRequest
from dsar_export.use_cases.open_sources import opened_sources
from dsar_export.use_cases.services import Services


@dataclass(frozen=True)
class Identification:
    """The identifiers that strong links reach, other people to whom those lead back, and what weak links suggest."""

    reached: tuple[Reached, ...]
    others: tuple[Reached, ...]
    suggested: tuple[Reached, ...]
    people: int
    ambiguous: str | None
    """Why an export would stop and ask, or None where it would not."""
    held: bool
    """Whether any row is held under the identifiers, so that an export finds something."""


def identify_person(services: Services, request: SubjectRequest) -> Identification:
    """Follows the links of the request's controller, and looks whether anything is held under what they reach.

    WrongUseError and SubjectAmbiguousError mean what they mean to an export.
    """
    with opened_sources(services, request) as sources:
        asked = search(sources.reader, request)
        found, behind = explore(asked)
        others = asked.others(behind, asked.people(found))
        weak = suggested(asked, found)
        ambiguous, held = None, False
        try:
            subject = sources.subject(services, identify(sources.reader, request))
        except SubjectAmbiguousError as error:
            ambiguous = str(error)
        else:
            held = any(_holds(subject, plan) for plan in sources.plans.values())
    return Identification(
        tuple(found.values()),
        tuple(behind[person] for person in sorted(others)),
        weak,
        len(asked.persons(asked.people(found) | others)),
        ambiguous,
        held,
    )


def _holds(subject: Subject, plan: DatasetPlan) -> bool:
    """Whether a dataset has a row of the subject; no more than the first is read."""
    snapshot = subject.snapshots[plan.dataset.source]
    return any(collected.chunk.rows for collected in collect(subject.owns(plan), snapshot))
