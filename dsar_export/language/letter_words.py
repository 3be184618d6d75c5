"""Sentences that letters need besides their templates, because they depend on the law or on the request."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import reduce
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import ENGLISH, Texts, message
from dsar_export.language.due_dates import due_sentence
from dsar_export.language.formats import country, full_date
from dsar_export.model.clock import DueDate, Effect, StepKind
from dsar_export.model.complaint import ComplaintOutcome
from dsar_export.model.controller import Controller
from dsar_export.model.letter import Letter
from dsar_export.model.message import is_british
from dsar_export.model.request import Right

_RIGHTS: Final[Mapping[Right, str]] = MappingProxyType(
    {
        Right.ACCESS: message("Access to your data (Art. 15 {gdpr})"),
        Right.PORTABILITY: message("Your data to take with you (Art. 20 {gdpr})"),
    }
)
_RIGHTS_BY_AGENT: Final[Mapping[Right, str]] = MappingProxyType(
    {
        Right.ACCESS: message("Access to the data of the person whom you represent (Art. 15 {gdpr})"),
        Right.PORTABILITY: message(
            "The data of the person whom you represent, to take along (Art. 20 {gdpr})"
        ),
    }
)
_OUTCOMES: Final[Mapping[ComplaintOutcome, str]] = MappingProxyType(
    {
        ComplaintOutcome.UPHELD: message("You were right: we uphold your complaint."),
        ComplaintOutcome.PARTLY_UPHELD: message(
            "In part you were right: we uphold your complaint in part, and see the rest of it differently."
        ),
        ComplaintOutcome.NOT_UPHELD: message("We see it differently, and do not uphold your complaint."),
    }
)
_WAITS: Final[Mapping[Effect, str]] = MappingProxyType(
    {
        Effect.STOPS_CLOCK: message(
            "The time limit for our answer has stood still since {since}, and goes on when we have yours."
        ),
        Effect.DELAYS_START: message("The time limit for our answer starts when we have yours."),
        Effect.NOTHING: message(
            "The time limit for our answer goes on meanwhile, so it helps if you write soon."
        ),
    }
)
_NOT_EXPLAINED: Final = frozenset({
    StepKind.RECEIVED, StepKind.DUE, StepKind.AT_THE_EARLIEST, StepKind.SAFE, StepKind.EXTEND_BY
})  # fmt: skip
"""Steps that are only for staff, and those whose day a letter names itself."""
_BRITISH: Final = "en-GB"  # for Babel, plain "en" is American and puts the month before the day


def language_of_dates(language: str) -> str:
    """The tag by which a letter's dates are written."""
    return _BRITISH if language == ENGLISH else language


def complaint_words(controller: Controller, words: Texts, *, by_agent: bool = False) -> dict[str, str]:
    """How to complain, by the law of the controller's country; an agent can do so for the person."""
    if by_agent and not is_british(controller.country):
        return {**complaint_words(controller, words), **_elsewhere_by_agent(words)}
    british = is_british(controller.country)
    return {
        "complaint_to_us": _to_us(controller.contact, words, british=british),
        "authority_when": words.phrase(
            "It asks you to complain to us first (Art. 77 {gdpr}; section 165 Data Protection Act 2018)."
            if british
            else "You can also choose the authority in the country where you live or work, or where you think the law "
            "was broken (Art. 77 {gdpr})."
        ),
        "court": words.phrase(
            "And you can go to a court at any time (Art. 79 {gdpr}; section 167 Data Protection Act 2018)."
            if british
            else "And you can go to a court at any time, where we are established or where you live (Art. 79 {gdpr})."
        ),
    }


def identity_words(words: Texts, *, proven: bool, asked: date | None) -> str:
    """Whether proof of identity is still needed."""
    if proven:
        return words.phrase("We need no further proof of identity.")
    if asked is not None:
        return words.phrase(
            "On {since} we asked for proof of identity. As soon as we have it, we go on.",
            since=full_date(asked, words.language),
        )
    return words.phrase(
        "First we make sure that the request really comes from you. If we need anything for that, we ask you; please "
        "send us no copy of an identity document before we do."
    )


def agent_words(words: Texts, *, proven: bool, asked: date | None) -> str:
    """Whether proof of identity or of an agent's authority is still needed."""
    if proven:
        return words.phrase("We need no further proof of identity or of your authority.")
    if asked is not None:
        return identity_words(words, proven=False, asked=asked)
    return words.phrase(
        "First we make sure who the person is, and that you may ask for their data. If we need anything for that, we "
        "ask you; please send us no copy of an identity document before we do."
    )


