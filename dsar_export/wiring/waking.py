"""Builds what wakes workers; apart from the brokers, because most installations need none."""

from dsar_export.interfaces import Waker
from dsar_export.settings import Settings


class NobodyToWake:
    """Workers look into the database by themselves, twice a second."""

    def wake(self, reference: str, *, heavy: bool) -> bool:  # noqa: ARG002 # the contract's
        return True


def waker_in(settings: Settings) -> Waker:
    """What wakes workers by these settings."""
    if settings.broker_url is None:
        return NobodyToWake()
    from dsar_export.wiring.brokers import BrokerWaker  # noqa: PLC0415 # only who has a broker pays for its library

    return BrokerWaker(settings)
