"""The desk of a process that runs for long, opened again when its keys were rotated."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from dsar_export.settings import Settings
from dsar_export.use_cases.desk import Desk


@dataclass
class KeptDesk:
    """Keeps one desk for all threads."""

    settings: Settings
    opened: Callable[[Settings], Desk]
    _held: tuple[object, Desk] | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def current(self) -> Desk:
        """The desk; another one if the key file was replaced."""
        with self._lock:
            mark = _mark(self.settings)
            if self._held is None or self._held[0] != mark:
                self.close()
                self._held = (mark, self.opened(self.settings))
            return self._held[1]

    def close(self) -> None:
        """Closes the connections that nobody uses."""
        held, self._held = self._held, None
        if held is not None:
            held[1].engine.dispose()


def _mark(settings: Settings) -> object:
    try:
        found = settings.keys.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
