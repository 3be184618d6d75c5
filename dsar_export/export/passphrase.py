"""The passphrase that opens a package."""

import secrets
from functools import cache
from typing import Final

from xkcdpass import xkcd_password

# WinZip AES fixes PBKDF2-SHA1 at 1000 rounds, so the strength must come from here: 8 of 7776 words, 103 bits.
WORDS: Final = 8


def new_passphrase() -> str:
    """Eight words of the EFF's long list, ASCII (7-Zip refuses other characters), joined by hyphens."""
    return "-".join(secrets.choice(_words()) for _ in range(WORDS))


@cache
def _words() -> tuple[str, ...]:
    file = xkcd_password.locate_wordfile("eff-long")
    words = xkcd_password.generate_wordlist(file, min_length=1, max_length=99)
    # Four of the 7776 words have a hyphen of their own, and would look like two.
    return tuple(word.replace("-", "") for word in words)
