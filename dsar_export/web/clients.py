"""Who asks, as far as an address says."""

import ipaddress
from typing import Final

_HOUSEHOLD: Final = 64
"""Bits of an IPv6 address that a household or a machine has for itself."""


def who_asks(client: str) -> str:
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
