"""The texts of the receipt: what was asked, what was answered, what was not, and what one can do."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.requests.states import State

SUBJECT: Final = message("Receipt for your request {reference}")
ASKED: Final = message("On {received} you asked {controller} for: {rights}")
ALSO_ASKED: Final = message("You also asked for this, and it was passed on: {what}")
ANSWERED: Final = message("On {answered} your answer was ready.")
ENDS: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.REFUSED: message("We did not do what you asked for. Our letter to you has the reasons."),
        State.CANCELLED: message("You withdrew the request, so there is no answer."),
        State.EXPIRED: message("Nobody fetched the answer, so we erased it."),
    }
)
NOTHING: Final = message(
    "We searched for you, and hold nothing about you. Our letter says what was searched."
)
LAW: Final = message("The law on which that rests: {law}.")
SEARCHED: Final = message(
    "These kinds of data were searched. What we hold of them is in your answer:\n{what}"
)
LEFT_OUT: Final = message(
    "Of these, something is left out, each time with the reason in the report of your package:\n{what}"
)
NOT_READ: Final = message("This is not in your answer, because it could not be read:\n{what}")
OUTSIDE: Final = message("This was not part of your request:\n{what}")
REPORT: Final = message("The report in your package says what is in it, what is not, and why.")
AGAIN: Final = message("You can ask again at any time.")
COMPLAIN: Final = message(
    "You can complain to us: {contact}. We keep the records of this request at least until {until}, so please complain "
    "before then."
)
AUTHORITY: Final = message("You can also complain to the authority: {authority}, {url}. {when}")
WITHOUT_DATA: Final = message("This receipt has no data of yours.")
RECEIPT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "receipt": message("Receipt"),
        "receipt_file": message("Save it as a PDF"),
        "receipt_back": message("Back to the request"),
    }
)
