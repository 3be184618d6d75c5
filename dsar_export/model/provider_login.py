"""What an identity provider proved about somebody who signed in there."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class ProvenLogin:
    """One account at one provider (OpenID Connect Core 1.0, section 2)."""

    issuer: str
    subject: str = field(repr=False)
    entered_at: datetime | None
    """When the person last showed the provider who they are; None if it does not say."""


@dataclass(frozen=True)
class OneTime:
    """What one sign-in at a provider is recognised by; nobody but this browser and this program knows it."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    """Proves to the provider that the code was asked for here (RFC 7636)."""
