"""What every use case needs: the register, the sources, the renderers and the clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from zoneinfo import ZoneInfo

from dsar_export.errors import WrongUseError
from dsar_export.export.pipeline import Renderers
from dsar_export.export.plan import Plans
from dsar_export.folding import KeyRing
from dsar_export.interfaces import Clock, Collector, Progress
from dsar_export.model.controller import Controller
from dsar_export.model.register import Register
from dsar_export.model.work import WorkStep
from dsar_export.register.hints import nearest
from dsar_export.use_cases.kept import Kept, RegisterWork


@dataclass(frozen=True)
class Services:
    """Everything a use case needs: register, collectors, keys of hashed identifiers, renderers, progress, clock."""

    register: Register
    collectors: Mapping[str, Collector]
    keys: KeyRing
    renderers: Renderers
    progress: Progress
    clock: Clock
    kept: Kept = field(default_factory=Kept, repr=False, compare=False)
    """What is the same for every person, also for services with another progress or register."""

    @property
    def plans(self) -> Plans:
        """The register's datasets, compiled when they are first needed."""
        return self.work.plans

    @property
    def work(self) -> RegisterWork:
        """What follows from the register alone."""
        return self.kept.work(self.register)

    def today(self, controller: str) -> date:
        """The current date in the controller's time zone, by which storage periods end."""
        return self.clock().astimezone(ZoneInfo(self.time_zone(controller))).date()

    def time_zone(self, controller: str) -> str:
        """The controller's time zone, in which days are shown."""
        return self.register.organisation.controllers[controller].time_zone


class SilentProgress:
    """Shows nothing."""

    def began(self, step: WorkStep) -> None: ...
    def started(self, dataset: str) -> None: ...
    def advanced(self, rows: int) -> None: ...
    def finished(self, dataset: str, rows: int) -> None: ...


def with_progress(services: Services, progress: Progress) -> Services:
    """The same services with another progress."""
    return replace(services, progress=progress)


def known_controller(register: Register, name: str) -> Controller:
    """The controller of that name; WrongUseError if the register has no such controller."""
    controllers = register.organisation.controllers
    if name not in controllers:
        raise WrongUseError(f"no controller {name!r} in the register; {nearest(name, controllers)}")
    return controllers[name]
