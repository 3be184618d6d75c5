"""Sends the mail that waits, beside the work on requests: a code is of use for minutes."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from dsar_export.interfaces import Sender
from dsar_export.use_cases.attempt import failure_in_words
from dsar_export.use_cases.perform import Workbench
from dsar_export.use_cases.post import mail_waits, post_waiting
from dsar_export.use_cases.reminding import remind_due

LOOKS: Final = 2.0
"""Seconds between two looks into the outbox."""
_MOST: Final = 50
"""Mails of one round, after which it looks whether it is to stop."""
_REMINDS: Final = 3600.0
_WAITS: Final = 60.0
"""Seconds until it tries again after a fault."""
_log: Final = structlog.get_logger("dsar_export.worker")


@dataclass
class Postman:
    """One for each worker process; each mail is taken by one of them."""

    current: Callable[[], Workbench]
    sender: Sender
    pause: Callable[[float], bool]
    """Waits for so many seconds at most; True if the process is to stop."""
    _reminded_at: float = field(default=float("-inf"), init=False)

    def live(self) -> None:
        """Sends until the process is to stop."""
        wait = 0.0
        while not self.pause(wait):
            wait = self.round()

    def round(self) -> float:
        """Sends what waits now; the seconds until the next look."""
        try:
            bench = self.current()
            self._remind(bench)
            if not mail_waits(bench.desk):
                return LOOKS
            done = post_waiting(bench.desk, self.sender, _MOST)
        except Exception as error:  # noqa: BLE001 # the text of another's error may hold anything
            _log.error("mail can't be sent", reason=failure_in_words(error), again_in_seconds=_WAITS)
            return _WAITS
        _log.info("mail sent", **{state.value: count for state, count in done.ended.items()})
        if done.fault is None:
            return 0.0
        _log.warning("the mail server can't be used", code=done.fault, again_in_seconds=_WAITS)
        return _WAITS

    def _remind(self, bench: Workbench) -> None:
        if time.monotonic() - self._reminded_at >= _REMINDS:
            self._reminded_at = time.monotonic()
            remind_due(bench.desk, bench.services)
