"""Texts in a language: gettext catalogues, asked by the English text."""

import gettext
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import Final

from dsar_export.language import formats

_FOLDER: Final = "catalogues"
_DOMAINS: Final = ("report", "schemas")
ENGLISH: Final = "en"
_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def message(text: str) -> str:
    """Marks an English text that is told in other languages elsewhere, so that it gets into the catalogues."""
    return text


@dataclass(frozen=True)
class Texts:
    """The texts of one language; what a catalogue does not have is told in English."""

    language: str
    _catalogue: gettext.NullTranslations

    def phrase(self, text: str, /, **named: str) -> str:
        """A text with `{name}` replaced by what is named; without any, braces stay as they are."""
        told = self._catalogue.gettext(text) if text else text
        return told.format(**named) if named else told

    def plural(self, one: str, many: str, n: int, /, **named: str) -> str:
        """The form that the language has for a number, which `{n}` stands for."""
        told = self._catalogue.ngettext(one, many, n)
        return told.format(n=formats.number(n, self.language), **named)


@cache
def languages() -> tuple[str, ...]:
    """The languages that a report can be told in: English, and those that have a catalogue."""
    folders = (entry.name for entry in (files(__package__) / _FOLDER).iterdir() if entry.is_dir())
    return tuple(sorted({ENGLISH, *folders}))


def has_catalogue(language: str) -> bool:
    """Whether a report can be told in the language of a BCP 47 tag, whatever its region."""
    return _TAG.fullmatch(language) is not None and spoken(language) in languages()


def spoken(language: str) -> str:
    """The language of a BCP 47 tag without its region, such as `de` of `de-AT`."""
    return language.partition("-")[0].lower()


@lru_cache(maxsize=8)
def texts(language: str) -> Texts:
    """The texts of a BCP 47 tag, or of its language without a region."""
    catalogue = gettext.NullTranslations()
    with as_file(files(__package__) / _FOLDER) as folder:
        for domain in _DOMAINS:
            names = [language.replace("-", "_"), spoken(language)]
            catalogue.add_fallback(gettext.translation(domain, folder, names, fallback=True))
    return Texts(language, catalogue)
