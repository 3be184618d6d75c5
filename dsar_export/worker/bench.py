"""What a worker process works with, opened once and again when the key file was replaced."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from dsar_export.errors import RegisterError
from dsar_export.requests.database import writing
from dsar_export.requests.migrations import require_current
from dsar_export.requests.workers import end_worker, show_worker
from dsar_export.settings import Settings
from dsar_export.use_cases.clocks import refuse_unfit_clocks
from dsar_export.use_cases.perform import Silence, Sweeper, Workbench
from dsar_export.use_cases.send_webhooks import send_messages
from dsar_export.use_cases.services import Services, SilentProgress
from dsar_export.use_cases.workforce import Workforce, workforce
from dsar_export.wiring import parts_of
from dsar_export.wiring.desk import open_worker_desk
from dsar_export.wiring.kept import KeptServices
from dsar_export.wiring.kept_desk import KeptDesk
from dsar_export.wiring.webhooks import webhook_post_in

_MESSAGES_AT_ONCE: Final = 10


@dataclass
class Bench:
    """The workbench of this process."""

    settings: Settings
    stopping: Callable[[], bool] = lambda: False
    _desk: KeptDesk = field(init=False, repr=False)
    _silence: Silence = field(default_factory=Silence, init=False)
    _sweeper: Sweeper = field(default_factory=Sweeper, init=False)
    _kept: KeptServices | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self._desk = KeptDesk(self.settings, open_worker_desk)

    def current(self) -> Workbench:
        """The workbench as of now."""
        desk = self._desk.current()
        return Workbench(desk, self._services, parts_of(), self.stopping, self._silence, self._sweeper)

    def workforce(self) -> Workforce:
        """What this process knows of all workers."""
        return workforce(self.current().desk, None if self._kept is None else self._kept.register)

    def show_life(self, name: str) -> None:
        desk = self.current().desk
        require_current(desk.engine)
        with writing(desk.engine) as connection:
            show_worker(connection, name, desk.clock())

    def send_webhooks(self) -> None:
        """Sends a few messages, so that the caller looks again soon whether it is to stop."""
        desk = self.current().desk
        require_current(desk.engine)
        send_messages(desk, webhook_post_in(self.settings), _MESSAGES_AT_ONCE)

    def end_life(self, name: str) -> None:
        with writing(self.current().desk.engine) as connection:
            end_worker(connection, name)

    def _services(self) -> Services:
        if self._kept is None:
            if self.settings.register_folder is None:
                raise RegisterError("no register: name its folder in DSAR_REGISTER")
            self._kept = KeptServices(self.settings.register_folder, SilentProgress())
        services = self._kept.current()
        refuse_unfit_clocks(services.register)
        return services
