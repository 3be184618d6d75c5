"""Which part of a package an answer has: one range at most, and the whole for anything odd (RFC 9110)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

_RANGE: Final = re.compile(r"bytes=(?P<start>[0-9]{0,18})-(?P<end>[0-9]{0,18})", re.IGNORECASE | re.ASCII)
_TAG: Final = re.compile(r'(?P<weak>W/)?(?P<tag>"[^"]*")')


@dataclass(frozen=True)
class Asked:
    """The headers that decide; each as often as it was sent."""

    ranges: Sequence[str] = ()
    if_range: Sequence[str] = ()
    if_match: Sequence[str] = ()
    if_none_match: Sequence[str] = ()


@dataclass(frozen=True)
class Part:
    """What is answered: a status, and the bytes from `start` up to and without `end`."""

    status: HTTPStatus
    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


def part_of(asked: Asked, tag: str, size: int, *, get: bool = True) -> Part:
    """The part of an object of a size and with a strong entity tag; ranges belong to GET alone."""
    nothing = {"start": 0, "end": 0}
    if asked.if_match and not _has(asked.if_match, tag, weakly=False):
        return Part(HTTPStatus.PRECONDITION_FAILED, **nothing)
    if _has(asked.if_none_match, tag, weakly=True):
        return Part(HTTPStatus.NOT_MODIFIED, **nothing)
    whole = Part(HTTPStatus.OK, 0, size)
    if not get or len(asked.ranges) != 1 or (asked.if_range and [*asked.if_range] != [tag]):
        return whole
    found = _RANGE.fullmatch(asked.ranges[0].strip())
    if found is None or not (found["start"] or found["end"]):
        return whole
    return _bytes(found["start"], found["end"], whole)


def _bytes(start: str, end: str, whole: Part) -> Part:
    size = whole.end
    if not start:
        first, last = max(0, size - int(end)), size
    else:
        first, last = int(start), size if not end else min(int(end) + 1, size)
        if end and int(end) < first:
            return whole
    if first >= size:
        return Part(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, 0, 0)
    return Part(HTTPStatus.PARTIAL_CONTENT, first, last)


def _has(named: Sequence[str], tag: str, *, weakly: bool) -> bool:
    listed = ",".join(named)
    if listed.strip() == "*":
        return True
    return any(each["tag"] == tag and (weakly or not each["weak"]) for each in _TAG.finditer(listed))
