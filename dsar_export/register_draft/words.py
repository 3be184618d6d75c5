"""The words of `words.toml`, and how names are compared with them."""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LETTERS: Final = str.maketrans(
    {"ß": "ss", "ä": "ae", "ö": "oe", "ü": "ue", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe"}
)
_OTHER: Final = re.compile(r"[^a-z0-9]+")


def words_in(name: str) -> tuple[str, ...]:
    """The words of a name in small ASCII letters: `OrderItems` has `order` and `items`."""
    text = _CAMEL.sub("_", unicodedata.normalize("NFC", name)).casefold().translate(_LETTERS)
    plain = unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()
    return tuple(word for word in _OTHER.split(plain) if word)


def telling_words(name: str) -> tuple[str, ...]:
    """The words of a table's name without those that say nothing at its end: `customer` for `customer_entity`."""
    own = words_in(name)
    while len(own) > 1 and is_one("tables.neutral", own[-1]):
        own = own[:-1]
    return own


def simple_name(name: str) -> str:
    """The name in the form of a dataset's or field's: small letters, digits and `_`, beginning with a letter."""
    joined = "_".join(words_in(name))
    return joined if joined[:1].isalpha() else f"x_{joined}".rstrip("_")


def singulars(word: str) -> frozenset[str]:
    """The word, and what it may be the plural of."""
    found = {word}
    for ending, instead in (("s", ""), ("es", ""), ("ies", "y"), ("n", ""), ("en", ""), ("e", "")):
        if word.endswith(ending) and len(word) - len(ending) > 1:
            found.add(word.removesuffix(ending) + instead)
    return frozenset(found)


def singular(word: str) -> str:
    """The word in the singular, as far as its ending shows: `address` and `status` are singular already."""
    if word.endswith("ies") and len(word) > len("ties"):
        return word.removesuffix("ies") + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word.removesuffix("es")
    return word.removesuffix("s") if not word.endswith(("ss", "us", "is")) and len(word) > 1 else word


def names(kind: str, name: str) -> bool:
    """Whether a name contains one of the phrases of this kind, such as `columns.email`, word for word."""
    own = words_in(name)
    return any(
        all(wanted in singulars(word) for wanted, word in zip(phrase, own[at:], strict=False))
        for phrase in _phrases(kind)
        for at in range(len(own) - len(phrase) + 1)
    )


def ends_in(kind: str, name: str) -> bool:
    """Whether the last words of a name are one of the phrases of this kind."""
    own = words_in(name)
    return any(
        len(own) >= len(phrase)
        and all(w in singulars(word) for w, word in zip(phrase, own[len(own) - len(phrase) :], strict=True))
        for phrase in _phrases(kind)
    )


def is_one(kind: str, name: str) -> bool:
    """Whether the whole name is one of the phrases of this kind."""
    own = words_in(name)
    return any(
        len(own) == len(phrase) and all(w in singulars(word) for w, word in zip(phrase, own, strict=True))
        for phrase in _phrases(kind)
    )


@cache
def _phrases(kind: str) -> Sequence[tuple[str, ...]]:
    content = tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))
    table, _, key = kind.partition(".")
    return [words_in(phrase) for phrase in content[table][key]]
