"""What staff may do with a request as it stands."""

from dsar_export.requests.requests import ListedRequest
from dsar_export.requests.states import possible


def possible_now(listed: ListedRequest) -> tuple[str, ...]:
    """The actions by name; what to do about a proposed refusal comes last."""
    held = {name for name in ListedRequest.__dataclass_fields__ if getattr(listed, name) is not None}
    if listed.verified_by is not None:
        held.add("evidence_sealed")  # it is never listed
    actions = tuple(action.value.replace("_", "-") for action in possible(listed.state, held))
    return (
        actions if listed.refusal_proposed_at is None else (*actions, "confirm-refusal", "withdraw-refusal")
    )
