"""A JSON object -> the cells of columns, each a path of names with dots, or a JSON pointer (RFC 6901)."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NoReturn, TypeGuard

from collectors.log_files.faults import BrokenLineError


class JsonLine:
    """The objects of one format; a column's steps are taken apart once."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._steps = [_steps(name) for name in columns]

    def cells(self, line: bytes) -> tuple[object, ...]:
        """The cells of the columns; None where an object lacks one. BrokenLineError if it is no JSON object."""
        held = object_of(line)
        return tuple(_cell(_at(held, steps)) for steps in self._steps)


def object_of(line: bytes) -> Mapping[str, object]:
    """The object that a line holds; BrokenLineError. Of a name that comes twice, parsers take either."""
    try:
        found: object = json.loads(
            line.decode("utf-8", "surrogateescape").lstrip("\ufeff"),
            object_pairs_hook=_each_once,
            parse_float=_number,
            parse_constant=_refused,
        )
    except (ValueError, RecursionError):
        raise BrokenLineError from None
    if not is_object(found):
        raise BrokenLineError
    return found


def is_object(value: object) -> TypeGuard[Mapping[str, object]]:
    """Whether a JSON value is an object."""
    return isinstance(value, dict)


def paths_of(held: Mapping[str, object], above: str = "") -> list[str]:
    """The columns of an object: paths to every value that is no object."""
    found = list[str]()
    for name, value in held.items():
        plain = "." not in name and "/" not in name and not above.startswith("/")
        path = f"{above}.{name}" if above and plain else name if plain else _pointer(above, name)
        found += paths_of(value, path) if is_object(value) and value else [path]
    return found


def _pointer(above: str, name: str) -> str:
    before = above if above.startswith("/") or not above else "/" + above.replace(".", "/")
    return f"{before}/{name.replace('~', '~0').replace('/', '~1')}"


def _steps(column: str) -> Sequence[str]:
    if column.startswith("/"):
        return [step.replace("~1", "/").replace("~0", "~") for step in column[1:].split("/")]
    return column.split(".")


def _at(held: object, steps: Sequence[str]) -> object:
    for step in steps:
        if not is_object(held):
            return None
        held = held.get(step)
    return held


def _cell(value: object) -> object:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value


def _each_once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BrokenLineError
    return found


def _number(text: str) -> object:
    """A fraction without loss. One with an exponent stays text: searched bytes could not find it by its value."""
    return text if "e" in text.lower() else Decimal(text)


def _refused(_: str) -> NoReturn:
    raise BrokenLineError
