"""SIGKILL while a webhook is notified: no message is lost, and each copy has the same id."""

import json
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from dsar_export.use_cases.decide import cancel
from dsar_export.use_cases.webhooks import WebhookOrder, make_webhook
from dsar_export.wiring.webhooks import listed_in
from tests.cli.test_operating import environment
from tests.sites import site_in
from tests.use_cases.killing import Forge, KillPoint, forge
from tests.webhook_receivers import receiver

SENDING = "dsar_export.use_cases.send_webhooks"
POINTS = {
    "it was taken": (KillPoint(f"{SENDING}:claim", "after"), 0),
    "the lease is committed": (KillPoint(f"{SENDING}:_settled"), 1),
    "it is settled, not committed": (KillPoint(f"{SENDING}:settle", "after"), 1),
}
LISTED = {"DSAR_WEBHOOK_PRIVATE": "127.0.0.0/8"}


@pytest.fixture(scope="module")
def forged() -> Iterator[Forge]:
    with forge() as running:
        yield running


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_sender_loses_no_message(point: str, tmp_path: Path, forged: Forge) -> None:
    kill, copies = POINTS[point]
    with site_in(tmp_path, None) as site, receiver() as running:
        desk = site.desk()
        settings = site.settings.model_copy(update={"webhook_private": LISTED["DSAR_WEBHOOK_PRIVATE"]})
        make_webhook(desk, site.register, WebhookOrder(running.url(), ["acme"]), listed_in(settings))
        cancel(desk, site.opened(desk))
        here = {**environment(site), **LISTED}
        killed = forged.run("webhook", "send", kill=kill, environment=here, later=timedelta(minutes=2))
        assert killed.code == -signal.SIGKILL, killed.err
        assert len(running.received) == copies
        for minutes in (3, 9, 15):  # the first is within the lease
            done = forged.run("webhook", "send", environment=here, later=timedelta(minutes=minutes))
            assert done.code == 0, done.err
        assert len(running.received) == copies + 1
        assert len(set(running.ids())) == 1
        (listed,) = json.loads(forged.run("webhook", "list", "--json", environment=here).out)["webhooks"]
        assert (listed["waiting"], listed["parked"]) == (0, 0)
