"""Signs of life of worker processes, by which one sees whether anybody works."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update

from dsar_export import VERSION
from dsar_export.requests.work_tables import WORKERS

ALIVE: Final = timedelta(seconds=30)
"""A worker without a sign of life for so long is dead, or hangs."""
FORGOTTEN: Final = timedelta(days=1)
"""After so long without a sign of life, a worker that was killed is no longer listed."""


@dataclass(frozen=True)
class WorkerProcess:
    """A worker process; `id` is random, and names no machine."""

    id: str
    started_at: datetime
    alive_at: datetime
    software: str


def show_worker(connection: Connection, name: str, at: datetime) -> None:
    """Records a sign of life."""
    connection.execute(delete(WORKERS).where(WORKERS.c.alive_at < at - FORGOTTEN))
    own = update(WORKERS).where(WORKERS.c.id == name).values(alive_at=at)
    if connection.execute(own).rowcount == 0:
        connection.execute(insert(WORKERS).values(id=name, started_at=at, alive_at=at, software=VERSION))


def end_worker(connection: Connection, name: str) -> None:
    """Forgets a worker that stopped in order."""
    connection.execute(delete(WORKERS).where(WORKERS.c.id == name))


def alive(connection: Connection, at: datetime) -> int:
    """How many worker processes have shown a sign of life."""
    counted = select(func.count()).select_from(WORKERS).where(WORKERS.c.alive_at >= at - ALIVE)
    return connection.scalar(counted) or 0


def somebody_lives(connection: Connection, at: datetime) -> bool:
    """Whether any worker has shown a sign of life."""
    return alive(connection, at) > 0


def workers(connection: Connection) -> tuple[WorkerProcess, ...]:
    """All that are known, those that started first in front."""
    rows = connection.execute(select(WORKERS).order_by(WORKERS.c.started_at, WORKERS.c.id)).mappings()
    return tuple(WorkerProcess(**row) for row in rows)
