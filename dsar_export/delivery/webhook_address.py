"""Where a webhook may be: on the internet, or in the networks that whoever runs this has listed."""

import ipaddress
from collections.abc import Sequence
from typing import Final

import httpx

from dsar_export.errors import WrongUseError
from dsar_export.model.webhook import Network

_LONGEST: Final = 2000
_HIGHEST_PORT: Final = 65535
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_LOCALHOST: Final = ("127.0.0.1", "::1")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def fit_url(text: str, listed: Sequence[Network]) -> httpx.URL:
    """The URL of a webhook; WrongUseError, without quoting it, if nothing may be sent there."""
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        raise WrongUseError("URL: it is no address; write https://host/path") from None
    whole = url.host and " " not in text and (url.port is None or 0 < url.port <= _HIGHEST_PORT)
    if not whole or url.userinfo or url.fragment or len(text) > _LONGEST:
        raise WrongUseError(
            "URL: write https://host/path with 2,000 characters at most, without a user, a password or a #fragment"
        )
    if url.scheme != "https" and not (url.scheme == "http" and _is_listed_loopback(url.host, listed)):
        raise WrongUseError(
            "URL: use https; http is only for loopback addresses that DSAR_WEBHOOK_PRIVATE lists"
        )
    return url


def may_reach_all(found: Sequence[str], scheme: str, listed: Sequence[Network]) -> bool:
    """Whether each address that a name led to may be connected to: one alone could be the way in."""
    return all(may_reach(each, scheme, listed) for each in found)


def may_reach(found: str, scheme: str, listed: Sequence[Network]) -> bool:
    """Whether an address that a name led to may be connected to."""
    address = _plain(ipaddress.ip_address(found))
    if any(address in network for network in listed):
        return scheme == "https" or address.is_loopback
    return scheme == "https" and _is_public(address)


def _is_listed_loopback(host: str, listed: Sequence[Network]) -> bool:
    try:
        addresses = [ipaddress.ip_address(each) for each in (_LOCALHOST if host == "localhost" else (host,))]
    except ValueError:
        return False
    return any(each.is_loopback and any(each in network for network in listed) for each in addresses)


def _plain(address: Address) -> Address:
    """An IPv4 address that is written as one of IPv6 is that address."""
    inner = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return inner or address


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return _is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.sixtofour or address.teredo or address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)
