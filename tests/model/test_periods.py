"""Periods are sets of moments: every operation is compared with the same one on a set."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsar_export.model.periods import ALWAYS, BEGINNING, END, NEVER, Periods, Span, periods

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MOMENTS = (BEGINNING, *(NOON + timedelta(hours=n) for n in range(9)), END)
LAST = len(MOMENTS) - 1  # the end itself lies in no span

edges = st.integers(0, LAST)
raw = st.lists(st.tuples(edges, edges), max_size=5)


def covers(of: Periods, moment: datetime) -> bool:
    """What periods are for, in one line."""
    return any(span.since <= moment < span.until for span in of.spans)


def made(of: list[tuple[int, int]]) -> Periods:
    return periods(Span(MOMENTS[a], MOMENTS[b]) for a, b in of)


def naive(of: list[tuple[int, int]]) -> set[int]:
    """The moments that the spans hold, by number."""
    return {n for a, b in of for n in range(a, b)}


def covered(of: Periods) -> set[int]:
    return {n for n in range(LAST) if covers(of, MOMENTS[n])}


@given(raw)
def test_periods_cover_what_their_spans_hold_and_nothing_else(spans: list[tuple[int, int]]) -> None:
    assert covered(made(spans)) == naive(spans)
    assert not covers(made(spans), END)


@given(raw, raw)
def test_overlap_joined_and_without_are_those_of_sets(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    assert covered(made(one).overlap(made(other))) == naive(one) & naive(other)
    assert covered(made(one).joined(made(other))) == naive(one) | naive(other)
    assert covered(made(one).without(made(other))) == naive(one) - naive(other)


@given(raw, raw)
def test_equal_times_are_equal_values_however_they_came_about(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    for result in (
        made(one).overlap(made(other)),
        made(one).joined(made(other)),
        made(one).without(made(other)),
    ):
        assert result == made([(n, n + 1) for n in covered(result)])
        assert bool(result) == bool(covered(result))


@given(raw)
def test_spans_stand_in_order_and_neither_touch_nor_overlap(spans: list[tuple[int, int]]) -> None:
    found = made(spans).spans
    assert all(span.since < span.until for span in found)
    assert all(a.until < b.since for a, b in pairwise(found))


@given(raw)
def test_always_and_never_are_the_whole_and_nothing(spans: list[tuple[int, int]]) -> None:
    held = made(spans)
    assert held.overlap(ALWAYS) == held.joined(NEVER) == held.without(NEVER) == held
    assert held.joined(ALWAYS) == ALWAYS
    assert held.overlap(NEVER) == held.without(ALWAYS) == held.without(held) == NEVER
    assert ALWAYS.without(ALWAYS.without(held)) == held


@pytest.mark.parametrize(("moment", "held"), [(0, True), (1, True), (2, False)])
def test_a_span_holds_its_first_moment_and_not_its_last(moment: int, *, held: bool) -> None:
    period = periods([Span(NOON, NOON + timedelta(hours=2))])
    assert covers(period, NOON + timedelta(hours=moment)) is held
    assert not covers(period, NOON - timedelta(microseconds=1))


def test_a_span_that_ends_before_it_begins_is_no_time_at_all() -> None:
    assert periods([Span(NOON, NOON - timedelta(hours=1)), Span(NOON, NOON)]) == NEVER
