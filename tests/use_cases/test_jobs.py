"""What a source was asked to prepare is not asked for twice, also after a worker has begun again."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from dsar_export.errors import SourceUnreadableError
from dsar_export.interfaces import Collector, Snapshot
from dsar_export.model.source import Chunk, Selection
from dsar_export.requests.states import State
from dsar_export.use_cases.attempt import BACKOFF
from dsar_export.use_cases.desk import draft_of
from tests.use_cases.office_checks import stored
from tests.use_cases.offices import Office
from tests.use_cases.workbenches import Workplace

MARKER = "sam@example.org asked for this"


@dataclass
class Preparing:
    """A source that prepares its rows: it is not ready so many times, and counts what it was asked to prepare."""

    honest: Collector
    not_ready: int
    started: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> object:
        return getattr(self.honest, name)

    @contextmanager
    def snapshot(self) -> Iterator["PreparingSnapshot"]:
        with self.honest.snapshot() as snapshot:
            yield PreparingSnapshot(snapshot, self)


@dataclass
class PreparingSnapshot:
    """Knows only the jobs that it was handed."""

    honest: Snapshot
    source: Preparing
    jobs: dict[str, str] = field(default_factory=dict)
    keep: Callable[[Mapping[str, str]], None] = lambda _: None

    def __getattr__(self, name: str) -> object:
        return getattr(self.honest, name)

    def resume(self, jobs: Mapping[str, str], keep: Callable[[Mapping[str, str]], None]) -> None:
        self.jobs, self.keep = dict(jobs), keep

    def chunks(self, selection: Selection) -> Iterator[Chunk]:
        name = f"{MARKER}: {selection.dataset.name}"
        if name not in self.jobs:
            self.source.started.append(selection.dataset.name)
            self.jobs[name] = f"job {len(self.source.started)}"
            self.keep(self.jobs)
        if self.source.not_ready:
            self.source.not_ready -= 1
            raise SourceUnreadableError("it is not ready yet")
        yield from self.honest.chunks(selection)


@pytest.fixture
def place(office: Office) -> Workplace:
    return Workplace(office)


@pytest.mark.parametrize("pause", [BACKOFF[0], timedelta(days=1)])
def test_a_job_is_started_once_however_often_a_worker_begins_again(
    place: Workplace, pause: timedelta
) -> None:
    reference = place.asked()
    source = Preparing(place.office.services.collectors["second"], not_ready=2)
    place.office.collectors["second"] = source  # type: ignore[assignment] # __getattr__
    for _ in range(2):
        place.perform()
        work = place.work(reference)
        assert work.checkpoint is not None
        place.time_passes(max(pause, BACKOFF[1]))
    place.perform()
    assert place.office.listed(reference).state is State.IN_REVIEW
    assert len(source.started) == len(set(source.started))
    assert source.started != []


def test_the_id_of_a_job_is_sealed_and_gone_when_the_draft_is_complete(place: Workplace) -> None:
    reference = place.asked()
    source = Preparing(place.office.services.collectors["second"], not_ready=1)
    place.office.collectors["second"] = source  # type: ignore[assignment] # __getattr__
    place.perform()
    drafts = place.office.drafts
    kept = b"".join(drafts.read(n, 0, drafts.size(n)) for n in drafts.names(f"{reference}/"))
    assert kept
    assert b"job 1" not in kept
    assert MARKER not in str(place.office.rows())
    place.time_passes(BACKOFF[0])
    place.perform()
    draft = draft_of(place.office.desk("ada"), stored(place.office, reference))
    assert not draft.ledger.jobs
