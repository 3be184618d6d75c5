"""The gate before collecting: nothing starts until it is recorded who verified the person, and on what evidence."""

from collections.abc import Sequence

from dsar_export.errors import WrongUseError
from dsar_export.model.request import Identifier, Right, SubjectRequest, Verification, new_reference


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
        reference=new_reference(verification.at),
        right=Right(right),
        controller=controller,
        identifiers=tuple(dict.fromkeys(identifiers)),
        verification=verification,
        chosen=tuple(dict.fromkeys(chosen)),
    )
