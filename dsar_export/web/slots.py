"""How many downloads run at once: of all, and of one client."""

import ipaddress
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

_HOUSEHOLD: Final = 64
"""Bits of an IPv6 address that a household or a machine has for itself."""


@dataclass
class Slots:
    """Counts within one event loop; a slot is free again when its block ends, however it ends."""

    at_once: int
    per_client: int
    _taken: Counter[str] = field(default_factory=Counter, init=False)

    @property
    def taken(self) -> int:
        """How many are taken."""
        return self._taken.total()

    def is_free(self, client: str) -> bool:
        """Whether a client could have one more."""
        return self.taken < self.at_once and self._taken[network_of(client)] < self.per_client

    @contextmanager
    def one(self, client: str) -> Iterator[bool]:
        """Takes a slot for the block, if one is free."""
        who, free = network_of(client), self.is_free(client)
        if not free:
            yield False
            return
        self._taken[who] += 1
        try:
            yield True
        finally:
            self._taken[who] -= 1
            self._taken += Counter()  # without those that have none


def network_of(client: str) -> str:
    """The client, or the network that one client has with IPv6."""
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, _HOUSEHOLD), strict=False))
