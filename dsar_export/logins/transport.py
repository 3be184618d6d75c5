"""Asks a provider: in little time, for short answers, and nobody but the addresses that it named."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

import httpx
import orjson

from dsar_export.errors import ProviderUnavailableError

_SECONDS: Final = 5.0
_LARGEST: Final = 256 * 1024
"""Bytes of an answer; keys and tokens are a few kB."""
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def is_private(address: str) -> bool:
    """Whether nobody on the way can read or change what is asked: by TLS, or on this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    return host is not None and (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK))


@dataclass(frozen=True)
class Transport:
    """Redirects are not followed: an address that moved is a setting to correct."""

    context: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)

    def get(self, address: str) -> Mapping[str, object]:
        """The JSON object at an address; ProviderUnavailableError."""
        return self._asked("GET", address, None, None)

    def post(
        self, address: str, form: Mapping[str, str], basic: tuple[str, str] | None
    ) -> Mapping[str, object]:
        """The JSON object that a form is answered with; ProviderUnavailableError."""
        return self._asked("POST", address, form, basic)

    def _asked(
        self, method: str, address: str, form: Mapping[str, str] | None, basic: tuple[str, str] | None
    ) -> Mapping[str, object]:
        if not is_private(address):
            raise ProviderUnavailableError(
                "the provider names an address without TLS; nothing was asked there"
            )
        auth = None if basic is None else httpx.BasicAuth(*basic)
        try:
            with (
                httpx.Client(verify=self.context, timeout=_SECONDS, follow_redirects=False) as client,
                client.stream(
                    method, address, data=form, auth=auth, headers={"Accept": "application/json"}
                ) as answer,
            ):
                body = b""
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > _LARGEST:
                        raise ProviderUnavailableError("the provider's answer is too long")
                status = answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
            raise ProviderUnavailableError(f"the provider does not answer ({type(error).__name__})") from None
        if status != HTTPStatus.OK:
            raise ProviderUnavailableError(f"the provider answers with {status}")
        return _object(body)


def _object(body: bytes) -> Mapping[str, object]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise ProviderUnavailableError("the provider's answer is no JSON object")
    return MappingProxyType(found)
