"""Parses text written by PHP's `serialize`, as far as needed to know the names of its members."""

import re
from dataclasses import dataclass
from typing import Final

_SCALAR: Final = re.compile(rb"N;|[birR]:(-?\d+);|d:([^;]{1,40});")
_TEXT: Final = re.compile(rb's:(\d{1,10}):"')
_MEMBERS: Final = re.compile(rb'(?:a|O:\d{1,4}:"[^"]{0,200}"):(\d{1,10}):\{')
_DEEPEST: Final = 60
_LONGEST: Final = len("-9223372036854775808")


def unserialized(text: str) -> object:
    """The arrays and objects as dictionaries; numbered members have their numbers as names.

    Raises ValueError for any other text, and for serialized values other than scalars, arrays and objects.
    """
    data = text.encode("utf-8", "surrogateescape")
    reader = _Reader(data)
    value = reader.value(0)
    if data[reader.at :].strip():
        raise ValueError("text continues after the serialized value")
    return value


@dataclass
class _Reader:
    data: bytes
    at: int = 0

    def value(self, depth: int) -> object:
        if (found := _TEXT.match(self.data, self.at)) is not None:
            return self._text(found)
        if (found := _SCALAR.match(self.data, self.at)) is not None:
            self.at = found.end()
            return _number(found)
        found = _MEMBERS.match(self.data, self.at)
        if found is None or depth == _DEEPEST:
            raise ValueError("not serialized by PHP")
        self.at = found.end()
        members: dict[str, list[object]] = {}
        for _ in range(int(found[1])):
            # Never an array; the name of a private member begins with its class.
            name = str(self.value(_DEEPEST)).rpartition("\0")[2]
            members.setdefault(name, []).append(self.value(depth + 1))
        self._skip(b"}")
        return {name: held[0] if len(held) == 1 else held for name, held in members.items()}

    def _text(self, found: re.Match[bytes]) -> str:
        end = found.end() + int(found[1])  # the length is in bytes
        text = self.data[found.end() : end].decode("utf-8", "surrogateescape")
        self.at = end
        self._skip(b'";')
        return text

    def _skip(self, expected: bytes) -> None:
        if not self.data.startswith(expected, self.at):
            raise ValueError("not serialized by PHP")
        self.at += len(expected)


def _number(found: re.Match[bytes]) -> object:
    if found[0].startswith(b"b"):
        return found[1] != b"0"
    if found[0][:1] in {b"N", b"r", b"R"}:  # null, or a reference to another value
        return None
    return int(found[1]) if found[1] is not None and len(found[1]) <= _LONGEST else found[0].decode()
