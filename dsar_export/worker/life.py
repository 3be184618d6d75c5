"""The life of one worker process: signs of it in the database, stopping in time, and not outliving its parent."""

import multiprocessing
import os
import secrets
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import structlog
from dramatiq import Broker, Worker
from dramatiq.middleware import Middleware

from dsar_export.errors import DatabaseVersionError, DsarExportError
from dsar_export.wiring.beside import is_gone, starter

GRACE: Final = 20.0
"""Seconds that work may go on after a worker was asked to stop; then it gives it back."""
KILLED_AFTER: Final = 30.0
_ENDS_IN: Final = 5.0
_SHOWN_EVERY: Final = 10.0
_log: Final = structlog.get_logger("dsar_export.worker")


def _parent_of_this() -> int:
    """The master that started this process, even if it is gone already."""
    master = multiprocessing.parent_process()
    pid = None if master is None else master.pid
    return os.getppid() if pid is None else pid


@dataclass
class Life(Middleware):
    """Knows since when the process is to stop, and shows that it lives."""

    show: Callable[[str], None]
    end: Callable[[str], None]
    wake: Callable[[], None] | None = None
    """Wakes this process itself, for brokers that may have lost a message."""
    serve: Callable[[], bool] | None = None
    """Begins to answer who asks for health; False if another process of this machine does."""
    beside: dict[str, Callable[[], None]] = field(default_factory=dict)
    """What goes on beside the work, each by its name in a thread of its own, until the process is asked to stop."""
    serves_both: bool = field(default=True, init=False)
    """Whether this process takes up small and heavy requests."""
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    at_work: threading.Event = field(default_factory=threading.Event, init=False)
    asked_to_stop: threading.Event = field(default_factory=threading.Event, init=False)
    _stopping_since: float | None = field(default=None, init=False)
    _parent: int = field(default_factory=_parent_of_this, init=False)

    def watch_parent(self) -> None:
        """Ends this process when its master is gone; from the start, as nobody else would."""
        threading.Thread(target=self._watch_parent, name="parent", daemon=True).start()

    def stopping(self) -> bool:
        """Whether work must be given back now."""
        since = self._stopping_since
        return since is not None and time.monotonic() - since >= GRACE

    @property
    def ending(self) -> bool:
        """Whether nothing new is taken up."""
        return self._stopping_since is not None

    def after_process_boot(self, broker: Broker) -> None:  # noqa: ARG002 # the library's signature
        threading.Thread(target=self._live, name="life", daemon=True).start()
        for name, live in self.beside.items():
            threading.Thread(target=live, name=name, daemon=True).start()

    def before_worker_boot(self, broker: Broker, worker: Worker) -> None:  # noqa: ARG002
        self.serves_both = not worker.consumer_whitelist

    def before_worker_shutdown(self, broker: Broker, worker: Worker) -> None:  # noqa: ARG002
        self._stop()
        _log.info("worker stops", grace_seconds=GRACE)

    def after_worker_shutdown(self, broker: Broker, worker: Worker) -> None:  # noqa: ARG002
        with suppress(DsarExportError):
            self.end(self.name)

    def _live(self) -> None:
        shown, serving = -_SHOWN_EVERY, self.serve is None
        while not self.ending:
            if time.monotonic() - shown >= _SHOWN_EVERY:
                shown = time.monotonic()
                serving = serving or (self.serve is not None and self.serve())
                try:
                    self.show(self.name)
                    if self.wake is not None:
                        self.wake()
                except DatabaseVersionError as error:
                    self._outdated(error)
                except Exception as error:  # noqa: BLE001 # whatever it is, it must look again
                    _log.warning("worker waits", reason=type(error).__name__)
            self.asked_to_stop.wait(1)

    def _outdated(self, error: DatabaseVersionError) -> None:
        """Another version has the database now: all workers of this one stop, and whoever watches starts the other."""
        _log.error("workers stop", reason=str(error))
        os.kill(self._parent, signal.SIGTERM)

    def _watch_parent(self) -> None:
        """If whoever watched over it is gone, it stops as if that had asked it to, or ends at once."""
        beside, asked = starter(), False
        while os.getppid() == self._parent:
            if beside is not None and not asked and is_gone(beside):
                _log.error("the process that serves beside is gone; workers stop")
                os.kill(self._parent, signal.SIGTERM)
                asked = True
            time.sleep(1)
        _log.error("the master process is gone; this worker stops")
        if not self.ending:
            self._stop()
            os.kill(os.getpid(), signal.SIGTERM)
        until = time.monotonic() + KILLED_AFTER - _ENDS_IN
        while self.at_work.is_set() and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(_ENDS_IN)  # one that was just starting can't end by itself: it waits for its master
        os._exit(1)

    def _stop(self) -> None:
        if self._stopping_since is None:
            self._stopping_since = time.monotonic()
        self.asked_to_stop.set()
