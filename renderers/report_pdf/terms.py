"""Why a dataset is held, who received it and how long it is kept: today, and for records from before a day."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from dsar_export.language import formats
from dsar_export.model.dataset import Dataset, EarlierTerms
from dsar_export.model.legal import LEGAL_BASES, SAFEGUARDS
from dsar_export.model.register import Organisation, Register, Transfer
from renderers.report_pdf.locale import Locale
from renderers.report_pdf.wording import ROLES

Fact = tuple[str, str]

_WHY: Final = "Why we hold it"
_WHO: Final = "Who received it"
_WHERE: Final = "Transferred to"
_HOW_LONG: Final = "How long we keep it"


def terms(dataset: Dataset, register: Register, locale: Locale) -> Iterator[Fact]:
    """What holds today, then what held before, the latest first."""
    yield from _held(dataset, register, locale)
    ended = sorted(dataset.earlier, key=lambda held: held.until)
    since: date | None = None
    told: list[Fact] = []
    for held in ended:
        lines = (f"{label}: {text}" for label, text in _held(held, register, locale))
        told.append((_for_records(since, held.until, locale), "\n".join(lines)))
        since = held.until
    yield from reversed(told)


def _for_records(since: date | None, until: date, locale: Locale) -> str:
    if since is None:
        return f"For records before {locale.date(until)}"
    return f"For records from {locale.date(since)}, before {locale.date(until)}"


def _held(held: Dataset | EarlierTerms, register: Register, locale: Locale) -> Iterator[Fact]:
    organisation = register.organisation
    yield _WHY, "\n".join(_purposes(held.purposes, register))
    yield _WHO, "\n".join(_recipients(held.recipients, organisation, locale)) or "Nobody."
    if transfers := [t for t in organisation.transfers if t.recipient in held.recipients]:
        yield _WHERE, "\n".join(_transfer(t, organisation, locale) for t in transfers)
    yield _HOW_LONG, _storage_period(held.storage_period, organisation, locale)


def _purposes(purposes: Mapping[str, str], register: Register) -> Iterator[str]:
    for name, basis in purposes.items():
        purpose = register.organisation.purposes.get(name)
        told = name if purpose is None else f"{purpose.title}: {purpose.description}"
        yield f"{told} {_basis(basis, register)}"


def _basis(basis: str, register: Register) -> str:
    article = register.article(basis)
    if article is None:
        return basis
    return LEGAL_BASES[article] if article == basis else f"{LEGAL_BASES[article]} Our notice says: {basis}."


def _recipients(names: Iterable[str], organisation: Organisation, locale: Locale) -> Iterator[str]:
    for name in names:
        recipient = organisation.recipients.get(name)
        if recipient is None:
            yield name
            continue
        country = locale.country(recipient.country)
        yield f"{recipient.name} ({country}), {ROLES[recipient.role]}: {recipient.description}"


def _transfer(transfer: Transfer, organisation: Organisation, locale: Locale) -> str:
    recipient = organisation.recipients.get(transfer.recipient)
    name = transfer.recipient if recipient is None else recipient.name
    country, since = locale.country(transfer.country), locale.date(transfer.since)
    safeguard = SAFEGUARDS.get(transfer.safeguard, transfer.safeguard)
    return f"{name} ({country}), under {safeguard}, since {since}: {transfer.description}"


def _storage_period(name: str, organisation: Organisation, locale: Locale) -> str:
    period = organisation.storage_periods.get(name)
    if period is None:
        return name
    duration = formats.duration(period.duration, locale.language)
    return f"{period.title}: {duration}, counted from: {period.starts}"
