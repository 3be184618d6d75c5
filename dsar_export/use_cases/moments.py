"""Days and times as staff write them."""

from datetime import UTC, date, datetime, time, tzinfo

from dsar_export.errors import WrongUseError


def moment_of(text: str | None, zone: tzinfo = UTC) -> datetime | None:
    """A moment in ISO 8601; a date alone, or a time without an offset, is in the zone."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise WrongUseError(
            "a time has the form 2026-05-31 or 2026-05-31T10:00:00+02:00; correct it"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def end_of(text: str | None, zone: tzinfo) -> datetime | None:
    """When something ends: with a day in the zone, or at a moment as it is."""
    moment = moment_of(text, zone)
    if moment is None or text is None:
        return None
    try:
        date.fromisoformat(text)
    except ValueError:
        return moment
    return datetime.combine(moment.date(), time.max, moment.tzinfo)
