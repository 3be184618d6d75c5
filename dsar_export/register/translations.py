"""The translations of a register's words: `translations/de.po` and others in the register's folder."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.catalog import Message

from dsar_export.errors import RegisterError, WrongUseError, why_unreadable
from dsar_export.language.catalogue import has_catalogue, languages, primary_language
from dsar_export.language.po_file import MalformedError, StableCatalog, parsed, written
from dsar_export.language.register_words import words_for, words_of
from dsar_export.model.register import Register
from dsar_export.model.words import Translations

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_HEADER: Final = "# The register's own words in another language; dsar-export translations adds new ones."
_OPTIONAL: Final = "Not shown by anybody who answers in this language."


@dataclass(frozen=True)
class Update:
    """A file of translations after an update, with the number of its texts.

    `missing` have no translation, nor have `optional` ones, which nobody shows who answers in the language. `unused`
    ones were translated but are no longer in the register; they are kept at the end of the file.
    """

    file: Path
    texts: int
    missing: int
    optional: int
    unused: int


def translations_file(folder: Path, language: str) -> Path:
    """The file with the translations into a language, whatever its region."""
    return folder / "translations" / f"{primary_language(language)}.po"


def read_translations(folder: Path) -> Mapping[str, Translations]:
    """The translations beside the register, by language; RegisterError if a file is not well-formed."""
    found = {}
    for path in sorted((folder / "translations").glob("*.po")):
        if not _LANGUAGE.fullmatch(path.stem):
            raise RegisterError(
                f"{path}: expected the name of a language without a region, such as de.po or fr.po; rename it"
            )
        entries = [message for message in _catalogue(path) if message.id]
        found[path.stem] = Translations(
            {str(m.id): str(m.string) for m in entries if _is_translated(m)},
            {str(m.id): m.lineno or 1 for m in entries},
        )
    return found


def update_translations(register: Register, language: str) -> Update:
    """Writes the file for a language anew: with what is translated, and with every new text to translate.

    Nothing is guessed: a changed text is a new one. Raises WrongUseError for a language in which no report is written.
    """
    if not has_catalogue(language):
        raise WrongUseError(
            f"reports are not available in {language!r}; choose one of {', '.join(languages())}"
        )
    own = register.organisation.language
    if primary_language(language) == primary_language(own):
        raise WrongUseError(f"the register is itself in {own!r} (language in register.toml); choose another")
    path = translations_file(register.folder, language)
    made = _updated(_catalogue(path), register, language)
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(written(made))
    except OSError as error:
        raise RegisterError(f"{path}: can't be written ({why_unreadable(error)})") from None
    empty = {message.id for message in made if not _is_translated(message)}
    needed = words_for(register, language)
    missing, all_texts = len(needed.keys() & empty), words_of(register)
    return Update(path, len(all_texts), missing, len(all_texts.keys() & empty) - missing, len(made.obsolete))


def _catalogue(path: Path) -> StableCatalog:
    try:
        return parsed(path.read_text(encoding="utf-8-sig"), path.stem)
    except FileNotFoundError:
        return _empty(path.stem)
    except UnicodeDecodeError:
        raise RegisterError(f"{path}: not UTF-8; save it in UTF-8") from None
    except OSError as error:
        raise RegisterError(f"{path}: can't be read ({why_unreadable(error)})") from None
    except MalformedError as error:
        raise RegisterError(f"{path}:{error.line}: {error}") from None


def _updated(kept: StableCatalog, register: Register, language: str) -> StableCatalog:
    """The catalogue with the register's texts, first those that reports in the language show."""
    made, gone = _empty(language, kept.header_comment or _HEADER), _empty(language)
    needed, known = words_for(register, language), words_of(register)
    before = {str(m.id): m for m in (*kept.obsolete.values(), *kept) if m.id}
    for text, places in {**needed, **known}.items():
        comments = [*places, *([] if text in needed else [_OPTIONAL])]
        entry = made.add(text, "", auto_comments=comments)
        if text in before:
            _take_over(before[text], entry)
        entry.flags.discard("python-format")  # Babel takes "5 % of" for a format
    for text, entry in before.items():
        if text not in known and entry.string:
            made.obsolete[text] = gone.add(text)
            _take_over(entry, made.obsolete[text])
    return made


def _take_over(kept: Message, entry: Message) -> None:
    """Gives an entry what a translator wrote."""
    entry.string, entry.flags, entry.user_comments = kept.string, kept.flags, kept.user_comments


def _empty(language: str, header: str = _HEADER) -> StableCatalog:
    return StableCatalog(primary_language(language), header_comment=header, fuzzy=False)


def _is_translated(message: Message) -> bool:
    # A translator's doubt ("fuzzy") is no translation: other programs mark what they guessed in this way.
    return bool(message.string) and not message.fuzzy
