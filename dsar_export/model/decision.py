"""What members of staff decided about a request, and what they noted."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dsar_export.model.refusal import AbuseProof


class DecisionKind(StrEnum):
    """The decisions that a request's file keeps, each with its reason."""

    CHOOSE = "choose"
    ACCEPT_GAP = "accept_gap"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    REFUSE = "refuse"
    PROPOSE_REFUSAL = "propose_refusal"
    WITHDRAW_REFUSAL = "withdraw_refusal"

    @property
    def shapes_the_package(self) -> bool:
        """Whether another package may result, so that an approval binds to it."""
        return self in {DecisionKind.CHOOSE, DecisionKind.ACCEPT_GAP}


@dataclass(frozen=True)
class Decision:
    """One decision; what it says is personal data."""

    kind: DecisionKind
    by: str
    at: datetime
    reason: str = field(repr=False)
    about: str | None = None
    """The hash of what it is about, such as a gap or a ledger."""
    chosen: tuple[str, ...] = field(default=(), repr=False)
    """The subject keys that were chosen among several people."""
    ground: str | None = None
    """The code of the ground of a refusal."""
    proof: AbuseProof | None = field(default=None, repr=False)
    """What shows that a request is abusive."""


@dataclass(frozen=True)
class Note:
    """What somebody wrote into a request's file."""

    by: str
    at: datetime
    text: str = field(repr=False)
