"""The report's language: its texts, dates and numbers."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Final

from dsar_export.language import formats
from dsar_export.language.catalogue import ENGLISH, Texts, texts
from dsar_export.model.message import Message
from dsar_export.model.package import PackageContents
from dsar_export.model.schema import SchemaField

NO_VALUE: Final = "\u2013"
_MAX_NAMES: Final = 8
_BRITISH: Final = "en-GB"  # for Babel, plain "en" is American and puts the month before the day


@dataclass(frozen=True)
class Locale:
    """The language of the report with its texts, the time zone of its times, and the register's identifiers."""

    language: str
    zone: str
    texts: Texts
    identifiers: Mapping[str, str] = field(default_factory=dict)

    def phrase(self, text: str, /, **named: str) -> str:
        return self.texts.phrase(text, **named)

    def plural(self, one: str, many: str, n: int, /, **named: str) -> str:
        return self.texts.plural(one, many, n, **named)

    def message_text(self, message: Message) -> str:
        """The translated text of a message."""
        return self.phrase(message.text, **dict(message.named))

    def title(self, field: SchemaField) -> str:
        """A field's title; a field with the stored text or the code of another field is named after that one."""
        if field.stands_beside is not None:
            return self.phrase("{title}, as stored", title=self.phrase(field.stands_beside))
        if field.code_of is not None:
            return self.phrase("{title}, as a code", title=self.phrase(field.code_of))
        return self.phrase(field.title)

    def instant(self, when: dt.datetime) -> str:
        return formats.instant(when.isoformat(), self.language, self.zone)

    def day(self, text: str | None) -> str:
        return NO_VALUE if text is None else formats.day(text, self.language, self.zone)

    def date(self, day: dt.date) -> str:
        return formats.date(day.isoformat(), self.language)

    def month(self, text: str) -> str:
        return formats.month(text, self.language)

    def count(self, n: int) -> str:
        return formats.number(n, self.language)

    def country(self, code: str) -> str:
        return formats.country(code, self.language)

    def labelled(self, label: str, text: str) -> str:
        """A label before its text, both already translated."""
        return self.phrase("{label}: {text}", label=label, text=text)

    def listed(self, parts: Iterable[str]) -> str:
        """The parts on one line, separated by semicolons, because a part may contain commas."""
        items = list(parts)
        return reduce(self._joined, items) if items else ""

    def _joined(self, first: str, rest: str) -> str:
        return self.phrase("{first}; {rest}", first=first, rest=rest)

    def named(self, names: Sequence[str], most: int = _MAX_NAMES) -> str:
        """The first names, separated by semicolons, and the number of the others."""
        first, more = self.listed(names[:most]), len(names) - most
        if more <= 0:
            return first
        return self.plural("{names}; and {n} more", "{names}; and {n} more", more, names=first)


def locale_for(contents: PackageContents) -> Locale:
    """The requested language, with the controller's time zone."""
    tag = contents.report.language
    language = _BRITISH if tag == ENGLISH else tag
    identifiers = contents.register.organisation.identifiers
    return Locale(
        language, contents.controller.time_zone, texts(tag).under(contents.controller.country), identifiers
    )


def sentence(text: str) -> str:
    """The text with a capital first letter and a full stop at the end."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
