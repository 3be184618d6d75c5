"""Sends what waits for other systems, beside the work on requests: a slow one delays none."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

LOOKS: Final = 2.0
"""Seconds between two looks."""
_log: Final = structlog.get_logger("dsar_export.worker")


@dataclass(frozen=True)
class Messenger:
    """One for each worker process; each message is taken by one of them."""

    send: Callable[[], None]
    pause: Callable[[float], bool]
    """Waits for so many seconds at most; True if the process is to stop."""

    def live(self) -> None:
        """Sends until the process is to stop."""
        while not self.pause(LOOKS):
            try:
                self.send()
            except Exception as error:  # noqa: BLE001 # whatever it is, it must try again
                _log.warning("webhooks wait", reason=type(error).__name__)
