"""Writes the words of passphrases where the opener's page finds them, in less than half their length.

.venv/bin/python -m tools.opener_words
"""

import string
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Final

from dsar_export.delivery.passphrases import word_list

PAGE: Final = Path(__file__).parents[1] / "renderers" / "opener" / "source" / "passphrase" / "words.js"
LANGUAGES: Final = ("en", "de", "fr")
# Not what ends or escapes a string, and nothing that HTML could take for its own.
_SIGNS: Final = "".join(sign for sign in string.digits + string.punctuation if sign not in "\"\\<>&'`$")
_HEAD: Final = """\
/**
 * The words that passphrases are made of, in alphabetical order. A capital letter says how many letters a word shares
 * with the one before it (A is none), and the letters that follow are the rest of it. Then, pair by pair, the most
 * frequent two characters became one: `pairs` has each of these signs, followed by what it stands for.
 *
 * Made by tools/opener_words.py from the lists that make passphrases; a test compares.
 */
"""


def words_module() -> str:
    """The JavaScript module with the lists of all languages."""
    lists = (paired(shortened(word_list(language))) for language in LANGUAGES)
    lines = (
        f'  {language}: {{\n    pairs: "{pairs}",\n    text: "{text}",\n  }},\n'
        for language, (pairs, text) in zip(LANGUAGES, lists, strict=True)
    )
    return f"{_HEAD}export const WORDS = {{\n{''.join(lines)}}};\n"


def paired(text: str) -> tuple[str, str]:
    """The signs with what each stands for, and the text with a sign for each frequent pair of characters."""
    pairs: list[str] = []
    for sign in _SIGNS:
        counts = Counter(pairwise(text))
        if not counts:
            break
        often = max(counts, key=lambda pair: (counts[pair], pair))
        text = text.replace("".join(often), sign)
        pairs.append("".join((sign, *often)))
    return "".join(pairs), text


def shortened(words: Iterable[str]) -> str:
    """The words in one text, each without the letters that it shares with the one before."""
    parts: list[str] = []
    before = ""
    for word in words:
        shared = _shared(before, word)
        parts.append(f"{chr(ord('A') + shared)}{word[shared:]}")
        before = word
    return "".join(parts)


def _shared(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


if __name__ == "__main__":
    PAGE.write_text(words_module(), encoding="ascii")
