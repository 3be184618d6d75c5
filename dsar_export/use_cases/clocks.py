"""The clocks of a register's controllers: their rules, and what is wrong with them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from dsar_export.errors import WrongUseError
from dsar_export.model.clock import ClockRules
from dsar_export.model.country_clocks import clock_rules
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.register.hints import location
from dsar_export.register_check.references import refuse
from dsar_export.requests.due_dates import place_problems
from dsar_export.use_cases.services import known_controller


def clock_findings(register: Register) -> Iterator[Finding]:
    """Controllers whose due dates can't be reckoned."""
    for name in register.organisation.controllers:
        yield from _findings(register, name)


def refuse_unfit_clocks(register: Register) -> None:
    """Raises RegisterError if a due date can't be reckoned: a request must not be taken in without one."""
    refuse(clock_findings(register))


def rules_for(register: Register, controller: str) -> ClockRules:
    """The rules of a controller's clock; WrongUseError or RegisterError if it has none that can be used."""
    rules = clock_rules(known_controller(register, controller))
    refuse(_findings(register, controller))
    return rules


def local_day(register: Register, controller: str, at: datetime) -> date:
    """The day of a moment in a controller's time zone."""
    return at.astimezone(ZoneInfo(known_controller(register, controller).time_zone)).date()


def zone_in(register: Register | None, controller: str | None) -> tzinfo:
    """Where staff name days; UTC without a register, and for a controller that it lacks."""
    known = {} if register is None else register.organisation.controllers
    return UTC if controller is None or controller not in known else ZoneInfo(known[controller].time_zone)


def moment_within(
    zone: tzinfo, given: datetime | None, span: tuple[datetime, datetime], what: str
) -> datetime:
    """When something happened, by default at the end of the span; a date alone may be the day on which it begins.

    Never before the span, also where the clock was set back since it began.
    """
    first, last = span
    if given is None:
        return max(first, last)
    begins = first.astimezone(zone).date()
    if given.astimezone(zone).date() < begins or given > last:
        raise WrongUseError(f"it can't have been before {begins} or in the future; correct the moment {what}")
    return max(given, first)


def _findings(register: Register, controller: str) -> Iterator[Finding]:
    rules = clock_rules(register.organisation.controllers[controller])
    for key, problem in place_problems(rules):
        yield Finding(location(register), f"controllers.{controller}.clock.{key}", problem)
