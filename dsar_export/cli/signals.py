"""Ctrl-C, SIGTERM and SIGHUP end a command the same way: every block cleans up, nothing is left behind."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """A signal asked the command to end."""


class SignalWatch:
    """Which signal came, if any: a database driver may turn the exception itself into an error of its own."""

    received: int | None = None

    def handle(self, number: int, _: FrameType | None) -> None:
        self.received = number
        for other in _ENDING:  # a second Ctrl-C must not interrupt the cleaning up
            signal.signal(other, signal.SIG_IGN)
        raise Interrupted


@contextmanager
def watched_signals() -> Iterator[SignalWatch]:
    """Installs the handlers for the block."""
    watch = SignalWatch()
    # A signal that is ignored already, as SIGHUP under nohup, stays ignored.
    heeded = [number for number in _ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, watch.handle) for number in heeded}
    try:
        yield watch
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
