"""Which days are public holidays where: the library `holidays`, corrected by the register."""

from collections.abc import Container
from datetime import date
from functools import lru_cache

from dsar_export.model.clock import ClockRules, StepKind


def day_off(rules: ClockRules, day: date) -> StepKind | None:
    """Why a time limit can't end on a day: it is of the weekend, or a public holiday; None for a working day."""
    if day.isoweekday() in rules.weekend:
        return StepKind.WEEKEND
    if day in rules.no_holidays:
        return None
    if day in rules.extra_holidays or day in _public_holidays(rules.country, rules.subdivision):
        return StepKind.HOLIDAY
    return None


@lru_cache(maxsize=64)
def known_parts(country: str) -> frozenset[str] | None:
    """The parts of a country with public holidays of their own; None for a country that is not known."""
    from holidays import country_holidays  # noqa: PLC0415 - a tenth of a second, for what reckons no due day

    try:
        return frozenset(country_holidays(country).subdivisions)
    except NotImplementedError:
        return None


@lru_cache(maxsize=64)
def _public_holidays(country: str, subdivision: str | None) -> Container[date]:
    from holidays import country_holidays  # noqa: PLC0415

    try:
        return country_holidays(country, subdiv=subdivision)
    except NotImplementedError:
        return ()  # `place_problems` refuses such a place, unless the register lists its holidays
