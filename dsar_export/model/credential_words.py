"""The words of `credential_words.toml`, folded in the same way as names."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

LONGEST: Final = 200
"""How many characters of a name are examined, from its end: members of a person's JSON have names of any length."""

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NON_LETTERS: Final = re.compile(r"[\W\d_]+")
_TWO_FACTORS: Final = re.compile(r"[0-9]fa", re.IGNORECASE)  # 2fa: in no other word does a digit matter
# Letters that Unicode does not decompose into a letter and an accent.
_LETTERS: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe"}
)


@dataclass(frozen=True)
class Beside:
    """Nouns that name a credential beside a qualifier, which stands before them, or after `leading` ones."""

    nouns: tuple[str, ...]
    leading: frozenset[str]
    qualifiers: frozenset[str]


@dataclass(frozen=True)
class Pairs:
    """The last words of columns that hold values, and of columns that hold the name of each value."""

    values: frozenset[str]
    keys: frozenset[str]
    names: frozenset[str]
    which: frozenset[str]


@dataclass(frozen=True)
class CredentialWords:
    """The contents of the file; phrases are run together."""

    parts: re.Pattern[str]
    """Stems anywhere in a name, and endings of its words, which `_` separates."""
    nouns: re.Pattern[str]
    """Endings of words that need a qualifier beside them."""
    words: frozenset[str]
    last_endings: tuple[str, ...]
    last_words: frozenset[str]
    phrases: frozenset[str]
    names: frozenset[str]
    beside: tuple[Beside, ...]
    innocent: frozenset[str]
    about: frozenset[str]
    fillers: frozenset[str]
    pairs: Pairs


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, folded for comparison: `userPasswört2` has two, `user` and `passwort`."""
    return _words_of(name[-LONGEST:])


@lru_cache(maxsize=4096)
def _words_of(name: str) -> tuple[str, ...]:
    separated = _CAMEL.sub(
        "_", _TWO_FACTORS.sub("twofa", name if name.isascii() else unicodedata.normalize("NFKC", name))
    )
    bare = separated.casefold()
    if not bare.isascii():
        letters = unicodedata.normalize("NFD", bare)
        bare = "".join(letter for letter in letters if not unicodedata.combining(letter)).translate(_LETTERS)
    return tuple(_NON_LETTERS.sub("_", bare).strip("_").split("_"))


@cache
def credential_words() -> CredentialWords:
    """The words of the file, which is read once."""
    content = tomllib.loads((files(__package__) / "credential_words.toml").read_text(encoding="utf-8"))
    texts = {key: _folded(value) for key, value in content.items() if key not in {"beside", "pairs"}}
    beside = tuple(map(_beside, content["beside"]))
    return CredentialWords(
        parts=re.compile(f"{_any(texts['stems'])}|{_any(texts['endings'])}(?:_|$)"),
        nouns=re.compile(f"{_any(noun for group in beside for noun in group.nouns)}(?:_|$)"),
        words=frozenset(texts["words"]),
        last_endings=texts["last_endings"],
        last_words=frozenset(texts["last_words"]),
        phrases=frozenset(texts["phrases"]),
        names=frozenset(texts["names"]),
        beside=beside,
        innocent=frozenset(texts["innocent"]),
        about=frozenset(texts["about"]),
        fillers=frozenset(texts["fillers"]),
        pairs=Pairs(**{key: frozenset(_folded(value)) for key, value in content["pairs"].items()}),
    )


def _beside(group: Mapping[str, list[str]]) -> Beside:
    leading = _folded(group["leading"])
    nouns = dict.fromkeys([*_folded(group["nouns"]), *leading])
    return Beside(tuple(nouns), frozenset(leading), frozenset(_folded(group["qualifiers"])))


def _any(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(words)})"


def _folded(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys("".join(words_of(word)) for word in words))
