"""What waits for a member of staff."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dsar_export.model.clock import DueDate


class Why(StrEnum):
    """Why a request waits."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    FAILED = "failed"
    PACKAGE_DAMAGED = "package_damaged"
    """A package is lost or changed in its store, so the person can't get it."""
    LEASE_ENDED = "lease_ended"
    """A process that collected or built has ended without a result."""
    MAIL_NOT_SENT = "mail_not_sent"
    """A mail to the person was refused or given up, or perhaps did not arrive."""
    CODE_EXPIRED = "code_expired"
    """A code was not returned in time, or tried too often."""
    CODE_NOT_SENT = "code_not_sent"
    """A code was asked for, and none was sent."""
    PASSPHRASE_CODE_NOT_SENT = "passphrase_code_not_sent"  # noqa: S105 # a word
    """The person asked for a code that reveals the passphrase, and none was sent."""
    LINK_NOT_SENT = "link_not_sent"
    """The person asked for another link, or was due a reminder, and got none."""
    WEBHOOK_PARKED = "webhook_parked"
    """Another system was not notified of a change, and nobody tries again."""
    REFUSAL_TO_CONFIRM = "refusal_to_confirm"
    """A colleague proposed to refuse it as abusive."""
    COMPLAINT = "complaint"
    """The person complained, and has no answer yet."""
    PERSON_WROTE = "person_wrote"
    """The person wrote in the portal, and nobody has written since."""
    TO_VERIFY = "to_verify"
    TO_COLLECT = "to_collect"
    TO_CHOOSE = "to_choose"
    """Several people matched."""
    NOBODY_FOUND = "nobody_found"
    GAPS_TO_ACCEPT = "gaps_to_accept"
    TO_APPROVE = "to_approve"
    TO_BUILD = "to_build"
    STILL_AWAITED = "still_awaited"
    """What the person was asked for has not come for long."""
    NOT_FETCHED = "not_fetched"
    TO_CLOSE = "to_close"


@dataclass(frozen=True)
class Waiting:
    """One reason why a request waits, since which day, and the command that goes on with it."""

    reference: str
    why: Why
    since: date
    command: str


@dataclass(frozen=True)
class InboxItem:
    """A request that waits, with all reasons, the most pressing in front."""

    reference: str
    controller: str
    waiting: tuple[Waiting, ...]
    due: DueDate | None
    """None once it is answered."""
    assigned_to: str | None

    @property
    def since(self) -> date:
        return min(each.since for each in self.waiting)

    @property
    def command(self) -> str:
        """The next step: that of the first reason which has a step of its own."""
        steps = (each.command for each in self.waiting if each.why not in {Why.OVERDUE, Why.DUE_SOON})
        return next(steps, self.waiting[0].command)
