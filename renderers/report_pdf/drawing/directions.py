"""The directions of a line: its runs in the order of reading, each with its place from the left."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bidi import get_base_level, get_display
from bidi.mirror import MIRRORED as _MIRRORED

# Characters without a direction of their own (class BN), which the gate lets none through of: they number the others.
_FIRST_NUMBER: Final = 0xE0020
_NUMBERS: Final = 0x60
_LONGEST: Final = _NUMBERS**2
_BASES: Final = "LR"
_ENDS: Final = "a\u05d0"

MIRRORED: Final = {mark: other for mark, other in _MIRRORED.items() if len(mark) == len(other) == 1}
"""The brackets and signs that are drawn as others in right-to-left text."""


@dataclass(frozen=True)
class Run:
    """Neighbouring characters of one direction, as they are read; `place` counts the characters left of it."""

    text: str
    rtl: bool
    place: int


def base_is_rtl(text: str) -> bool:
    """Whether a line without a mark for its direction is set from right to left."""
    return bool(get_base_level(text) % 2)


def directed(text: str, *, rtl: bool) -> list[Run]:
    """The runs of a line in the order of reading; `rtl` is the direction of the whole line."""
    if len(text) > _LONGEST:  # it fits on no page: it is only measured
        return [*directed(text[:_LONGEST], rtl=rtl), *directed(text[_LONGEST:], rtl=rtl)]
    places, reversed_ = _visual(text, rtl=rtl)
    return list(_runs(text, places, reversed_))


def _visual(text: str, *, rtl: bool) -> tuple[Sequence[int], Sequence[bool]]:
    """The place of each character from the left, and whether it is read from right to left.

    The library returns a reordered line, but neither places nor directions. So two numbering characters follow each
    character: behind it they say that it is read from left to right, before it the opposite.
    """
    numbered = "".join(
        [
            c + chr(_FIRST_NUMBER + at // _NUMBERS) + chr(_FIRST_NUMBER + at % _NUMBERS)
            for at, c in enumerate(text)
        ]
    )
    # The letter behind them keeps those of the last character beside it: a line's end has the line's direction.
    shown = str(get_display(numbered + _ENDS[rtl], base_dir=_BASES[rtl]))
    seen = shown[1:] if rtl else shown[:-1]
    places, reversed_ = [0] * len(text), [False] * len(text)
    for place, start in enumerate(range(0, len(seen), 3)):
        from_right = ord(seen[start]) >= _FIRST_NUMBER
        low = seen[start if from_right else start + 2]
        at = (ord(seen[start + 1]) - _FIRST_NUMBER) * _NUMBERS + ord(low) - _FIRST_NUMBER
        places[at], reversed_[at] = place, from_right
    return places, reversed_


def _runs(text: str, places: Sequence[int], reversed_: Sequence[bool]) -> Iterator[Run]:
    start = 0
    for at, after in pairwise([*range(len(text)), len(text)]):
        step = -1 if reversed_[at] else 1
        if after < len(text) and reversed_[after] is reversed_[at] and places[after] == places[at] + step:
            continue
        yield Run(text[start:after], reversed_[at], min(places[start], places[at]))
        start = after
