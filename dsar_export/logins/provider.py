"""One identity provider: where it lets people sign in, and what it proves of who did."""

import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from dsar_export.errors import ProviderUnavailableError
from dsar_export.logins.id_token import Expected, proven_login
from dsar_export.logins.keys import Keys
from dsar_export.logins.transport import Transport, is_private
from dsar_export.model.provider_login import OneTime, ProvenLogin

_READ_AGAIN: Final = 3600.0
_POST: Final = "client_secret_post"
_BASIC: Final = "client_secret_basic"


@dataclass(frozen=True)
class Client:
    """What the provider knows this program by."""

    issuer: str
    client_id: str
    secret: str | None = field(repr=False)
    back: str
    """The address of ours to which the provider leads people back."""


@dataclass(frozen=True)
class _Places:
    """What the provider's discovery document names (OpenID Connect Discovery 1.0, section 3)."""

    authorization: str
    token: str
    keys: str
    by_post: bool
    """Whether it takes the secret in the form alone."""


@dataclass
class Provider:
    """Its document is read again each hour."""

    client: Client
    transport: Transport = field(default_factory=Transport)
    clock: Callable[[], float] = time.monotonic
    _keys: Keys = field(init=False, repr=False)
    _found: tuple[float, _Places] | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        self._keys = Keys(lambda: self.transport.get(self._places().keys), self.clock)

    @property
    def issuer(self) -> str:
        return self.client.issuer

    def address(self, once: OneTime, *, anew: bool) -> str:
        """Where a browser goes to sign in; `anew` asks the person to enter again. ProviderUnavailableError."""
        challenge = urlsafe_b64encode(sha256(once.verifier.encode()).digest()).rstrip(b"=").decode("ascii")
        wanted = {
            "response_type": "code",
            "scope": "openid",
            "client_id": self.client.client_id,
            "redirect_uri": self.client.back,
            "state": once.state,
            "nonce": once.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **({"prompt": "login", "max_age": "0"} if anew else {}),
        }
        place = self._places().authorization
        return f"{place}{'&' if urlsplit(place).query else '?'}{urlencode(wanted, quote_via=quote)}"

    def login(self, code: str, once: OneTime, at: datetime) -> ProvenLogin:
        """Who signed in, by the code that a browser brought back.

        RefusedLoginError if that proves nobody; ProviderUnavailableError.
        """
        places, client = self._places(), self.client
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": client.back,
            "code_verifier": once.verifier,
        }
        basic = None
        if client.secret is None:
            form["client_id"] = client.client_id
        elif places.by_post:
            form |= {"client_id": client.client_id, "client_secret": client.secret}
        else:  # both are form-encoded before they are joined (RFC 6749, section 2.3.1)
            basic = quote(client.client_id, safe=""), quote(client.secret, safe="")
        token = self.transport.post(places.token, form, basic).get("id_token")
        expected = Expected(client.issuer, client.client_id, once.nonce, at)
        return proven_login(self._keys.claims(token if isinstance(token, str) else ""), expected)

    def _places(self) -> _Places:
        with self._lock:
            now = self.clock()
            if self._found is None or now - self._found[0] >= _READ_AGAIN:
                self._found = now, self._read()
            return self._found[1]

    def _read(self) -> _Places:
        document = self.transport.get(f"{self.client.issuer.rstrip('/')}/.well-known/openid-configuration")
        if document.get("issuer") != self.client.issuer:
            raise ProviderUnavailableError("the provider calls itself by another name than DSAR_OIDC_ISSUER")
        ways = document.get("token_endpoint_auth_methods_supported")
        by_post = isinstance(ways, list) and _POST in ways and _BASIC not in ways
        return _Places(
            _place(document, "authorization_endpoint"),
            _place(document, "token_endpoint"),
            _place(document, "jwks_uri"),
            by_post,
        )


def _place(document: Mapping[str, object], name: str) -> str:
    found = document.get(name)
    if not isinstance(found, str) or not is_private(found):
        raise ProviderUnavailableError(f"the provider's {name} is missing, or has no TLS")
    return found
