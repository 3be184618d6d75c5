"""The embedded broker: the table of requests is the queue, and nothing is stored beside it."""

import random
from collections.abc import Callable, Iterable
from threading import Event
from typing import Final

from dramatiq import Broker, Consumer, Message, MessageProxy
from dramatiq.errors import ConnectionClosed
from dramatiq.middleware import Middleware

from dsar_export.errors import DatabaseUnusableError

_POLL: Final = 0.5
"""Seconds between two looks; with many processes each waits a little longer or shorter."""


class RowBroker(Broker):
    """Wakes its one actor of a queue when `waits` says that there is work."""

    def __init__(self, waits: Callable[[str], bool], middleware: Iterable[Middleware]) -> None:
        super().__init__(middleware=list(middleware))
        self.waits = waits
        self.woken = Event()

    def declare_queue(self, queue_name: str) -> None:
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues[queue_name] = None
            self.emit_after("declare_queue", queue_name)

    def enqueue(self, message: "Message[object]", *, delay: int | None = None) -> "Message[object]":
        """Stores nothing: the row is committed already."""
        self.emit_before("enqueue", message, delay)
        self.woken.set()
        self.emit_after("enqueue", message, delay)
        return message

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 30000) -> Consumer:  # noqa: ARG002
        return _Rows(self, queue_name)

    def flush(self, queue_name: str) -> None:
        """Does nothing: only staff take back what they asked."""

    def flush_all(self) -> None:
        """Does nothing: only staff take back what they asked."""


class _Rows(Consumer):
    """One message at a time: who gets it takes up whatever is due soonest, until nothing is left."""

    def __init__(self, broker: RowBroker, queue_name: str) -> None:
        self._broker = broker
        self._queue = queue_name
        self._busy = False
        self._rests = False

    def __next__(self) -> MessageProxy | None:
        rests, self._rests = self._rests, False
        try:
            if not (self._busy or rests) and self._broker.waits(self._queue):
                self._busy = True
                return MessageProxy(self._message())
        except DatabaseUnusableError as error:
            raise ConnectionClosed(error) from None  # type: ignore[no-untyped-call] # Dramatiq's
        self._broker.woken.wait(_POLL * random.uniform(0.7, 1.3))  # noqa: S311 # spreads the looks
        self._broker.woken.clear()
        return None

    def ack(self, message: MessageProxy) -> None:  # noqa: ARG002
        """Waits before the next look: what still waits could not be taken up, as for a busy source."""
        self._rests = True
        self._busy = False

    def nack(self, message: MessageProxy) -> None:
        self.ack(message)

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        """Does nothing: the rows are still there."""

    def _message(self) -> "Message[object]":
        actor = next(a for a in self._broker.actors.values() if a.queue_name == self._queue)
        return Message[object](self._queue, actor.actor_name, (), {}, {})
