"""Writes the words of passphrases where the opener's page finds them, shortened by what each shares with the last.

.venv/bin/python -m tools.opener_words
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from dsar_export.delivery.passphrases import word_list

PAGE: Final = Path(__file__).parents[1] / "renderers" / "opener" / "source" / "passphrase" / "words.js"
LANGUAGES: Final = ("en", "de", "fr")
_HEAD: Final = """\
/**
 * The words that passphrases are made of, in alphabetical order. A capital letter says how many letters a word shares
 * with the one before it (A is none), and the letters that follow are the rest of it.
 *
 * Made by tools/opener_words.py from the lists that make passphrases; a test compares.
 */
"""


def words_module() -> str:
    """The JavaScript module with the lists of all languages."""
    lists = "".join(f'  {language}: "{shortened(word_list(language))}",\n' for language in LANGUAGES)
    return f"{_HEAD}export const WORDS = {{\n{lists}}};\n"


def shortened(words: Iterable[str]) -> str:
    """The words in one text, each without the letters that it shares with the one before."""
    parts: list[str] = []
    before = ""
    for word in words:
        shared = len(os.path.commonprefix((before, word)))
        parts.append(f"{chr(ord('A') + shared)}{word[shared:]}")
        before = word
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(words_module(), encoding="ascii")
