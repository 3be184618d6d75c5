"""Translated texts: gettext catalogues whose keys are the English texts."""

import gettext
import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import Final

from dsar_export.language import formats
from dsar_export.model.message import EUROPEAN, LAW, Message, law_of
from dsar_export.model.words import Translated

_FOLDER: Final = "catalogues"
_DOMAINS: Final = ("report", "schemas")
ENGLISH: Final = "en"
_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def message(text: str) -> str:
    """Mark an English text for the catalogues and return it unchanged; `Texts.phrase` translates it later."""
    return text


@dataclass(frozen=True)
class Texts:
    """The texts of one language, under one law; a text without a translation stays English."""

    language: str
    _catalogue: gettext.NullTranslations
    _law: Message = EUROPEAN

    def phrase(self, text: str, /, **named: str) -> str:
        """Translate a text and fill in its `{name}` placeholders; without arguments, braces stay as they are."""
        ready = not text or isinstance(text, Translated)
        translated = text if ready else self._lawful(self._catalogue.gettext(text))
        return translated.format(**named) if named else translated

    def plural(self, one: str, many: str, n: int, /, **named: str) -> str:
        """Translate a text in the plural form for `n`, with the number in place of `{n}`."""
        translated = self._lawful(self._catalogue.ngettext(one, many, n))
        return translated.format(n=formats.number(n, self.language), **named)

    @property
    def law(self) -> str:
        """What the law is called."""
        return self._catalogue.gettext(self._law.text)

    def under(self, country: str) -> "Texts":
        """The same texts under the law of a controller's country."""
        return replace(self, _law=law_of(country))

    def _lawful(self, translated: str) -> str:
        return translated.replace(LAW, self.law) if LAW in translated else translated


@cache
def languages() -> tuple[str, ...]:
    """The languages a report can be written in: English and every language with a catalogue."""
    folders = (entry.name for entry in (files(__package__) / _FOLDER).iterdir() if entry.is_dir())
    return tuple(sorted({ENGLISH, *folders}))


def has_catalogue(language: str) -> bool:
    """Whether a report can be written in the language of a BCP 47 tag, whatever its region."""
    return is_tag(language) and primary_language(language) in languages()


def is_tag(language: str) -> bool:
    """Whether a text is the BCP 47 tag of a language, such as `de-AT`."""
    return _TAG.fullmatch(language) is not None


def primary_language(language: str) -> str:
    """The primary language of a BCP 47 tag: `de` for `de-AT`."""
    return language.partition("-")[0].lower()


@lru_cache(maxsize=8)
def texts(language: str) -> Texts:
    """The texts for a BCP 47 tag; a tag without a catalogue of its own uses the catalogue of its language."""
    catalogue = gettext.NullTranslations()
    with as_file(files(__package__) / _FOLDER) as folder:
        for domain in _DOMAINS:
            names = [language.replace("-", "_"), primary_language(language)]
            catalogue.add_fallback(gettext.translation(domain, folder, names, fallback=True))
    return Texts(language, catalogue)
