"""Which addresses may be asked: those of hosts that the register names, at networks that are public or listed."""

import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

import httpcore

_NAT64: Final = ip_network("64:ff9b::/96")
_PORTS: Final = {"https": 443, "http": 80}

IpAddress = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class RefusedAddressError(Exception):
    """An address that must not be asked; the text names no part of it that could be personal."""


def port_of(url: SplitResult) -> int:
    """The port of an address, also of one that does not write it."""
    return url.port or _PORTS.get(url.scheme, 0)


@dataclass(frozen=True)
class Hosts:
    """The hosts that may be asked; `base` is the API's own address."""

    base: SplitResult
    others: frozenset[str]

    def absolute(self, address: str) -> SplitResult:
        """An address below the API's own, or a whole one, if it may be asked; RefusedAddressError."""
        whole = self.base.geturl().rstrip("/") + address if address.startswith("/") else address
        return self.allowed(whole)

    def following(self, asked: SplitResult, address: str) -> SplitResult:
        """An address that an answer names, which may be relative to the asked one; RefusedAddressError."""
        try:
            whole = urljoin(asked.geturl(), address)
        except ValueError:
            raise RefusedAddressError("the answer names an address that is none") from None
        return self.allowed(whole)

    def is_own(self, url: SplitResult) -> bool:
        """Whether an address is on the API's own host, so that the secret may be sent there."""
        own = self.base
        return (url.scheme, url.hostname, port_of(url)) == (own.scheme, own.hostname, port_of(own))

    def allowed(self, address: str) -> SplitResult:
        """The address, if it may be asked; RefusedAddressError."""
        try:
            url = urlsplit(address)
            named, port = url.hostname, port_of(url)
        except ValueError:
            raise RefusedAddressError("the answer names an address that is none") from None
        if url.username is not None or not named or not port:
            raise RefusedAddressError("an address names no host, or a user; name hosts only")
        if not (self.is_own(url) or named in self.others):
            raise RefusedAddressError("an address leads to a host that hosts does not list; see hosts")
        if url.scheme != "https" and not (url.scheme == "http" and _is_this_machine(named)):
            raise RefusedAddressError("an address has no TLS; write https")
        return url


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def resolved(host: str, port: int) -> Sequence[str]:
    """The network addresses of a host; OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True)
class PinnedNetwork(httpcore.NetworkBackend):
    """Connects to an address that was looked at, so that a name can't lead elsewhere between look and connection.

    The name stays that of the certificate and of the header Host. `open_sockets` are cut when the reading is cancelled.
    """

    private: tuple[str, ...]
    resolve: Resolve = resolved
    network: httpcore.NetworkBackend = field(default_factory=httpcore.SyncBackend)
    open_sockets: list[socket.socket] = field(default_factory=list)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = self.resolve(host, port)
        except (OSError, UnicodeError):
            raise httpcore.ConnectError("the host has no address") from None
        for each in found:  # one that is public does not excuse one that is not
            self._refuse_private(each)
        failed = httpcore.ConnectError("the host has no address")
        for each in found:
            try:
                stream = self.network.connect_tcp(each, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = httpcore.ConnectError(type(error).__name__)
                continue
            held = stream.get_extra_info("socket")
            if isinstance(held, socket.socket):
                self.open_sockets.append(held)
            return stream
        raise failed

    def cut(self) -> None:
        """Ends every wait for bytes."""
        for held in self.open_sockets.copy():
            try:
                held.shutdown(socket.SHUT_RDWR)
            except OSError:  # it is closed already
                self.open_sockets.remove(held)

    def _refuse_private(self, address: str) -> None:
        ip = _meant(ip_address(address.partition("%")[0]))
        listed = any(ip in ip_network(network) for network in self.private)
        if not listed and (not ip.is_global or ip.is_multicast):
            raise RefusedAddressError(
                "the host is in a network that is not public; list it under private if it is meant"
            )


def _meant(ip: IpAddress) -> IpAddress:
    """The IPv4 address that an IPv6 address leads to, if it is only another spelling of one."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(ip.packed[-4:])
    return ip.ipv4_mapped or ip.sixtofour or ip
