"""What other systems may do over HTTP: the scopes of their tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """What a token is for."""

    OPEN = "requests:open"
    READ = "requests:read"
    DELIVER = "requests:deliver"
    VERIFY = "requests:verify"
    REVEAL = "requests:reveal"


@dataclass(frozen=True)
class ApiToken:
    """A token as it is listed, without its text, which nobody has but its owner."""

    person: str
    """Who is at work by it, such as `api:portal`."""
    scopes: frozenset[Scope]
    controllers: Sequence[str]
    made_at: datetime
    made_by: str
    expires_at: datetime
    revoked_at: datetime | None = None
