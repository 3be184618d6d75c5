"""Which proxies may say for whom they ask."""

import ipaddress
from typing import Final

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_WIDEST_V4: Final = 8
_WIDEST_V6: Final = 16
_PRIVATE_V6: Final = ipaddress.IPv6Network("fc00::/7")
_MAPPED_V4: Final = ipaddress.IPv6Network("::ffff:0:0/96")


def trusted_networks(text: str) -> tuple[str, ...]:
    """The addresses and networks in a list with commas; ValueError if one is none, or if they would trust anybody."""
    items = [item.strip() for item in text.split(",")]
    if not all(items):
        raise ValueError("addresses or networks with commas between them, and none left empty")
    networks = [_network(item) for item in items]
    v4 = ipaddress.collapse_addresses(n for n in networks if isinstance(n, ipaddress.IPv4Network))
    v6 = ipaddress.collapse_addresses(n for n in networks if isinstance(n, ipaddress.IPv6Network))
    together: list[_Network] = [*v4, *v6]  # 0.0.0.0/1 and 128.0.0.0/1 are everybody
    if any(_is_too_wide(network) for network in together):
        raise ValueError("this would believe anybody's X-Forwarded-For; name the proxies alone")
    return tuple(str(network) for network in networks)


def _network(item: str) -> _Network:
    try:
        found = ipaddress.ip_network(item)
    except ValueError:
        raise ValueError(
            "an address such as 10.0.0.5, or a network such as 10.0.0.0/24; a name or * could be anybody"
        ) from None
    if isinstance(found, ipaddress.IPv6Network) and found.subnet_of(_MAPPED_V4):
        raise ValueError("write an IPv4 address as it is, without ::ffff:")
    return found


def _is_too_wide(network: _Network) -> bool:
    if isinstance(network, ipaddress.IPv4Network):
        return network.prefixlen < _WIDEST_V4
    return network.prefixlen < _WIDEST_V6 and not network.subnet_of(_PRIVATE_V6)
