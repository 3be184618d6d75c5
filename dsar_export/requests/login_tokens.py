"""Reads signed tokens of the organisation's identity provider; nothing of one is quoted, whatever is wrong with it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet

from dsar_export.errors import WrongUseError
from dsar_export.model.login import OLDEST_TOKEN, Login, LoginRules

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
"""Signatures by a key that the provider alone has; never `none`, nor a secret that both sides know."""
REFERENCE_CLAIM: Final = "dsar_reference"
PURPOSE_CLAIM: Final = "dsar_purpose"
_VERIFIED_BY: Final[Mapping[str, str]] = {"email": "email_verified", "phone_number": "phone_number_verified"}
"""Claims of OpenID Connect that count only if another one says so."""
_LEEWAY: Final = 30
"""Seconds that clocks may differ."""
_LONGEST_ID: Final = 255
_TEXTS: Final = ("sub", "jti", REFERENCE_CLAIM, PURPOSE_CLAIM)


def read_login(token: str, keys: KeySet, rules: LoginRules, at: datetime) -> Login:
    """What a token says; WrongUseError unless it is signed, of this issuer, for this program, and new."""
    try:
        # A header is parsed before its signature is checked: it may be nested as deep as anybody likes.
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        _registry(rules, at).validate(claims)
    except ExpiredTokenError:
        raise _wrong("has expired") from None
    except (JoseError, ValueError, TypeError, RecursionError):
        raise _wrong(
            "does not count: its signature, issuer, audience or a claim is wrong or missing"
        ) from None
    if at.timestamp() - float(claims["iat"]) > OLDEST_TOKEN.total_seconds() + _LEEWAY:
        raise _wrong("was issued too long ago")
    if not all(isinstance(claims[name], str) and len(claims[name]) <= _LONGEST_ID for name in _TEXTS):
        raise _wrong("has a claim that is no short text")
    return Login(
        rules.issuer,
        claims["jti"],
        claims["sub"],
        claims[REFERENCE_CLAIM],
        claims[PURPOSE_CLAIM],
        _moment(claims.get("auth_time")),
        _values(claims, rules),
    )


def _registry(rules: LoginRules, at: datetime) -> jwt.JWTClaimsRegistry:
    needed = {name: jwt.ClaimsOption(essential=True) for name in ("exp", "iat", *_TEXTS)}
    return jwt.JWTClaimsRegistry(
        int(at.timestamp()),
        _LEEWAY,
        iss=jwt.ClaimsOption(essential=True, value=rules.issuer),
        aud=jwt.ClaimsOption(essential=True, value=rules.audience),
        **needed,
    )


def _values(claims: Mapping[str, object], rules: LoginRules) -> Mapping[str, str]:
    found = {}
    for kind, claim in rules.claims.items():
        value, verified = claims.get(claim), _VERIFIED_BY.get(claim)
        if isinstance(value, str) and (verified is None or claims.get(verified) is True):
            found[kind] = value
    return found


def _moment(value: object) -> datetime | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _wrong(what: str) -> WrongUseError:
    return WrongUseError(f"login: the token {what}; have the person sign in again, and send the new token")
