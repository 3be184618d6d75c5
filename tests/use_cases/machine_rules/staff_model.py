"""A plain model of the staff: who has which role when, is disabled, or is the person that a request is about."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from dsar_export.model.people import Role
from tests.use_cases.offices import STAFF


@dataclass(frozen=True)
class Held:
    """A role that somebody has for a period."""

    name: str
    controller: str
    role: Role
    datasets: tuple[str, ...] = ()
    since: datetime | None = None

    def holds(self, now: datetime) -> bool:
        return self.since is None or self.since <= now


def _first_grants() -> list[Held]:
    return [
        Held(name, controller, role, datasets)
        for name, roles in STAFF.items()
        for controller, role, datasets in roles
    ]


@dataclass
class Staff:
    """Everybody who works here."""

    names: set[str] = field(default_factory=lambda: set(STAFF))
    grants: list[Held] = field(default_factory=_first_grants)
    disabled: dict[str, datetime] = field(default_factory=dict)
    own: dict[str, frozenset[str]] = field(default_factory=dict)
    """What somebody is known by as a customer."""

    def held(self, name: str, now: datetime) -> list[Held]:
        """The roles that somebody has now."""
        if name in self.disabled and self.disabled[name] <= now:
            return []
        return [held for held in self.grants if held.name == name and held.holds(now)]

    def may(self, name: str, now: datetime, roles: Iterable[Role], controller: str = "acme") -> bool:
        allowed, places = {*roles}, {controller, "*"}
        return any(held.role in allowed and held.controller in places for held in self.held(name, now))

    def has(self, name: str, now: datetime, roles: Iterable[Role]) -> bool:
        """Whether somebody has one of the roles anywhere."""
        allowed = {*roles}
        return any(held.role in allowed for held in self.held(name, now))

    def sees(self, name: str, now: datetime, datasets: frozenset[str]) -> bool:
        """Whether somebody reviews here and may look at all of these datasets."""
        places = {"acme", "*"}
        own = [h for h in self.held(name, now) if h.role is Role.REVIEWER and h.controller in places]
        allowed = {dataset for held in own for dataset in held.datasets}
        return bool(own) and (any(not held.datasets for held in own) or datasets <= allowed)

    def is_subject(self, name: str, identifiers: Iterable[str]) -> bool:
        """Whether a request with these identifiers is about somebody here."""
        return not self.own.get(name, frozenset()).isdisjoint(text.lower() for text in identifiers)

    def is_last_administrator(self, name: str, now: datetime) -> bool:
        held = [one for each in self.names for one in self.held(each, now)]
        return {one.name for one in held if one.role is Role.ADMINISTRATOR} == {name}
