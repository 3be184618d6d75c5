"""The keys by which a provider signs, read again when it has new ones."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from joserfc import jwk, jwt
from joserfc.errors import JoseError

from dsar_export.errors import ProviderUnavailableError, RefusedLoginError

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384")
"""Signatures alone: no `none`, and no shared secret that could be taken for a public key (RFC 8725, section 3.1)."""
_KINDS: Final = frozenset({"RSA", "EC"})
_READ_AGAIN: Final = 60.0
"""Seconds; whoever invents key names makes nobody ask the provider more often."""


@dataclass
class Keys:
    """The keys of one provider; `read` asks it for them."""

    read: Callable[[], Mapping[str, object]]
    clock: Callable[[], float] = time.monotonic
    _read_at: float = field(default=float("-inf"), init=False)
    _known: jwk.KeySet | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def claims(self, token: str) -> Mapping[str, object]:
        """What a token claims, if one of the keys signed it; RefusedLoginError and ProviderUnavailableError."""
        ways: tuple[Callable[[], jwk.KeySet | None], ...] = (lambda: self._known, self._newer)
        for keys in ways:
            known = keys()
            if known is None:
                continue
            try:
                return jwt.decode(token, known, algorithms=list(ALGORITHMS)).claims
            except (JoseError, ValueError):
                continue  # perhaps by a newer key
        raise RefusedLoginError("signature")

    def _newer(self) -> jwk.KeySet | None:
        """The keys as they are now; None if they were read moments ago."""
        with self._lock:
            now = self.clock()
            if now - self._read_at < _READ_AGAIN:
                return None
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
            except (JoseError, ValueError):
                continue
    if not keys:
        raise ProviderUnavailableError("the provider publishes no key that signs")
    return jwk.KeySet(keys)
