"""Where a request is, what workers do for it, and what is handed out of it: what changes while somebody looks on."""

from collections.abc import Mapping
from dataclasses import dataclass

from dsar_export.model.people import Role
from dsar_export.model.request import Right
from dsar_export.model.work import Work
from dsar_export.requests.download_links import OpenLink, open_links
from dsar_export.requests.installation import epoch
from dsar_export.requests.states import State
from dsar_export.requests.work import work_of
from dsar_export.requests.workers import somebody_lives
from dsar_export.use_cases.desk import Desk

_SEE: tuple[Role, ...] = (Role.AGENT, Role.REVIEWER, Role.AUDITOR)


@dataclass(frozen=True)
class Standing:
    """What was asked of workers for a request, and how far they are."""

    state: State
    attempt: int
    work: Work | None
    """None if nothing is asked."""
    somebody_works: bool
    """Whether a worker has shown a sign of life."""

    @property
    def goes_on(self) -> bool:
        """Whether a worker does something for it, or will."""
        return self.work is not None and self.work.parked_at is None


def standing(desk: Desk, reference: str) -> Standing:
    """Where a request stands, for whoever may see it."""
    with desk.looking() as act:
        listed = act.request(reference, *_SEE).listed
        work = work_of(act.connection, reference)
        return Standing(listed.state, listed.attempt, work, somebody_lives(act.connection, act.at))


@dataclass(frozen=True)
class HandedOut:
    """What leads to the packages of a request."""

    links: Mapping[Right, OpenLink]
    """Those that count."""
    passphrase_waits: bool
    """Whether the passphrase can still be revealed."""


def handed_out(desk: Desk, reference: str) -> HandedOut:
    """The links and the passphrase of a request, for whoever may see it; neither is shown."""
    with desk.looking() as act:
        request = act.request(reference, *_SEE)
        links = open_links(act.connection, epoch(act.connection), act.at, reference)
        found = {right: link for (_, right), link in links.items()}
        return HandedOut(found, request.passphrase_sealed is not None)
