"""The fields of a letter, as several forms have them: identifiers, what else it asks for, and an agent's mandate."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from dsar_export.errors import WrongUseError
from dsar_export.model.intake import FurtherRight, HandedOn, Mandate
from dsar_export.model.register import Register
from dsar_export.model.request import Identifier
from dsar_export.use_cases.earlier_requests import NAME as EARLIER_REQUESTS
from dsar_export.use_cases.mandates import MandateCorrection
from dsar_export.use_cases.moments import end_of
from dsar_export.web.asking import Form

ROWS: Final = range(1, 7)
"""The rows for identifiers; empty ones do not count."""
ALL_DATASETS: Final = "*"


@dataclass(frozen=True)
class IntakeChoices:
    """What the forms offer."""

    kinds: Sequence[str]
    """Of identifiers."""
    people: Sequence[tuple[str, str]]
    """The kinds of people, each with its title; none where there is nothing to choose."""
    datasets: Sequence[str]
    further_rights: Sequence[str] = tuple(right.value for right in FurtherRight)
    rows: Sequence[int] = ROWS


def choices_of(register: Register, controllers: Iterable[str]) -> IntakeChoices:
    """What there is to choose at some controllers."""
    people = [(name, kind.title) for name, kind in register.organisation.subjects.items()]
    known = [name for name in controllers if name in register.organisation.controllers]
    datasets = dict.fromkeys(each.name for name in known for each in register.datasets_of(name))
    return IntakeChoices(
        sorted(register.given_kinds), people if len(people) > 1 else (), (*datasets, EARLIER_REQUESTS)
    )


def identifiers_in(form: Form) -> tuple[Identifier, ...]:
    """The identifiers of the rows that are not empty."""
    rows = ((form.get(f"kind-{row}", "").strip(), form.get(f"value-{row}", "").strip()) for row in ROWS)
    return tuple(Identifier(kind, value) for kind, value in rows if value)


def further_right_in(text: str) -> FurtherRight:
    """What else a letter asks for; WrongUseError."""
    if text not in list(FurtherRight):
        raise WrongUseError(f"what a letter may ask for besides is one of {', '.join(FurtherRight)}")
    return FurtherRight(text)


def handed_on_in(form: Form, at: datetime) -> tuple[HandedOn, ...]:
    """What else the letter asks for, each with the contact to whom it was handed on."""
    contacts = ((right, form.get(f"also-{right.value}", "").strip()) for right in FurtherRight)
    return tuple(HandedOn(right, contact, at) for right, contact in contacts if contact)


def mandate_in(form: Form, zone: tzinfo) -> Mandate | None:
    """The mandate of a new request; WrongUseError for one without an agent."""
    found = _mandate(form, zone)
    if found.agent is None:
        if found.scope is not None or found.until is not None:
            raise WrongUseError("the mandate has no agent; write who acts for the person")
        return None
    return Mandate(found.agent, found.scope or (), found.until)


def correction_in(form: Form, zone: tzinfo) -> MandateCorrection:
    """What was filled in, to be corrected; the rest stays."""
    found = _mandate(form, zone)
    if found == MandateCorrection():
        raise WrongUseError(
            "nothing is filled in; write what to correct: the agent, the datasets or the last day"
        )
    return found


def _mandate(form: Form, zone: tzinfo) -> MandateCorrection:
    datasets = form.texts("mandate-dataset")
    scope = None if not datasets else () if ALL_DATASETS in datasets else datasets
    until = end_of(form.get("mandate-until", "").strip() or None, zone)
    return MandateCorrection(form.get("agent", "").strip() or None, scope, until)
