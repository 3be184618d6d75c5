"""Customers' addresses and contact details."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, timedelta
from typing import Final

from dsar_export.demo.companies import DE, FR, GB
from dsar_export.demo.customers import PLACES, Customer
from dsar_export.demo.hostile_text import hostile
from dsar_export.demo.rows import Row, iso

_REGIONS: Final = {GB: "Cumbria", FR: "Auvergne-Rh\u00f4ne-Alpes", DE: "Bayern"}
_MOVED_ON: Final = date(2023, 7, 1)
_GIFT_ADDRESS_SINCE: Final = date(2023, 12, 1)


def address_rows(customers: Sequence[Customer], rng: random.Random) -> Iterator[Row]:
    """Home addresses, earlier addresses of every second customer, and gift addresses of some."""
    number = 0
    for customer in customers:
        streets, cities = PLACES[customer.company]
        moved = customer.person.number % 2 == 1
        home_since = _MOVED_ON if moved else customer.since
        homes: list[tuple[str, str, str, date, date | None]] = [
            ("H", customer.street, customer.city, home_since, customer.ended_on)
        ]
        if moved:
            before = f"{rng.randrange(1, 200)} {rng.choice(streets)}"
            homes.append(("X", before, rng.choice(cities), customer.since, _MOVED_ON - timedelta(days=1)))
        if customer.person.number % 5 == 1:
            gifts = f"{rng.randrange(1, 200)} {rng.choice(streets)}"
            homes.append(("D", gifts, rng.choice(cities), _GIFT_ADDRESS_SINCE, None))
        for kind, street, city, since, until in homes:
            number += 1
            yield (
                number,
                customer.company.code,
                customer.id,
                kind,
                f"{customer.person.name} {customer.mark('addresses')}",
                street,
                city,
                customer.postcode,
                _REGIONS[customer.company] if kind == "H" else None,
                customer.company.code,
                since.isoformat(),
                None if until is None else until.isoformat(),
            )


def contact_rows(customers: Sequence[Customer], rng: random.Random) -> Iterator[Row]:
    """Every email address a customer ever had, their telephone number, and for some a name on a social network."""
    number = 0
    for customer in customers:
        mark = customer.mark("contacts")
        for kind, value, phone, since, until in _contacts(customer, rng):
            number += 1
            verified = kind == "E" and customer.person.number % 3 != 0
            yield (
                number,
                customer.company.code,
                customer.id,
                kind,
                f"{value} ({mark})",
                phone,
                int(kind == "E" and until is None),
                f"{since}T10:{rng.randrange(60):02}:00Z" if verified else None,
                since,
                until,
            )


def _contacts(
    customer: Customer, rng: random.Random
) -> Iterator[tuple[str, str, str | None, str, str | None]]:
    since = customer.since.isoformat()
    for email in customer.emails:
        until = None if email.until is None else iso(email.until.astimezone(UTC) - timedelta(days=1))[:10]
        yield "E", email.email, None, iso(email.since)[:10], until
    kind = "T" if customer.company is DE else "M"
    hours = "by day" if rng.random() < 0.3 else "at any time"
    yield kind, f"{customer.phone} {hours}", customer.phone, since, None
    if customer.person.number % 8 == 1:
        yield (
            "S",
            f"@{customer.person.email.partition('@')[0]} {hostile(customer.person.number)}",
            None,
            since,
            None,
        )
