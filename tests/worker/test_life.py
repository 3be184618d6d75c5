"""A worker process shows that it lives until it is asked to stop, and then gives its work back in time."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import cast

import pytest
from dramatiq import Broker, Worker

from dsar_export.errors import DatabaseUnusableError
from dsar_export.worker import life as life_module
from dsar_export.worker.life import GRACE, KILLED_AFTER, Life
from tests.use_cases.workbenches import Steady

BROKER, WORKER = cast(Broker, None), cast(Worker, None)


@dataclass
class Signs:
    """What the worker shows."""

    fail_with: list[Exception] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    twice: threading.Event = field(default_factory=threading.Event)

    def show(self, name: str) -> None:
        self.shown.append(name)
        if self.fail_with:
            raise self.fail_with.pop()
        if len(self.shown) > 1:
            self.twice.set()

    def end(self, name: str) -> None:
        self.ended.append(name)
        if self.fail_with:
            raise self.fail_with.pop()


@pytest.fixture
def signs() -> Signs:
    return Signs()


@pytest.fixture
def life(signs: Signs, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    monkeypatch.setattr(life_module, "_SHOWN_EVERY", 0.0)
    made = Life(signs.show, signs.end)
    yield made
    made.before_worker_shutdown(BROKER, WORKER)


def test_two_workers_have_different_names(life: Life, signs: Signs) -> None:
    other = Life(signs.show, signs.end)
    assert life.name != other.name
    assert len(life.name) == len(other.name) == 16


@pytest.mark.parametrize("error", [DatabaseUnusableError("it does not answer"), ValueError("anything")])
def test_it_shows_life_again_after_whatever_failed(life: Life, signs: Signs, error: Exception) -> None:
    signs.fail_with = [error]
    life.after_process_boot(BROKER)
    assert signs.twice.wait(10)
    assert set(signs.shown) == {life.name}


def test_work_goes_on_for_a_while_and_is_then_given_back_before_the_process_is_killed(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    steady = Steady()
    monkeypatch.setattr(life_module, "time", SimpleNamespace(monotonic=steady))
    assert not life.ending
    assert not life.stopping()
    life.before_worker_shutdown(BROKER, WORKER)
    assert life.ending
    steady.now += GRACE - 1
    assert not life.stopping()
    steady.now += 1
    assert life.stopping()
    assert GRACE < KILLED_AFTER


def test_a_worker_that_has_stopped_is_forgotten_if_the_database_answers(life: Life, signs: Signs) -> None:
    signs.fail_with = [DatabaseUnusableError("it does not answer")]
    life.after_worker_shutdown(BROKER, WORKER)
    assert signs.ended == [life.name]
