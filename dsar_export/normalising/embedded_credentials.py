"""Finds members of JSON that may be credentials, also in JSON that is text within text."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, cast

from dsar_export.model.credential import counts_tokens, looks_like_credential
from dsar_export.model.credential_words import LONGEST
from dsar_export.model.innocent import ITEM, Innocents
from dsar_export.model.key_values import holds_values, names_values
from dsar_export.model.source import Column
from dsar_export.normalising.php_text import unserialized

_BEGINS: Final = re.compile(r'[\s\ufeff]*(?:["\\]*[{\[]|[aO]:\d+:|"(?:[^"\\]|\\.){1,200}"=>)')
# In text that begins like JSON but can't be parsed: names before a colon, and names as PHP writes them.
_NAMES: Final = re.compile(r"""["']([^"'\\]{1,200})\\{0,20}["'](?:\s{0,20}:|\s{0,20}=>|;)""")
_TEXTS_IN_TEXTS: Final = 6
_OF_ONE_BIT: Final = frozenset({"", "true", "false"})

_MUCH: Final = 1_000_000  # longer columns are not copied for the check
_SHORT: Final = 200  # results for shorter texts are cached
_ONE_DIGIT: Final = bytes.maketrans(b"023456789", b"1" * 9)
_NO_INNOCENTS: Final = Innocents()

_Place = tuple["_Place | None", str]
"""The parent's place and a member's name. A linked list, because a path would be copied for each member."""


def may_be_secret(name: str, value: object) -> bool:
    """Whether a value with this name may be a credential; yes and no are not, nor is a number of tokens."""
    if isinstance(value, str):
        return value.strip().lower() not in _OF_ONE_BIT
    if isinstance(value, int | float):
        return not isinstance(value, bool) and not counts_tokens(name)
    if isinstance(value, Mapping | list):
        return any(_leaves(value))
    return value is not None


def _leaves(value: object) -> "list[bool]":
    """For each value that contains no others, whether it may be a credential."""
    found, waiting = [], [value]
    for held in waiting:  # grows during the loop
        if isinstance(held, Mapping):
            waiting += held.values()
        elif isinstance(held, list):
            waiting += held
        else:
            found.append(may_be_secret("", held))
    return found


def holds_credential(value: object, at: Sequence[str], innocents: Innocents) -> bool:
    """Whether a member at any depth is named like a credential and is not listed as innocent.

    `at` is the place of the value: its column and the steps to it.
    """
    if _is_harmless(value):
        return False
    top: _Place | None = None
    for step in at:
        top = (top, step)
    waiting: list[tuple[object, _Place | None, int]] = [(value, top, 0)]
    for held, place, texts in waiting:  # grows during the loop
        if isinstance(held, dict):
            if any(not innocents.at(_path((place, name))) for name in _suspects(held, innocents)):
                return True
            waiting += [(inner, (place, name), texts) for name, inner in held.items()]
        elif isinstance(held, list):
            waiting += [(inner, (place, ITEM), texts) for inner in held]
        elif isinstance(held, str) and may_hold_members(held):
            inner = _read(held) if texts < _TEXTS_IN_TEXTS else None
            if inner is None and names_credential(held, innocents):
                return True
            waiting.append((inner, place, texts + 1))
    return False


def column_may_hold_one(cells: Column) -> bool:
    """Whether a cell of a text column may contain a credential; False is certain, True needs a closer look.

    Texts that differ only in digits are checked once, because a name contains no digits. This is much faster than
    parsing each cell.
    """
    texts = cells
    try:
        together = "\0".join(cast("Sequence[str]", cells))
    except TypeError:  # not all are text
        texts = [cell for cell in cells if cell is not None]
        if set(map(type, texts)) != {str}:
            texts = [cell for cell in texts if isinstance(cell, str)]
        together = "\0".join(cast("Sequence[str]", texts))
    if not ("{" in together or "[" in together or ("=" in together and '"=>' in together)):
        return False
    # An escape writes a letter with digits; an extra NUL would split a text.
    if ("\\" in together and "\\u" in together) or together.count("\0") != len(texts) - 1:
        return True
    if len(together) > _MUCH:
        return any(holds_credential(text, (), _NO_INNOCENTS) for text in texts)
    # As bytes, because translating text that is not ASCII is far slower.
    distinct = set(together.encode("utf-8", "surrogatepass").translate(_ONE_DIGIT).split(b"\0"))
    return any(_seen(text) if len(text) < _SHORT else _may_hold_one(text) for text in distinct)


def _may_hold_one(text: bytes) -> bool:
    return holds_credential(text.decode("utf-8", "surrogatepass"), (), _NO_INNOCENTS)


_seen = lru_cache(maxsize=512)(_may_hold_one)  # the next chunk has similar texts


def _is_harmless(value: object) -> bool:
    """Whether it contains no suspicious name and no text with members: a quick check that nearly always succeeds."""
    names: set[str] = set()
    waiting = [value]
    for held in waiting:  # grows during the loop
        if isinstance(held, dict):
            names.update(held)
            waiting += held.values()
        elif isinstance(held, list):
            waiting += held
        elif isinstance(held, str) and may_hold_members(held):
            return False
    return not any(map(is_suspicious, names))


def is_suspicious(name: str) -> bool:
    return _is_credential_or_value_name(name[-LONGEST:])


@lru_cache(maxsize=4096)
def _is_credential_or_value_name(name: str) -> bool:
    return looks_like_credential(name) or holds_values(name)


def _suspects(held: Mapping[str, object], innocents: Innocents) -> Iterator[str]:
    """Members named like a credential, by their own name or by another member: `{"key": "pin", "value": 1}`."""
    for name, inner in held.items():
        if looks_like_credential(name) and may_be_secret(name, inner):
            yield name
        if holds_values(name) and any(
            isinstance(named, str)
            and names_values(key, name)
            and is_suspect_key(named, innocents)
            and may_be_secret(named, inner)
            for key, named in held.items()
        ):
            yield name


def is_suspect_key(key: str, innocents: Innocents) -> bool:
    """Whether a value with this name may be a credential."""
    return looks_like_credential(key) and not innocents.name(key)


def may_hold_members(text: str) -> bool:
    """Whether a text begins like JSON, quoted JSON, serialized PHP or a PostgreSQL `hstore`."""
    return ("{" in text or "[" in text or '"=>' in text) and _BEGINS.match(text) is not None


def names_credential(text: str, innocents: Innocents) -> bool:
    """Whether text that begins like JSON but can't be parsed names a credential."""
    return any(is_suspect_key(name, innocents) for name in _NAMES.findall(text))


def _path(place: _Place) -> list[str]:
    steps: list[str] = []
    held: _Place | None = place
    while held is not None:
        held, step = held
        steps.append(step)
    return steps[::-1]


def _read(text: str) -> object:
    """The parsed text; None if it can't be parsed."""
    stripped = text.strip().strip("\ufeff")
    try:
        if stripped[:1] in {"a", "O"}:
            return unserialized(stripped)
        return _DECODER.decode(stripped)
    except (ValueError, RecursionError):
        return None


def _with_repeated_names(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The members as a dictionary; if names repeat, each name has a list of all its values."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    every: dict[str, list[object]] = {}
    for name, value in pairs:
        every.setdefault(name, []).append(value)
    return dict(every)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_with_repeated_names, parse_int=float
)  # built once, because that is slow
