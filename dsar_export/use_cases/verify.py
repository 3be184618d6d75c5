"""The gate before collecting: without who verified the person, and on what evidence, nothing starts."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from dsar_export.errors import WrongUseError
from dsar_export.model.request import Identifier, Right, SubjectRequest, Verification

_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: none is read for another


def verified_request(
    right: str,
    controller: str,
    identifiers: Sequence[Identifier],
    verification: Verification,
    chosen: Sequence[str] = (),
) -> SubjectRequest:
    """A request with a fresh reference; WrongUseError where the verification says nothing."""
    if not verification.by.strip() or not verification.evidence.strip():
        raise WrongUseError(
            "nobody's data is exported unverified: say who verified the person (--verified-by) "
            "and on what evidence (--evidence)"
        )
    if right not in list(Right):
        raise WrongUseError(f"unknown right; valid: {', '.join(Right)}")
    return SubjectRequest(
        reference=_reference(verification.at),
        right=Right(right),
        controller=controller,
        identifiers=tuple(dict.fromkeys(identifiers)),
        verification=verification,
        chosen=tuple(dict.fromkeys(chosen)),
    )


def _reference(at: datetime) -> str:
    """A name that says nothing of the person, 40 random bits."""
    return f"DSAR-{at:%Y%m%d}-" + "".join(secrets.choice(_LETTERS) for _ in range(8))
