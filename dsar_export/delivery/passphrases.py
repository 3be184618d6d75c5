"""The passphrase that opens a package: made, kept in a file, and read back from one."""

import os
import re
import secrets
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from xkcdpass import xkcd_password

from dsar_export.errors import WrongUseError
from dsar_export.language.catalogue import primary_language
from dsar_export.sealing.workspace import writing

# WinZip AES fixes PBKDF2-SHA1 at 1000 rounds, so the strength must come from here: 8 of 7774 words or more, 103 bits.
WORDS: Final = 8
_TYPED_ANYWHERE: Final = re.compile(r"[a-z]{4,9}")


def new_passphrase(language: str) -> str:
    """Eight words of the language, ASCII (7-Zip refuses other characters), joined by hyphens."""
    words = word_list(primary_language(language))
    return "-".join(secrets.choice(words) for _ in range(WORDS))


def refuse_existing(file: Path | None) -> None:
    """Raises WrongUseError before any work is done for nothing."""
    if file is not None and os.path.lexists(file):
        raise WrongUseError(f"{file} exists; a passphrase is written to a new file only")


def write_passphrase(file: Path, passphrase: str) -> None:
    """Writes it to a new file that only its owner may read (0600)."""
    with writing(file):
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(f"{passphrase}\n")


def passphrase_in(text: str, name: str) -> str:
    """The passphrase in the text of a file: its first line; WrongUseError names the file if that is empty."""
    first = text.partition("\n")[0].strip()
    if not first:
        raise WrongUseError(f"{name}: its first line is empty; write the passphrase there")
    return first


@cache
def word_list(language: str) -> tuple[str, ...]:
    """The words that passphrases of a language are made of; those of English where it has no list."""
    if language == "de":
        # Made for passphrases and without umlauts; it has long words, because a shorter list would be a weaker one.
        return tuple(sorted(set(_listed("ger-long")) - set(_coarse("de"))))
    if language == "fr":
        # One list has the common words, the other was rid of coarse ones; each alone has many that nobody knows.
        common = set(_listed("fr-freelang")) & set(_listed("fr-corrected.txt"))
        coarse = _coarse("fr")
        return tuple(sorted(w for w in common if _TYPED_ANYWHERE.fullmatch(w) and not w.startswith(coarse)))
    # Four of the EFF's 7776 words have a hyphen of their own, and would look like two; one is then another's double.
    return tuple(sorted({word.replace("-", "") for word in _listed("eff-long")}))


def _coarse(language: str) -> tuple[str, ...]:
    text = (files("dsar_export.delivery") / "coarse_words.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)[language])


def _listed(name: str) -> list[str]:
    file = xkcd_password.locate_wordfile(name)
    words: list[str] = xkcd_password.generate_wordlist(file, min_length=1, max_length=99)
    return words
