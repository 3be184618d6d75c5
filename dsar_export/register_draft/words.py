"""The words of `words.toml`, and how names are compared with them."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LETTERS: Final = str.maketrans(
    {"ß": "ss", "ä": "ae", "ö": "oe", "ü": "ue", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe"}
)
_KEPT: Final = 1 << 14  # names of columns, which most tables of a database share
_IRREGULAR: Final = {"people": "person", "children": "child"}
_OTHER: Final = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=_KEPT)
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


@lru_cache(maxsize=_KEPT)
def singulars(word: str) -> frozenset[str]:
    """The word, and what it may be the plural of."""
    found = {word, _IRREGULAR.get(word, word)}
    for ending, instead in (("s", ""), ("es", ""), ("ies", "y"), ("n", ""), ("en", ""), ("e", "")):
        if word.endswith(ending) and len(word) - len(ending) > 1:
            found.add(word.removesuffix(ending) + instead)
    return frozenset(found)


def singular(word: str) -> str:
    """The word in the singular, as far as its ending shows: `address` and `status` are singular already."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies") and len(word) > len("ties"):
        return word.removesuffix("ies") + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word.removesuffix("es")
    return word.removesuffix("s") if not word.endswith(("ss", "us", "is")) and len(word) > 1 else word


@lru_cache(maxsize=_KEPT)
def names(kind: str, name: str) -> bool:
    """Whether a name contains one of the phrases of this kind, such as `columns.email`, word for word."""
    own = words_in(name)
    return any(length > 0 for at in range(len(own)) for length in _found(kind, own, at))


@lru_cache(maxsize=_KEPT)
def ends_in(kind: str, name: str) -> bool:
    """Whether the last words of a name are one of the phrases of this kind."""
    own = words_in(name)
    return any(at + length == len(own) for at in range(len(own)) for length in _found(kind, own, at))


@lru_cache(maxsize=_KEPT)
def is_one(kind: str, name: str) -> bool:
    """Whether the whole name is one of the phrases of this kind."""
    own = words_in(name)
    return bool(own) and len(own) in _found(kind, own, 0)


def _found(kind: str, own: tuple[str, ...], at: int) -> Iterator[int]:
    """How long each phrase is that begins at this word."""
    known = _phrases(kind)
    for first in singulars(own[at]):
        for phrase in known.get(first, ()):
            words = own[at : at + len(phrase)]
            if len(words) == len(phrase) and all(
                w in singulars(word) for w, word in zip(phrase, words, strict=True)
            ):
                yield len(phrase)


@cache
def _phrases(kind: str) -> Mapping[str, Sequence[tuple[str, ...]]]:
    """The phrases of a kind by their first word."""
    content = tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))
    table, _, key = kind.partition(".")
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in map(words_in, content[table][key]):
        found.setdefault(phrase[0], []).append(phrase)
    return found
