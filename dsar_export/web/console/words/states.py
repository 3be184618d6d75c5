"""What each state of a request is called."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.requests.states import State

STATES: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.RECEIVED: message("received"),
        State.VERIFIED: message("verified"),
        State.COLLECTING: message("being collected"),
        State.AMBIGUOUS: message("several people match"),
        State.NOBODY_FOUND: message("nobody found"),
        State.IN_REVIEW: message("in review"),
        State.APPROVED: message("approved"),
        State.BUILDING: message("being built"),
        State.AVAILABLE: message("available"),
        State.DELIVERED: message("delivered"),
        State.CLOSED: message("closed"),
        State.EXPIRED: message("never fetched"),
        State.REFUSED: message("refused"),
        State.CANCELLED: message("cancelled"),
        State.FAILED: message("failed"),
    }
)
