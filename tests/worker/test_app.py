"""What a worker process does with a wake-up: all that waits, whatever the message names, and it raises nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from dramatiq import Worker
from dramatiq.brokers.stub import StubBroker
from structlog.testing import capture_logs

from dsar_export.errors import DatabaseVersionError
from dsar_export.requests.database import reading, writing
from dsar_export.requests.migrations import VERSION_TABLE
from dsar_export.requests.requests import Filters, list_requests
from dsar_export.requests.states import State
from dsar_export.requests.workers import workers
from dsar_export.use_cases.ask import ask_to_collect
from dsar_export.use_cases.collect_request import CollectOrder
from dsar_export.use_cases.keys import drop_earlier_keys, rotate_keys
from dsar_export.use_cases.prove import prove_by_evidence
from dsar_export.wiring.brokers import ACTOR, HEAVY_ACTOR
from dsar_export.wiring.waking import NobodyToWake
from dsar_export.worker import app
from dsar_export.worker.bench import Bench
from dsar_export.worker.life import Life
from dsar_export.worker.row_broker import RowBroker
from tests.sites import EVIDENCE, Site


@pytest.fixture
def bench(site: Site) -> Iterator[Bench]:
    made = Bench(site.settings.model_copy(update={"register_folder": site.folder / "register"}))
    yield made
    made.current().desk.engine.dispose()


@pytest.fixture
def life(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Life:
    monkeypatch.setattr(app, "_WAITS", 0.0)
    return Life(bench.show_life, bench.end_life)


def asked(site: Site) -> str:
    desk = site.desk()
    reference = site.opened(desk)
    prove_by_evidence(desk, site.register, reference, "call_back", EVIDENCE)
    ask_to_collect(desk, site.register, reference, CollectOrder(), NobodyToWake())
    return reference


def states(site: Site) -> list[State]:
    with reading(site.desk().engine) as connection:
        return [listed.state for listed in list_requests(connection, Filters())]


def test_one_message_does_all_that_waits(site: Site, bench: Bench, life: Life) -> None:
    site.now = bench.current().desk.clock()
    references = [asked(site)]
    site.now += timedelta(milliseconds=1)
    references += [asked(site)]
    with capture_logs() as events:
        app._work(bench, life, "DSAR-20261102-99999999", heavy=False)
    assert [(e["event"], e["reference"], e["tries"]) for e in events] == [
        ("work done", reference, 1) for reference in references
    ]
    assert states(site) == [State.IN_REVIEW, State.IN_REVIEW]
    assert not life.at_work.is_set()
    assert not app._waits(bench, life, "dsar")


def test_whoever_stops_takes_up_nothing(site: Site, bench: Bench, life: Life) -> None:
    site.now = bench.current().desk.clock()
    asked(site)
    assert app._waits(bench, life, "dsar")
    assert not app._waits(bench, life, "dsar_heavy")
    life.asked_to_stop.set()
    life._stopping_since = 0.0
    assert not app._waits(bench, life, "dsar")
    app._work(bench, life, heavy=False)
    assert states(site) == [State.VERIFIED]


def test_whatever_is_in_the_way_is_logged_and_not_raised(site: Site, bench: Bench, life: Life) -> None:
    site.settings.keys.rename(site.folder / "elsewhere.json")
    with capture_logs() as events:
        app._work(bench, life, heavy=False)
    (event,) = events
    assert (event["event"], event["log_level"]) == ("worker can't work", "error")
    assert "keys.json" in event["reason"]
    assert not life.at_work.is_set()
    (site.folder / "elsewhere.json").rename(site.settings.keys)


def test_an_idle_process_wakes_itself_while_something_waits(site: Site, bench: Bench, life: Life) -> None:
    site.now = bench.current().desk.clock()
    broker = RowBroker(lambda _: True, [])
    app._wake(bench, life, broker)
    assert not broker.woken.is_set()
    asked(site)
    life.at_work.set()
    app._wake(bench, life, broker)
    assert not broker.woken.is_set()
    life.at_work.clear()
    app._wake(bench, life, broker)
    assert broker.woken.is_set()


def test_a_process_shows_that_it_lives_and_is_forgotten_when_it_stops(site: Site, bench: Bench) -> None:
    bench.show_life("w")
    with reading(site.desk().engine) as connection:
        assert [one.id for one in workers(connection)] == ["w"]
    bench.end_life("w")
    with reading(site.desk().engine) as connection:
        assert workers(connection) == ()


def test_new_keys_are_read_before_the_next_request(site: Site, bench: Bench) -> None:
    before = bench.current()
    assert bench.current().desk is before.desk
    rotation = rotate_keys(site.desk(), site.settings.keys)
    assert bench.current().desk.keys.column.current == rotation.column != before.desk.keys.column.current


def test_a_worker_with_keys_that_were_dropped_takes_nothing_up_and_says_so(
    site: Site, bench: Bench, life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.now = bench.current().desk.clock()
    asked(site)
    held = bench.current()
    rotate_keys(site.desk(), site.settings.keys)
    drop_earlier_keys(site.desk(), site.settings.keys)
    with monkeypatch.context() as patch, capture_logs() as events:
        patch.setattr(bench, "current", lambda: held)
        app._work(bench, life, heavy=False)
    assert [event["event"] for event in events] == ["worker can't work"]
    assert "keys were replaced" in events[0]["reason"]
    app._work(bench, life, heavy=False)
    assert states(site) == [State.IN_REVIEW]


def test_a_process_of_both_queues_takes_up_either_and_one_of_a_queue_only_its_own(
    site: Site, bench: Bench, life: Life
) -> None:
    site.now = bench.current().desk.clock()
    asked(site)
    life.before_worker_boot(broker := StubBroker(), Worker(broker, queues={"dsar_heavy"}))
    app._work(bench, life, heavy=True)
    assert states(site) == [State.VERIFIED]
    life.before_worker_boot(broker, Worker(broker))
    app._work(bench, life, heavy=True)
    assert states(site) == [State.IN_REVIEW]


def test_tables_of_another_version_are_left_alone(site: Site, bench: Bench) -> None:
    bench.current()
    with writing(site.desk().engine) as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = 'later'")
    with pytest.raises(DatabaseVersionError):
        bench.show_life("w")


def test_there_is_an_actor_for_each_queue(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DSAR_STATE", str(site.settings.state))
    monkeypatch.setenv("DSAR_REGISTER", str(site.folder / "register"))
    if site.settings.database_url is not None:
        monkeypatch.setenv("DSAR_DATABASE_URL", site.settings.database_url)
    monkeypatch.setenv("DSAR_PROCESSES", "1")
    monkeypatch.setattr(app, "set_up_logs", lambda _: None)
    made: list[object] = []
    monkeypatch.setattr("dramatiq.set_broker", made.append)
    broker = app.setup_broker()
    assert made == [broker]
    assert {actor.actor_name: actor.queue_name for actor in broker.actors.values()} == {
        ACTOR: "dsar",
        HEAVY_ACTOR: "dsar_heavy",
    }
    (life,) = [each for each in broker.middleware if isinstance(each, Life)]
    assert "webhooks" in life.beside  # other systems are notified by workers, too
