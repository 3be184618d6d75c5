"""What stands in a letter in place of each name in braces: read from the request's file, in the letter's language."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from dsar_export.errors import WrongUseError
from dsar_export.language.letter_words import (
    agent_words,
    complaint_words,
    due_reason,
    due_words,
    gap_words,
    identity_words,
    on_behalf_words,
    right_words,
    rights_words,
    wait_words,
)
from dsar_export.language.register_words import dataset_titles
from dsar_export.model.clock import Effect, Ground
from dsar_export.model.letter import LetterKind
from dsar_export.requests.complaints import complaints_of
from dsar_export.requests.decisions import decisions_of
from dsar_export.requests.packages import packages_of
from dsar_export.use_cases.desk import draft_of
from dsar_export.use_cases.letter_ends import nothing_held_values, outcome_values, refusal_values
from dsar_export.use_cases.letter_matter import Given, Matter, Values, items, needed
from dsar_export.use_cases.review import blockers


def values_of(matter: Matter, kind: LetterKind, given: Given) -> Values:
    """The value of every name that templates of this kind know; WrongUseError if the file lacks something."""
    controller, listed = matter.controller, matter.request.listed
    return {
        "reference": listed.reference,
        "received": matter.written(matter.day_of(listed.received_at)),
        "rights": rights_words(listed.rights, matter.words, by_agent=matter.mandate is not None),
        "on_behalf": on_behalf(matter),
        "controller": controller.name,
        "contact": controller.contact,
        "authority": controller.authority.name,
        "authority_url": controller.authority.url,
        "gdpr": matter.words.law,
        **complaint_words(controller, matter.words, by_agent=matter.mandate is not None),
        **_OWN[kind](matter, given),
    }


def on_behalf(matter: Matter) -> str:
    """To whom the letter goes, if that is an agent; nothing of it names the person."""
    mandate = matter.mandate
    return "" if mandate is None else on_behalf_words(matter.words, whole=not mandate.scope)


def _acknowledgement(matter: Matter, _: Given) -> Values:
    if matter.due.overdue:
        raise WrongUseError(
            f"{matter.reference} was due on {matter.due.day}; an acknowledgement would promise a day that has passed, "
            "so answer instead"
        )
    pause = matter.pause
    asked = matter.day_of(pause.since) if pause is not None and pause.ground is Ground.IDENTITY else None
    proven = matter.request.listed.verified_at is not None
    return {**_due(matter), "identity": _identity(matter, asked, proven=proven)}


def _identity(matter: Matter, asked: date | None, *, proven: bool) -> str:
    if matter.mandate is not None:
        return agent_words(matter.words, proven=proven, asked=asked)
    return identity_words(matter.words, proven=proven, asked=asked)


def _question(matter: Matter, given: Given) -> Values:
    question = needed(matter, given.text, "a question to the person")
    pause = matter.pause
    effect, since = (
        (Effect.NOTHING, matter.act.at) if pause is None else (matter.effect_of(pause), pause.since)
    )
    return {"question": question, "time_limit": wait_words(effect, matter.day_of(since), matter.words)}


def _extension(matter: Matter, given: Given) -> Values:
    if matter.request.listed.extended_at is None:
        raise WrongUseError(f"{matter.reference} is not extended; extend it, with a reason")
    if matter.due.overdue:
        raise WrongUseError(
            f"{matter.reference} was due on {matter.due.day}; the letter would promise a day that has passed, so "
            "answer instead"
        )
    reason = given.text or matter.request.extension_reason
    return {
        **_due(matter),
        "extend_by": matter.written(matter.due.latest_to_extend),
        "reason": needed(matter, reason, "a reason for the extension"),
    }


def _gap(matter: Matter, _: Given) -> Values:
    request = matter.request
    ledger = draft_of(matter.act.desk, request).ledger
    decisions = decisions_of(matter.act.connection, matter.reference, matter.act.desk.vault)
    found = [b for b in blockers(matter.register, ledger, request, decisions) if not b.undecided]
    if not found:
        raise WrongUseError(
            f"{matter.reference}: every source could be read, so there is no gap to write about"
        )
    unread = [name for blocker in found for name in blocker.datasets]
    titles = map(matter.words.phrase, dataset_titles(matter.register, unread, matter.language))
    accepted = all(blocker.accepted for blocker in found)
    return {
        "gaps": items(dict.fromkeys(titles)),
        "next": gap_words(matter.controller.contact, matter.words, accepted=accepted),
        "due": "" if matter.due.overdue else due_words(matter.due, matter.words),
    }


def _delivery(matter: Matter, _: Given) -> Values:
    packages = packages_of(matter.act.connection, [matter.reference]).get(matter.reference, ())
    files = [
        matter.words.phrase("{label}: {text}", label=right_words(each.right, matter.words), text=each.file)
        for each in packages
        if each.file is not None
    ]
    if not files:
        raise WrongUseError(f"{matter.reference}: its packages are erased, so there is nothing to deliver")
    return {"packages": items(files)}


def _complaint(matter: Matter, given: Given) -> Values:
    received = matter.day_of(matter.request.listed.received_at)
    day = given.complained or _day_of_complaint(matter)
    if not received <= day <= matter.day_of(matter.act.at):
        raise WrongUseError(
            f"a complaint can't have arrived before {received} or in the future; correct the day"
        )
    return {"complained": matter.written(day)}


def _day_of_complaint(matter: Matter) -> date:
    """When the only complaint without an answer arrived, or else the newest."""
    recorded = complaints_of(matter.act.connection, matter.reference, matter.act.desk.vault)
    if not recorded:
        raise WrongUseError(
            "no complaint is recorded whose day the letter could name; record it, or name the day"
        )
    waiting = [complaint for complaint in recorded if complaint.listed.is_open]
    days = sorted({matter.day_of(each.listed.received_at) for each in waiting or recorded[-1:]})
    if len(days) > 1:
        named = ", ".join(map(str, days))
        raise WrongUseError(
            f"{matter.reference}: several complaints have no answer ({named}); name the day of one"
        )
    return days[0]


_OWN: Final[Mapping[LetterKind, Callable[[Matter, Given], Values]]] = MappingProxyType(
    {
        LetterKind.ACKNOWLEDGEMENT: _acknowledgement,
        LetterKind.QUESTION: _question,
        LetterKind.EXTENSION: _extension,
        LetterKind.REFUSAL: refusal_values,
        LetterKind.GAP: _gap,
        LetterKind.DELIVERY: _delivery,
        LetterKind.COMPLAINT: _complaint,
        LetterKind.NOTHING_HELD: nothing_held_values,
        LetterKind.OUTCOME: outcome_values,
    }
)


def _due(matter: Matter) -> Values:
    return {"due": due_words(matter.due, matter.words), "due_reason": due_reason(matter.due, matter.words)}
