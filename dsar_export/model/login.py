"""A login of the person at the organisation's identity provider, as its signed token has it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

OLDEST_TOKEN: Final = timedelta(minutes=10)
OLDEST_SIGN_IN: Final = timedelta(minutes=5)
"""How long ago the person may have signed in where a passphrase is shown."""


class LoginPurpose(StrEnum):
    """What a token may be used for; it names one."""

    VERIFY = "verify"
    REVEAL = "reveal"


@dataclass(frozen=True)
class LoginRules:
    """Whose tokens count, and which claim proves which kind of identifier."""

    issuer: str
    audience: str
    claims: Mapping[str, str]
    """The claim by the kind of identifier."""


@dataclass(frozen=True)
class Login:
    """What a token says that counts."""

    issuer: str
    token_id: str = field(repr=False)
    subject: str = field(repr=False)
    reference: str
    purpose: str
    signed_in_at: datetime | None
    values: Mapping[str, str] = field(repr=False)
    """What the person is known by, by the kind of identifier."""
