"""What a worker process works with, opened once and again when the key file was replaced."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from dsar_export.errors import RegisterError
from dsar_export.requests.database import writing
from dsar_export.requests.migrations import require_current
from dsar_export.requests.workers import end_worker, show_worker
from dsar_export.settings import Settings
from dsar_export.use_cases.clocks import refuse_unfit_clocks
from dsar_export.use_cases.perform import Silence, Workbench
from dsar_export.use_cases.services import Services, SilentProgress
from dsar_export.use_cases.workforce import Workforce, workforce
from dsar_export.wiring import parts_of
from dsar_export.wiring.desk import open_worker_desk
from dsar_export.wiring.kept import KeptServices


@dataclass
class Bench:
    """The workbench of this process."""

    settings: Settings
    stopping: Callable[[], bool] = lambda: False
    _held: tuple[object, Workbench] | None = field(default=None, init=False)
    _kept: KeptServices | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def current(self) -> Workbench:
        """The workbench; a new one if keys were rotated."""
        with self._lock:
            mark = _mark(self.settings.keys)
            if self._held is None or self._held[0] != mark:
                if self._held is not None:
                    self._held[1].desk.engine.dispose()
                self._held = (mark, self._opened())
            return replace(self._held[1], stopping=self.stopping)

    def workforce(self) -> Workforce:
        """What this process knows of all workers."""
        return workforce(self.current().desk, None if self._kept is None else self._kept.register)

    def show_life(self, name: str) -> None:
        desk = self.current().desk
        require_current(desk.engine)
        with writing(desk.engine) as connection:
            show_worker(connection, name, desk.clock())

    def end_life(self, name: str) -> None:
        with writing(self.current().desk.engine) as connection:
            end_worker(connection, name)

    def _opened(self) -> Workbench:
        return Workbench(open_worker_desk(self.settings), self._services, parts_of(), silence=Silence())

    def _services(self) -> Services:
        if self._kept is None:
            if self.settings.register_folder is None:
                raise RegisterError("no register: name its folder in DSAR_REGISTER")
            self._kept = KeptServices(self.settings.register_folder, SilentProgress())
        services = self._kept.current()
        refuse_unfit_clocks(services.register)
        return services


def _mark(file: Path) -> object:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
