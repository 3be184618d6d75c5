"""The rules of `clock_rules.toml`, and those of a controller: its country's, with what its register says."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final, NotRequired, TypedDict

from dsar_export.model.clock import ClockRules, ComplaintClock, CountedFrom, Effect, Ground
from dsar_export.model.controller import Controller

_FILE: Final = "clock_rules.toml"
_EVERY: Final = "every_country"


class _ComplaintTable(TypedDict):
    acknowledge_within_days: int
    counted_from: str
    rolls: bool
    since: date


class _ClockTable(TypedDict):
    """A table of the file; one of a country has only what differs from `every_country`."""

    months: int
    extended_months: int
    weekend: list[int]
    read_a_day_shorter: bool
    effects: dict[str, str]
    subdivisions: NotRequired[dict[str, str]]
    without_subdivision: NotRequired[list[str]]
    complaint: NotRequired[_ComplaintTable]


@dataclass(frozen=True)
class CountryClock:
    """The rules of a country; `subdivisions` are empty for one without a table of its own."""

    months: int
    extended_months: int
    weekend: frozenset[int]
    read_a_day_shorter: bool
    effects: Mapping[Ground, Effect]
    subdivisions: Mapping[str, str] = field(default_factory=dict)
    """The parts that have holidays of their own: each code with its name."""
    without_subdivision: frozenset[str] | None = None
    """The time zones in which no subdivision need be named; all, if it is None."""
    complaint: ComplaintClock | None = None

    def code_of(self, subdivision: str) -> str:
        """The code of a part that is given by its code or name; unchanged if there is none."""
        return next((code for code, name in self.subdivisions.items() if name == subdivision), subdivision)

    @property
    def choices(self) -> str:
        """All parts for a message: `ENG (England), …`."""
        return ", ".join(f"{code} ({name})" for code, name in self.subdivisions.items())


@cache
def country_clocks() -> Mapping[str, CountryClock]:
    """The built-in rules by country; `country_clock` has those of every other."""
    text = (files(__package__) / _FILE).read_text(encoding="utf-8")
    tables: dict[str, _ClockTable] = tomllib.loads(text)
    every = tables.pop(_EVERY)
    made = {country: _clock({**every, **table}) for country, table in tables.items()}
    return {_EVERY: _clock(every), **made}


def country_clock(country: str) -> CountryClock:
    """The rules of a country."""
    clocks = country_clocks()
    return clocks.get(country, clocks[_EVERY])


def clock_rules(controller: Controller) -> ClockRules:
    """The rules by which a controller's time limits run."""
    own, built_in = controller.clock, country_clock(controller.country)
    return ClockRules(
        country=controller.country,
        time_zone=controller.time_zone,
        subdivision=None if own.subdivision is None else built_in.code_of(own.subdivision),
        months=built_in.months,
        extended_months=built_in.extended_months,
        weekend=built_in.weekend,
        effects={**built_in.effects, **own.effects},
        extra_holidays=frozenset(own.extra_holidays),
        no_holidays=frozenset(own.no_holidays),
        read_a_day_shorter=built_in.read_a_day_shorter,
        complaint=own.complaint or built_in.complaint,
    )


def clock_problems(rules: ClockRules) -> Iterator[tuple[str, str]]:
    """What is wrong with the place and the days of a clock: the key in its table, and the problem.

    For a country without a table of its own, only the calendar knows the parts.
    """
    built_in = country_clock(rules.country)
    if rules.subdivision is None and not _may_be_whole(built_in, rules.time_zone):
        yield (
            "subdivision",
            f"public holidays differ within {rules.country}, so due dates need the part: one of {built_in.choices}",
        )
    if (
        rules.subdivision is not None
        and built_in.subdivisions
        and rules.subdivision not in built_in.subdivisions
    ):
        yield "subdivision", f"{rules.country} has no such part; one of {built_in.choices}"
    for day in sorted(rules.extra_holidays & rules.no_holidays):
        yield "no_holidays", f"{day} is also in extra_holidays; keep one"
    if rules.complaint is not None and rules.complaint.acknowledge_within_days < 1:
        yield "complaint.acknowledge_within_days", "a complaint is acknowledged within 1 day or more"


def _may_be_whole(clock: CountryClock, time_zone: str) -> bool:
    return clock.without_subdivision is None or time_zone in clock.without_subdivision


def _clock(table: _ClockTable) -> CountryClock:
    zones = table.get("without_subdivision")
    return CountryClock(
        months=table["months"],
        extended_months=table["extended_months"],
        weekend=frozenset(table["weekend"]),
        read_a_day_shorter=table["read_a_day_shorter"],
        effects={Ground(ground): Effect(effect) for ground, effect in table["effects"].items()},
        subdivisions=table.get("subdivisions", {}),
        without_subdivision=None if zones is None else frozenset(zones),
        complaint=_complaint(table.get("complaint")),
    )


def _complaint(table: _ComplaintTable | None) -> ComplaintClock | None:
    if table is None:
        return None
    return ComplaintClock(
        acknowledge_within_days=table["acknowledge_within_days"],
        counted_from=CountedFrom(table["counted_from"]),
        rolls=table["rolls"],
        since=table["since"],
    )
