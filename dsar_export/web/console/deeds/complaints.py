"""What staff do about complaints: record, acknowledge and answer them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from dsar_export.errors import WrongUseError
from dsar_export.model.complaint import ComplaintOutcome, NewComplaint
from dsar_export.model.intake import Channel
from dsar_export.use_cases import complaining
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.look_up import request_file
from dsar_export.web.console.deeds.deed import EITHER, Asked, Deed
from dsar_export.web.staff.routes import Rule

_MOST_DIGITS: Final = 6


def _complain(asked: Asked) -> None:
    channel = asked.text("channel")
    if channel not in list(Channel):
        raise WrongUseError(f"the field channel is one of {', '.join(Channel)}")
    new = NewComplaint(asked.text("complaint"), Channel(channel), _moment(asked, "received"))
    complaining.complain(asked.desk, asked.register, asked.reference, new)


def _acknowledge(asked: Asked) -> None:
    complaining.acknowledge(asked.desk, asked.register, asked.reference, _number(asked), _moment(asked, "on"))


def _answer(asked: Asked) -> None:
    outcome = asked.text("outcome")
    if outcome not in list(ComplaintOutcome):
        raise WrongUseError(f"the field outcome is one of {', '.join(ComplaintOutcome)}")
    complaining.answer(
        asked.desk, asked.reference, asked.text("answer"), _number(asked), ComplaintOutcome(outcome)
    )


def _number(asked: Asked) -> int | None:
    """The number of the complaint; None for the only one without an answer."""
    typed = asked.fields.get("number", "").strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= _MOST_DIGITS):
        raise WrongUseError("the field number is the number of a complaint; choose one of the list")
    return int(typed)


def _moment(asked: Asked, name: str) -> datetime | None:
    """A day, or a day with its time, where the controller is; None for now."""
    typed = asked.fields.get(name, "").strip()
    if not typed:
        return None
    controller = request_file(asked.desk, asked.reference).request.listed.controller
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        raise WrongUseError(f"the field {name} has the form 2026-05-31T10:00; correct it") from None
    return found if found.tzinfo else found.replace(tzinfo=zone_in(asked.register, controller))


COMPLAINTS: Final[Mapping[str, Deed]] = MappingProxyType(
    {
        "complain": Deed(_complain, Rule(EITHER, of_request=True)),
        "acknowledge-complaint": Deed(_acknowledge, Rule(EITHER, of_request=True)),
        "answer-complaint": Deed(_answer, Rule(EITHER, of_request=True)),
    }
)
