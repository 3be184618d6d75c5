"""A plain model of requests, written without a look at the product's own table: who may do what, and what follows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

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
    "deliver": (("available",), "delivered"),
    "expire": (("available",), "expired"),
    "close": (("delivered", "nobody_found"), "closed"),
    "refuse": ((*_OPEN, "approved"), "refused"),
    "cancel": ((*_OPEN, "approved", "collecting", "building"), "cancelled"),
    "fail": (("collecting", "building"), "failed"),
    "mandate": (_OPEN[1:], "verified"),
    "reissue": (("available", "delivered"), "approved"),
    "renew": (("available", "delivered"), "verified"),
}
ENDED: Final = frozenset({"closed", "refused", "cancelled", "expired"})
ANSWERED: Final = frozenset({"available", "delivered"})
BY_POLICY: Final = "policy:automatic"
LEASE: Final = timedelta(seconds=90)
_CODE_LASTS: Final = timedelta(minutes=15)
_KEPT: Final = {"drafts": (0, 30), "requests": (3, 0), "unfetched": (0, 90)}
"""How many years and days after the end of a request."""
_ADDRESSES: Final = {
    "email=sam@example.org": "sam@example.org",
    "customer_id=c-1": "sam@example.org",
    "email=robin@example.org": "robin@example.org",
    "customer_id=c-2": "robin@example.org",
}


def contacts_of(identifiers: Iterable[str]) -> list[tuple[str, str]]:
    """The addresses on file under the identifiers, each once, with the identifier that leads there."""
    found: dict[str, str] = {}
    for text in map(str.lower, identifiers):
        if text in _ADDRESSES:
            found.setdefault(_ADDRESSES[text], text)
    return list(found.items())


@dataclass
class Code:
    """A code that was sent."""

    text: str
    proves: frozenset[str]
    """The address, and the identifier that led there."""
    sender: str
    sent_at: datetime
    tries: int = 0
    used: bool = False

    def counts(self, now: datetime) -> bool:
        return self.tries < 5 and not self.used and self.sent_at <= now < self.sent_at + _CODE_LASTS

    def proven(self, identifiers: Iterable[str]) -> tuple[str, ...]:
        return tuple(text for text in identifiers if text.lower() in self.proves)


def may_send(sent: Iterable[Code], proves: frozenset[str], sender: str, now: datetime) -> bool:
    """Three codes an hour and six a day for a person, and twenty an hour from a sender."""
    hour = [code for code in sent if code.sent_at > now - timedelta(hours=1)]
    day = [code for code in sent if code.sent_at > now - timedelta(days=1)]
    return (
        sum(bool(code.proves & proves) for code in hour) < 3
        and sum(bool(code.proves & proves) for code in day) < 6
        and sum(code.sender == sender for code in hour) < 20
    )


@dataclass
class Wait:
    """What the person was asked for, and since when."""

    ground: str
    since: datetime
    until: datetime | None = None


@dataclass
class Complained:
    """A complaint, and whether it is received, acknowledged or answered."""

    state: str
    at: datetime


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
    verified_by_code: bool = False
    codes: list[Code] = field(default_factory=list)
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
    mandate_until: datetime | None = None
    drafted: tuple[str, ...] = ()
    """The scope under which the Draft was collected."""
    approved: bool = False
    approved_by: str | None = None
    proposed_by: str | None = None
    """Who proposed the refusal that waits for a second person."""
    refused_by: set[str] = field(default_factory=set)
    """Who refused or proposed to, whether or not that held."""
    complaints: list[Complained] = field(default_factory=list)
    answered_at: datetime | None = None
    """When the last complaint was answered."""
    package: int | None = None
    published_at: datetime | None = None
    has_files: bool = True
    """Whether packages that were built have their files still."""
    extended: bool = False
    waits: list[Wait] = field(default_factory=list)
    hold_until: datetime | None = None
    ended_at: datetime | None = None

    def can(self, action: str, now: datetime) -> bool:
        """Whether the state allows an action, and nobody else is at work on it."""
        starts_work = action in {"collect", "build"}
        busy = self.lease_until is not None and self.lease_until >= now
        if action == "build" and not self.approved:
            return False
        if action in {"collect", "approve", "build"} and self.mandate_ended(now):
            return False
        return self.state in WAYS[action][0] and not (starts_work and busy)

    def go(self, action: str, now: datetime) -> None:
        sources, target = WAYS[action]
        assert self.state in sources
        self.state, self.lease_until, self.proposed_by = target, None, None
        if action in {"collect", "correct", "send_back", "refuse", "cancel", "mandate", "renew"}:
            self.approved, self.approved_by = False, None
        if action == "correct":
            self.verified_by, self.proven, self.chosen = None, (), ()
        if action == "verify":
            for wait in self.waits:
                if wait.ground == "identity" and wait.until is None:
                    wait.until = max(wait.since, now)
        if action == "publish":
            self.published_at = now
        if action in {"reissue", "renew"}:
            self.package, self.published_at = None, None
        if action == "renew" and not self.is_held(now):
            self.draft = None
        if target in ENDED:
            self.ended_at = now
            self.draft = self.draft if self.is_held(now) or target == "expired" else None

    def begin(self, action: str, now: datetime) -> None:
        self.go(action, now)
        self.attempt += 1
        self.lease_until = now + LEASE

    def submit(self, now: datetime, *, unread: bool = False) -> None:
        """What was collected is a Draft in review, or approved by policy."""
        self.go("submit", now)
        self.draft, self.unread, self.gap_accepted = self.attempt, unread, False
        self.drafted, self.collected_on = self.scope, now.date()
        takes_along = self.rights == (Right.PORTABILITY,) and self.verified_by_code and not self.has_agent
        if takes_along and not (self.chosen or unread):
            self.go("approve", now)
            self.approved, self.approved_by = True, BY_POLICY

    @property
    def has_agent(self) -> bool:
        return self.mandate_by is not None

    def mandate_ended(self, now: datetime) -> bool:
        return self.mandate_until is not None and self.mandate_until < now

    def is_held(self, now: datetime) -> bool:
        return self.hold_until is not None and self.hold_until > now

    def is_over(self, what: str, now: datetime) -> bool:
        """Whether a storage period ended on an earlier day; that of the request takes its Draft along."""
        if self.ended_at is None:
            return False
        return max(self.ended_at, self.answered_at or self.ended_at) < _first_kept(what, now)

    def is_unfetched(self, now: datetime) -> bool:
        return (
            self.state == "available"
            and self.published_at is not None
            and self.published_at < _first_kept("unfetched", now)
        )

    @property
    def is_complained_about(self) -> bool:
        return any(complaint.state != "answered" for complaint in self.complaints)

    @property
    def leaves_something(self) -> bool:
        """Whether there is a Draft or a package."""
        return self.draft is not None or (self.package is not None and self.has_files)

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


def _first_kept(what: str, now: datetime) -> datetime:
    """The first moment of the first day that is kept."""
    years, days = _KEPT[what]
    day = now.date() - timedelta(days=days)
    return datetime.combine(day.replace(year=day.year - years), time(), UTC)
