"""Subscriptions, and the bank accounts that pay for them."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final

from dsar_export.demo.companies import GB
from dsar_export.demo.customers import Customer
from dsar_export.demo.rows import Row, iso

# Service, plan, price in minor units, billing interval; by language.
_SERVICES: Final = {
    "en": (
        ("Trail Club", "Couple", 5900, "Y"),
        ("Map service", "All of Great Britain", 299, "M"),
        ("Boot care", "Two pairs a year", 1800, "H"),
    ),
    "fr": (
        ("Club Sentiers", "Duo", 6500, "Y"),
        ("Cartes en ligne", "France enti\u00e8re", 349, "M"),
        ("Entretien chaussures", "Deux paires par an", 1950, "H"),
    ),
    "de": (
        ("Wanderclub", "Paar", 6500, "Y"),
        ("Kartendienst", "Alpen und Mittelgebirge", 349, "M"),
        ("Schuhpflege", "Zwei Paar im Jahr", 1950, "H"),
    ),
}
_BANKS: Final = {
    "en": ("Example Bank plc", "EXMPGB2L"),
    "fr": ("Banque Exemple SA", "EXMPFRPP"),
    "de": ("Beispielbank eG", "EXMPDEHH"),
}
_TERM: Final = {"M": 30, "H": 182, "Y": 365}
_TODAY: Final = datetime(2026, 10, 30, tzinfo=UTC)


def subscription_rows(customers: Sequence[Customer], rng: random.Random) -> Iterator[Row]:
    """Subscriptions of two customers in three; every fourth subscription has ended."""
    number = 0
    for customer in customers:
        if customer.person.number % 3 == 2 or customer.ended_on is not None:
            continue
        for turn in range(1 + customer.is_demo_person):
            number += 1
            service, plan, price, interval = _SERVICES[customer.company.language][(number + turn) % 3]
            started = datetime.combine(customer.since, time(9), UTC) + timedelta(days=rng.randrange(1, 300))
            ended = started + timedelta(days=730) if number % 4 == 0 else None
            renews = _TODAY + timedelta(days=rng.randrange(1, _TERM[interval]))
            yield (
                f"SUB-{number}",
                customer.company.code,
                customer.id,
                service,
                f"{plan} ({customer.mark('subscriptions')})",
                "ended" if ended else "paused" if number % 9 == 0 else "active",
                iso(started),
                None if ended is None else iso(ended),
                None if ended else renews.date().isoformat(),
                price,
                customer.company.currency,
                interval,
            )


def bank_account_rows(customers: Sequence[Customer], rng: random.Random) -> Iterator[Row]:
    """Bank accounts of every second customer: sort code and number in Britain, an IBAN elsewhere."""
    number = 0
    for customer in customers:
        if customer.person.number % 2 == 0:
            continue
        number += 1
        british = customer.company is GB
        bank, bic = _BANKS[customer.company.language]
        digits = f"{rng.randrange(10**8):08}"
        revoked = number % 7 == 0
        yield (
            number,
            customer.company.code,
            customer.id,
            customer.person.name,
            None if british else _iban(customer.company.code, digits),
            f"99-{number // 100:02}-{number % 100:02}" if british else None,
            digits if british else None,
            bic,
            bank,
            f"ACME-{customer.company.code}-{number} {customer.mark('bank_accounts')}",
            customer.since.isoformat(),
            "R" if revoked else "A",
            "B" if number % 3 else "D",
            customer.since.isoformat(),
            "2025-05-31" if revoked else None,
        )


def _iban(country: str, digits: str) -> str:
    """An IBAN with valid check digits (ISO 13616) and an invented bank."""
    inner = f"{'9' * 10}{digits}" if country == "DE" else f"{'9' * 10}000{digits}99"
    letters = "".join(str(int(letter, 36)) for letter in country)
    return f"{country}{98 - int(f'{inner}{letters}00') % 97:02}{inner}"
