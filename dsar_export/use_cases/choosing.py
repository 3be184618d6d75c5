"""Chooses among the people who match, after the sources were asked again who they are."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from dsar_export.errors import WrongChoiceError
from dsar_export.model.people import Role
from dsar_export.model.request import SubjectRequest
from dsar_export.requests.states import Action
from dsar_export.requests.transitions import require_possible
from dsar_export.use_cases.collect_request import subject_request
from dsar_export.use_cases.decide import choose
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.find_subject import found_subject, without_unreadable
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.subjects import services_about


def choose_candidate(
    desk: Desk, services: Services, reference: str, chosen: Sequence[str], reason: str
) -> None:
    """Chooses who the person is; WrongChoiceError, and nothing is changed, if the identifiers do not lead there."""
    with desk.looking() as act:
        request = act.request(reference, Role.AGENT)
        require_possible(act.connection, reference, request.listed.version, Action.CHOOSE, act.at)
    asked = replace(subject_request(desk, request), chosen=tuple(chosen))
    own = services_about(services, request.listed.subject, asked.identifiers)
    try:
        without_unreadable(partial(_sought, own, asked))
    except WrongChoiceError as error:
        raise WrongChoiceError(
            f"{reference}: a chosen key is not that of a candidate; nothing was changed. Choose one of the "
            "candidates",
            error.candidates,
        ) from None
    choose(desk, reference, chosen, reason)


def _sought(services: Services, asked: SubjectRequest, unread: frozenset[str]) -> None:
    with found_subject(services, asked, unread):
        pass
