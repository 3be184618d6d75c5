"""Turns Ctrl-C, SIGTERM and SIGHUP into an exception, so that every `with` block cleans up."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """A signal requested the command to end."""


class SignalWatch:
    """Records the signal that was received: a database driver may replace the exception with one of its own."""

    received: int | None = None

    def handle(self, number: int, _: FrameType | None) -> None:
        self.received = number
        for other in _ENDING:  # a second Ctrl-C must not interrupt the cleanup
            signal.signal(other, signal.SIG_IGN)
        raise Interrupted


@contextmanager
def watched_signals() -> Iterator[SignalWatch]:
    """Installs the signal handlers for the duration of the block."""
    watch = SignalWatch()
    # A signal that is already ignored, such as SIGHUP under nohup, stays ignored.
    handled = [number for number in _ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, watch.handle) for number in handled}
    try:
        yield watch
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
