"""Workers notify other systems, beside their work on requests."""

import threading
from collections.abc import Iterator
from typing import cast

import pytest
from dramatiq import Broker, Worker
from sqlalchemy import func, select
from structlog.testing import capture_logs

from dsar_export.requests.database import reading
from dsar_export.requests.webhook_tables import MESSAGES
from dsar_export.use_cases.decide import cancel
from dsar_export.use_cases.webhooks import WebhookOrder, make_webhook
from dsar_export.wiring.webhooks import listed_in
from dsar_export.worker import messenger
from dsar_export.worker.bench import Bench
from dsar_export.worker.life import Life
from dsar_export.worker.messenger import Messenger
from tests.sites import Site, site_in
from tests.webhook_receivers import FAILS, receiver

BROKER, WORKER = cast(Broker, None), cast(Worker, None)


@pytest.fixture
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Bench]]:
    with site_in(tmp_path_factory.mktemp("site"), None) as site:
        made = Bench(site.settings.model_copy(update={"webhook_private": "127.0.0.1"}))
        site.now = made.current().desk.clock()
        yield site, made
        made.current().desk.engine.dispose()


def changed(site: Site, bench: Bench, url: str) -> None:
    """A change of a request that the receiver at this URL waits for."""
    desk = site.desk()
    make_webhook(desk, site.register, WebhookOrder(url, ["acme"]), listed_in(bench.settings))
    cancel(desk, site.opened(desk))


def test_a_worker_sends_what_waits_without_anybody_asking(bench: tuple[Site, Bench]) -> None:
    with receiver() as running:
        changed(*bench, running.url())
        bench[1].send_webhooks()
        assert len(running.received) == 1
    with reading(bench[0].desk().engine) as connection:
        assert connection.scalar(select(func.count()).select_from(MESSAGES)) == 0


def test_a_receiver_that_fails_leaves_the_worker_as_it_is(bench: tuple[Site, Bench]) -> None:
    with receiver(FAILS) as running:
        changed(*bench, running.url())
        bench[1].send_webhooks()
        bench[1].send_webhooks()
        assert len(running.received) == 1


def test_the_thread_goes_on_after_whatever_failed_and_ends_with_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(messenger, "LOOKS", 0.01)
    tries, twice = iter([ValueError("MARKER")]), threading.Event()

    def send() -> None:
        for error in tries:
            raise error
        twice.set()

    life = Life(lambda _: None, lambda _: None)
    life.beside["webhooks"] = Messenger(send, life.asked_to_stop.wait).live
    with capture_logs() as logs:
        life.after_process_boot(BROKER)
        assert twice.wait(10)
        (thread,) = [each for each in threading.enumerate() if each.name == "webhooks"]
        life.before_worker_shutdown(BROKER, WORKER)
        thread.join(10)
    assert not thread.is_alive()
    assert "MARKER" not in repr(logs)
    assert {"event": "webhooks wait", "reason": "ValueError", "log_level": "warning"} in logs
