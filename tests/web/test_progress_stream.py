"""A stream has an event for each change and a sign of life between them, and it ends by itself."""

import asyncio
from collections.abc import Sequence

from dsar_export.web.progress_stream import Pace, Seen, events

QUICK = Pace(looks=0.001, heartbeat=60, longest=30)


def streamed(found: Sequence[Seen | None], pace: Pace = QUICK, *, stops: bool = False) -> list[str]:
    """The events of these looks; the last one is found again and again."""
    left = list(found)

    async def look() -> Seen | None:
        return left.pop(0) if len(left) > 1 else left[0]

    async def all_of_them() -> list[str]:
        return [each async for each in events(look, lambda: stops, pace)]

    return asyncio.run(all_of_them())


def rows(number: int) -> Seen:
    return Seen({"records": number}, goes_on=True)


END = Seen({"records": 2}, goes_on=False, event="end")


def test_each_change_is_one_event_and_the_end_has_its_name() -> None:
    assert streamed([rows(1), rows(1), rows(2), END]) == [
        'data: {"records": 1}\n\n',
        'data: {"records": 2}\n\n',
        'event: end\ndata: {"records": 2}\n\n',
    ]


def test_where_nothing_changes_a_comment_shows_that_it_lives() -> None:
    *first, last = streamed([rows(1)] * 3 + [END], Pace(0.001, 0.0, 30))
    assert first == ['data: {"records": 1}\n\n', ": \n\n", ": \n\n"]
    assert last.startswith("event: end")


def test_it_ends_with_the_right_to_see_it_the_time_and_the_server() -> None:
    assert streamed([rows(1), None]) == ['data: {"records": 1}\n\n']
    assert len(streamed([rows(1)], Pace(0.001, 60, 0.05))) == 1
    assert streamed([rows(1)], stops=True) == []
