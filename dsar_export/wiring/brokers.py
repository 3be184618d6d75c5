"""What wakes workers, by the settings: Redis or RabbitMQ, or nothing beside the database itself."""

import logging
from contextlib import closing
from typing import Final

from dramatiq import Broker, Message, Middleware
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from redis import Redis

from dsar_export.settings import BrokerKind, Settings

QUEUE: Final = "dsar"
HEAVY_QUEUE: Final = "dsar_heavy"
ACTOR: Final = "dsar_work"
HEAVY_ACTOR: Final = "dsar_heavy_work"
_SECONDS: Final = 5
"""How long a broker may take to answer."""
_log: Final = logging.getLogger(__name__)


def remote_broker(settings: Settings, middleware: list[Middleware]) -> Broker | None:
    """Dramatiq's own broker for the address in the settings; None if workers look into the database."""
    if settings.broker_url is None:
        return None
    url = settings.broker_url.get_secret_value()
    if settings.broker_kind is BrokerKind.RABBITMQ:
        return RabbitmqBroker(url=url, middleware=middleware, confirm_delivery=True)
    client = Redis.from_url(url, socket_connect_timeout=_SECONDS, health_check_interval=30)
    return RedisBroker(client=client, middleware=middleware)  # type: ignore[no-untyped-call] # its own


class BrokerWaker:
    """Sends a message that carries the reference and nothing else."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def wake(self, reference: str, *, heavy: bool) -> bool:
        queue, actor = (HEAVY_QUEUE, HEAVY_ACTOR) if heavy else (QUEUE, ACTOR)
        message = Message[None](queue_name=queue, actor_name=actor, args=(reference,), kwargs={}, options={})
        try:
            broker = remote_broker(self._settings, [])
            if broker is None:
                return True
            with closing(broker):
                broker.declare_queue(queue)
                broker.enqueue(message)
        except Exception as error:  # noqa: BLE001 # each broker has errors of its own
            _log.warning("the broker did not take a wake-up: %s", type(error).__name__)
            return False
        return True
