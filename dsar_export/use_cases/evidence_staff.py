"""Staff as an authority sees them: the same pseudonym throughout a document, and the roles of the moment."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from dsar_export.model.evidence import Actor
from dsar_export.model.people import Grant, Person
from dsar_export.requests import trail
from dsar_export.requests.people import EVERY_CONTROLLER, grants_ever, list_people
from dsar_export.requests.times import moment

_PROGRAM: Final = "program"
"""Whoever acted and is no member of staff."""


@dataclass(frozen=True)
class Staff:
    """The members of staff with their pseudonyms, and all roles that anybody was given or lost."""

    pseudonyms: Mapping[str, str]
    people: tuple[Person, ...]
    grants: tuple[Grant, ...]
    ends: tuple[tuple[datetime, Mapping[str, object]], ...]
    """The trail's entries of roles that were ended by hand, which their rows do not date."""

    def pseudonym(self, name: str) -> str:
        """P1, P2 and so on."""
        return self.pseudonyms.get(name, _PROGRAM)

    def actor(self, name: str, controller: str, at: datetime) -> Actor:
        """Who did something for a controller at a moment."""
        roles = {held.role.value for held in self.grants if self._held(held, name, controller, at)}
        return Actor(self.pseudonym(name), tuple(sorted(roles)))

    def _held(self, held: Grant, name: str, controller: str, at: datetime) -> bool:
        if held.person != name or held.controller not in {controller, EVERY_CONTROLLER} or held.since > at:
            return False
        disabled = next((p.disabled_at for p in self.people if p.name == name), None)
        until = self._ended_at(held) if held.until == held.since else held.until
        return all(end is None or at < end for end in (until, disabled))

    def _ended_at(self, held: Grant) -> datetime:
        """When somebody ended a role; if the trail no longer has that, it is not claimed for any moment."""
        role = {"person": held.person, "role": held.role.value}
        named = None if held.controller == EVERY_CONTROLLER else held.controller
        ends = (
            at
            for at, values in self.ends
            if at >= held.since and values["details"] == role and values["controller"] == named
        )
        return next(ends, held.since)


def staff_of(connection: Connection, names: Iterable[str]) -> Staff:
    """The staff, with pseudonyms in the order in which the names come."""
    people = list_people(connection)
    ends = tuple(
        (moment(int(str(entry.values["at"]))), entry.values)
        for entry in trail.entries(connection, action="end_role")
    )
    return Staff(_pseudonyms(names, {p.name for p in people}), people, grants_ever(connection), ends)


def _pseudonyms(names: Iterable[str], staff: Collection[str]) -> Mapping[str, str]:
    known = dict.fromkeys(name for name in names if name in staff)
    return {name: f"P{number}" for number, name in enumerate(known, start=1)}
