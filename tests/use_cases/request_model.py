"""A plain model of requests, written without a look at the product's own table: who may do what, and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from dsar_export.model.people import Role
from dsar_export.model.request import Right

_OPEN: Final = ("received", "verified", "ambiguous", "nobody_found", "in_review", "failed")
WAYS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "verify": (("received",), "verified"),
    "collect": (
        ("verified", "ambiguous", "nobody_found", "in_review", "failed", "collecting"),
        "collecting",
    ),
    "several": (("collecting",), "ambiguous"),
    "nobody": (("collecting",), "nobody_found"),
    "submit": (("collecting",), "in_review"),
    "choose": (("ambiguous",), "verified"),
    "correct": (_OPEN, "received"),
    "approve": (("in_review",), "approved"),
    "send_back": (("in_review", "approved"), "verified"),
    "build": (("approved", "failed", "building"), "building"),
    "publish": (("building",), "available"),
    "close": (("nobody_found",), "closed"),
    "refuse": ((*_OPEN, "approved"), "refused"),
    "cancel": ((*_OPEN, "approved", "collecting", "building"), "cancelled"),
    "fail": (("collecting", "building"), "failed"),
    "mandate": (_OPEN[1:], "verified"),
}
ENDED: Final = frozenset({"closed", "refused", "cancelled"})
LEASE: Final = timedelta(seconds=90)


@dataclass
class Case:
    """What a request should be."""

    reference: str
    rights: tuple[Right, ...]
    opened_by: str
    identifiers: tuple[str, ...]
    state: str = "received"
    corrected_by: str | None = None
    verified_by: str | None = None
    proven: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    collected_by: str | None = None
    deciders: set[str] = field(default_factory=set)
    attempt: int = 0
    lease_until: datetime | None = None
    draft: int | None = None
    unread: bool = False
    collected_on: date | None = None
    gap_accepted: bool = False
    scope: tuple[str, ...] = ()
    mandate_by: str | None = None
    drafted: tuple[str, ...] = ()
    """The scope under which the Draft was collected."""
    approved: bool = False
    approved_by: str | None = None
    proposed_by: str | None = None
    """Who proposed the refusal that waits for a second person."""
    refused_by: set[str] = field(default_factory=set)
    """Who refused or proposed to, whether or not that held."""
    complaints: list[str] = field(default_factory=list)
    """Where each complaint stands: received, acknowledged or answered."""
    package: int | None = None

    def can(self, action: str, now: datetime) -> bool:
        """Whether the state allows an action, and nobody else is at work on it."""
        starts_work = action in {"collect", "build"}
        busy = self.lease_until is not None and self.lease_until >= now
        if action == "build" and not self.approved:
            return False
        return self.state in WAYS[action][0] and not (starts_work and busy)

    def go(self, action: str) -> None:
        sources, target = WAYS[action]
        assert self.state in sources
        self.state, self.lease_until, self.proposed_by = target, None, None
        if action in {"collect", "correct", "send_back", "refuse", "cancel", "mandate"}:
            self.approved, self.approved_by = False, None
        if action == "correct":
            self.verified_by, self.proven, self.chosen = None, (), ()
        if target in ENDED:
            self.draft = None

    def begin(self, action: str, now: datetime) -> None:
        self.go(action)
        self.attempt += 1
        self.lease_until = now + LEASE

    @property
    def matched(self) -> frozenset[str]:
        """The people to whom proven identifiers lead."""
        return frozenset(_PEOPLE[text] for text in self.proven if text in _PEOPLE)

    @property
    def ambiguous(self) -> bool:
        """Whether proven identifiers are of several people, or one is not of the person to whom others lead."""
        strange = any(text not in _PEOPLE for text in self.proven)
        return not self.chosen and (len(self.matched) > 1 or (strange and bool(self.matched)))

    def completed_on(self, day: date) -> bool:
        """Whether collecting again reads only what the Draft lacks, which is the source `second`."""
        return self.state == "in_review" and self.unread and self.collected_on == day

    @property
    def datasets(self) -> frozenset[str]:
        """What the Draft holds."""
        read = {"records"} if self.unread or self.drafted else {"records", "extras"}
        return frozenset(read if self.drafted else read | {"data_requests"})

    @property
    def took_part(self) -> frozenset[str | None]:
        alone = {self.opened_by, self.corrected_by, self.verified_by, *self.deciders}
        several = (
            name for names in (self.collected_by, self.mandate_by) if names for name in names.split(",")
        )
        return frozenset({*alone, *several})

    @property
    def decided_by(self) -> frozenset[str | None]:
        """Who may not answer a complaint about the request."""
        return frozenset({self.approved_by, *self.refused_by})

    @property
    def blocked(self) -> bool:
        return self.unread and not self.gap_accepted


_PEOPLE: Final = {
    "email=Sam@example.org": "C-1",
    "customer_id=C-1": "C-1",
    "email=robin@example.org": "C-2",
    "customer_id=C-2": "C-2",
}


@dataclass(frozen=True)
class Held:
    """A role that somebody has for a period."""

    name: str
    controller: str
    role: Role
    datasets: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        begun = self.since is None or self.since <= now
        return begun and (self.until is None or self.until > now)
