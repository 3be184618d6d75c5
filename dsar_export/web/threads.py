"""Threads for what waits for a database or a store, few of each kind, so that one kind never starves another."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

P = ParamSpec("P")
T = TypeVar("T")


def _at_most(number: int) -> CapacityLimiter:
    return field(default_factory=lambda: CapacityLimiter(number))  # type: ignore[no-any-return] # a field of the class


@dataclass
class Threads:
    """Together those that use the database are fewer than the connections that its pool has."""

    looks: CapacityLimiter = _at_most(8)
    starts: CapacityLimiter = _at_most(3)
    """Starting a download reads the whole package."""
    reads: CapacityLimiter = _at_most(16)
    later: CapacityLimiter = _at_most(2)
    """What is done after the answer."""

    async def look(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        return await run_sync(lambda: work(*args, **named), limiter=self.looks)

    async def start(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        return await run_sync(lambda: work(*args, **named), limiter=self.starts)

    async def read(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        return await run_sync(lambda: work(*args, **named), limiter=self.reads)

    async def do_later(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        return await run_sync(lambda: work(*args, **named), limiter=self.later)
