"""What staff may do with a request as it stands."""

from dsar_export.requests.requests import ListedRequest
from dsar_export.requests.states import ENDED, TRANSITIONS, Action, State, possible


def possible_now(listed: ListedRequest) -> tuple[str, ...]:
    """The actions by name; what to do about a proposed refusal comes last."""
    held = {name for name in ListedRequest.__dataclass_fields__ if getattr(listed, name) is not None}
    if listed.verified_by is not None:
        held.add("evidence_sealed")  # it is never listed
    actions = tuple(action.value.replace("_", "-") for action in possible(listed.state, held))
    return (
        actions if listed.refusal_proposed_at is None else (*actions, "confirm-refusal", "withdraw-refusal")
    )


def beside_now(listed: ListedRequest) -> frozenset[str]:
    """What is done at intake besides, and moves no request from one state to another."""
    named = {
        "hand-on": frozenset(State) - ENDED,
        "mandate": TRANSITIONS[Action.MANDATE].sources | {State.RECEIVED},
        "identify": TRANSITIONS[Action.COLLECT].sources,
        "send-code": TRANSITIONS[Action.VERIFY].sources,
        "verify-by-code": TRANSITIONS[Action.VERIFY].sources,
    }
    return frozenset(name for name, states in named.items() if listed.state in states)
