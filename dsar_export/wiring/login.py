"""The organisation's identity provider, by the settings: whose tokens count, and the keys that they are signed by."""

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from dsar_export.errors import LoginKeysError, WrongUseError
from dsar_export.model.login import LoginRules
from dsar_export.settings import Settings

_KEPT: Final = 300.0
"""Seconds for which keys from an address are kept; a key that the provider takes back counts so long."""
_SECONDS: Final = 5.0
_LONGEST: Final = 262_144
_FORM: Final = (
    "DSAR_LOGIN_CLAIMS says which claim proves which kind of identifier, such as "
    "email=email,customer_id=customer"
)


@dataclass
class LoginKeys:
    """The provider's public keys, from a file or from an address by TLS."""

    place: str
    _kept: tuple[float, KeySet] | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def current(self) -> KeySet:
        """The keys as of some minutes ago; LoginKeysError if there are none."""
        if not _is_address(self.place):
            return self._read_file()
        with self._lock:
            now = time.monotonic()
            if self._kept is None or now - self._kept[0] >= _KEPT:
                self._kept = now, _keys(self._fetched())
            return self._kept[1]

    def _read_file(self) -> KeySet:
        try:
            return _keys(Path(self.place).read_bytes())
        except OSError:
            raise LoginKeysError("DSAR_LOGIN_KEYS: the file can't be read; name a JWKS file") from None

    def _fetched(self) -> bytes:
        found = bytearray()
        try:
            with (
                httpx.Client(timeout=_SECONDS, follow_redirects=False) as client,
                client.stream("GET", self.place) as answer,
            ):
                for piece in answer.iter_bytes():
                    found += piece
                    if len(found) > _LONGEST:
                        raise LoginKeysError("DSAR_LOGIN_KEYS: the answer is too long; name a JWKS address")
        except httpx.HTTPError:
            raise LoginKeysError("DSAR_LOGIN_KEYS: the address does not answer; try again later") from None
        if answer.status_code != httpx.codes.OK:
            raise LoginKeysError("DSAR_LOGIN_KEYS: the address has no keys; name a JWKS address")
        return bytes(found)


@dataclass(frozen=True)
class TrustedLogin:
    """Whose tokens count, and by which keys."""

    rules: LoginRules
    keys: LoginKeys


def login_in(settings: Settings) -> TrustedLogin | None:
    """The provider of the settings, None if there is none; WrongUseError if one of the settings is missing."""
    given = (settings.login_issuer, settings.login_audience, settings.login_keys)
    issuer, audience, keys = given
    if not any(given):
        return None
    if issuer is None or audience is None or keys is None:
        raise WrongUseError("DSAR_LOGIN_ISSUER, DSAR_LOGIN_AUDIENCE and DSAR_LOGIN_KEYS go together; set all")
    if "://" in keys and not _is_address(keys):
        raise WrongUseError("DSAR_LOGIN_KEYS is a file or an https address; correct it")
    return TrustedLogin(LoginRules(issuer, audience, _claims(settings.login_claims)), LoginKeys(keys))


def _is_address(place: str) -> bool:
    return urlsplit(place).scheme == "https"


def _claims(text: str) -> Mapping[str, str]:
    pairs = [each.partition("=") for each in text.split(",")]
    found = {kind.strip(): claim.strip() for kind, _, claim in pairs}
    if len(found) != len(pairs) or not all(kind and claim for kind, claim in found.items()):
        raise WrongUseError(_FORM)
    return found


def _keys(text: bytes) -> KeySet:
    try:
        return KeySet.import_key_set(cast(KeySetSerialization, json.loads(text)))
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        raise LoginKeysError("DSAR_LOGIN_KEYS: that is no JWKS with public keys; correct it") from None
