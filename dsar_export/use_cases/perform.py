"""What a worker does: it takes up what is due soonest, and leaves a trace of whatever becomes of it."""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from dsar_export.delivery.passphrases import new_passphrase
from dsar_export.errors import (
    DatabaseUnusableError,
    KeysReplacedError,
    NotWritableError,
    SourceBusyError,
    StaleError,
    StateError,
    TrailBrokenError,
    WorkStoppedError,
)
from dsar_export.model.people import Person
from dsar_export.model.work import Task, Work
from dsar_export.register.files import PartsOf
from dsar_export.requests import trail
from dsar_export.requests import work as queue
from dsar_export.requests.migrations import require_current_in
from dsar_export.requests.requests import Filters, ListedRequest, list_requests, read_request
from dsar_export.requests.states import AT_WORK, Action, State
from dsar_export.requests.transitions import move, renew_lease
from dsar_export.requests.workers import alive
from dsar_export.use_cases.ask import collect_order, report_options
from dsar_export.use_cases.attempt import HEAVY_ROWS, MOST_TRIES, failure_in_words
from dsar_export.use_cases.build_request import built_request
from dsar_export.use_cases.collect_request import collect_request
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.lease import Turn
from dsar_export.use_cases.package import PackageOrder
from dsar_export.use_cases.report_choices import report_choices
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.sweep import sweep

_CLOCKS_DIFFER: Final = timedelta(seconds=5)
_KILLED: Final = "it was killed, or its lease ended, at every try"


@dataclass
class Silence:
    """Which attempts show no sign of life for as long as a lease, by this process's own steady clock.

    Only leases that end later than any can are looked at: a clock was set back since they were written.
    """

    steady: Callable[[], float] = time.monotonic
    _seen: dict[str, tuple[tuple[int, int], float]] = field(default_factory=dict)

    def attempts(self, signs: Mapping[str, tuple[int, int]], lease: timedelta) -> Mapping[str, int]:
        """The silent attempts by reference, from attempt and count of signs of each request."""
        now = self.steady()
        self._seen = {
            reference: seen if (seen := self._seen.get(reference)) and seen[0] == shown else (shown, now)
            for reference, shown in signs.items()
        }
        long_ago = now - lease.total_seconds()
        return {name: shown[0] for name, (shown, since) in self._seen.items() if since <= long_ago}


@dataclass
class Sweeper:
    """Sweeps the stores now and then: it looks at all that lies in them, which is too much for each request."""

    every: float = 600.0
    """Seconds."""
    steady: Callable[[], float] = time.monotonic
    _swept_at: float | None = None

    def sweep_if_due(self, desk: Desk) -> None:
        now = self.steady()
        if self._swept_at is None or now - self._swept_at >= self.every:
            self._swept_at = now
            sweep(desk)


@dataclass(frozen=True)
class Workbench:
    """Where a worker works: the desk, what makes the services anew for each request, and when to stop."""

    desk: Desk
    services: Callable[[], Services]
    parts_of: PartsOf
    stopping: Callable[[], bool] = lambda: False
    silence: Silence = field(default_factory=Silence)
    sweeper: Sweeper = field(default_factory=Sweeper)
    heavy_rows: int = HEAVY_ROWS


@dataclass(frozen=True)
class Performed:
    """What became of a try; `failure` names no person, and is also why work is given back, which is no fault."""

    reference: str
    task: Task
    tries: int
    failure: str | None = None
    given_back: bool = False


def waits(bench: Workbench, *, heavy: bool | None) -> bool:
    """Whether there is something to take up in one queue, or in any."""
    return next(_takeable(bench, heavy=heavy), None) is not None


def perform_next(bench: Workbench, *, heavy: bool | None) -> Performed | None:
    """Takes up what is due soonest in one queue, or in both, and ends with it; None if nothing can be taken up now.

    Whatever fails is recorded, and not raised. What is wrong with the installation is raised before anything is taken
    up: DatabaseUnusableError, RegisterError, and TrailBrokenError after the restore of a backup. KeysReplacedError
    means that the workbench must be opened anew.
    """
    _require_sound(bench.desk)
    services = bench.services()
    bench.sweeper.sweep_if_due(bench.desk)
    busy: set[str] = set()
    heavy = _queue(bench.desk, heavy=heavy)
    for work, silent in _takeable(bench, heavy=heavy, busy=busy):
        turn = Turn(
            by_worker=True,
            silent=silent,
            stopping=bench.stopping,
            most_rows=None if work.heavy else bench.heavy_rows,
            steady=bench.silence.steady,
        )
        desk = replace(bench.desk, person=Person(work.asked_by, None))
        try:
            if work.tries >= MOST_TRIES:
                if not _give_up(desk, work, _KILLED, silent):
                    continue
                return Performed(work.reference, work.task, work.tries, _KILLED)
            _do(bench, services, desk, work, turn)
        except SourceBusyError:
            with desk.looking() as act:
                busy.add(_listed(act, work.reference).controller)
        except (DatabaseUnusableError, KeysReplacedError):
            raise
        except Exception as error:  # noqa: BLE001 # whatever it is, others must go on
            failure = failure_in_words(error)
            parked = _give_up(desk, work, failure, silent)
            if isinstance(error, StaleError | StateError) and not parked:
                continue  # another worker was faster, or it was cancelled meanwhile
            given_back = isinstance(error, WorkStoppedError)
            return Performed(work.reference, work.task, work.tries + 1, failure, given_back)
        else:
            return Performed(work.reference, work.task, work.tries + 1)
    return None


