"""Periods of time in which something was valid."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
END: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, order=True)
class Span:
    """From a moment until just before another."""

    since: datetime = BEGINNING
    until: datetime = END


@dataclass(frozen=True)
class Periods:
    """Spans in order that neither touch nor overlap."""

    spans: tuple[Span, ...]

    def __bool__(self) -> bool:
        return bool(self.spans)

    def at(self, moment: datetime) -> bool:
        """Whether a moment lies in one of them."""
        return any(span.since <= moment < span.until for span in self.spans)

    def overlap(self, other: "Periods") -> "Periods":
        """The time in both."""
        return periods(
            Span(max(a.since, b.since), min(a.until, b.until)) for a in self.spans for b in other.spans
        )

    def joined(self, other: "Periods") -> "Periods":
        """The time in either."""
        return periods((*self.spans, *other.spans))

    def without(self, other: "Periods") -> "Periods":
        """The time in this and not in the other."""
        edges = [BEGINNING, *(edge for span in other.spans for edge in (span.since, span.until)), END]
        between = (Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True))
        return self.overlap(periods(between))


def periods(spans: Iterable[Span]) -> Periods:
    """Periods from spans in any order: empty spans are dropped, and touching ones joined."""
    joined: list[Span] = []
    for span in sorted(s for s in spans if s.since < s.until):
        if joined and span.since <= joined[-1].until:
            joined[-1] = Span(joined[-1].since, max(joined[-1].until, span.until))
        else:
            joined.append(span)
    return Periods(tuple(joined))


ALWAYS: Final = Periods((Span(),))
NEVER: Final = Periods(())
