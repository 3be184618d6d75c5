"""One attempt at a request: it holds a lease, shows signs of life, and ends in one way or another."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from dsar_export.errors import (
    ConservationError,
    DatabaseUnusableError,
    DraftUnreadableError,
    DsarExportError,
    HeavyWorkError,
    KeysReplacedError,
    RegisterError,
    StaleError,
    TamperedError,
    TrailBrokenError,
    WorkStoppedError,
    WrongUseError,
)
from dsar_export.model.draft import PartFacts, attempt_folder, attempt_of
from dsar_export.model.people import Role
from dsar_export.model.work import Task, Work
from dsar_export.requests import work as queue
from dsar_export.requests.database import writing
from dsar_export.requests.requests import StoredRequest, read_request
from dsar_export.requests.states import Action
from dsar_export.requests.transitions import move, renew_lease, version_of_attempt
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.lease import Lease, Turn, lost
from dsar_export.use_cases.services import Services, with_progress

MOST_TRIES: Final = 5
BACKOFF: Final = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
"""How long work waits after each try that failed."""
_HOPELESS: Final = (
    ConservationError,
    DraftUnreadableError,
    RegisterError,
    TamperedError,
    TrailBrokenError,
    WrongUseError,
)
"""What another try can't mend: somebody has to do something first."""
HEAVY_ROWS: Final = 200_000
"""From so many rows on, a request waits in a queue of its own."""
ROLES: Final[Mapping[Task, tuple[Role, ...]]] = {
    Task.COLLECT: (Role.AGENT,),
    Task.BUILD: (Role.AGENT, Role.REVIEWER),
}


AT_ONCE: Final = Turn()


@dataclass(frozen=True)
class Attempt:
    """An attempt that has begun."""

    desk: Desk
    request: StoredRequest
    work: Work
    turn: Turn

    @property
    def reference(self) -> str:
        return self.request.listed.reference

    @property
    def number(self) -> int:
        """Counts the attempts of the request; it is the fencing token of all that this one writes."""
        return self.request.listed.attempt

    @property
    def is_last(self) -> bool:
        """Whether nobody tries again by itself."""
        return not self.turn.by_worker or self.work.tries >= MOST_TRIES

    @contextmanager
    def at_work(self, services: Services) -> Iterator[Services]:
        """The services with a progress that keeps the lease, which is renewed until the block ends."""
        lease = Lease(self.desk, self.reference, self.number, services, self.turn)
        with lease.kept():
            yield with_progress(services, lease)

    def save(self, ledger: PartFacts) -> None:
        """Names the ledger of what was read so far, from where the next attempt goes on; StaleError."""
        with writing(self.desk.engine) as connection:
            if not renew_lease(connection, self.reference, self.number, self.desk.clock() + self.desk.lease):
                raise lost(self.reference)
            queue.save_checkpoint(connection, self.reference, ledger.name, ledger.sha256)

    def is_saved(self) -> bool:
        """Whether a checkpoint names parts of this very attempt."""
        with self.desk.looking() as act:
            work = queue.work_of(act.connection, self.reference)
        if work is None or work.checkpoint is None:
            return False
        return attempt_of(work.checkpoint) == attempt_folder(self.reference, self.number)

    def moved(self, act: Act, action: Action, **columns: object) -> None:
        """Ends the attempt by a transition; StaleError if it has lost the request."""
        version = version_of_attempt(act.connection, self.reference, self.number)
        move(act.connection, self.reference, version, action, act.at, **columns)

    def failed(self, error: BaseException) -> None:
        """Gives the work back to be tried again, or ends it as failed; StaleError if that was the reason."""
        with suppress(DatabaseUnusableError, KeysReplacedError):  # then its lease ends by itself
            if isinstance(error, WorkStoppedError) or (
                self.turn.by_worker and isinstance(error, DatabaseUnusableError)
            ):
                self._put_off(timedelta(0), None, heavy=isinstance(error, HeavyWorkError))
            elif self.is_last or isinstance(error, _HOPELESS):
                self._given_up(failure_in_words(error))
            else:
                self._put_off(BACKOFF[min(self.work.tries, len(BACKOFF)) - 1], failure_in_words(error))

    def _put_off(self, pause: timedelta, failure: str | None, *, heavy: bool = False) -> None:
        with self.desk.acting() as act:
            if not renew_lease(act.connection, self.reference, self.number, None):
                raise lost(self.reference)
            queue.put_off(act.connection, self.reference, act.at + pause, failure, heavy=heavy)
            if failure is not None:
                act.note("put_off", self.request, step=self.work.task.value, attempt=self.number)

    def _given_up(self, failure: str) -> None:
        with self.desk.acting() as act:
            step = self.work.task.value
            self.moved(act, Action.FAIL, failed_step=step)
            queue.park(act.connection, self.reference, act.at, failure)
            act.note("fail", self.request, step=step, attempt=self.number)


def begun(
    desk: Desk,
    reference: str,
    task: Task,
    turn: Turn,
    prepare: Callable[[Act, StoredRequest], Mapping[str, object]],
    limits: Mapping[str, int] = MappingProxyType({}),
) -> Attempt:
    """Begins an attempt, in one transaction that moves the request; `prepare` checks more, and gives columns to set."""
    with desk.acting() as act:
        request = act.request(reference, *ROLES[task])
        before = request.listed
        if not turn.by_worker:
            queue.ask(act.connection, Work(reference, task, desk.person.name, act.at, act.at, turn.options))
        columns = prepare(act, request)
        if turn.silent is not None:
            renew_lease(act.connection, reference, turn.silent, None)
        queue.take_places(act.connection, reference, limits, act.at)
        move(
            act.connection,
            reference,
            before.version,
            Action(task.value),
            act.at,
            lease_until=act.at + desk.lease,
            **columns,
        )
        work = queue.begin_try(act.connection, reference, task, act.at)
        if work is None:
            raise StaleError(f"{reference}: this was taken back, or is put off; look at it again")
        started = read_request(act.connection, reference, desk.vault)
        act.note(task.value, started, attempt=started.listed.attempt)
    return Attempt(desk, started, work, turn)


def failure_in_words(error: BaseException) -> str:
    """An error of our own, which quotes no data; of another one only its kind."""
    return str(error) if isinstance(error, DsarExportError) else type(error).__name__
