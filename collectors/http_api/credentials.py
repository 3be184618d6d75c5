"""Secrets of an API, read when they are needed from the environment or a file, and never shown."""

import os
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

from collectors.http_api.answers import BrokenAnswerError, member
from collectors.http_api.source_part import Auth, AuthKind
from dsar_export.errors import RegisterError, why_unreadable

_EARLIER: Final = 30.0
"""Seconds before its end from which a token is not used any more."""


@dataclass(frozen=True)
class TokenRequest:
    """A form that a token is asked for with."""

    address: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


@dataclass
class Credentials:
    """Signs questions; `folder` is where a relative path of a secret file starts."""

    source: str
    auth: Auth | None
    folder: Path
    _token: str | None = field(default=None, repr=False)
    _until: float = 0.0

    @property
    def renewable(self) -> bool:
        """Whether another token can be asked for."""
        return self.auth is not None and self.auth.kind is AuthKind.CLIENT_CREDENTIALS

    def forget(self) -> None:
        """Forgets the token that was issued."""
        self._token = None

    def headers(self) -> Mapping[str, str]:
        """The header that signs a question; RegisterError if there is no secret."""
        auth = self.auth
        if auth is None:
            return {}
        if auth.kind is AuthKind.CLIENT_CREDENTIALS:
            return {"Authorization": f"Bearer {self._token}"}
        secret = self._secret(auth)
        if auth.kind is AuthKind.BASIC:
            return {"Authorization": _basic(self._user(auth), secret)}
        if auth.kind is AuthKind.API_KEY:
            return {str(auth.header): secret}
        return {"Authorization": f"Bearer {secret}"}

    def token_request(self) -> TokenRequest | None:
        """How to ask for a token, if one is needed now (RFC 6749, 4.4)."""
        auth = self.auth
        if auth is None or not self.renewable or (self._token is not None and time.monotonic() < self._until):
            return None
        form = {"grant_type": "client_credentials", **({} if auth.scope is None else {"scope": auth.scope})}
        user, secret = quote(self._user(auth), safe=""), quote(self._secret(auth), safe="")
        return TokenRequest(
            str(auth.token_address), urlencode(form).encode(), {"Authorization": _basic(user, secret)}
        )

    def remember(self, issued: object) -> None:
        """Keeps a token until shortly before its end; BrokenAnswerError if none was issued."""
        token, seconds = member(issued, "access_token"), member(issued, "expires_in")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise BrokenAnswerError("no token was issued; see auth")
        self._token = token
        self._until = time.monotonic() + (float(seconds) if isinstance(seconds, int) else 300.0) - _EARLIER

    def _user(self, auth: Auth) -> str:
        user = str(auth.user)
        return self._variable(user, "user") if user.startswith("env:") else user

    def _secret(self, auth: Auth) -> str:
        if auth.secret.startswith("env:"):
            return self._variable(auth.secret, "secret")
        path = self.folder / auth.secret.removeprefix("file:")
        try:
            secret = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise self._missing("secret", f"its file can't be read ({why_unreadable(error)})") from None
        if not secret:
            raise self._missing("secret", "its file is empty; write the secret into it")
        return secret

    def _variable(self, name: str, key: str) -> str:
        variable = name.removeprefix("env:")
        value = os.environ.get(variable, "")
        if not value:
            raise self._missing(key, f"the environment has no variable {variable}; set it")
        return value

    def _missing(self, key: str, reason: str) -> RegisterError:
        return RegisterError(f"sources.{self.source}.auth.{key}: {reason}")


def _basic(user: str, secret: str) -> str:
    return "Basic " + b64encode(f"{user}:{secret}".encode()).decode("ascii")
