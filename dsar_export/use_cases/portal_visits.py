"""Visits to the portal: what a browser may see, and how it proves that a request is its own."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from dsar_export.requests import visits
from dsar_export.requests.database import writing
from dsar_export.requests.installation import epoch
from dsar_export.requests.visits import Visit
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.sign_in import csrf_of

_TOKEN_BYTES: Final = 32
_SEEN_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Visiting:
    """A visit that lasts, with what each of its forms brings back."""

    token: str = field(repr=False)
    visit: Visit

    @property
    def csrf(self) -> str:
        return csrf_of(self.token)


def visiting(desk: Desk, token: str) -> Visiting | None:
    """The visit of a token; None if it is over, or never was."""
    with desk.looking() as act:
        found = visits.visit_of(act.connection, token, epoch(act.connection), act.at)
    if found is None:
        return None
    at = desk.clock()
    if at - found.seen_at >= _SEEN_EVERY:
        with writing(desk.engine) as connection:
            visits.mark_visit_seen(connection, token, at)
    return Visiting(token, found)


def still_proven(desk: Desk, token: str, reference: str) -> bool:
    """Whether a visit lasts and has proven a request; looking makes it last no longer."""
    with desk.looking() as act:
        found = visits.visit_of(act.connection, token, epoch(act.connection), act.at)
    return found is not None and found.is_proven(reference)


def lasting_visit(desk: Desk, token: str | None) -> str:
    """The token of a visit that lasts: the browser's own, or that of a new one."""
    if token is not None and visiting(desk, token) is not None:
        return token
    new, at = secrets.token_urlsafe(_TOKEN_BYTES), desk.clock()
    with writing(desk.engine) as connection:
        visits.begin_visit(connection, new, epoch(connection), at)
    return new


def leave(desk: Desk, token: str) -> None:
    """Ends a visit, as on a telephone that others use too."""
    with writing(desk.engine) as connection:
        visits.end_visit(connection, token)


def may_ask(desk: Desk, what: str, per_hour: int, per_day: int | None = None) -> bool:
    """Counts one thing that is asked for, by a keyed hash of what and by whom; False for one too many."""
    at = desk.clock()
    with writing(desk.engine) as connection:
        return visits.counted_ask(connection, desk.vault.sender_mac(what), at, per_hour, per_day)
