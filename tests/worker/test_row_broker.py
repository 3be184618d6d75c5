"""The broker over the rows gives a worker one message at a time, and rests between two looks."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import dramatiq
import pytest
from dramatiq import Consumer, MessageProxy, Worker
from dramatiq.errors import ConnectionClosed

from dsar_export.errors import DatabaseUnusableError
from dsar_export.worker import row_broker
from dsar_export.worker.row_broker import RowBroker

QUEUE = "rows"


@dataclass
class Rows:
    """What waits in the database."""

    count: int = 0
    looks: int = 0
    answers: bool = True
    done: threading.Event = field(default_factory=threading.Event)

    def waits(self, queue: str) -> bool:
        assert queue == QUEUE
        self.looks += 1
        if not self.answers:
            raise DatabaseUnusableError("the database of requests does not answer")
        return self.count > 0

    def work(self, reference: str = "") -> None:
        self.count = max(self.count - 1, 0)
        if not self.count:
            self.done.set()


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
def broker(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> RowBroker:
    monkeypatch.setattr(row_broker, "_POLL", 0.001)
    made = RowBroker(rows.waits, [])
    dramatiq.Actor(rows.work, broker=made, actor_name="work", queue_name=QUEUE, priority=0, options={})
    return made


@pytest.fixture
def consumer(broker: RowBroker) -> Consumer:
    return broker.consume(QUEUE)


def test_there_is_no_message_while_nothing_waits(consumer: Consumer) -> None:
    assert next(consumer) is None


def test_there_is_one_message_at_a_time_without_any_arguments(consumer: Consumer, rows: Rows) -> None:
    rows.count = 3
    message = next(consumer)
    assert isinstance(message, MessageProxy)
    assert (message.actor_name, message.queue_name, message.args, message.kwargs) == ("work", QUEUE, (), {})
    assert next(consumer) is None
    assert next(consumer) is None
    assert rows.looks == 1


@pytest.mark.parametrize("end", ["ack", "nack"])
def test_it_rests_before_it_looks_again_as_what_waits_may_not_be_possible(
    consumer: Consumer, rows: Rows, end: str
) -> None:
    rows.count = 1
    message = next(consumer)
    assert message is not None
    getattr(consumer, end)(message)
    assert next(consumer) is None
    assert rows.looks == 1
    assert next(consumer) is not None


def test_a_database_that_does_not_answer_closes_the_connection(consumer: Consumer, rows: Rows) -> None:
    rows.answers = False
    with pytest.raises(ConnectionClosed):
        next(consumer)
    rows.answers, rows.count = True, 1
    assert next(consumer) is not None


def test_what_is_enqueued_only_wakes_because_the_row_is_there_already(
    broker: RowBroker, consumer: Consumer
) -> None:
    broker.get_actor("work").send("DSAR-20261102-00000001")
    assert broker.woken.is_set()
    assert next(consumer) is None
    assert not broker.woken.is_set()
    broker.flush(QUEUE)
    broker.flush_all()
    consumer.requeue([])


@pytest.fixture
def worker(broker: RowBroker) -> Iterator[Worker]:
    made = Worker(broker, worker_threads=1, worker_timeout=10)
    made.start()
    yield made
    made.stop()


def test_a_worker_of_dramatiq_does_all_that_waits(rows: Rows, worker: Worker) -> None:
    rows.count = 5
    assert rows.done.wait(10)
    assert rows.count == 0
