"""Dates, numbers, money and countries as a person reads them.

Every function is pure and never raises. A value that can't be parsed is returned unchanged, because an odd
text in a report is better than a missing one.
"""

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import (
    DateTimePattern,
    format_date,
    format_datetime,
    format_skeleton,
    format_time,
    get_date_format,
    get_datetime_format,
    get_month_names,
    get_time_format,
    parse_pattern,
)
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit

from dsar_export.language.zones import in_zone
from dsar_export.model.duration import duration_parts

_FALLBACK_LANGUAGE: Final = "en-GB"
_MAX_ZONE_NAME: Final = 5
_OFFSET: Final = slice(len("2026-07-01T14:03"), None)
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
# Numbers with an exponent are left alone: 1e999999 would be written with a million digits.
_DECIMAL: Final = re.compile(r"-?[0-9]+(?:\.([0-9]+))?")
_MAX_DIGITS: Final = 25  # Python's decimals keep 28 digits, and Babel raises for longer numbers


def instant(text: str, language: str, zone: str) -> str:
    """An RFC 3339 instant as local date, time and zone, such as `1 Jul 2026, 14:03:12 BST`."""
    local = in_zone(text, zone)
    if local is None:
        return text
    locale = _locale(language)
    # Always with the zone: in the hour that a clock change repeats, two instants would look the same without it.
    return f"{_date_and_time(language).apply(local, locale)} {_zone_name(local, locale)}"


def moment(text: str, language: str, zone: str, *, year: bool = True) -> str:
    """An RFC 3339 instant as local date and time, such as `1 Jul 2026, 14:03:12`, or without the year.

    The zone is shown only in the hour that a clock change repeats, where two instants would look the same without it.
    An instant with an offset of its own, neither UTC's nor the zone's, is shown as it is: that of a clock elsewhere.
    """
    local = in_zone(text, zone)
    if local is None:
        return text
    locale = _locale(language)
    stored = dt.datetime.fromisoformat(text)
    if stored.utcoffset() not in {dt.timedelta(), local.utcoffset()}:
        # The year stands above only if the day is in the same year here and there.
        pattern = _date_and_time(language, year=year or stored.year != local.year)
        return f"{pattern.apply(stored, locale)} ({stored.isoformat(timespec='minutes')[_OFFSET]})"
    shown = _date_and_time(language, year=year).apply(local, locale)
    repeated = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return f"{shown} {_zone_name(local, locale)}" if repeated else shown


def day_of_year(text: str, language: str) -> str:
    """An ISO date such as `2026-07-01` as `1 Jul`."""
    try:
        return format_skeleton("MMMd", dt.date.fromisoformat(text), locale=_locale(language))
    except ValueError:
        return text


def day(text: str, language: str, zone: str) -> str:
    """The local date of an RFC 3339 instant, or an ISO date, such as `1 Jul 2026`."""
    local = in_zone(text, zone)
    return date(text, language) if local is None else format_date(local, "medium", locale=_locale(language))


def date(text: str, language: str) -> str:
    """An ISO date such as `2026-07-01` as `1 Jul 2026`."""
    try:
        return format_date(dt.date.fromisoformat(text), "medium", locale=_locale(language))
    except ValueError:
        return text


def full_date(day: dt.date, language: str) -> str:
    """A date with its day of the week, such as `Wednesday 1 July 2026`."""
    return format_date(day, "full", locale=_locale(language))


def long_date(day: dt.date, language: str) -> str:
    """A date with the name of its month, such as `1 July 2026`."""
    return format_date(day, "long", locale=_locale(language))


def minute(at: dt.datetime, language: str, zone: str) -> str:
    """A moment as local date, time and zone without seconds, such as `1 July 2026, 14:03 BST`."""
    local, locale = at.astimezone(ZoneInfo(zone)), _locale(language)
    clock = format_time(local, "short", locale=locale)
    return f"{format_date(local, 'long', locale=locale)}, {clock} {_zone_name(local, locale)}"


def month(text: str, language: str) -> str:
    """A month such as `2026-07` as `Jul 2026`."""
    try:
        first = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return text
    return format_skeleton("yMMM", first, locale=_locale(language))


def month_names(language: str) -> tuple[str, ...]:
    """The abbreviated names of the twelve months, for column headers."""
    names = get_month_names("abbreviated", "stand-alone", locale=_locale(language))
    return tuple(names[number] for number in range(1, 13))


def duration(text: str, language: str) -> str:
    """An ISO 8601 duration in years, months, weeks and days, such as `P7Y` as `7 years`."""
    try:
        parts = duration_parts(text)
    except ValueError:
        return text
    locale = _locale(language)
    return ", ".join(format_unit(n, unit, "long", locale=locale) for unit, n in parts.items())


def number(n: int | float | Decimal, language: str) -> str:
    """A number with the language's separators, never rounded."""
    plain = _plain(n)
    match = _decimal(plain)
    if match is None:
        return plain
    fraction = match.group(1)
    pattern = "#,##0" + ("." + "0" * len(fraction) if fraction else "")
    return format_decimal(Decimal(plain), pattern, locale=_locale(language), decimal_quantization=False)


def money(text: str, currency: str, language: str) -> str:
    """A decimal text with an ISO 4217 currency code, such as `12.50` and `GBP` as `£12.50`."""
    if not _CURRENCY.fullmatch(currency) or _decimal(text) is None:
        return f"{text} {currency}".strip()
    return format_currency(Decimal(text), currency, locale=_locale(language), decimal_quantization=False)


def file_size(size: int, language: str) -> str:
    """A number of bytes as `640 bytes`, `12 kB` or `1.5 GB`, in powers of a thousand as disks are sold."""
    if size < 1000:
        return format_unit(size, "byte", "long", locale=_locale(language))
    units = ("kilobyte", "megabyte", "gigabyte", "terabyte")
    power = min(len(units), (len(f"{size}") - 1) // 3)
    shown, unit = Decimal(size) / 1000**power, units[power - 1]
    # With a digit after the point, one of them is not called by a word of its own.
    rounded = shown.quantize(Decimal("0.1") if shown < 100 else Decimal(1))
    return format_unit(rounded, unit, "short", locale=_locale(language))


def country(code: str, language: str) -> str:
    """The name of a country in a language, by its ISO 3166 alpha-2 code."""
    return str(_locale(language).territories.get(code.upper(), code))


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    for tag in (language, language.partition("-")[0]):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(_FALLBACK_LANGUAGE, sep="-")


@lru_cache(maxsize=64)
def _date_and_time(language: str, *, year: bool = True) -> DateTimePattern:
    """Babel's medium date and time as one pattern: faster than `format_datetime`, which applies three."""
    locale = _locale(language)
    date = get_date_format("medium", locale) if year else locale.datetime_skeletons["MMMd"]
    both = str(get_datetime_format("medium", locale=locale))
    return parse_pattern(
        both.replace("{0}", get_time_format("medium", locale).pattern).replace("{1}", date.pattern)
    )


def _zone_name(local: dt.datetime, locale: Locale) -> str:
    name = format_datetime(local, "z", locale=locale)
    short = len(name) <= _MAX_ZONE_NAME and name.isalpha()
    return name if short else format_datetime(local, "ZZZZ", locale=locale)


def _decimal(text: str) -> re.Match[str] | None:
    return _DECIMAL.fullmatch(text) if len(text) <= _MAX_DIGITS else None


def _plain(n: int | float | Decimal) -> str:
    try:
        return str(n)
    except ValueError:  # Python refuses to write integers of more than 4,300 digits in base ten
        return hex(int(n))
