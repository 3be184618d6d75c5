"""Deletes old entries and leaves a checkpoint, from which the rest is verified as before."""

from sqlalchemy import Connection, delete, func, insert, select

from dsar_export.requests.trail.append import take_turn
from dsar_export.requests.trail.chain import Mark, Purpose, sealed
from dsar_export.requests.trail.reading import opened
from dsar_export.requests.trail.table import CHECKPOINT, TRAIL


def prune(connection: Connection, key: bytes, before: int) -> int:
    """Deletes all entries up to the first that is not older than a moment, and returns how many.

    Entries are verified before they go, or pruning would wipe the traces of whoever changed one: FaultFoundError names
    the first bad one, and nothing is deleted. If a clock was set back, an old entry stays until those before it go.
    """
    take_turn(connection)
    with opened(connection) as trail:
        start = last = trail.start
        for entry, _ in trail.checked(key):
            at = entry.values["at"]
            if isinstance(at, int) and at >= before:
                break
            last = Mark(entry.number, entry.mac)
    if last == start:
        return 0
    left = sealed(key, Purpose.CHECKPOINT, last)
    connection.execute(delete(TRAIL).where(TRAIL.c.number <= last.number))
    connection.execute(delete(CHECKPOINT))
    connection.execute(insert(CHECKPOINT).values(slot=1, number=last.number, mac=last.mac, seal=left.seal))
    return last.number - start.number


def prunable(connection: Connection, before: int) -> int:
    """How many entries `prune` would delete."""
    young = select(func.min(TRAIL.c.number)).where(TRAIL.c.at >= before).scalar_subquery()
    old = select(func.count()).select_from(TRAIL).where(TRAIL.c.number < func.coalesce(young, 2**53))
    return int(connection.scalar(old) or 0)
