"""The purposes, recipients and storage period of a dataset: today, and for records from before a date."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from dsar_export.language import formats
from dsar_export.model.dataset import Dataset, EarlierTerms
from dsar_export.model.legal import LEGAL_BASES, SAFEGUARDS
from dsar_export.model.register import Organisation, Register, Transfer
from renderers.report_pdf.sections.locale import Locale
from renderers.report_pdf.sections.wording import RECIPIENTS

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
    yield locale.phrase("Why we hold it"), "\n".join(_purposes(held.purposes, register, locale))
    yield locale.phrase("Who received it"), _received(held.recipients, organisation, locale)
    if transfers := [t for t in organisation.transfers if t.recipient in (held.recipients or ())]:
        yield (
            locale.phrase("Transferred to"),
            "\n".join(_transfer(t, organisation, locale) for t in transfers),
        )
    yield locale.phrase("How long we keep it"), _storage_period(held.storage_period, organisation, locale)


def _purposes(purposes: Mapping[str, str], register: Register, locale: Locale) -> Iterator[str]:
    for name, basis in purposes.items():
        purpose = register.organisation.purposes.get(name)
        title = name if purpose is None else locale.labelled(purpose.title, purpose.description)
        yield f"{title} {_basis(basis, register, locale)}"


def _basis(basis: str, register: Register, locale: Locale) -> str:
    article = register.article(basis)
    if article is None:
        return basis
    meaning = locale.message_text(LEGAL_BASES[article])
    if article == basis:
        return meaning
    return locale.phrase("{means} Our notice says: {basis}.", means=meaning, basis=basis)


def _received(names: tuple[str, ...] | None, organisation: Organisation, locale: Locale) -> str:
    if names is None:
        return locale.phrase("Our register of processing does not say it. Ask us.")
    return "\n".join(_recipients(names, organisation, locale)) or locale.phrase("Nobody.")


def _recipients(names: Iterable[str], organisation: Organisation, locale: Locale) -> Iterator[str]:
    for name in names:
        recipient = organisation.recipients.get(name)
        if recipient is None:
            yield name
            continue
        yield locale.phrase(
            RECIPIENTS[recipient.role],
            name=recipient.name,
            country=locale.country(recipient.country),
            description=recipient.description,
        )


def _transfer(transfer: Transfer, organisation: Organisation, locale: Locale) -> str:
    recipient = organisation.recipients.get(transfer.recipient)
    return locale.phrase(
        "{name} ({country}). What safeguards it, since {since}: {safeguard}. {description}",
        name=transfer.recipient if recipient is None else recipient.name,
        country=locale.country(transfer.country),
        since=locale.date(transfer.since),
        safeguard=_safeguard(transfer.safeguard, locale),
        description=transfer.description,
    )


def _safeguard(article: str, locale: Locale) -> str:
    return locale.message_text(SAFEGUARDS[article]) if article in SAFEGUARDS else article


def _storage_period(name: str, organisation: Organisation, locale: Locale) -> str:
    period = organisation.storage_periods.get(name)
    if period is None:
        return name
    duration = formats.duration(period.duration, locale.language)
    if period.from_year_end:
        return locale.phrase(
            "{title}: {duration}, counted from the end of the year of: {starts}",
            title=period.title,
            duration=duration,
            starts=period.starts,
        )
    return locale.phrase(
        "{title}: {duration}, counted from: {starts}",
        title=period.title,
        duration=duration,
        starts=period.starts,
    )
