"""The other requests about the same person, for whoever may see them."""

from typing import Final

from dsar_export.model.people import Role
from dsar_export.requests.people import may
from dsar_export.requests.requests import Filters, list_requests
from dsar_export.requests.states import State
from dsar_export.use_cases.desk import Desk

_SEEING: Final = (Role.AGENT, Role.REVIEWER, Role.AUDITOR)


def same_person(desk: Desk, reference: str) -> tuple[str, ...]:
    """The references of requests that share an identifier with this one, apart from those of the same letter."""
    with desk.looking() as act:
        group = act.request(reference, *_SEEING).listed.group_reference
        found = list_requests(act.connection, Filters(frozenset(State), same_person_as=reference))
        name = desk.person.name
        return tuple(
            each.reference
            for each in found
            if (group is None or each.group_reference != group)
            and any(may(act.connection, name, each.controller, role, act.at) for role in _SEEING)
        )
