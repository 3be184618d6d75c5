"""What is sent to another system when a request changes, and how an attempt at it ended."""

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Settled(StrEnum):
    """How one attempt ended."""

    DELIVERED = "delivered"
    TRIED_AGAIN = "tried_again"
    """It waits for another one."""
    PARKED = "parked"
    """It was the last one; nobody tries again by themselves."""


@dataclass(frozen=True)
class WebhookCall:
    """One attempt; id and body stay the same however often it is tried."""

    url: str = field(repr=False)
    secret: bytes = field(repr=False)
    message_id: str
    at: datetime
    body: str


def listed_networks(text: str) -> tuple[Network, ...]:
    """The addresses and networks in a list with commas; ValueError if one is none."""
    try:
        return tuple(ipaddress.ip_network(item.strip()) for item in text.split(","))
    except ValueError:
        raise ValueError(
            "addresses such as 10.0.0.5 or networks such as 10.0.0.0/24, with commas between them"
        ) from None
