"""Reads signed tokens of people's logins; nothing of one is quoted, whatever is wrong with it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError

from dsar_export.errors import RefusedLoginError, WrongUseError
from dsar_export.logins.keys import Keys
from dsar_export.model.login import OLDEST_TOKEN, Login, LoginRules

REFERENCE_CLAIM: Final = "dsar_reference"
PURPOSE_CLAIM: Final = "dsar_purpose"
_VERIFIED_BY: Final[Mapping[str, str]] = {"email": "email_verified", "phone_number": "phone_number_verified"}
"""Claims of OpenID Connect that count only if another one says so."""
_LEEWAY: Final = 30
"""Seconds that clocks may differ."""
_LONGEST_ID: Final = 255
_TEXTS: Final = ("sub", "jti", REFERENCE_CLAIM, PURPOSE_CLAIM)


def read_login(token: str, keys: Keys, rules: LoginRules, at: datetime) -> Login:
    """What a token says; WrongUseError unless it is signed, of this issuer, for this program, and new."""
    try:
        claims = dict(keys.claims(token))
        _registry(rules, at).validate(claims)
    except ExpiredTokenError:
        raise _wrong("has expired") from None
    except (RefusedLoginError, JoseError, ValueError, TypeError):
        raise _wrong(
            "does not count: its signature, issuer, audience or a claim is wrong or missing"
        ) from None
    if at.timestamp() - float(str(claims["iat"])) > OLDEST_TOKEN.total_seconds() + _LEEWAY:
        raise _wrong("was issued too long ago")
    texts = [str(claims[name]) for name in _TEXTS if isinstance(claims[name], str)]
    if len(texts) < len(_TEXTS) or max(map(len, texts)) > _LONGEST_ID:
        raise _wrong("has a claim that is no short text")
    subject, token_id, reference, purpose = texts
    return Login(
        rules.issuer,
        token_id,
        subject,
        reference,
        purpose,
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
