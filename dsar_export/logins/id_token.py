"""What an ID token proves, and to whom (OpenID Connect Core 1.0, section 3.1.3.7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Final

from dsar_export.errors import RefusedLoginError
from dsar_export.model.provider_login import ProvenLogin

SKEW: Final = timedelta(minutes=1)
"""By how much two clocks may differ."""
OLDEST: Final = timedelta(minutes=10)
"""How long ago a token may have been made; ours was asked for a moment ago."""
_LONGEST: Final = 255
"""Letters of a subject (section 2)."""


@dataclass(frozen=True)
class Expected:
    """What a token must claim."""

    issuer: str
    client_id: str
    nonce: str = field(repr=False)
    at: datetime


def proven_login(claims: Mapping[str, object], expected: Expected) -> ProvenLogin:
    """Who signed in; RefusedLoginError, which names the claim that does not fit."""
    if claims.get("iss") != expected.issuer:
        raise RefusedLoginError("iss")
    _check_audience(claims, expected.client_id)
    if _moment(claims, "exp") <= expected.at - SKEW:
        raise RefusedLoginError("exp")
    if not expected.at - OLDEST <= _moment(claims, "iat") <= expected.at + SKEW:
        raise RefusedLoginError("iat")
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not compare_digest(nonce.encode(), expected.nonce.encode()):
        raise RefusedLoginError("nonce")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST:
        raise RefusedLoginError("sub")
    entered = _moment(claims, "auth_time") if "auth_time" in claims else None
    return ProvenLogin(expected.issuer, subject, entered)


def _check_audience(claims: Mapping[str, object], client_id: str) -> None:
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    if client_id not in several:
        raise RefusedLoginError("aud")
    party = claims.get("azp", client_id if len(several) == 1 else None)
    if party != client_id:
        raise RefusedLoginError("azp")


def _moment(claims: Mapping[str, object], name: str) -> datetime:
    """A moment that must be there, in seconds since 1970 (RFC 7519, section 2)."""
    found = claims.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise RefusedLoginError(name)
    try:
        return datetime.fromtimestamp(found, UTC)
    except (ValueError, OverflowError, OSError):
        raise RefusedLoginError(name) from None
