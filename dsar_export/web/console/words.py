"""The texts of the console, in the reader's language."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import Texts, message
from dsar_export.requests.states import State

_TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "console": message("Requests for personal data"),
        "skip": message("Skip to the content"),
        "navigation": message("Main navigation"),
        "requests": message("Requests"),
        "waits_for_me": message("What waits for me"),
        "signed_in": message("Signed in as"),
        "none": message("There is nothing here."),
        "reference": message("Reference"),
        "part_of_reference": message("Reference, or a part of it"),
        "state": message("State"),
        "right": message("Right"),
        "rights": message("Rights"),
        "controller": message("Controller"),
        "assigned_to": message("Assigned to"),
        "open_ones": message("Not ended"),
        "all_ones": message("Any"),
        "only_overdue": message("Only what is overdue"),
        "show": message("Show"),
        "received": message("Received on"),
        "due": message("Due"),
        "overdue": message("overdue"),
        "earliest": message("at the earliest"),
        "may_approve": message("May approve"),
        "nobody_left": message("nobody left: add a reviewer"),
        "why": message("Why"),
        "since": message("Since"),
        "channel": message("Channel"),
        "due_date": message("Due date"),
        "verification": message("Verification"),
        "not_verified": message("The person is not verified yet."),
        "verified_by": message("Verified by"),
        "proven": message("proven"),
        "not_proven": message("not proven"),
        "outcomes": message("Outcomes by dataset"),
        "no_draft": message("There is no Draft: nothing was collected yet, or it was erased."),
        "dataset": message("Dataset"),
        "rows": message("Rows read"),
        "gaps": message("Gaps"),
        "gap_accepted": message("accepted"),
        "gap_blocks": message("blocks the release"),
        "packages": message("Packages"),
        "made_at": message("Made"),
        "letters": message("Mail that was not sent"),
        "notes": message("Notes"),
        "decisions": message("Decisions"),
        "timeline": message("Timeline"),
        "when": message("When"),
        "who": message("Who"),
        "what": message("What"),
        "details": message("Details"),
        "actions": message("What you can do"),
        "approve": message("Approve"),
        "send_back": message("Send back"),
        "refuse": message("Refuse"),
        "confirm_refusal": message("Confirm the refusal"),
        "withdraw_refusal": message("Withdraw the refusal"),
        "accept_gap": message("Accept the gap"),
        "assign": message("Assign"),
        "write_note": message("Write a note"),
        "note": message("Note"),
        "extend": message("Extend the time limit"),
        "pause": message("Wait for the person"),
        "resume": message("It has arrived"),
        "cancel": message("Cancel: the person withdrew the request"),
        "close": message("Close"),
        "reason": message("Reason"),
        "ground": message("Ground"),
        "source": message("Source"),
        "objective": message("What shows that the purpose is another (for an abuse)"),
        "subjective": message("What shows the intent to abuse (for an abuse)"),
        "missing": message("There is no such request"),
        "missing_is": message(
            "No request that you may see has this reference. Look at the reference again, or search the list."
        ),
        "refused": message("This is not possible"),
        "forged": message("This form is not valid any more"),
        "forged_is": message("Open the page again, and use its form."),
        "not_done": message("Nothing was changed"),
        "masked": message("Values are masked. That somebody saw them whole stands in the trail."),
        "whole": message("These values are not masked. That you saw them stands in the trail."),
        "show_whole": message("Show this record whole"),
        "record": message("Record"),
        "earlier_records": message("Earlier records"),
        "later_records": message("Later records"),
        "back": message("Back to the request"),
        "trail": message("Trail"),
        "number": message("Number"),
        "verify_trail": message("Verify the whole trail"),
        "trail_whole": message("The trail is as it was written."),
        "trail_broken": message("The trail is not as it was written."),
        "earlier_entries": message("Earlier entries"),
        "people": message("People"),
        "name": message("Colleague"),
        "role": message("Role"),
        "roles": message("Roles"),
        "user_account": message("User account"),
        "disabled": message("disabled"),
        "give_role": message("Give a role"),
        "end_role": message("End a role"),
        "disable": message("Take all roles away"),
    }
)
_STATES: Final[Mapping[State, str]] = MappingProxyType(
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


def console_texts(words: Texts) -> Mapping[str, str]:
    """The texts by their names in the templates."""
    return {name: words.phrase(text) for name, text in _TEXTS.items()}


def state_texts(words: Texts) -> Mapping[str, str]:
    """What each state is called."""
    return {state.value: words.phrase(text) for state, text in _STATES.items()}