def _queue(desk: Desk, *, heavy: bool | None) -> bool | None:
    """The queue to take from: one process of several leaves heavy requests to the others, so that small ones go on."""
    if heavy is not None:
        return heavy
    with desk.looking() as act:
        at_work = queue.heavy_at_work(act.connection, act.at)
        return False if at_work and at_work >= alive(act.connection, act.at) - 1 else None


def _require_sound(desk: Desk) -> None:
    """What another version stores is not for this one.

    And what waits in a restored backup was perhaps answered since; nobody has decided yet whether this is one.
    """
    seen = trail.read_anchor(desk.anchor)  # before the database is, as another process may append
    with desk.looking() as act:
        require_current_in(act.connection)
        continues = trail.goes_on_from(act.connection, desk.keys.trail, seen)
    if not continues:
        raise TrailBrokenError(
            f"the trail does not go on where {desk.anchor} saw it last, as after the restore of a backup; nothing is "
            "taken up. Look at `dsar-export database restored`"
        )
    if not os.access(desk.anchor.parent, os.W_OK | os.X_OK):
        raise NotWritableError(
            f"{desk.anchor} can't be written; let the user account of the workers write there"
        )


def _takeable(
    bench: Workbench, *, heavy: bool | None, busy: Set[str] = frozenset()
) -> Iterator[tuple[Work, int | None]]:
    """What can be taken up, with the silent attempt whose lease has not ended.

    It looks again for each, without what must be collected from controllers that turned out to be `busy`.
    """
    with bench.desk.looking() as act:
        signs = queue.leased_beyond(act.connection, act.at + bench.desk.lease + _CLOCKS_DIFFER)
        silent = bench.silence.attempts(signs, bench.desk.lease)
        dead = queue.works(act.connection, silent) if silent else {}
        found = queue.waiting(act.connection, act.at, heavy=heavy, most=1, busy=busy)
    for reference, work in dead.items():
        if heavy is None or work.heavy is heavy:
            yield work, silent[reference]
    seen: set[str] = set()
    while (new := next((each for each in found if each.reference not in seen), None)) is not None:
        seen.add(new.reference)
        yield new, None
        with bench.desk.looking() as act:
            most = len(seen) + 1
            found = queue.waiting(act.connection, act.at, heavy=heavy, most=most, busy=busy)


def _do(bench: Workbench, services: Services, desk: Desk, work: Work, turn: Turn) -> None:
    if work.task is Task.COLLECT:
        collect_request(desk, services, work.reference, collect_order(work), turn)
        return
    with desk.looking() as act:
        listed = read_request(act.connection, work.reference, desk.vault).listed
    options = report_options(work)
    report = report_choices(
        services.register, listed.controller, replace(options, language=options.language or listed.language)
    )
    passphrase = new_passphrase(report.language)
    order = PackageOrder(desk.workspace, passphrase, report, nothing_held_confirmed=True)
    with built_request(desk, services, bench.parts_of, work.reference, order, turn):
        pass


def _give_up(desk: Desk, seen: Work, failure: str, silent: int | None) -> bool:
    """Parks work that could not even begin, or that kills whoever tries it; False if somebody else has it now.

    What an attempt recorded itself stays.
    """
    with desk.acting() as act:
        now = queue.work_of(act.connection, seen.reference)
        if (
            now is None
            or now.parked_at is not None
            or (now.asked_at, now.signs) != (seen.asked_at, seen.signs)
        ):
            return False
        listed = _listed(act, seen.reference)
        if silent is not None:
            renew_lease(act.connection, seen.reference, silent, None)
        elif listed.worked_on_at(act.at):
            return False
        step = seen.task.value
        if listed.state in AT_WORK:
            move(act.connection, seen.reference, listed.version, Action.FAIL, act.at, failed_step=step)
        queue.park(act.connection, seen.reference, act.at, failure)
        details: dict[str, str | int] = {"step": step, "attempt": listed.attempt}
        act.append("fail", listed.reference, listed.controller, details)
        return True


def _listed(act: Act, reference: str) -> ListedRequest:
    """The row without what is sealed: that this does not open may be why the work fails."""
    (listed,) = list_requests(act.connection, Filters(frozenset(State), references=frozenset({reference})))
    return listed
