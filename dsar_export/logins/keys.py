"""The public keys by which a provider signs, read again when it has new ones."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from joserfc import jwk, jwt
from joserfc.errors import JoseError

from dsar_export.errors import ProviderUnavailableError, RefusedLoginError

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519")
"""Signatures by a key that the provider alone has: no `none`, and no secret that both sides know (RFC 8725, section
3.1)."""
_KINDS: Final = frozenset({"RSA", "EC", "OKP"})
_KEPT: Final = 300.0
"""Seconds; a key that the provider takes back counts so long."""
_READ_AGAIN: Final = 60.0
"""Seconds; whoever invents names of keys makes nobody ask the provider more often."""


@dataclass
class Keys:
    """The keys of one provider; `read` gets its JWKS (RFC 7517, section 5)."""

    read: Callable[[], Mapping[str, object]]
    clock: Callable[[], float] = time.monotonic
    _read_at: float = field(default=float("-inf"), init=False)
    _known: jwk.KeySet | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def claims(self, token: str) -> Mapping[str, object]:
        """What a token claims, if one of the keys signed it; RefusedLoginError and ProviderUnavailableError."""
        tried: jwk.KeySet | None = None
        for age in (_KEPT, _READ_AGAIN):
            known = self._as_of(age)
            if known is tried:
                break
            tried = known
            try:
                # A header is parsed before its signature is checked: it may be nested as deep as anybody likes.
                return jwt.decode(token, known, algorithms=list(ALGORITHMS)).claims
            except (JoseError, ValueError, TypeError, RecursionError):
                continue  # perhaps by a newer key
        raise RefusedLoginError("signature")

    def ready(self) -> None:
        """Gets the keys if they are missing or old, so that nobody waits for them later; ProviderUnavailableError."""
        self._as_of(_KEPT)

    def _as_of(self, age: float) -> jwk.KeySet:
        """The keys as of so many seconds ago at most."""
        with self._lock:
            now = self.clock()
            if self._known is None or now - self._read_at >= age:
                self._known = _signing(self.read())
                self._read_at = now
            return self._known


def _signing(document: Mapping[str, object]) -> jwk.KeySet:
    """The keys of a JWKS that sign (RFC 7517), without those of kinds that are not known here."""
    found = document.get("keys")
    keys = []
    for each in found if isinstance(found, list) else ():
        if isinstance(each, dict) and each.get("kty") in _KINDS and each.get("use", "sig") == "sig":
            try:
                keys.append(jwk.import_key(each))
            except (JoseError, ValueError, TypeError, KeyError):
                continue
    if not keys:
        raise ProviderUnavailableError("the provider publishes no key that signs")
    return jwk.KeySet(keys)
