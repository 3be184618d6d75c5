"""The gate before collecting: nothing starts until it is recorded who verified the person, and on what evidence."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from dsar_export.errors import WrongUseError
from dsar_export.model.request import Identifier, Right, SubjectRequest, Verification

_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no two look alike


def verified_request(
    right: str,
    controller: str,
    identifiers: Sequence[Identifier],
    verification: Verification,
    chosen: Sequence[str] = (),
) -> SubjectRequest:
    """A request with a new reference; WrongUseError for an incomplete verification or an unknown right."""
    if not verification.by.strip() or not verification.evidence.strip():
        raise WrongUseError(
            "the request is unverified: state who verified the person with --verified-by "
            "and on what evidence with --evidence"
        )
    if right not in list(Right):
        raise WrongUseError(f"unknown right; use one of: {', '.join(Right)}")
    return SubjectRequest(
        reference=_reference(verification.at),
        right=Right(right),
        controller=controller,
        identifiers=tuple(dict.fromkeys(identifiers)),
        verification=verification,
        chosen=tuple(dict.fromkeys(chosen)),
    )


def _reference(at: datetime) -> str:
    """The date and 40 random bits: nothing that identifies the person."""
    return f"DSAR-{at:%Y%m%d}-" + "".join(secrets.choice(_LETTERS) for _ in range(8))
