"""Each step to a due day as one sentence, for staff and for letters."""

from collections.abc import Mapping
from typing import Final

from dsar_export.language.catalogue import Texts, message
from dsar_export.language.formats import full_date
from dsar_export.model.clock import Ground, Step, StepKind

_SENTENCES: Final[Mapping[StepKind, str]] = {
    StepKind.RECEIVED: message("The request was received on {day}."),
    StepKind.WEEKEND: message("{day} is part of a weekend, so the next day counts."),
    StepKind.HOLIDAY: message("{day} is a public holiday, so the next day counts."),
    StepKind.DUE: message("The answer is due on {day}."),
    StepKind.AT_THE_EARLIEST: message("The answer is due on {day} at the earliest."),
    StepKind.SAFE: message(
        "Some read the law so that the time limit is a day shorter; an answer by {day} is in time for them too."
    ),
    StepKind.EXTEND_BY: message(
        "If more time is needed, the person must be informed of it and of the reasons by {day}."
    ),
}
_WAITS: Final[Mapping[tuple[StepKind, Ground], str]] = {
    (StepKind.DELAYED, Ground.IDENTITY): message(
        "Proof of identity was asked for on {since} and arrived on {day}; the time limit does not start earlier."
    ),
    (StepKind.DELAYED, Ground.CLARIFICATION): message(
        "Clarification was asked for on {since} and arrived on {day}; the time limit does not start earlier."
    ),
    (StepKind.DELAYED, Ground.FEE): message(
        "A fee was asked for on {since} and paid on {day}; the time limit does not start earlier."
    ),
    (StepKind.AWAITED, Ground.IDENTITY): message(
        "Proof of identity was asked for on {since} and is still awaited; the time limit starts when it arrives, and "
        "is counted here from {day}."
    ),
    (StepKind.AWAITED, Ground.CLARIFICATION): message(
        "Clarification was asked for on {since} and is still awaited; the time limit starts when it arrives, and is "
        "counted here from {day}."
    ),
    (StepKind.AWAITED, Ground.FEE): message(
        "A fee was asked for on {since} and is still awaited; the time limit starts when it is paid, and is counted "
        "here from {day}."
    ),
    (StepKind.STOPPED, Ground.IDENTITY): message(
        "The clock stood still from {since} to {day}, while proof of identity was awaited."
    ),
    (StepKind.STOPPED, Ground.CLARIFICATION): message(
        "The clock stood still from {since} to {day}, while clarification was awaited."
    ),
    (StepKind.STOPPED, Ground.FEE): message(
        "The clock stood still from {since} to {day}, while a fee was awaited."
    ),
    (StepKind.STANDING, Ground.IDENTITY): message(
        "The clock has stood still since {since}, while proof of identity is awaited; this is counted up to {day}."
    ),
    (StepKind.STANDING, Ground.CLARIFICATION): message(
        "The clock has stood still since {since}, while clarification is awaited; this is counted up to {day}."
    ),
    (StepKind.STANDING, Ground.FEE): message(
        "The clock has stood still since {since}, while a fee is awaited; this is counted up to {day}."
    ),
}


def due_sentence(step: Step, texts: Texts) -> str:
    """The sentence about a step, with its dates as they are written in the language."""
    day = full_date(step.day, texts.language)
    since = "" if step.since is None else full_date(step.since, texts.language)
    match step:
        case Step(kind=StepKind.MONTHS):
            return texts.plural(
                "One month after {since} is {day}.",
                "{n} months after {since} is {day}.",
                step.count,
                since=since,
                day=day,
            )
        case Step(kind=StepKind.LAST_DAY):
            return texts.plural(
                "One month after {since} is {day}, the last day of that month.",
                "{n} months after {since} is {day}, the last day of that month.",
                step.count,
                since=since,
                day=day,
            )
        case Step(kind=StepKind.ADDED):
            return texts.plural(
                "For this, one day is added, which leads to {day}.",
                "For this, {n} days are added, which leads to {day}.",
                step.count,
                day=day,
            )
        case Step(ground=Ground() as ground):
            return texts.phrase(_WAITS[step.kind, ground], since=since, day=day)
        case _:
            return texts.phrase(_SENTENCES[step.kind], day=day)
