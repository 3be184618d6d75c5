"""What stands in a letter in place of each name in braces: read from the request's file, in the letter's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from dsar_export.errors import WrongUseError
from dsar_export.language.catalogue import Texts, texts
from dsar_export.language.formats import full_date
from dsar_export.language.letter_words import (
    complaint_words,
    due_reason,
    due_words,
    gap_words,
    identity_words,
    language_of_dates,
    right_words,
    rights_words,
    wait_words,
)
from dsar_export.language.register_words import dataset_titles
from dsar_export.model.clock import DueDate, Effect, Ground, Pause
from dsar_export.model.controller import Controller
from dsar_export.model.decision import DecisionKind
from dsar_export.model.letter import LetterKind
from dsar_export.model.register import Register
from dsar_export.requests.complaints import complaints_of
from dsar_export.requests.decisions import decisions_of
from dsar_export.requests.packages import packages_of
from dsar_export.requests.pauses import pauses_of
from dsar_export.requests.requests import StoredRequest
from dsar_export.use_cases.clocks import rules_for
from dsar_export.use_cases.desk import Act, draft_of
from dsar_export.use_cases.due import UNANSWERED, due_dates
from dsar_export.use_cases.review import blockers
from dsar_export.use_cases.services import known_controller

Values = dict[str, str]
_ITEM: Final = "\u2013 {text}"


@dataclass(frozen=True)
class Given:
    """What staff give for a letter: its question or reason, and the day on which a complaint arrived."""

    text: str | None = field(default=None, repr=False)
    complained: date | None = None


@dataclass(frozen=True)
class Matter:
    """A request as a letter is about it, in one transaction and one language."""

    act: Act
    register: Register
    request: StoredRequest
    language: str

    @property
    def reference(self) -> str:
        return self.request.listed.reference

    @property
    def controller(self) -> Controller:
        return known_controller(self.register, self.request.listed.controller)

    @cached_property
    def words(self) -> Texts:
        """The texts of the language; those of English with dates as the British write them."""
        return replace(texts(self.language), language=language_of_dates(self.language))

    @cached_property
    def due(self) -> DueDate:
        return due_dates(self.act, self.register, [self.request.listed])[self.reference]

    @property
    def pause(self) -> Pause | None:
        """The wait for the person that has not ended."""
        pauses = pauses_of(self.act.connection, [self.request.listed])[self.reference]
        return next((pause for pause in pauses if pause.until is None), None)

    def effect_of(self, pause: Pause) -> Effect:
        return rules_for(self.register, self.request.listed.controller).effect_of(pause.ground)

    def day_of(self, moment: datetime) -> date:
        """The day of a moment where the controller is."""
        return moment.astimezone(ZoneInfo(self.controller.time_zone)).date()

    def written(self, day: date) -> str:
        return full_date(day, self.words.language)


def values_of(matter: Matter, kind: LetterKind, given: Given) -> Values:
    """The value of every name that templates of this kind know; WrongUseError if the file lacks something."""
    controller, listed = matter.controller, matter.request.listed
    return {
        "reference": listed.reference,
        "received": matter.written(matter.day_of(listed.received_at)),
        "rights": rights_words(listed.rights, matter.words),
        "controller": controller.name,
        "contact": controller.contact,
        "authority": controller.authority.name,
        "authority_url": controller.authority.url,
        **complaint_words(controller, matter.words),
        **_OWN[kind](matter, given),
    }


def _acknowledgement(matter: Matter, _: Given) -> Values:
    if matter.due.overdue:
        raise WrongUseError(
            f"{matter.reference} was due on {matter.due.day}; an acknowledgement would promise a day that has passed, "
            "so answer instead"
        )
    pause = matter.pause
    asked = matter.day_of(pause.since) if pause is not None and pause.ground is Ground.IDENTITY else None
    proven = matter.request.listed.verified_at is not None
    return {**_due(matter), "identity": identity_words(matter.words, proven=proven, asked=asked)}


def _question(matter: Matter, given: Given) -> Values:
    question = _needed(matter, given.text, "a question to the person")
    pause = matter.pause
    effect, since = (
        (Effect.NOTHING, matter.act.at) if pause is None else (matter.effect_of(pause), pause.since)
    )
    return {"question": question, "time_limit": wait_words(effect, matter.day_of(since), matter.words)}


def _extension(matter: Matter, given: Given) -> Values:
    if matter.request.listed.extended_at is None:
        raise WrongUseError(f"{matter.reference} is not extended; `request extend` does that, with a reason")
    reason = given.text or matter.request.extension_reason
    return {
        **_due(matter),
        "extend_by": matter.written(matter.due.latest_to_extend),
        "reason": _needed(matter, reason, "a reason for the extension"),
    }


def _refusal(matter: Matter, given: Given) -> Values:
    decisions = decisions_of(matter.act.connection, matter.reference, matter.act.desk.vault)
    recorded = [each for each in decisions if each.kind is DecisionKind.REFUSE]
    proven = {each.ground for each in decisions if each.proof is not None}
    if given.text is None and recorded and recorded[-1].ground in proven:
        raise WrongUseError(
            f"{matter.reference} is refused as abusive, and what staff noted of that is for the file; "
            "write the reason for the person, and give it with --text-file"
        )
    reason = given.text or (recorded[-1].reason if recorded else None)
    return {"reason": _needed(matter, reason, "a reason for the refusal")}


def _gap(matter: Matter, _: Given) -> Values:
    request = matter.request
    ledger = draft_of(matter.act.desk, request).ledger
    decisions = decisions_of(matter.act.connection, matter.reference, matter.act.desk.vault)
    found = blockers(matter.register, ledger, request, decisions)
    if not found:
        raise WrongUseError(
            f"{matter.reference}: every source could be read, so there is no gap to write about"
        )
    unread = [name for blocker in found for name in blocker.datasets]
    titles = map(matter.words.phrase, dataset_titles(matter.register, unread, matter.language))
    accepted = all(blocker.accepted for blocker in found)
    return {
        "gaps": _items(dict.fromkeys(titles)),
        "next": gap_words(matter.controller.contact, matter.words, accepted=accepted),
        "due": due_words(matter.due, matter.words) if request.listed.state in UNANSWERED else "",
    }


def _delivery(matter: Matter, _: Given) -> Values:
    packages = packages_of(matter.act.connection, [matter.reference]).get(matter.reference, ())
    items = [
        matter.words.phrase("{label}: {text}", label=right_words(each.right, matter.words), text=each.file)
        for each in packages
        if each.file is not None
    ]
    if not items:
        raise WrongUseError(f"{matter.reference}: its packages are erased, so there is nothing to deliver")
    return {"packages": _items(items)}


def _complaint(matter: Matter, given: Given) -> Values:
    received = matter.day_of(matter.request.listed.received_at)
    day = given.complained or _day_of_complaint(matter)
    if not received <= day <= matter.day_of(matter.act.at):
        raise WrongUseError(
            f"a complaint can't have arrived before {received} or in the future; correct --on"
        )
    return {"complained": matter.written(day)}


def _day_of_complaint(matter: Matter) -> date:
    """When the only complaint without an answer arrived, or else the newest."""
    recorded = complaints_of(matter.act.connection, matter.reference, matter.act.desk.vault)
    if not recorded:
        raise WrongUseError(
            "no complaint is recorded whose day the letter could name; record it with `request complain`, or name "
            "the day with --on"
        )
    waiting = [complaint for complaint in recorded if complaint.listed.is_open]
    days = sorted({matter.day_of(each.listed.received_at) for each in waiting or recorded[-1:]})
    if len(days) > 1:
        named = ", ".join(map(str, days))
        raise WrongUseError(
            f"{matter.reference}: several complaints have no answer ({named}); name the day of one with --on"
        )
    return days[0]


_OWN: Final[Mapping[LetterKind, Callable[[Matter, Given], Values]]] = MappingProxyType(
    {
        LetterKind.ACKNOWLEDGEMENT: _acknowledgement,
        LetterKind.QUESTION: _question,
        LetterKind.EXTENSION: _extension,
        LetterKind.REFUSAL: _refusal,
        LetterKind.GAP: _gap,
        LetterKind.DELIVERY: _delivery,
        LetterKind.COMPLAINT: _complaint,
    }
)


def _due(matter: Matter) -> Values:
    return {"due": due_words(matter.due, matter.words), "due_reason": due_reason(matter.due, matter.words)}


def _needed(matter: Matter, text: str | None, what: str) -> str:
    if text is None or not text.strip():
        raise WrongUseError(f"{matter.reference}: this letter needs {what}; give it with --text-file")
    return text


def _items(texts_shown: Mapping[str, None] | list[str]) -> str:
    return "\n".join(_ITEM.format(text=text) for text in texts_shown)
