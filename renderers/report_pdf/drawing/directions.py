"""The directions of a line: its runs in the order of reading, each with its place from the left."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from unicodedata import bidirectional

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
_OPENING: Final = frozenset("([{<\u00ab")
_BRACKETS: Final = _OPENING | {MIRRORED[opening] for opening in _OPENING}
_SIGNS: Final = frozenset({"ES", "ET"})
_OF_NUMBERS: Final = _SIGNS | {"EN", "AN"}
_WEAK: Final = _OF_NUMBERS | {"CS"}


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
    return [
        part
        for run in _with_brackets(list(_runs(text, places, reversed_)))
        for part in (_apart_from_signs(run) if run.rtl else [run])
    ]


def divided(run: Run, following: Run) -> bool:
    """Whether pdfium must not take two runs for one line.

    It would exchange the words of left-to-right text beside right-to-left text, or these, and take signs on either
    side of a number for a part of it.
    """
    if _is_left_to_right(run) is not _is_left_to_right(following):
        return True
    sides = bidirectional(run.text[-1]), bidirectional(following.text[0])
    return bool(_OF_NUMBERS.intersection(sides)) and all(side in _WEAK for side in sides)


def _is_left_to_right(run: Run) -> bool:
    classes = {bidirectional(character) for character in run.text}
    return not run.rtl and ("L" in classes or not (classes & _OF_NUMBERS or _BRACKETS.issuperset(run.text)))


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


def _with_brackets(runs: list[Run]) -> list[Run]:
    """The brackets around a run of the other direction apart from its neighbours.

    Around a left-to-right run they are part of it: they look alike, and readers then do not turn them.
    """
    found = list(runs)
    for at in range(len(runs) - 2, 0, -1):
        before, run, after = found[at - 1 : at + 2]
        opening = before.text[-1:]
        if opening not in _OPENING or after.text[:1] != MIRRORED[opening]:
            continue
        if before.rtl and after.rtl and after.place < run.place < before.place:
            found[at - 1 : at + 2] = [
                Run(before.text[:-1], before.rtl, before.place + 1),
                Run(opening + run.text + after.text[0], run.rtl, run.place - 1),
                Run(after.text[1:], after.rtl, after.place),
            ]
        elif run.rtl and before.place < run.place < after.place:
            found[at - 1 : at + 2] = [
                Run(before.text[:-1], before.rtl, before.place),
                Run(opening, before.rtl, run.place - 1),
                run,
                Run(after.text[0], after.rtl, after.place),
                Run(after.text[1:], after.rtl, after.place + 1),
            ]
    return [run for run in found if run.text]


def _apart_from_signs(run: Run) -> Iterator[Run]:
    """A right-to-left run, with the signs of numbers apart: MuPDF takes them for left-to-right."""
    start, end = 0, len(run.text)
    for at, character in enumerate(run.text):
        if bidirectional(character) in _SIGNS:
            if start < at:
                yield Run(run.text[start:at], run.rtl, run.place + end - at)
            yield Run(character, rtl=False, place=run.place + end - at - 1)
            start = at + 1
    if start < end:
        yield Run(run.text[start:], run.rtl, run.place)
