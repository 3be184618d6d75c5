"""Passwords and codes of accounts: how they are made, and how they are compared."""

import hmac
from datetime import datetime
from typing import Final

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dsar_export.errors import WrongUseError

SHORTEST: Final = 12
_LONGEST: Final = 1024
_DIGITS: Final = 6
_STEP: Final = 30
_ISSUER: Final = "dsar-export"
_HASHER: Final = PasswordHasher()  # RFC 9106's second choice: 64 MiB, 3 passes
NOBODYS: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$Xe2sy7/WgzH8PsWjNefFqg$pMlQIVTsGxhKOIJI949f3dJzvHkWTmRk82uymDZHz/o"
)
"""Compared where there is no account: it takes as long, and no password has it."""


def hashed(person: str, password: str) -> str:
    """A password as it is kept; WrongUseError if it is too short, too long, or holds the name."""
    if not SHORTEST <= len(password) <= _LONGEST:
        raise WrongUseError(
            f"a password has {SHORTEST} to {_LONGEST} characters; several words are easy to keep"
        )
    if person.casefold() in password.casefold():
        raise WrongUseError("a password does not hold the name; choose another")
    return _HASHER.hash(password)


def is_password(kept: str | None, password: str) -> bool:
    """Whether a password is the one that is kept; it takes as long if none is."""
    try:
        _HASHER.verify(kept or NOBODYS, password[:_LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def new_totp() -> str:
    """A new secret for codes that change with time."""
    return pyotp.random_base32()


def otpauth(person: str, secret: str) -> str:
    """The address that a program for codes takes a secret from."""
    return pyotp.TOTP(secret).provisioning_uri(name=person, issuer_name=_ISSUER)


def step_of(secret: str | None, code: str, at: datetime) -> int | None:
    """The step of time whose code this is: of now, or one beside it, as clocks differ."""
    given = "".join(code.split())
    generator = pyotp.TOTP(secret or new_totp())
    now = int(at.timestamp()) // _STEP
    found = None
    for step in (now - 1, now, now + 1):
        same = hmac.compare_digest(generator.generate_otp(step).encode(), given.encode("utf-8", "replace"))
        if same:
            found = step
    return found if secret is not None and len(given) == _DIGITS else None
