"""Sends one message to a webhook, signed as Standard Webhooks has it, and looks at nothing but the status."""

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import httpx

from dsar_export.delivery.webhook_address import fit_url, may_reach_all
from dsar_export.errors import WrongUseError
from dsar_export.model.webhook import Network, WebhookCall

SECONDS: Final = 10.0
"""For all of an attempt: the name, the connection, and the answer's status."""
_PREFIX: Final = "whsec_"
_CONNECT: Final = 3.0
_MOST_ADDRESSES: Final = 3


@dataclass(frozen=True)
class WebhookPost:
    """Connects to the very address that was looked at: a name that leads elsewhere a moment later changes nothing.

    No proxy is used, as it would look up the name by itself; no redirect is followed.
    """

    listed: Sequence[Network] = ()
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)
    seconds: float = SECONDS

    def __call__(self, call: WebhookCall) -> str | None:
        """One attempt; the code of why it failed, or None if the receiver has the message."""
        try:
            return asyncio.run(self._in_time(call))
        except TimeoutError:
            return "timeout"

    async def _in_time(self, call: WebhookCall) -> str | None:
        async with asyncio.timeout(self.seconds):
            return await self._attempt(call)

    async def _attempt(self, call: WebhookCall) -> str | None:
        try:
            url = fit_url(call.url, self.listed)
            addresses = await _addresses(url)
        except WrongUseError:  # what DSAR_WEBHOOK_PRIVATE listed when the webhook was added
            return "address_refused"
        except OSError:
            return "host_unknown"
        if not may_reach_all(addresses, url.scheme, self.listed):
            return "address_refused"
        failure = "host_unknown"
        limits = httpx.Timeout(self.seconds, connect=_CONNECT)
        async with httpx.AsyncClient(verify=self.context, timeout=limits, trust_env=False) as client:
            for address in addresses[:_MOST_ADDRESSES]:
                try:
                    return await _posted(client, url, address, call)
                except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                    failure = _code(error)
                except httpx.HTTPError as error:
                    return _code(error)
        return failure


def shown_secret(secret: bytes) -> str:
    """A secret as libraries of Standard Webhooks take it."""
    return _PREFIX + base64.b64encode(secret).decode()


def signed(call: WebhookCall) -> Mapping[str, str]:
    """The headers by which a receiver knows the message again, how old it is, and that it is ours."""
    timestamp = str(int(call.at.timestamp()))
    text = f"{call.message_id}.{timestamp}.{call.body}".encode()
    signature = base64.b64encode(hmac.new(call.secret, text, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": call.message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature}",
        "content-type": "application/json",
        "user-agent": "dsar-export",
    }


async def _addresses(url: httpx.URL) -> list[str]:
    """What the name leads to, in the order of the system's preference."""
    host = url.raw_host.decode("ascii").strip("[]")
    port = url.port or {"http": 80, "https": 443}[url.scheme]
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


async def _posted(client: httpx.AsyncClient, url: httpx.URL, address: str, call: WebhookCall) -> str | None:
    pinned = url.copy_with(host=str(ipaddress.ip_address(address)))
    headers = {"host": url.netloc.decode("ascii"), **signed(call)}
    name = url.raw_host.decode("ascii").strip("[]")
    sending = client.stream(
        "POST", pinned, content=call.body.encode(), headers=headers, extensions={"sni_hostname": name}
    )
    async with sending as answer:  # its body is not read
        return None if answer.is_success else f"http_{answer.status_code}"


def _code(error: BaseException) -> str:
    """A short code, never an error's text, which may have the address."""
    if isinstance(error, httpx.TimeoutException):
        return "timeout"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return "tls"
        cause = cause.__cause__ or cause.__context__
    return "connection"
