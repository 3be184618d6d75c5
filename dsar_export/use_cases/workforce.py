"""Who works on what is asked, and whether anybody does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.model.work import Work
from dsar_export.requests import work as queue
from dsar_export.requests.requests import requests_at_work
from dsar_export.requests.workers import ALIVE, WorkerProcess, somebody_lives, workers
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.open_sources import limits_of

LATE: Final = timedelta(minutes=10)
"""Work that could be taken up and was not for so long means that there are too few workers, or none."""


@dataclass(frozen=True)
class Workforce:
    """The workers with their signs of life, and the queue."""

    alive: Sequence[WorkerProcess]
    silent: Sequence[WorkerProcess]
    working: Sequence[str]
    """References of the requests that somebody works on."""
    waiting: Sequence[Work]
    """What can be taken up now, due soonest first."""
    for_a_place: Sequence[Work]
    """What waits only until fewer requests read a source, and not for a worker."""
    put_off: Sequence[Work]
    parked: Sequence[Work]
    at: datetime

    @property
    def waited(self) -> timedelta:
        """How long the oldest of what can be taken up has waited."""
        return max((self.at - _free_since(work) for work in self.waiting), default=timedelta(0))

    @property
    def ready(self) -> bool:
        """Whether what waits will be done."""
        return bool(self.alive) and self.waited < LATE


def _free_since(work: Work) -> datetime:
    """Since when it can be taken up; after an attempt that was killed, since its last sign of life."""
    return max(at for at in (work.asked_at, work.not_before, work.alive_at) if at is not None)


def workforce(desk: Desk, register: Register | None) -> Workforce:
    """Everything about workers; it names references, and nobody whom the requests are about.

    Without a register, nobody knows what waits for a place at a source; it then waits as for a worker.
    """
    with desk.looking() as act:
        known = workers(act.connection)
        asked = queue.works(act.connection)
        at_work = frozenset(requests_at_work(act.connection, act.at))
        crowded = frozenset[str]() if register is None else _crowded(act, register)
        at = act.at
    free = [work for name, work in asked.items() if name not in at_work]
    now = [w for w in free if w.parked_at is None and (w.not_before is None or w.not_before <= at)]
    return Workforce(
        alive=[one for one in known if at - one.alive_at <= ALIVE],
        silent=[one for one in known if at - one.alive_at > ALIVE],
        working=sorted(at_work),
        waiting=[work for work in now if work.reference not in crowded],
        for_a_place=[work for work in now if work.reference in crowded],
        put_off=[w for w in free if w.parked_at is None and w.not_before is not None and w.not_before > at],
        parked=[w for w in free if w.parked_at is not None],
        at=at,
    )


def _crowded(act: Act, register: Register) -> frozenset[str]:
    """The requests that can't be collected now, because as many as may be read a source of their controller."""
    taken = queue.places_taken(act.connection, act.at)
    if not taken:
        return frozenset()
    asked = queue.to_collect(act.connection)
    full = {
        controller
        for controller in {*asked.values()} & register.organisation.controllers.keys()
        if any(taken.get(source, 0) >= most for source, most in limits_of(register, controller).items())
    }
    return frozenset(reference for reference, controller in asked.items() if controller in full)


def somebody_works(desk: Desk) -> bool:
    """Whether a worker has shown a sign of life."""
    with desk.looking() as act:
        return somebody_lives(act.connection, act.at)


def followed(desk: Desk, reference: str) -> Work | None:
    """What is asked for a request and how far it is, for whoever may see the request; None if nothing is."""
    with desk.looking() as act:
        act.request(reference, Role.AGENT, Role.REVIEWER, Role.AUDITOR)
        return queue.work_of(act.connection, reference)
