"""The clock of the database: leases of workers on several machines must be compared by one clock."""

import time
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from sqlalchemy import Engine, text

from dsar_export.requests.database import reading

_ASKED_EVERY: Final = 30.0


class ServerClock:
    """The time of a PostgreSQL server, asked every half minute; between, this process's steady clock goes on."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._asked: tuple[datetime, float] | None = None

    def __call__(self) -> datetime:
        """The time; DatabaseUnusableError."""
        with self._lock:
            now = time.monotonic()
            if self._asked is None or now - self._asked[1] > _ASKED_EVERY:
                with reading(self._engine) as connection:
                    before = time.monotonic()  # a new connection may have taken long
                    found: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
                    self._asked = (found, (before + time.monotonic()) / 2)
            answered, since = self._asked
            return answered + timedelta(seconds=time.monotonic() - since)
