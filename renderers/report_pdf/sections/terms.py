"""The purposes, recipients and storage period of a dataset: today, and for records from before a date."""

from collections.abc import Iterator
from datetime import date

from dsar_export.language import formats
from dsar_export.model.dataset import Dataset, EarlierTerms
from dsar_export.model.register import Organisation, Register
from renderers.report_pdf.sections.locale import Locale
from renderers.report_pdf.sections.purposes import purposes_in_brief
from renderers.report_pdf.sections.recipients import shared_with
from renderers.report_pdf.sections.undecided import ASK_US

Fact = tuple[str, str]


def terms(dataset: Dataset, register: Register, locale: Locale) -> Iterator[Fact]:
    """The terms of today, then the earlier ones, the latest first."""
    yield from _facts(dataset, register, locale)
    ended = sorted(dataset.earlier, key=lambda held: held.until)
    since: date | None = None
    earlier: list[Fact] = []
    for held in ended:
        lines = (locale.labelled(label, text) for label, text in _facts(held, register, locale))
        earlier.append((_for_records(since, held.until, locale), "\n".join(lines)))
        since = held.until
    yield from reversed(earlier)


def _for_records(since: date | None, until: date, locale: Locale) -> str:
    if since is None:
        return locale.phrase("For records before {until}", until=locale.date(until))
    return locale.phrase(
        "For records from {since}, before {until}", since=locale.date(since), until=locale.date(until)
    )


def _facts(held: Dataset | EarlierTerms, register: Register, locale: Locale) -> Iterator[Fact]:
    organisation = register.organisation
    why = "\n".join(purposes_in_brief(held.purposes, register, locale))
    yield locale.phrase("Why we hold it"), why or locale.phrase(ASK_US)
    yield locale.phrase("Shared with"), shared_with(held.recipients, organisation, locale)
    yield locale.phrase("How long we keep it"), _storage_period(held.storage_period, organisation, locale)


def _storage_period(name: str | None, organisation: Organisation, locale: Locale) -> str:
    if name is None:
        return locale.phrase(ASK_US)
    period = organisation.storage_periods.get(name)
    if period is None:
        return name
    duration = formats.duration(period.duration, locale.language)
    if period.from_year_end:
        return locale.phrase(
            "{title}: {duration} from the end of the year that includes {starts}",
            title=period.title,
            duration=duration,
            starts=period.starts,
        )
    return locale.phrase(
        "{title}: {duration} from {starts}",
        title=period.title,
        duration=duration,
        starts=period.starts,
    )
