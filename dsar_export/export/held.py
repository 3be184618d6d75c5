"""What JSON holds, also as text within text: whether any member of it may be a credential."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

from dsar_export.export.php_text import unserialized
from dsar_export.model.credential import counts_tokens, looks_like_credential
from dsar_export.model.innocent import ITEM, Innocents

_BEGINS: Final = re.compile(r'[\s\ufeff]*(?:["\\]*[{\[]|[aO]:\d+:|"(?:[^"\\]|\\.){1,200}"=>)')
# Of text that begins like JSON and can't be read: what stands before a colon, or as PHP writes names.
_NAMES: Final = re.compile(r"""["']([^"'\\]{1,200})\\{0,20}["'](?:\s{0,20}:|\s{0,20}=>|;)""")
_TEXTS_IN_TEXTS: Final = 6
_OF_ONE_BIT: Final = frozenset({"", "true", "false"})

_Place = tuple["_Place | None", str]
"""A member's name behind that of what holds it: a path would be copied for each of its members."""


def may_be_secret(name: str, value: object) -> bool:
    """Whether a value of such a name could be one: yes and no are not, nor is a number of tokens."""
    if isinstance(value, str):
        return value.strip().lower() not in _OF_ONE_BIT
    if isinstance(value, int | float):
        return not isinstance(value, bool) and not counts_tokens(name)
    if isinstance(value, Mapping | list):
        return any(_leaves(value))
    return value is not None


def _leaves(value: object) -> "list[bool]":
    """Of each value that holds no others, whether it is more than yes or no."""
    found, waiting = [], [value]
    for held in waiting:  # which grows meanwhile
        if isinstance(held, Mapping):
            waiting += held.values()
        elif isinstance(held, list):
            waiting += held
        else:
            found.append(may_be_secret("", held))
    return found


def holds_credential(value: object, at: Sequence[str], innocents: Innocents) -> bool:
    """Whether a member is called like a credential, however deep, and nothing says that it is none.

    `at` is where the value stands: its column, and the steps to it.
    """
    top: _Place | None = None
    for step in at:
        top = (top, step)
    waiting: list[tuple[object, _Place | None, int]] = [(value, top, 0)]
    for held, place, texts in waiting:  # which grows meanwhile
        if isinstance(held, dict):
            for name, inner in held.items():
                here = (place, name)
                if (
                    looks_like_credential(name)
                    and may_be_secret(name, inner)
                    and not innocents.at(_path(here))
                ):
                    return True
                waiting.append((inner, here, texts))
        elif isinstance(held, list):
            waiting += [(inner, (place, ITEM), texts) for inner in held]
        elif isinstance(held, str) and may_hold_members(held):
            inner = _read(held) if texts < _TEXTS_IN_TEXTS else None
            if inner is None and names_credential(held, innocents):
                return True
            waiting.append((inner, place, texts + 1))
    return False


def may_hold_members(text: str) -> bool:
    """Whether a text begins like JSON, JSON within a text, what PHP serializes, or an `hstore` of PostgreSQL."""
    return has_marks(text) and _BEGINS.match(text) is not None


def has_marks(text: str) -> bool:
    """Whether there is in it what such texts can't do without: quick, also for many texts run together."""
    return "{" in text or "[" in text or '"=>' in text


def names_credential(text: str, innocents: Innocents) -> bool:
    """Whether text that begins like JSON, but can't be read, names a credential."""
    return any(looks_like_credential(name) and not innocents.name(name) for name in _NAMES.findall(text))


def _path(place: _Place) -> list[str]:
    steps: list[str] = []
    held: _Place | None = place
    while held is not None:
        held, step = held
        steps.append(step)
    return steps[::-1]


def _read(text: str) -> object:
    """What the text says; None where it can't be read."""
    plain = text.strip().strip("\ufeff")
    try:
        if plain[:1] in {"a", "O"}:
            return unserialized(plain)
        return json.loads(plain, object_pairs_hook=_every, parse_int=float)
    except (ValueError, RecursionError):
        return None


def _every(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Of members that are called alike, all."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    return {name: [value for other, value in pairs if other == name] for name in found}
