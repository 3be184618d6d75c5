"""What a letter is about: a request with its file, in one transaction and one language."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from dsar_export.errors import WrongUseError
from dsar_export.language.catalogue import Texts, texts
from dsar_export.language.formats import full_date
from dsar_export.language.letter_words import language_of_dates
from dsar_export.model.clock import DueDate, Effect, Pause
from dsar_export.model.controller import Controller
from dsar_export.model.intake import Mandate
from dsar_export.model.register import Register
from dsar_export.requests.packages import first_answers
from dsar_export.requests.pauses import pauses_of
from dsar_export.requests.requests import StoredRequest
from dsar_export.use_cases.clocks import rules_for
from dsar_export.use_cases.desk import Act
from dsar_export.use_cases.due import due_dates
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
    def mandate(self) -> Mandate | None:
        """That of the agent to whom the letter goes, if the person did not ask themself."""
        return self.request.subject.mandate

    @property
    def controller(self) -> Controller:
        return known_controller(self.register, self.request.listed.controller)

    @cached_property
    def words(self) -> Texts:
        """The texts of the language; those of English with dates as the British write them."""
        return replace(
            texts(self.language).under(self.controller.country), language=language_of_dates(self.language)
        )

    @cached_property
    def due(self) -> DueDate:
        return due_dates(self.act, self.register, [self.request.listed])[self.reference]

    @property
    def is_answered(self) -> bool:
        """Also while the answer is made anew."""
        return self.reference in first_answers(self.act.connection, [self.reference])

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


def needed(matter: Matter, text: str | None, what: str) -> str:
    """The text; WrongUseError if it says nothing."""
    if text is None or not text.strip():
        raise WrongUseError(
            f"{matter.reference}: this letter needs {what}; write it as the text of the letter"
        )
    return text


def items(shown: Iterable[str]) -> str:
    """Texts as a list, each on its own line."""
    return "\n".join(_ITEM.format(text=text) for text in shown)
