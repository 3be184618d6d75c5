"""How the reader writes dates and numbers."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dsar_export.language import formats
from renderers.report_pdf.cells import NOTHING

_MOST_NAMED: Final = 8


@dataclass(frozen=True)
class Locale:
    """The language of the report, and the place whose time it tells."""

    language: str
    zone: str

    def instant(self, when: dt.datetime) -> str:
        return formats.instant(when.isoformat(), self.language, self.zone)

    def day(self, text: str | None) -> str:
        return NOTHING if text is None else formats.day(text, self.language, self.zone)

    def date(self, day: dt.date) -> str:
        return formats.date(day.isoformat(), self.language)

    def count(self, n: int) -> str:
        return formats.number(n, self.language)

    def country(self, code: str) -> str:
        return formats.country(code, self.language)

    def named(self, names: Sequence[str], most: int = _MOST_NAMED) -> str:
        """The first of the names, and how many more there are; a name may hold commas itself."""
        more = len(names) - most
        return "; ".join(names[:most]) + (f"; and {self.count(more)} more" if more > 0 else "")


def sentence(text: str) -> str:
    """The text with a capital letter before and a full stop behind."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
