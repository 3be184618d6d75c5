"""What kinds of mail and letters, steps of work and faults of the trail are called."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.model.letter import LetterKind
from dsar_export.model.mail import MailKind, MailState
from dsar_export.model.work import Task
from dsar_export.requests.trail.faults import Fault

MAIL_KINDS: Final[Mapping[MailKind, str]] = MappingProxyType(
    {
        MailKind.CODE: message("a code"),
        MailKind.NOTICE: message("a notice"),
        MailKind.LETTER: message("a letter"),
        MailKind.LINK: message("a link"),
        MailKind.REMINDER: message("a reminder"),
    }
)
MAIL_STATES: Final[Mapping[MailState, str]] = MappingProxyType(
    {
        MailState.WAITING: message("waits to be sent"),
        MailState.SENT: message("sent"),
        MailState.PERHAPS_SENT: message("perhaps sent"),
        MailState.REFUSED: message("refused by the mail server"),
        MailState.GIVEN_UP: message("given up after several tries"),
        MailState.EXPIRED: message("never tried in time"),
        MailState.BOUNCED: message("came back"),
    }
)
LETTER_KINDS: Final[Mapping[LetterKind, str]] = MappingProxyType(
    {
        LetterKind.ACKNOWLEDGEMENT: message("acknowledgement of the request"),
        LetterKind.QUESTION: message("question to the person"),
        LetterKind.EXTENSION: message("extension of the time limit"),
        LetterKind.REFUSAL: message("refusal of the request"),
        LetterKind.GAP: message("what could not be read"),
        LetterKind.DELIVERY: message("the packages are here"),
        LetterKind.COMPLAINT: message("acknowledgement of a complaint"),
        LetterKind.NOTHING_HELD: message("nothing is held"),
        LetterKind.OUTCOME: message("outcome of a complaint"),
    }
)
STEPS: Final[Mapping[Task, str]] = MappingProxyType(
    {
        Task.COLLECT: message("collecting"),
        Task.BUILD: message("building"),
    }
)
FAULTS: Final[Mapping[Fault, str]] = MappingProxyType(
    {
        Fault.DOES_NOT_FOLLOW: message(
            "entry {number} was changed, moved or put in, or the key is another one"
        ),
        Fault.MISSING: message("entry {number} is missing"),
        Fault.CUT_OFF: message(
            "the end was cut off, from entry {number} on, or an older database was restored"
        ),
        Fault.CHECKPOINT_FALSE: message("the checkpoint after entry {number} was not made with this key"),
        Fault.ANCHOR_MISSING: message("the anchor is missing: nothing shows whether the end was cut off"),
        Fault.ANCHOR_FALSE: message("the anchor can't be read or was not made with this key"),
        Fault.ANCHOR_ELSEWHERE: message("entry {number} is not the one that the anchor has seen"),
    }
)
PROOFS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "code_by_email": message("a code by email"),
        "login": message("a trusted sign-in"),
    }
)
CHECKED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "passed": message("the trail was in order"),
    }
)
REASON_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "policy": message("approved by policy"),
    }
)
