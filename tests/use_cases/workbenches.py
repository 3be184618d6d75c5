"""A worker in an office, in this process: it takes up what is asked as a worker process does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType

from dsar_export.interfaces import Progress
from dsar_export.model.work import Task, Work, WorkStep
from dsar_export.requests.database import reading, writing
from dsar_export.requests.requests import StoredRequest
from dsar_export.requests.work import work_of
from dsar_export.requests.workers import show_worker
from dsar_export.sealing.drafts.keys import new_draft_key
from dsar_export.use_cases.ask import Asked, ask_to_build, ask_to_collect
from dsar_export.use_cases.attempt import Attempt, begun
from dsar_export.use_cases.collect_request import CollectOrder
from dsar_export.use_cases.desk import Act, sealed_draft_key
from dsar_export.use_cases.lease import Turn
from dsar_export.use_cases.perform import Performed, Silence, Workbench, perform_next, waits
from dsar_export.use_cases.report_choices import ReportOptions
from dsar_export.use_cases.services import Services
from dsar_export.wiring.waking import NobodyToWake
from tests import worlds
from tests.use_cases.offices import PARTS_OF, Office

BY_WORKER = Turn(by_worker=True)
ORDER = CollectOrder()


@dataclass
class Steady:
    """A clock that is never set back, and that each look moves on."""

    now: float = 1000.0
    step: float = 0.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@dataclass
class Workplace:
    """The office with one worker."""

    office: Office
    progress: Progress = field(default_factory=worlds.SilentProgress)
    steady: Steady = field(default_factory=Steady)
    heavy_rows: int = 1000
    changed: Callable[[Services], Services] = lambda services: services

    def __post_init__(self) -> None:
        self.silence = Silence(self.steady)

    @property
    def bench(self) -> Workbench:
        desk = self.office.desk("worker")
        return Workbench(desk, self.services, PARTS_OF, silence=self.silence, heavy_rows=self.heavy_rows)

    def services(self) -> Services:
        return self.changed(self.office.with_progress(self.progress))

    def ask(self, reference: str, order: CollectOrder = ORDER, by: str = "ada") -> Asked:
        register = self.office.services.register
        return ask_to_collect(self.office.desk(by), register, reference, order, NobodyToWake())

    def ask_build(self, reference: str, by: str = "ada") -> Asked:
        register = self.office.services.register
        return ask_to_build(self.office.desk(by), register, reference, ReportOptions(), NobodyToWake())

    def asked(self) -> str:
        """The reference of a verified request that `ada` asked to collect."""
        reference = self.office.verified()
        self.ask(reference)
        return reference

    def perform(self, *, heavy: bool | None = False) -> Performed | None:
        return perform_next(self.bench, heavy=heavy)

    def waits(self, *, heavy: bool = False) -> bool:
        return waits(self.bench, heavy=heavy)

    def work(self, reference: str) -> Work:
        found = self.work_or_none(reference)
        assert found is not None
        return found

    def work_or_none(self, reference: str) -> Work | None:
        with reading(self.office.installation.engine) as connection:
            return work_of(connection, reference)

    def begun(self, reference: str, *, limits: Mapping[str, int] = MappingProxyType({})) -> Attempt:
        """An attempt to collect that shows nothing after its beginning, as after a SIGKILL."""
        return begun(self.office.desk("ada"), reference, Task.COLLECT, BY_WORKER, _columns, limits)

    def time_passes(self, pause: timedelta) -> None:
        self.office.now += pause

    def lives(self, name: str) -> None:
        """Shows a sign of life of a worker process."""
        with writing(self.office.installation.engine) as connection:
            show_worker(connection, name, self.office.now)


@dataclass
class FailingProgress:
    """Progress that raises an error at each dataset; not after `times`."""

    error: BaseException
    times: int = 99

    def began(self, step: WorkStep) -> None: ...
    def started(self, dataset: str) -> None: ...
    def advanced(self, rows: int) -> None: ...

    def finished(self, dataset: str, rows: int) -> None:
        self.times -= 1
        if self.times >= 0:
            raise self.error


def at_most(most: int) -> Callable[[Services], Services]:
    """Services of a register that lets so many requests read the source `main` at once."""

    def changed(services: Services) -> Services:
        organisation = services.register.organisation
        sources = {**organisation.sources, "main": replace(organisation.sources["main"], at_most=most)}
        register = replace(services.register, organisation=replace(organisation, sources=sources))
        return replace(services, register=register)

    return changed


def _columns(act: Act, request: StoredRequest) -> dict[str, object]:
    reference = request.listed.reference
    made = request.draft_key_sealed or sealed_draft_key(new_draft_key(), reference, act.desk.vault)
    return {"collected_by": act.desk.person.name, "draft_key_sealed": made}
