"""Threads for what waits for a database or a store, few of each kind, so that one kind never starves another."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

T = TypeVar("T")


class Threads:
    """Together those that use the database are fewer than the connections that its pool has."""

    def __init__(self) -> None:
        self._looks = CapacityLimiter(7)
        self._watches = CapacityLimiter(1)  # however many watch, those who ask for something else come first
        self._starts = CapacityLimiter(3)  # each reads a whole package
        self._reads = CapacityLimiter(16)
        self._proofs = CapacityLimiter(2)  # each comparison of a password takes 64 MiB
        self._later = CapacityLimiter(1)  # it reads sources, which one thread at a time does

    async def look(self, work: Callable[[], T]) -> T:
        return await run_sync(work, limiter=self._looks)

    async def watch(self, work: Callable[[], T]) -> T:
        return await run_sync(work, limiter=self._watches)

    async def start(self, work: Callable[[], T]) -> T:
        return await run_sync(work, limiter=self._starts)

    async def read(self, work: Callable[[], T]) -> T:
        return await run_sync(work, limiter=self._reads)

    async def prove(self, work: Callable[[], T]) -> T:
        return await run_sync(work, limiter=self._proofs)

    async def finish(self, work: Callable[[], T]) -> T:
        return await run_sync(work, limiter=self._later)
