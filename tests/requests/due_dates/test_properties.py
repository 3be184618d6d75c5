"""What holds for every start, place and wait."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dsar_export.model.clock import ClockRules, Effect, Ground, Pause, StepKind
from dsar_export.model.country_clocks import country_clock
from dsar_export.requests.due_dates.calendar import day_off
from tests.requests.due_dates.clocks import due, noon, rules

STOPPING = {Ground.CLARIFICATION: Effect.STOPS_CLOCK, Ground.IDENTITY: Effect.DELAYS_START}
PLACES = [(country, part) for country in ("GB", "FR", "DE") for part in country_clock(country).subdivisions]
clocks = st.sampled_from([*PLACES, ("FR", None)]).map(lambda place: rules(*place, effects=STOPPING))
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
lengths = st.integers(0, 70)
few = settings(max_examples=60, deadline=None)


def stop(since: date, length: int) -> Pause:
    return Pause(Ground.CLARIFICATION, noon(since), noon(since + timedelta(days=length)))


def one_before(start: date) -> date:
    return start - timedelta(days=1)


@few
@given(by=clocks, start=days, after=lengths, length=lengths, extended=st.booleans())
def test_a_due_day_is_a_working_day_and_all_between_it_and_the_unrolled_day_are_off(
    by: ClockRules, start: date, after: int, length: int, *, extended: bool
) -> None:
    found = due(by, start, stop(start + timedelta(days=after), length), extended=extended)
    assert day_off(by, found.day) is None
    reached = [s for s in found.steps if s.kind in {StepKind.MONTHS, StepKind.LAST_DAY, StepKind.ADDED}][
        -1
    ].day
    assert reached <= found.day
    while reached < found.day:
        assert day_off(by, reached) is not None
        reached += timedelta(days=1)


@few
@given(by=clocks, start=days, extended=st.booleans())
def test_a_later_start_is_never_due_earlier(by: ClockRules, start: date, *, extended: bool) -> None:
    # With waits this does not hold: of 30 and 31 January, a month later is 28 February for both, and the later start
    # leaves out a day of a wait that began on the 30th.
    assert due(by, one_before(start), extended=extended).day <= due(by, start, extended=extended).day


@few
@given(clocks, days, lengths, lengths)
def test_a_longer_stop_is_never_due_earlier(by: ClockRules, start: date, after: int, length: int) -> None:
    since = start + timedelta(days=after)
    shorter, longer = due(by, start, stop(since, length)), due(by, start, stop(since, length + 1))
    assert due(by, start).day <= shorter.day <= longer.day
    assert (longer.day - due(by, start).day).days >= 0


@few
@given(clocks, days, lengths)
def test_an_extension_is_never_shorter_and_starts_at_the_same_day(
    by: ClockRules, start: date, wait: int
) -> None:
    asked = Pause(Ground.IDENTITY, noon(start), noon(start + timedelta(days=wait)))
    first, extended = due(by, start, asked), due(by, start, asked, extended=True)
    assert first.start == extended.start == start + timedelta(days=wait)
    assert extended.latest_to_extend == first.day < extended.day


@few
@given(clocks, days)
def test_the_safe_day_is_a_working_day_before_the_due_day(by: ClockRules, start: date) -> None:
    found = due(by, start)
    if found.safe is not None:
        assert day_off(by, found.safe) is None
        assert found.safe < found.day


@few
@given(clocks, days, days)
def test_today_alone_changes_no_day_that_is_certain(by: ClockRules, start: date, today: date) -> None:
    assert due(by, start, today=today).day == due(by, start).day
