"""What each worker process loads: the broker by the settings, and its two actors."""

import os
import signal
import sys
import time
from functools import partial
from types import FrameType
from typing import Final

import dramatiq
import structlog
from dramatiq import Broker

from dsar_export.errors import DatabaseUnusableError
from dsar_export.settings import read_settings
from dsar_export.use_cases.attempt import failure_in_words
from dsar_export.use_cases.perform import perform_next, waits
from dsar_export.wiring.brokers import ACTOR, HEAVY_ACTOR, HEAVY_QUEUE, QUEUE, remote_broker
from dsar_export.wiring.logs import set_up_logs
from dsar_export.wiring.mail import sender_in
from dsar_export.worker.bench import Bench
from dsar_export.worker.health import serve_health
from dsar_export.worker.life import Life
from dsar_export.worker.messenger import Messenger
from dsar_export.worker.postman import Postman
from dsar_export.worker.row_broker import RowBroker

_WAITS: Final = 5.0
_log: Final = structlog.get_logger("dsar_export.worker")


def setup_broker() -> Broker:
    """Builds the broker of this process; waits for a database that does not answer, and says so."""
    os.environ.setdefault("DSAR_PROCESSES", "1")  # workers share the processors already
    settings = read_settings()
    set_up_logs(settings.log_format)
    bench = Bench(settings)
    life = Life(bench.show_life, bench.end_life)
    bench.stopping = life.stopping
    life.beside["webhooks"] = Messenger(bench.send_webhooks, life.asked_to_stop.wait).live
    life.watch_parent()
    if settings.health_port is not None:
        life.serve = partial(serve_health, settings.health_port, bench.workforce)
    sender = sender_in(settings)
    if sender is not None:
        life.beside["post"] = Postman(bench.current, sender, life.asked_to_stop.wait).live
    _wait_for_database(bench)
    remote = remote_broker(settings, [life])
    broker = remote or RowBroker(partial(_waits, bench, life), [life])
    for queue, name in ((QUEUE, ACTOR), (HEAVY_QUEUE, HEAVY_ACTOR)):
        work = partial(_work, bench, life, heavy=queue == HEAVY_QUEUE)
        dramatiq.Actor(work, broker=broker, actor_name=name, queue_name=queue, priority=0, options={})
    if remote is not None:
        life.wake = partial(_wake, bench, life, remote)
    dramatiq.set_broker(broker)
    return broker


def _work(bench: Bench, life: Life, reference: str = "", *, heavy: bool) -> None:  # noqa: ARG001 # only wakes
    """Does what is due soonest until nothing is left. It raises nothing: a broker keeps what it is given.

    A process that serves both queues looks into both, or one of them would wait while the other never empties.
    """
    life.at_work.set()
    taken = None if life.serves_both else heavy
    try:
        while not life.ending and (performed := perform_next(bench.current(), heavy=taken)) is not None:
            facts = {"reference": performed.reference, "task": performed.task.value, "tries": performed.tries}
            if performed.failure is None:
                _log.info("work done", **facts)
            elif performed.given_back:
                _log.info("work given back", **facts, reason=performed.failure)
            else:
                _log.warning("work failed", **facts, reason=performed.failure)
    except Exception as error:  # noqa: BLE001 # the text of another's error may hold anything
        _log.error("worker can't work", reason=failure_in_words(error), again_in_seconds=_WAITS)
        life.asked_to_stop.wait(_WAITS)
    finally:
        life.at_work.clear()


def _waits(bench: Bench, life: Life, queue: str) -> bool:
    return not life.ending and waits(bench.current(), heavy=queue == HEAVY_QUEUE)


def _wake(bench: Bench, life: Life, broker: Broker) -> None:
    """Sends a wake-up of its own while something waits: the broker may have lost the one for it."""
    if life.at_work.is_set():
        return  # it takes up what waits without one
    for queue, actor in ((QUEUE, ACTOR), (HEAVY_QUEUE, HEAVY_ACTOR)):
        if waits(bench.current(), heavy=queue == HEAVY_QUEUE):
            message = dramatiq.Message[None](queue, actor, (), {}, {})
            try:
                broker.enqueue(message)
            except Exception as error:  # noqa: BLE001 # each broker has errors of its own
                _log.warning("the broker does not answer", reason=type(error).__name__)


def _wait_for_database(bench: Bench) -> None:
    """Nothing is at work yet: SIGTERM ends it at once."""
    handler = signal.signal(signal.SIGTERM, _leave)
    while True:
        try:
            bench.current()
        except DatabaseUnusableError as error:
            _log.warning("worker waits", reason=str(error), again_in_seconds=_WAITS)
            time.sleep(_WAITS)
        else:
            signal.signal(signal.SIGTERM, handler)
            return


def _leave(_: int, __: FrameType | None) -> None:
    sys.exit(0)
