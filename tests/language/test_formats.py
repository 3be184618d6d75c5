"""Dates, numbers and money are written as the language writes them; invalid ones come back unchanged."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsar_export.language import formats

_ANY_TEXT = st.text(st.characters(), max_size=40)  # lone surrogates among them
_LANGUAGES = st.sampled_from(["en-GB", "de-DE", "fr", "zh-Hant-TW", "xx-YY", ""]) | _ANY_TEXT


@pytest.mark.parametrize(
    ("text", "language", "zone", "shown"),
    [
        ("2026-07-01T13:03:12Z", "en-GB", "Europe/London", "1 Jul 2026, 14:03:12 BST"),
        ("2026-07-01T13:03:12.123456+02:00", "en-GB", "Europe/Paris", "1 Jul 2026, 13:03:12 CEST"),
        ("2026-01-01T13:03:12Z", "de-DE", "Europe/Berlin", "01.01.2026, 14:03:12 MEZ"),
        ("2026-01-01T13:03:12Z", "en-GB", "America/New_York", "1 Jan 2026, 08:03:12 GMT-05:00"),
    ],
)
def test_an_instant_is_written_in_local_time(text: str, language: str, zone: str, shown: str) -> None:
    assert formats.instant(text, language, zone) == shown


def test_the_hour_that_a_clock_change_repeats_reads_differently_each_time() -> None:
    first = formats.instant("2026-10-25T00:30:00Z", "en-GB", "Europe/London")
    second = formats.instant("2026-10-25T01:30:00Z", "en-GB", "Europe/London")

    assert (first, second) == ("25 Oct 2026, 01:30:00 BST", "25 Oct 2026, 01:30:00 GMT")


@pytest.mark.parametrize(
    ("language", "shown", "short"),
    [
        ("en-GB", "2 Sept 2024, 16:47:00 (+09:00)", "2 Sept, 16:47:00 (+09:00)"),
        ("de", "02.09.2024, 16:47:00 (+09:00)", "2. Sept., 16:47:00 (+09:00)"),
        ("fr", "2 sept. 2024, 16:47:00 (+09:00)", "2 sept., 16:47:00 (+09:00)"),
    ],
)
def test_a_time_of_a_clock_elsewhere_is_that_of_its_clock(language: str, shown: str, short: str) -> None:
    stored = "2024-09-02T16:47:00+09:00"

    assert formats.moment(stored, language, "Europe/London") == shown
    assert formats.moment(stored, language, "Europe/London", year=False) == short


@pytest.mark.parametrize(
    "stored", ["2024-09-02T07:47:00Z", "2024-09-02T07:47:00+00:00", "2024-09-02T08:47:00+01:00"]
)
def test_a_time_in_utc_or_in_the_zone_is_local(stored: str) -> None:
    assert formats.moment(stored, "en-GB", "Europe/London") == "2 Sept 2024, 08:47:00"


def test_the_zones_offset_is_that_of_the_same_moment() -> None:
    assert (
        formats.moment("2024-01-02T08:47:00+01:00", "en-GB", "Europe/London")
        == "2 Jan 2024, 08:47:00 (+01:00)"
    )


def test_under_a_year_a_clock_elsewhere_shows_its_own_year_if_it_is_another() -> None:
    stored = "2025-01-01T03:00:00+09:00"  # 31 December in London

    assert formats.moment(stored, "en-GB", "Europe/London", year=False) == "1 Jan 2025, 03:00:00 (+09:00)"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-07-01T13:03:12",
        "2026-02-30T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "2026-06-30T23:59:60Z",
    ],
)
def test_an_instant_that_cannot_be_converted_comes_back_unchanged(text: str) -> None:
    assert formats.instant(text, "en-GB", "America/New_York") == text


@pytest.mark.parametrize("zone", ["", "Nowhere/Land", "../../etc/passwd", "\0", "\ud800"])
def test_an_unknown_zone_leaves_the_instant_unchanged(zone: str) -> None:
    assert formats.instant("2026-07-01T13:03:12Z", "en-GB", zone) == "2026-07-01T13:03:12Z"


def test_a_day_is_the_local_date() -> None:
    assert formats.day("2026-07-01T23:30:00Z", "en-GB", "Europe/London") == "2 Jul 2026"
    assert formats.day("2026-07-01", "en-GB", "Europe/London") == "1 Jul 2026"


def test_a_date_is_written_as_the_language_writes_it() -> None:
    assert formats.date("2026-07-01", "en-GB") == "1 Jul 2026"
    assert formats.date("2026-07-01", "de") == "01.07.2026"
    assert formats.date("2026-02-30", "en-GB") == "2026-02-30"


def test_a_month_is_named_with_its_year() -> None:
    assert formats.month("2026-07", "en-GB") == "Jul 2026"
    assert formats.month("2026-03", "de") == "März 2026"
    assert formats.month("2026-13", "en-GB") == "2026-13"


def test_there_are_twelve_names_of_months() -> None:
    assert formats.month_names("en-GB")[::11] == ("Jan", "Dec")
    assert len(formats.month_names("fr")) == 12


@pytest.mark.parametrize(
    ("n", "language", "shown"),
    [
        (1234567, "en-GB", "1,234,567"),
        (1234567, "de-DE", "1.234.567"),
        (0.1234567, "en-GB", "0.1234567"),
        (Decimal("1.50"), "en-GB", "1.50"),
        (-3, "en-GB", "-3"),
        (10**28, "en-GB", "1" + "0" * 28),
        (1e300, "en-GB", "1e+300"),
        (Decimal("1E+999999"), "en-GB", "1E+999999"),
        (float("nan"), "en-GB", "nan"),
    ],
)
def test_a_number_keeps_all_of_its_digits(n: int | float | Decimal, language: str, shown: str) -> None:
    assert formats.number(n, language) == shown


def test_an_integer_too_long_for_base_ten_is_written_in_hexadecimal() -> None:
    assert formats.number(10**5000, "en-GB").startswith("0x")


@pytest.mark.parametrize(
    ("text", "currency", "language", "shown"),
    [
        ("1234.5", "GBP", "en-GB", "£1,234.50"),
        ("-5.00", "GBP", "en-GB", "-£5.00"),
        ("12.345", "EUR", "en-GB", "€12.345"),
        ("1234.50", "EUR", "de-DE", "1.234,50\xa0€"),
        ("1e9", "GBP", "en-GB", "1e9 GBP"),
        ("free", "GBP", "en-GB", "free GBP"),
        ("12.50", "pounds", "en-GB", "12.50 pounds"),
        ("12.50", "", "en-GB", "12.50"),
    ],
)
def test_money_is_never_rounded(text: str, currency: str, language: str, shown: str) -> None:
    assert formats.money(text, currency, language) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("P7Y", "7 years"), ("P1Y6M", "1 year, 6 months"), ("P30D", "30 days"), ("P", "P"), ("PT5H", "PT5H")],
)
def test_a_duration_is_written_in_words(text: str, shown: str) -> None:
    assert formats.duration(text, "en-GB") == shown


def test_a_known_country_is_written_by_name() -> None:
    assert formats.country("gb", "en-GB") == "United Kingdom"
    assert formats.country("GB", "fr") == "Royaume-Uni"
    assert formats.country("Atlantis", "en-GB") == "Atlantis"


@given(_ANY_TEXT, _ANY_TEXT, _LANGUAGES)
def test_no_text_raises(text: str, other: str, language: str) -> None:
    formats.instant(text, language, other)
    formats.instant("2026-07-01T13:03:12Z", language, other)
    formats.day(text, language, other)
    formats.date(text, language)
    formats.duration(text, language)
    formats.money(text, other, language)
    formats.money("12.50", "GBP", language)
    formats.country(text, language)
    formats.month(text, language)
    formats.month_names(language)


@given(st.integers() | st.floats() | st.decimals(), _LANGUAGES)
def test_no_number_raises(n: int | float | Decimal, language: str) -> None:
    assert formats.number(n, language)


@pytest.mark.parametrize(
    ("size", "language", "shown"),
    [
        (0, "en-GB", "0 bytes"),
        (1, "en-GB", "1 byte"),
        (999, "en-GB", "999 bytes"),
        (1000, "en-GB", "1 kB"),
        (12_345, "en-GB", "12.3 kB"),
        (123_456, "en-GB", "123 kB"),
        (1_500_000, "de", "1,5 MB"),
        (1_000_000, "de", "1 MB"),
        (4_700_000_000, "fr", "4,7\u202fGo"),
        (10**16, "en-GB", "10,000 TB"),
    ],
)
def test_a_size_is_written_in_the_largest_unit_that_fits(size: int, language: str, shown: str) -> None:
    assert formats.file_size(size, language) == shown


@pytest.mark.parametrize(
    ("language", "zone", "shown"),
    [
        ("en-GB", "Europe/London", "1 July 2026, 14:03 BST"),
        ("de", "Europe/Berlin", "1. Juli 2026, 15:03 MESZ"),
        ("fr", "Europe/Paris", "1 juillet 2026, 15:03 UTC+02:00"),
    ],
)
def test_a_moment_to_be_there_in_time_has_no_seconds(language: str, zone: str, shown: str) -> None:
    assert formats.minute(datetime(2026, 7, 1, 13, 3, 12, tzinfo=UTC), language, zone) == shown
