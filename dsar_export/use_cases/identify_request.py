"""Seeks the identifiers of a verified request in the sources, without collecting anything."""

from dsar_export.model.people import Role
from dsar_export.requests.states import TRANSITIONS, Action
from dsar_export.requests.transitions import require_state
from dsar_export.use_cases.collect_request import subject_request
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.identify_person import Identification, identify_person
from dsar_export.use_cases.mandates import refuse_ended_mandate
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.subjects import services_about


def identify_request(desk: Desk, services: Services, reference: str) -> Identification:
    """Who is behind the proven identifiers of a request; it stays where it is, and the trail has the counts."""
    with desk.looking() as act:
        request = act.request(reference, Role.AGENT)
        during = TRANSITIONS[Action.COLLECT].sources
        require_state(act.connection, reference, request.listed.version, act.at, during, "identify")
        refuse_ended_mandate(request, act.at)
    asked = subject_request(desk, request)
    own = services_about(services, request.listed.subject, asked.identifiers)
    found = identify_person(own, asked)
    with desk.acting() as act:
        act.note("identify", request, people=found.people, identifiers=len(found.reached))
    return found
