"""Keeps the lease of an attempt: shows how far it is, and notices that the request was cancelled or taken over."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from dsar_export.errors import (
    DatabaseUnusableError,
    HeavyWorkError,
    SourceUnreadableError,
    StaleError,
    WorkStoppedError,
)
from dsar_export.interfaces import Cancellable
from dsar_export.model.work import Position, WorkStep
from dsar_export.requests import work as queue
from dsar_export.requests.database import reading, writing
from dsar_export.requests.transitions import renew_lease, still_works
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.services import Services

_SHOWN: Final = 0.5
WATCHED_EVERY: Final = 0.5
"""Seconds between two turns of the thread that watches."""
_LOOKS: Final = 2.0
"""Seconds between two looks whether the request is still this attempt's."""


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Turn:
    """Who makes the attempt: a person's command, which asks and tries once, or a worker, which tries what was asked."""

    by_worker: bool = False
    options: str = "{}"
    """The choices of a person's command, as JSON, for whoever goes on if that is killed."""
    silent: int | None = None
    """An earlier attempt whose lease has not ended, but that the worker saw no sign of life of."""
    stopping: Callable[[], bool] = _never
    """Whether the worker was asked to stop, and has waited long enough."""
    most_rows: int | None = None
    """With more, it goes on in the queue of heavy requests."""
    steady: Callable[[], float] = time.monotonic
    """By which it is time to show a sign of life: the desk's clock may be set back."""


@dataclass
class Lease:
    """A progress that is shown, and stored at most twice a second with a sign of life.

    Raises StaleError if somebody else has the request now, and WorkStoppedError if the worker is asked to stop. A
    thread looks too, so that a statement that runs for long is cancelled at the source.
    """

    desk: Desk
    reference: str
    attempt: int
    services: Services
    turn: Turn
    position: Position = field(default=Position(WorkStep.OPEN), init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _ended: threading.Event = field(default_factory=threading.Event, init=False, repr=False)
    _lost: bool = field(default=False, init=False)
    _stop: bool = field(default=False, init=False)
    _rows: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._written = self.turn.steady()
        self._stored = self.position

    def began(self, step: WorkStep) -> None:
        self._advance(Position(step))
        self.services.progress.began(step)

    def started(self, dataset: str) -> None:
        self._advance(Position(WorkStep.READ, dataset))
        self.services.progress.started(dataset)

    def advanced(self, rows: int) -> None:
        here = self.position
        self._advance(Position(here.step, here.dataset, here.rows + rows))
        self._rows += rows
        if self.turn.most_rows is not None and self._rows > self.turn.most_rows:
            raise HeavyWorkError(f"{self.reference}: so many rows are read in the queue of heavy requests")
        self.services.progress.advanced(rows)

    def finished(self, dataset: str, rows: int) -> None:
        self._advance(Position(WorkStep.READ, dataset, rows))
        self.services.progress.finished(dataset, rows)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Renews the lease and looks after the request until the block ends."""
        thread = threading.Thread(target=self._watch, name=f"lease-{self.attempt}", daemon=True)
        thread.start()
        try:
            yield
        except SourceUnreadableError:
            self._go_on_or_stop()  # it was not the source's fault if its statement was cancelled here
            raise
        finally:
            self._ended.set()
            thread.join()

    def _advance(self, position: Position) -> None:
        self.position = position
        with suppress(DatabaseUnusableError):  # it may answer again before the lease ends
            self._store()
        self._go_on_or_stop()

    def _go_on_or_stop(self) -> None:
        if self._lost:
            raise lost(self.reference) from None
        if self._stop:
            raise WorkStoppedError(
                f"{self.reference}: the worker stops; another one goes on from here"
            ) from None

    def _store(self) -> None:
        with self._lock:
            now = self.turn.steady()
            waited = now - self._written
            if waited < _SHOWN or (
                self.position == self._stored and waited < self.desk.lease.total_seconds() / 4
            ):
                return
            position, at = self.position, self.desk.clock()
            with writing(self.desk.engine) as connection:
                self._lost |= not renew_lease(connection, self.reference, self.attempt, at + self.desk.lease)
                if not self._lost:
                    queue.show_sign(connection, self.reference, position, at)
            self._written, self._stored = now, position

    def _watch(self) -> None:
        looked = time.monotonic()
        while not self._ended.wait(WATCHED_EVERY):
            with suppress(DatabaseUnusableError):  # it may answer again before the lease ends
                self._store()
                if time.monotonic() - looked >= _LOOKS:
                    looked = time.monotonic()
                    self._look()
            self._stop |= self.turn.stopping()
            if self._lost or self._stop:
                self._cancel()

    def _look(self) -> None:
        with reading(self.desk.engine) as connection:
            self._lost |= not still_works(connection, self.reference, self.attempt)

    def _cancel(self) -> None:
        for collector in self.services.collectors.values():
            if isinstance(collector, Cancellable):
                collector.cancel()


def lost(reference: str) -> StaleError:
    """What an attempt raises that no longer has the request."""
    return StaleError(
        f"{reference}: another process has taken over this work, or it was cancelled; stop here"
    )
