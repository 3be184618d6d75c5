"""What becomes of the Draft when a request ends, or is collected anew."""

from dsar_export.requests.requests import StoredRequest
from dsar_export.use_cases.collect import erase_draft
from dsar_export.use_cases.desk import Act, Desk


def kept_by_hold(act: Act, request: StoredRequest) -> dict[str, object]:
    """What a hold keeps at the end of a request: its Draft's name and key."""
    if not request.listed.held_at(act.at):
        return {}
    return {"draft": request.listed.draft, "draft_key_sealed": request.draft_key_sealed}


def erase_unless_held(desk: Desk, request: StoredRequest) -> None:
    """Erases the Draft of a request that ended; under a hold, `purge` does that later."""
    if not request.listed.held_at(desk.clock()):
        erase_draft(desk.drafts, request.listed.reference)
