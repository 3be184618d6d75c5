"""What the pages work with: the desk, the register, and how much they do at once."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from dsar_export.errors import RegisterError
from dsar_export.model.controller import Controller
from dsar_export.model.register import Register
from dsar_export.settings import Settings
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.services import Services, SilentProgress
from dsar_export.web.later import Later
from dsar_export.web.slots import Slots
from dsar_export.web.threads import Threads
from dsar_export.wiring.desk import open_web_desk
from dsar_export.wiring.kept import KeptServices
from dsar_export.wiring.kept_desk import KeptDesk

_READ_AGAIN: Final = 5.0
"""Seconds after which it looks whether the register's files changed."""


@dataclass
class Place:
    """One for the process; a test gives it a desk of its own."""

    settings: Settings
    opened: Callable[[Settings], Desk] = open_web_desk
    opener: bytes | None = None
    """The page that opens packages, if there is one."""
    threads: Threads = field(default_factory=Threads)
    slots: Slots = field(init=False)
    later: Later = field(init=False)
    _desk: KeptDesk = field(init=False, repr=False)
    _kept: KeptServices | None = field(default=None, init=False, repr=False)
    _services: tuple[float, Services] | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        self.slots = Slots(self.settings.downloads_at_once, self.settings.downloads_per_client)
        self.later = Later(self.threads)
        self._desk = KeptDesk(self.settings, self.opened)

    def desk(self) -> Desk:
        """The desk as of now."""
        return self._desk.current()

    def services(self) -> Services:
        """The services as of some seconds ago; RegisterError while the register is wrong."""
        with self._lock:
            now = time.monotonic()
            if self._services is not None and now - self._services[0] < _READ_AGAIN:
                return self._services[1]
            if self._kept is None:
                if self.settings.register_folder is None:
                    raise RegisterError("no register: name its folder in DSAR_REGISTER")
                self._kept = KeptServices(self.settings.register_folder, SilentProgress())
            self._services = None
            self._services = now, self._kept.current()
            return self._services[1]

    def register(self) -> Register:
        return self.services().register

    def controller(self, name: str) -> Controller:
        """A controller of the register; RegisterError if it is not there any more."""
        found = self.register().organisation.controllers.get(name)
        if found is None:
            raise RegisterError(f"controllers.{name}: packages of it can be downloaded; put it back")
        return found

    def close(self) -> None:
        self._desk.close()
