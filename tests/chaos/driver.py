"""Staff in these tests: they open requests, ask workers, approve, and ask again for what failed."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from dsar_export.errors import DatabaseUnusableError, StaleError, StateError, StoreUnusableError
from dsar_export.model.intake import Channel
from dsar_export.model.request import Identifier, Right
from dsar_export.model.work import Work
from dsar_export.requests.database import reading
from dsar_export.requests.requests import ListedRequest, read_request
from dsar_export.requests.states import State
from dsar_export.requests.work import work_of
from dsar_export.use_cases.ask import ask_to_build, ask_to_collect
from dsar_export.use_cases.collect_request import CollectOrder
from dsar_export.use_cases.decide import approve
from dsar_export.use_cases.prove import prove_by_evidence
from dsar_export.use_cases.report_choices import ReportOptions
from dsar_export.use_cases.take_in import Intake, take_in
from dsar_export.wiring.waking import waker_in
from tests.chaos.estates import Estate, now
from tests.use_cases.offices import SPOKEN


@dataclass
class Driver:
    """Who drives the requests of an estate."""

    estate: Estate
    references: list[str] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    unwoken: int = 0
    asked_again: int = 0

    def opened(self, count: int, *rights: Right) -> list[str]:
        """Verified requests of one person; one in three asks for both rights."""
        made, estate = [], self.estate
        for number in range(count):
            wanted = rights or (tuple(Right) if number % 3 == 2 else (Right.ACCESS,))
            received = now() - timedelta(days=number % 7)
            intake = Intake(
                wanted, "acme", Channel.LETTER, received, (Identifier("email", "sam@example.org"),)
            )
            reference = take_in(estate.desk, estate.register, intake).reference
            prove_by_evidence(estate.desk, estate.register, reference, "call_back", SPOKEN)
            made.append(reference)
        self.references += made
        return made

    def collect(self, reference: str) -> None:
        """Asks; one in three is woken twice, and asked twice if nobody was faster."""
        self._ask(reference, "collect")

    def build(self, reference: str) -> None:
        approve(self.estate.desk, self.estate.register, reference)
        self._ask(reference, "build")

    def row(self, reference: str) -> ListedRequest:
        with reading(self.estate.desk.engine) as connection:
            return read_request(connection, reference, self.estate.desk.vault).listed

    def work(self, reference: str) -> Work | None:
        with reading(self.estate.desk.engine) as connection:
            return work_of(connection, reference)

    def step(self) -> Mapping[str, int]:
        """Does for each request what comes next, and counts their states."""
        states: Counter[str] = Counter()
        for reference in self.references:
            # The next step looks again.
            with suppress(DatabaseUnusableError, StaleError, StateError, StoreUnusableError):
                state = self.row(reference).state
                states[state] += 1
                self._next(reference, state)
        return states

    def until(self, condition: Callable[[], object], seconds: float, what: str) -> None:
        """Waits; `what` names it."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"{what}: not within {seconds} s"
            time.sleep(0.05)

    def in_state(self, reference: str, state: State) -> Callable[[], bool]:
        return lambda: self.row(reference).state is state

    def _next(self, reference: str, state: State) -> None:
        match state:
            case State.VERIFIED if not self.asked[f"{reference} collect"]:
                self._ask(reference, "collect")
            case State.IN_REVIEW:
                self.build(reference)
            case State.APPROVED if self.work(reference) is None:
                self._ask(reference, "build")
            case State.FAILED:
                work = self.work(reference)
                assert work is not None
                if work.parked_at is not None:  # or it was asked again already
                    self._ask(reference, work.task.value)
                    self.asked_again += 1

    def _ask(self, reference: str, task: str) -> None:
        estate = self.estate
        waker = waker_in(estate.settings)
        twice = self.references.index(reference) % 3 == 0
        for _ in range(2 if twice else 1):
            with suppress(StateError, StaleError):
                if task == "collect":
                    asked = ask_to_collect(estate.desk, estate.register, reference, CollectOrder(), waker)
                else:
                    asked = ask_to_build(estate.desk, estate.register, reference, ReportOptions(), waker)
                self.unwoken += not asked.woken
                self.asked[f"{reference} {task}"] += 1
        if twice:
            waker.wake(reference, heavy=False)
