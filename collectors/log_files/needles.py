"""Finds the lines that may hold a key by their bytes, and never misses one that the parser would find.

Which spellings of a key a line may have depends on how the key is compared and how the format escapes. Where they
can't be listed, the lines with an escape or a letter that may stand for another are looked at too, or all.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from collectors.log_files.parts import LogFormat
from dsar_export.model.comparison import Comparison, Match

_LONG_HEXADECIMAL: Final = re.compile(r"(?:[0-9a-f]{2}){8,}", re.IGNORECASE | re.ASCII)
_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")
_MAY_BE_ESCAPED: Final = re.compile(r'["\\/\x00-\x1f\x7f]')
_JSON: Final = frozenset({LogFormat.NDJSON, LogFormat.JSON_ARRAY})
_ESCAPED: Final = re.compile(rb'\\u00([0-9a-fA-F]{2})|\\x([0-9a-fA-F]{2})|%([0-9a-fA-F]{2})|\\(["\\/])|""')


@dataclass(frozen=True)
class Escapes:
    """How the cells that hold keys are written."""

    format: LogFormat
    percent: bool = False
    """Whether some of them are percent-encoded within the line."""


@dataclass(frozen=True)
class Needles:
    """What to search for: bytes as they are, bytes in any case of ASCII letters, and signs of other spellings."""

    exact: frozenset[bytes] = frozenset()
    any_case: frozenset[bytes] = frozenset()
    signs: frozenset[bytes] = frozenset()
    not_ascii: bool = False
    every_line: bool = False

    def joined(self, other: "Needles") -> "Needles":
        """What finds the lines of both."""
        return Needles(
            self.exact | other.exact,
            self.any_case | other.any_case,
            self.signs | other.signs,
            self.not_ascii or other.not_ascii,
            self.every_line or other.every_line,
        )

    def lines(self, text: bytes) -> Iterator[tuple[int, int]]:
        """Where each line that may hold a key begins and ends, in order; `text` consists of whole lines."""
        if self.every_line:
            return _every_line(text)
        found = dict[int, int]()
        for needle in (*self.exact, *self.signs):
            _find(text, needle, text, found)
        if self.any_case:
            lower = text.lower()
            for needle in self.any_case:
                _find(lower, needle, text, found)
        if self.not_ascii and not text.isascii():
            _find_not_ascii(text, found)
        return iter(sorted(found.items()))

    def named_in(self, line: bytes) -> bool:
        """Whether a line that can't be attributed has a key in it anywhere, as far as bytes can show it."""
        plain = _ESCAPED.sub(_unescaped, line)
        lower = plain.lower()
        return (
            self.every_line or any(n in plain for n in self.exact) or any(n in lower for n in self.any_case)
        )


def needles(keys: Iterable[str], comparison: Comparison, escapes: Escapes) -> Needles:
    """What finds every line in which a cell folds to one of the keys."""
    found = Needles()
    for key in keys:
        found = found.joined(_needles(key, comparison, escapes))
    return found


def _needles(key: str, comparison: Comparison, escapes: Escapes) -> Needles:
    if comparison.match is Match.E164:
        return Needles(every_line=True)
    exact = comparison.match is Match.EXACT
    if not key.isascii() and not exact:  # composed or not, in any case, a domain in IDNA form
        return Needles(every_line=True)
    try:
        written = key.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half of a character, which only an escape can write
        return Needles(every_line=True)
    signs = frozenset(_signs(key, escapes, exact=exact))
    if _LONG_HEXADECIMAL.fullmatch(key):
        digits = written.lower()
        uuid = b"-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
        spelled = {digits, uuid} if len(digits) == 32 else {digits}
        return Needles(any_case=frozenset(spelled), signs=signs, not_ascii=not exact)
    forms = frozenset({written, written.replace(b'"', b'""')})
    if exact:
        return Needles(exact=forms, signs=signs)
    return Needles(any_case=frozenset(form.lower() for form in forms), signs=signs, not_ascii=True)


def _signs(key: str, escapes: Escapes, *, exact: bool) -> Iterator[bytes]:
    """Bytes that a line has if it writes the key in another way."""
    if escapes.percent:
        yield b"%"
        if " " in key:
            yield b"+"
    if escapes.format is LogFormat.CSV:
        return
    if _MAY_BE_ESCAPED.search(key):
        yield b"\\"
    elif (
        escapes.format in _JSON
    ):  # a letter that is not ASCII may fold to one that is: the Kelvin sign is a k
        yield b"\\u00" if exact and key.isascii() else b"\\u"
    else:
        yield b"\\x"


def _find(text: bytes, needle: bytes, whole: bytes, found: dict[int, int]) -> None:
    at = text.find(needle)
    while at >= 0:
        end = whole.find(b"\n", at)
        end = len(whole) if end < 0 else end
        found[whole.rfind(b"\n", 0, at) + 1] = end
        at = text.find(needle, end)


def _find_not_ascii(text: bytes, found: dict[int, int]) -> None:
    hit = _NOT_ASCII.search(text)
    while hit is not None:
        end = text.find(b"\n", hit.start())
        end = len(text) if end < 0 else end
        found[text.rfind(b"\n", 0, hit.start()) + 1] = end
        hit = _NOT_ASCII.search(text, end)


def _every_line(text: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(text):
        end = text.find(b"\n", at)
        end = len(text) if end < 0 else end
        yield at, end
        at = end + 1


def _unescaped(found: re.Match[bytes]) -> bytes:
    digits = found[1] or found[2] or found[3]
    return bytes([int(digits, 16)]) if digits else (found[4] or b'"')
