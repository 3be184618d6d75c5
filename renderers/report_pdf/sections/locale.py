"""The reader's language, and how dates and numbers are written in it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

from dsar_export.language import formats
from dsar_export.language.catalogue import ENGLISH, Texts, texts
from dsar_export.model.message import Message
from dsar_export.model.package import PackageContents
from dsar_export.model.schema import SchemaField

NOTHING: Final = "\u2013"
_MOST_NAMED: Final = 8
_BRITISH: Final = "en-GB"  # plain English, for Babel, is American: it writes the month before the day


@dataclass(frozen=True)
class Locale:
    """The language of the report with its texts, and the place whose time it tells."""

    language: str
    zone: str
    texts: Texts

    def phrase(self, text: str, /, **named: str) -> str:
        return self.texts.phrase(text, **named)

    def plural(self, one: str, many: str, n: int, /, **named: str) -> str:
        return self.texts.plural(one, many, n, **named)

    def phrase_of(self, message: Message) -> str:
        """A text that a stage made."""
        return self.phrase(message.text, **dict(message.named))

    def title(self, field: SchemaField) -> str:
        """A field's title; what stands beside another for its stored text or code has that one's in it."""
        if field.stands_beside is not None:
            return self.phrase("{title}, as stored", title=self.phrase(field.stands_beside))
        if field.code_of is not None:
            return self.phrase("{title}, as a code", title=self.phrase(field.code_of))
        return self.phrase(field.title)

    def instant(self, when: dt.datetime) -> str:
        return formats.instant(when.isoformat(), self.language, self.zone)

    def day(self, text: str | None) -> str:
        return NOTHING if text is None else formats.day(text, self.language, self.zone)

    def date(self, day: dt.date) -> str:
        return formats.date(day.isoformat(), self.language)

    def month(self, text: str) -> str:
        return formats.month(text, self.language)

    def count(self, n: int) -> str:
        return formats.number(n, self.language)

    def country(self, code: str) -> str:
        return formats.country(code, self.language)

    def labelled(self, label: str, text: str) -> str:
        """A label before what it stands for, both told already."""
        return self.phrase("{label}: {text}", label=label, text=text)

    def listed(self, parts: Iterable[str]) -> str:
        """Parts in one line; a part may hold commas itself."""
        told = list(parts)
        return reduce(self._before, told) if told else ""

    def _before(self, first: str, rest: str) -> str:
        return self.phrase("{first}; {rest}", first=first, rest=rest)

    def named(self, names: Sequence[str], most: int = _MOST_NAMED) -> str:
        """The first of the names, and how many more there are; a name may hold commas itself."""
        told, more = self.listed(names[:most]), len(names) - most
        if more <= 0:
            return told
        return self.plural("{names}; and {n} more", "{names}; and {n} more", more, names=told)


def locale_of(contents: PackageContents) -> Locale:
    """The language that the report is wanted in, at the controller's place."""
    wanted = contents.report.language
    language = _BRITISH if wanted == ENGLISH else wanted
    return Locale(language, contents.controller.time_zone, texts(wanted))


def sentence(text: str) -> str:
    """The text with a capital letter before and a full stop behind."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
