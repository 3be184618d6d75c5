"""JSON as it was sent: every digit of a number is kept, and what two readers could read differently is refused."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, cast


class BrokenAnswerError(Exception):
    """An answer that is not what the register declares; the text has no value of it."""


ABSENT: Final = object()
"""What a member has that is not there."""


def read_json(body: bytes) -> object:
    """The value of a JSON text; BrokenAnswerError, also for an object that names a member twice."""
    try:
        text = body.decode("utf-8-sig", "surrogateescape")
        return json.loads(text, parse_float=Decimal, object_pairs_hook=_object)
    except BrokenAnswerError:
        raise
    except (ValueError, RecursionError):  # its text quotes the answer
        raise BrokenAnswerError("the answer is not JSON, or breaks off") from None


def as_json(value: object) -> str:
    """A value as JSON again, with the digits that it was read with."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(k)}:{as_json(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(as_json, value)) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def member(value: object, path: str) -> object:
    """The member at a path such as `customer.email`; ABSENT if there is none. An empty path is the value itself."""
    for name in path.split(".") if path else ():
        if not isinstance(value, dict) or name not in value:
            return ABSENT
        value = value[name]
    return value


def text_at(value: object, path: str, what: str) -> str | None:
    """A text or whole number as text; None for null, an empty text or no member. BrokenAnswerError."""
    found = member(value, path)
    if found is ABSENT or found is None or found == "":
        return None
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise BrokenAnswerError(f"{what} is neither text nor a whole number")
    return str(found)


def rows_at(value: object, path: str, *, alone: bool = False) -> Sequence[Mapping[str, object]]:
    """The objects of a list; with `alone`, a single object is a list of one. BrokenAnswerError."""
    found = member(value, path)
    if alone and isinstance(found, dict):
        found = [found]
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise BrokenAnswerError("the answer has no list of objects where the register names the rows")
    return cast("list[dict[str, object]]", found)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise BrokenAnswerError("an object of the answer names a member twice")
    return made
