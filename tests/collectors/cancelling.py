"""Cancels what a collector waits for, from another thread."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread


@contextmanager
def cancelled_soon(cancel: Callable[[], None]) -> Iterator[None]:
    """Cancels again and again, because nobody knows when the statement begins, until the block ends."""
    ended = Event()

    def cancelling() -> None:
        while not ended.wait(0.2):
            cancel()

    thread = Thread(target=cancelling)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
