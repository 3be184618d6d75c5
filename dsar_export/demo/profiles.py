"""Rows of customers, their earlier versions, their accounts and the history of their email addresses."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final

from dsar_export.demo.canaries import secret_canary
from dsar_export.demo.companies import DE, FR, GB
from dsar_export.demo.customers import PLACES, Customer
from dsar_export.demo.hostile_text import hostile
from dsar_export.demo.lookalikes import MERGED
from dsar_export.demo.people import letter_cases
from dsar_export.demo.rows import Row, iso, local_time

_TITLES: Final = {
    GB: ("Ms", "Mr", "Mx", "Dr", None),
    FR: ("Mme", "M.", "Dr", None),
    DE: ("Frau", "Herr", "Dr.", None),
}
AGENCIES: Final = {
    GB: "Example Credit Agency Ltd",
    FR: "Agence Cr\u00e9dit Exemple SA",
    DE: "Beispiel-Auskunftei GmbH",
}
_MOVED_HOUSE: Final = {GB: "Moved services.", FR: "A d\u00e9m\u00e9nag\u00e9.", DE: "Umgezogen."}
_LATEST_LOGIN: Final = datetime(2026, 10, 20, 8, tzinfo=UTC)


def customer_rows(customers: Sequence[Customer], rng: random.Random) -> Iterator[Row]:
    """One row per customer, with the canary in the notes."""
    for customer in customers:
        person, company = customer.person, customer.company
        scored = rng.random() < 0.7 or customer.is_demo_person
        email = customer.emails[-1]
        merged = person.number == MERGED.first and company is GB
        ended = customer.ended_on
        yield (
            company.code,
            customer.id,
            rng.choice(_TITLES[company]),
            person.given_name,
            person.family_name,
            letter_cases(email.email)[person.number % 3],
            iso(email.since),
            customer.phone,
            person.date_of_birth.isoformat() if person.number % 7 else None,
            customer.street,
            customer.city,
            customer.postcode,
            company.code,
            company.language,
            customer.since.isoformat(),
            rng.randrange(2),
            rng.randrange(3),
            rng.randrange(300, 999) if scored else None,
            AGENCIES[company] if scored else None,
            f"{hostile(person.number)} {customer.mark('customers')}",
            None if ended is None else ended.isoformat(),
            f"C-{MERGED.second}" if merged else None,
            None if ended is None else iso(datetime.combine(ended + timedelta(days=30), time(), UTC)),
            rng.randrange(1, 90),
        )


def history_rows(customers: Sequence[Customer], rng: random.Random) -> Iterator[Row]:
    """An earlier version of every second customer and of everyone who changed their email address."""
    version = 0
    for customer in customers:
        person, company = customer.person, customer.company
        if person.number % 2 == 0 and person.earlier_email is None:
            continue
        version += 1
        streets, cities = PLACES[company]
        yield (
            version,
            company.code,
            customer.id,
            None,
            person.given_name,
            person.family_name,
            customer.emails[0].email,
            customer.phone,
            person.date_of_birth.isoformat() if person.number % 7 else None,
            f"{rng.randrange(1, 200)} {rng.choice(streets)}",
            rng.choice(cities),
            customer.postcode,
            company.code,
            company.language,
            customer.since.isoformat(),
            f"{_MOVED_HOUSE[company]} {customer.mark('customers_history')}",
            iso(person.email_changed_at),
        )


def account_rows(customers: Sequence[Customer], rng: random.Random) -> Iterator[Row]:
    """One row per account, with the person's secret canary in each credential. Times are in UTC."""
    for customer in customers:
        person = customer.person
        secret = secret_canary(person.number)
        opened = datetime.combine(customer.since, time(8), UTC)
        last_seen = opened + timedelta(days=500) if customer.ended_on else _LATEST_LOGIN
        for account_id in customer.account_ids:
            yield (
                account_id,
                customer.company.code,
                customer.id,
                f"{person.email.partition('@')[0]} {customer.mark('accounts')}",
                local_time(opened, rng),
                local_time(last_seen, rng) if person.number % 9 else None,
                person.number % 2,
                f"$argon2id$v=19$m=65536,t=3,p=4${secret}-{account_id}",
                f"otpauth-{secret}",
                f"session-{secret}-{rng.getrandbits(64):016x}",
            )


def email_history_rows(customers: Sequence[Customer]) -> Iterator[Row]:
    """Each email address and the time in which it was the customer's; the end is exclusive."""
    for customer in customers:
        for email in customer.emails:
            until = None if email.until is None else iso(email.until)
            yield customer.company.code, customer.id, email.email, iso(email.since), until


def merge_rows() -> Iterator[Row]:
    """The customer number that was merged into another one."""
    yield GB.code, f"C-{MERGED.first}", f"C-{MERGED.second}", "2025-02-11T09:30:00Z"
