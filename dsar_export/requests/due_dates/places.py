"""Whether a register's clock can be reckoned with: its place, and the public holidays there."""

from collections.abc import Iterator

from dsar_export.model.clock import ClockRules
from dsar_export.model.country_clocks import clock_problems, country_clock
from dsar_export.requests.due_dates.calendar import known_parts


def place_problems(rules: ClockRules) -> Iterator[tuple[str, str]]:
    """The keys of a controller's clock that are wrong, each with the problem and what to do."""
    yield from clock_problems(rules)
    if not country_clock(rules.country).subdivisions:
        yield from _elsewhere(rules)


def _elsewhere(rules: ClockRules) -> Iterator[tuple[str, str]]:
    """The same for a country of which only the calendar knows the parts."""
    parts = known_parts(rules.country)
    if parts is None and not rules.extra_holidays:
        yield "extra_holidays", f"no public holidays of {rules.country} are built in; list them here"
    if rules.subdivision is not None and rules.subdivision not in (parts or ()):
        choices = ", ".join(sorted(parts or ())) or "none, so drop it"
        yield "subdivision", f"{rules.country} has no such part; one of: {choices}"
