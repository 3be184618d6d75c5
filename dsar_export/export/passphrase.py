"""The passphrase that opens a package."""

import re
import secrets
from functools import cache
from typing import Final

from xkcdpass import xkcd_password

from dsar_export.language.catalogue import spoken

# WinZip AES fixes PBKDF2-SHA1 at 1000 rounds, so the strength must come from here: 8 of 7774 words or more, 103 bits.
WORDS: Final = 8
_TYPED_ANYWHERE: Final = re.compile(r"[a-z]{4,9}")
_COARSE_GERMAN: Final = frozenset({"arsch", "kotzen"})
# Its lists were not made for passphrases: what nobody should be sent, by how it begins.
_COARSE_FRENCH: Final = re.compile(
    r"anus|assassin|baiser|cadavre|chier|crever|emmerd|encul|esclav|fascis|fess|foutr|garce|genocid|idiot|jui[fv]"
    r"|massacr|meurtr|nazi|nichon|pendu|piss|raci[as]|salaud|sein|sexuel|suicid|tortur|tuent|tuer|tueu|viol|vomi"
)


def new_passphrase(language: str) -> str:
    """Eight words of the language, ASCII (7-Zip refuses other characters), joined by hyphens."""
    words = word_list(spoken(language))
    return "-".join(secrets.choice(words) for _ in range(WORDS))


@cache
def word_list(language: str) -> tuple[str, ...]:
    """The words that passphrases of a language are made of; those of English where it has no list."""
    if language == "de":
        # Made for passphrases and without umlauts; it has long words, for a shorter list would be a weaker one.
        return tuple(sorted(set(_listed("ger-long")) - _COARSE_GERMAN))
    if language == "fr":
        # One list has the common words, the other was rid of coarse ones; each alone has many that nobody knows.
        common = set(_listed("fr-freelang")) & set(_listed("fr-corrected.txt"))
        return tuple(
            sorted(w for w in common if _TYPED_ANYWHERE.fullmatch(w) and not _COARSE_FRENCH.match(w))
        )
    # Four of the EFF's 7776 words have a hyphen of their own, and would look like two; one is then another's double.
    return tuple(sorted({word.replace("-", "") for word in _listed("eff-long")}))


def _listed(name: str) -> list[str]:
    file = xkcd_password.locate_wordfile(name)
    words: list[str] = xkcd_password.generate_wordlist(file, min_length=1, max_length=99)
    return words
