"""What a person writes in the portal: it goes where staff read it, marked as theirs, and is sealed as all texts are."""

from enum import StrEnum
from typing import Final

from dsar_export.errors import TooOftenError, WrongUseError
from dsar_export.model.clock import Ground
from dsar_export.model.complaint import NewComplaint
from dsar_export.model.intake import Channel
from dsar_export.model.register import Register
from dsar_export.use_cases import decide
from dsar_export.use_cases.complaining import complain
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.due import resume
from dsar_export.use_cases.portal_following import followed
from dsar_export.use_cases.portal_visits import may_ask

LONGEST_TEXT: Final = 4000
_PER_HOUR: Final = 10
_ALLOWED: Final = frozenset("\n\t")


class TextProblem(StrEnum):
    """Why a text is not taken."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"


def text_problem(text: str) -> TextProblem | None:
    """What is wrong with a text that a person wrote."""
    if not text.strip():
        return TextProblem.EMPTY
    if len(text) > LONGEST_TEXT:
        return TextProblem.TOO_LONG
    readable = all(c.isprintable() or c in _ALLOWED or c.isspace() for c in text)
    return (
        None
        if readable and not any(ord(c) < 32 and c not in _ALLOWED for c in text)
        else TextProblem.UNREADABLE
    )


def answer_question(desk: Desk, register: Register, reference: str, text: str) -> None:
    """Answers what staff asked for; where that was clarification, the clock goes on.

    Proof of identity and fees are for staff to judge, so those waits stay.
    """
    waits = [pause.ground for pause in followed(desk, register, reference).waits]
    if not waits:
        raise WrongUseError(f"{reference}: nothing is awaited; ask or complain instead")
    _write(
        desk, reference, f"From the person, an answer to what they were asked for ({', '.join(waits)}):", text
    )
    if Ground.CLARIFICATION in waits:
        resume(desk, register, reference)


def ask_question(desk: Desk, reference: str, section: str | None, text: str) -> None:
    """A question to staff, perhaps about one dataset."""
    about = "their request" if section is None else f"the dataset {section}"
    _write(desk, reference, f"From the person, a question about {about}:", text)


def complain_here(desk: Desk, register: Register, reference: str, text: str) -> int:
    """Records a complaint, and returns its number."""
    _refuse(desk, reference, text)
    return complain(desk, register, reference, NewComplaint(text, Channel.PORTAL))


def withdraw(desk: Desk, reference: str) -> None:
    """Ends the request, as the person wishes; StateError where that is not possible any more."""
    decide.cancel(desk, reference)


def _write(desk: Desk, reference: str, mark: str, text: str) -> None:
    _refuse(desk, reference, text)
    decide.note(desk, reference, f"{mark}\n{text.strip()}")


def _refuse(desk: Desk, reference: str, text: str) -> None:
    problem = text_problem(text)
    if problem is not None:
        raise WrongUseError(f"the text is {problem.value.replace('_', ' ')}; correct it")
    if not may_ask(desk, f"text {reference}", _PER_HOUR):
        raise TooOftenError("too many texts within an hour; try again later")