def on_behalf_words(words: Texts, *, whole: bool) -> str:
    """That somebody is written to as an agent; `whole` unless the mandate covers a part of the data only."""
    if whole:
        return words.phrase(
            "This is about your request on behalf of the person whom you represent; we write to you as their agent."
        )
    return words.phrase(
        "This is about your request on behalf of the person whom you represent; we write to you as their agent. It "
        "concerns only the data that your mandate covers."
    )


def unsearched_words(what: str, ground: str, effort: str, words: Texts) -> str:
    """Data that is not searched, why, and what was done instead."""
    return words.phrase(
        "{what}: {ground} What we did anyway, or what a search would take: {effort}",
        what=what,
        ground=_ended(ground),
        effort=_ended(effort),
    )


def held_for_words(what: str, client: str, contact: str, words: Texts) -> str:
    """Data that is held for a client, who answers for it."""
    return words.phrase(
        "{what}: we hold this for {client}, as a processor, and disclose nothing of it. Please ask there: {contact}",
        what=what,
        client=client,
        contact=_ended(contact),
    )


def outcome_words(outcome: ComplaintOutcome, words: Texts) -> str:
    """Whether the person was right to complain."""
    return words.phrase(_OUTCOMES[outcome])


def follows_words(outcome: ComplaintOutcome, words: Texts) -> str:
    """What follows for a request that was answered or has ended."""
    if outcome is ComplaintOutcome.NOT_UPHELD:
        return words.phrase("What we decided on your request stays as it is.")
    return words.phrase(
        "We put right what went wrong. If that changes our answer to your request, you get the new one without having "
        "to ask for it."
    )


def wait_words(effect: Effect, since: date, words: Texts) -> str:
    """What the time limit has done since the person was asked, while their answer is awaited."""
    return words.phrase(_WAITS[effect], since=full_date(since, words.language))


def due_words(due: DueDate, words: Texts) -> str:
    """The day on which the answer is due."""
    day = full_date(due.day, words.language)
    if due.at_the_earliest:
        return words.phrase("{day}, or later by the days that we still wait for you", day=day)
    return day


def due_reason(due: DueDate, words: Texts) -> str:
    """The steps to that day, a sentence each."""
    return " ".join(due_sentence(step, words) for step in due.steps if step.kind not in _NOT_EXPLAINED)


def gap_words(contact: str, words: Texts, *, accepted: bool) -> str:
    """What happens about data that could not be read."""
    if accepted:
        return words.phrase(
            "Our answer comes without it for now, and its report says what is missing. You can ask us for it again: "
            "{contact}.",
            contact=contact,
        )
    return words.phrase(
        "We are trying to read it again. If that fails, the report with our answer says what is missing."
    )


def rights_words(rights: Iterable[Right], words: Texts, *, by_agent: bool = False) -> str:
    """What was asked for, on one line."""
    called = _RIGHTS_BY_AGENT if by_agent else _RIGHTS
    names = (words.phrase(called[right]) for right in rights)
    return reduce(lambda first, rest: words.phrase("{first}; {rest}", first=first, rest=rest), names)


def right_words(right: Right, words: Texts) -> str:
    """One right that was asked for."""
    return words.phrase(_RIGHTS[right])


def sender_lines(controller: Controller, language: str) -> tuple[str, ...]:
    """Who writes: the controller with its address, its country if the address lacks it, and its contact."""
    names = [country(controller.country, each) for each in (language, controller.language)]
    missing = () if any(name in controller.address for name in names) else (names[0],)
    lines = (controller.name, *controller.address.splitlines(), *missing, controller.contact)
    return tuple(line.strip() for line in lines if line.strip())


def reference_line(letter: Letter, words: Texts) -> str:
    """The reference, as letters name it."""
    return words.phrase("Our reference: {reference}", reference=letter.reference)


def _elsewhere_by_agent(words: Texts) -> dict[str, str]:
    return {
        "authority_when": words.phrase(
            "You can also choose the authority in the country where the person whom you represent lives or works, or "
            "where you think the law was broken (Art. 77 {gdpr})."
        ),
        "court": words.phrase(
            "And a court is open at any time, where we are established or where that person lives (Art. 79 {gdpr})."
        ),
    }


def _ended(text: str) -> str:
    """The text as a sentence."""
    return text if text.rstrip().endswith((".", "!", "?", "\u2026")) else f"{text.rstrip()}."


def _to_us(contact: str, words: Texts, *, british: bool) -> str:
    if british:
        return words.phrase(
            "If you are not satisfied, please complain to us first, so that we can put it right: {contact}. You can do "
            "so electronically. We confirm receipt within 30 days, look into it and tell you the outcome (section 164A "
            "Data Protection Act 2018).",
            contact=contact,
        )
    return words.phrase(
        "If you are not satisfied, write to us, so that we can put it right: {contact}. You do not have to: you can go "
        "to the authority at any time.",
        contact=contact,
    )
