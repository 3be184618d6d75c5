"""Work that comes after an answer, so that whoever asked learns nothing of how long it takes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog
from starlette.background import BackgroundTask

from dsar_export.web.threads import Threads

_MOST_WAITING: Final = 50
"""How much work may wait that comes after answers; beyond, somebody only makes work for others."""
_log: Final = structlog.get_logger("dsar_export.web")


@dataclass
class Later:
    """One for the process."""

    threads: Threads
    _waiting: int = field(default=0, init=False)

    def task(self, work: Callable[[], None] | None) -> BackgroundTask:
        """What is done after the answer: some work, or none."""
        return BackgroundTask(self._do, work)

    async def _do(self, work: Callable[[], None] | None) -> None:
        if work is None:
            return
        if self._waiting >= _MOST_WAITING:
            _log.warning("work left undone", waiting=self._waiting)
            return
        self._waiting += 1
        try:
            await self.threads.finish(work)
        except Exception as error:  # noqa: BLE001 # whoever asked has the answer, and learns nothing of it
            _log.error("work failed", exception=type(error).__name__)
        finally:
            self._waiting -= 1
