"""What the receipt of a request needs besides what its person follows."""

import calendar
from datetime import date, datetime, timedelta

from dsar_export.model.controller import Controller
from dsar_export.model.decision import DecisionKind
from dsar_export.model.duration import duration_parts
from dsar_export.model.people import Role
from dsar_export.model.refusal import RefusalGround, ground_called
from dsar_export.requests.decisions import decisions_of
from dsar_export.requests.requests import ListedRequest
from dsar_export.use_cases.desk import Desk


def refused_on(desk: Desk, reference: str) -> RefusalGround | None:
    """The ground of a refusal, without the reason in words, which may name what is the person's."""
    with desk.looking() as act:
        act.request(reference, Role.AGENT)
        decisions = decisions_of(act.connection, reference, desk.vault)
    refusals = [each.ground for each in decisions if each.kind is DecisionKind.REFUSE]
    code = refusals[-1] if refusals else None
    return None if code is None else ground_called(code)


def kept_until(controller: Controller, listed: ListedRequest, at: datetime) -> date:
    """The day until which the records of a request are kept at least, as it stands now."""
    begun = (listed.ended_at or at).date()
    parts = duration_parts(controller.own_records.requests)
    months = begun.month - 1 + parts.get("month", 0) + 12 * parts.get("year", 0)
    year, month = min(begun.year + months // 12, date.max.year - 1), months % 12 + 1
    day = date(year, month, min(begun.day, calendar.monthrange(year, month)[1]))
    return day + timedelta(weeks=parts.get("week", 0), days=parts.get("day", 0))
