"""Verifies the trail: that every entry follows the one before, and that the anchor finds its place."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from dsar_export.requests.trail import anchor as anchors
from dsar_export.requests.trail.chain import Mark, Purpose, Sealed
from dsar_export.requests.trail.faults import SENTENCES, Fault, FaultFoundError
from dsar_export.requests.trail.reading import OpenTrail, opened


@dataclass(frozen=True)
class Verdict:
    """What the trail is like: the first fault with the number of its entry, and how far everything was right."""

    start: Mark
    head: Mark
    fault: Fault | None = None
    number: int | None = None
    behind: int = 0
    """How many entries follow the one at the anchor."""

    @property
    def passed(self) -> bool:
        return self.fault is None

    @property
    def entries(self) -> int:
        """How many entries are right."""
        return self.head.number - self.start.number

    @property
    def sentence(self) -> str:
        if self.fault is None:
            return f"{self.entries} entries, each follows the one before"
        return SENTENCES[self.fault].format(number=self.number)


def verify(connection: Connection, key: bytes, anchor: Path) -> Verdict:
    """Reads the whole trail once. The connection is in a new transaction that has read nothing yet.

    The anchor is read first: entries that others append meanwhile only make it behind.
    """
    seen = anchors.read(anchor)
    with opened(connection) as trail:
        return _verdict(trail, key, seen)


def _verdict(trail: OpenTrail, key: bytes, seen: Sealed | None) -> Verdict:
    head, at_anchor = trail.start, trail.start
    try:
        for entry, _ in trail.checked(key):
            head = Mark(entry.number, entry.mac)
            if seen is not None and entry.number == seen.mark.number:
                at_anchor = head
    except FaultFoundError as found:
        return Verdict(trail.start, head, found.fault, found.number)
    if seen is None:
        return Verdict(trail.start, head, Fault.ANCHOR_MISSING)
    if not seen.holds(key, Purpose.ANCHOR):
        return Verdict(trail.start, head, Fault.ANCHOR_FALSE)
    if seen.mark.number > head.number:
        return Verdict(trail.start, head, Fault.CUT_OFF, head.number + 1)
    if seen.mark.number >= trail.start.number and seen.mark != at_anchor:
        return Verdict(trail.start, head, Fault.ANCHOR_ELSEWHERE, seen.mark.number)
    return Verdict(trail.start, head, behind=head.number - seen.mark.number)
