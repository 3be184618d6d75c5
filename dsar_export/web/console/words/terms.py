"""What the codes of requests are called."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.model.clock import Ground
from dsar_export.model.complaint import ComplaintOutcome
from dsar_export.model.decision import DecisionKind
from dsar_export.model.inbox import Why
from dsar_export.model.intake import Channel, FurtherRight
from dsar_export.model.left_out import LeftOutReason
from dsar_export.model.outcome import Answer
from dsar_export.model.people import Role
from dsar_export.model.request import Right

CHANNELS: Final[Mapping[Channel, str]] = MappingProxyType(
    {
        Channel.LETTER: message("by post"),
        Channel.EMAIL: message("by email"),
        Channel.TELEPHONE: message("by telephone"),
        Channel.IN_PERSON: message("in person"),
        Channel.PORTAL: message("through the portal"),
    }
)
ROLES: Final[Mapping[Role, str]] = MappingProxyType(
    {
        Role.AGENT: message("agent"),
        Role.REVIEWER: message("reviewer"),
        Role.AUDITOR: message("auditor"),
        Role.ADMINISTRATOR: message("administrator"),
    }
)
RIGHTS: Final[Mapping[Right, str]] = MappingProxyType(
    {
        Right.ACCESS: message("access to the data"),
        Right.PORTABILITY: message("data to take along"),
    }
)
FURTHER_RIGHTS: Final[Mapping[FurtherRight, str]] = MappingProxyType(
    {
        FurtherRight.CORRECTION: message("correction of data"),
        FurtherRight.ERASURE: message("erasure"),
        FurtherRight.RESTRICTION: message("restriction of processing"),
        FurtherRight.OBJECTION: message("objection"),
    }
)
WAITS: Final[Mapping[Ground, str]] = MappingProxyType(
    {
        Ground.CLARIFICATION: message("clarification of what is asked for"),
        Ground.IDENTITY: message("proof of identity"),
        Ground.FEE: message("a fee"),
    }
)
DECISIONS: Final[Mapping[DecisionKind, str]] = MappingProxyType(
    {
        DecisionKind.CHOOSE: message("chosen among several people"),
        DecisionKind.ACCEPT_GAP: message("gap accepted"),
        DecisionKind.APPROVE: message("released"),
        DecisionKind.SEND_BACK: message("sent back to be collected again"),
        DecisionKind.REFUSE: message("refusal"),
        DecisionKind.PROPOSE_REFUSAL: message("refusal proposed"),
        DecisionKind.WITHDRAW_REFUSAL: message("proposed refusal withdrawn"),
    }
)
WHYS: Final[Mapping[Why, str]] = MappingProxyType(
    {
        Why.OVERDUE: message("overdue: answer now"),
        Why.DUE_SOON: message("due within a week"),
        Why.FAILED: message("a step failed"),
        Why.PACKAGE_DAMAGED: message("a package is lost or changed"),
        Why.LEASE_ENDED: message("work ended without a result"),
        Why.MAIL_NOT_SENT: message("a mail was not sent"),
        Why.CODE_EXPIRED: message("a code was not returned in time"),
        Why.CODE_NOT_SENT: message("a code was asked for and not sent"),
        Why.PASSPHRASE_CODE_NOT_SENT: message("a code for the passphrase was asked for and not sent"),
        Why.LINK_NOT_SENT: message("a link was due and not sent"),
        Why.WEBHOOK_PARKED: message("another system was not notified"),
        Why.REFUSAL_TO_CONFIRM: message("a proposed refusal waits for a second person"),
        Why.COMPLAINT: message("a complaint waits for its answer"),
        Why.PERSON_WROTE: message("the person wrote: read it, and answer by a letter or a note"),
        Why.TO_VERIFY: message("verify the person"),
        Why.TO_COLLECT: message("collect the data"),
        Why.TO_CHOOSE: message("choose among several people"),
        Why.NOBODY_FOUND: message("nobody was found: close"),
        Why.GAPS_TO_ACCEPT: message("gaps to decide"),
        Why.TO_APPROVE: message("review and approve"),
        Why.TO_BUILD: message("build the packages"),
        Why.STILL_AWAITED: message("awaited for two weeks"),
        Why.NOT_FETCHED: message("packages not fetched for two weeks"),
        Why.TO_CLOSE: message("close the request"),
    }
)
REFUSALS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "not_identified": message(
            "the person can't be identified, and what would identify them was asked for in vain"
        ),
        "mandate_missing": message("whoever asks for the person has shown no authority to do so"),
        "unfounded": message("the request is manifestly unfounded"),
        "excessive": message("the request is excessive, in particular because it repeats earlier ones"),
        "abusive": message("the request does not serve the purpose of the right, and is meant to abuse it"),
        "exemption": message("a law exempts from the right, and not only in part; the reason names it"),
        "not_covered": message(
            "the right does not cover what was asked for, such as data to take along that rests on no "
            "consent or contract"
        ),
    }
)
ANSWERS: Final[Mapping[Answer, str]] = MappingProxyType(
    {
        Answer.PRESENT: message("present in the Draft"),
        Answer.NONE_HELD: message("none held"),
        Answer.WITHHELD: message("withheld"),
        Answer.NOT_OBTAINED: message("not obtained"),
        Answer.NOT_SEARCHED: message("not searched"),
    }
)
LEFT_OUT: Final[Mapping[LeftOutReason, str]] = MappingProxyType(
    {
        LeftOutReason.NOT_PERSONAL: message("not personal"),
        LeftOutReason.COPIED_ELSEWHERE: message("copied from elsewhere"),
        LeftOutReason.WITHHELD: message("kept back on purpose"),
        LeftOutReason.UNDECIDED: message("undecided"),
    }
)
COMPLAINT_OUTCOMES: Final[Mapping[ComplaintOutcome, str]] = MappingProxyType(
    {
        ComplaintOutcome.UPHELD: message("upheld"),
        ComplaintOutcome.PARTLY_UPHELD: message("upheld in part"),
        ComplaintOutcome.NOT_UPHELD: message("not upheld"),
    }
)
