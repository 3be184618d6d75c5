"""The hire desk that the British company bought in 2021; it knows people only by their telephone number."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dsar_export.demo.companies import GB
from dsar_export.demo.customers import Customer, active
from dsar_export.demo.lookalikes import SHARED_PHONE
from dsar_export.demo.rows import Row, later

ITEMS: Final = (
    ("K2", "Kayak for two"),
    ("MB", "Mountain bike"),
    ("SK", "Skis and boots"),
    ("VN", "Camper van"),
)
# Place, time zone, currency, price of a day in minor units, which the yen does not have.
_PLACES: Final = (
    ("Keswick", "Europe/London", "GBP", 4500),
    ("Chamonix", "Europe/Paris", "EUR", 5200),
    ("Hakuba", "Asia/Tokyo", "JPY", 8000),
)
_FIRST_DAY: Final = datetime(2021, 6, 1, tzinfo=UTC)
_DAYS: Final = 1700
_REMARKS: Final = ("Scratch on the left side.", "Returned clean.", "Late because of the ferry; no charge.")


@dataclass(frozen=True)
class Agreement:
    """One item hired for some days at a place; `card` is the hire desk's own customer number."""

    number: int
    card: int
    customer: Customer
    item: str
    place: tuple[str, str, str, int]
    collected_at: datetime
    days: int


def hire_customers(customers: Sequence[Customer]) -> tuple[Customer, ...]:
    """The British customers who have hired something: every fourth, and the two who share a telephone number."""
    sharing = {SHARED_PHONE.first, SHARED_PHONE.second}
    return tuple(
        c
        for c in active(customers)
        if c.company is GB and (c.person.number % 4 == 1 or c.person.number in sharing)
    )


def make_agreements(customers: Sequence[Customer], rng: random.Random) -> tuple[Agreement, ...]:
    """One or two agreements per hire customer; the demo person has one in each of the three places."""
    made: list[Agreement] = []
    for card, customer in enumerate(hire_customers(customers), start=1):
        places = _PLACES if customer.is_demo_person else rng.sample(_PLACES, rng.randrange(1, 3))
        for place in places:
            at = later(_FIRST_DAY, rng, _DAYS)
            item = rng.choice(ITEMS)[0] if customer.person.number % 3 else "VN"
            made.append(Agreement(len(made) + 1, card, customer, item, place, at, rng.randrange(1, 9)))
    return tuple(made)


def hire_customer_rows(customers: Sequence[Customer]) -> Iterator[Row]:
    """The index cards: telephone number, in the desk's own spelling, and name."""
    for card, customer in enumerate(hire_customers(customers), start=1):
        yield card, _as_the_desk_writes(customer.phone), customer.person.name


def agreement_rows(agreements: Sequence[Agreement], rng: random.Random) -> Iterator[Row]:
    """One row per agreement, with the canary in the remarks and times local to the place."""
    for agreement in agreements:
        place, zone, currency, price = agreement.place
        due = agreement.collected_at + timedelta(days=agreement.days)
        returned = due + timedelta(minutes=rng.randrange(-300, 60))
        customer = agreement.customer
        yield (
            agreement.number,
            agreement.card,
            f"H{agreement.collected_at:%y}-{agreement.number:04}",
            customer.person.name,
            _as_the_desk_writes(customer.phone),
            agreement.item,
            place,
            zone,
            _on_the_clock(agreement.collected_at, zone),
            _on_the_clock(due, zone),
            _on_the_clock(returned, zone) if agreement.number % 9 else None,
            currency,
            price * agreement.days,
            price * 2,
            _extras(agreement, max(timedelta(), returned - due), rng) if agreement.number % 7 else None,
            f"{rng.choice(_REMARKS)} {customer.mark('hire_agreements')}",
        )


def licence_check_rows(agreements: Sequence[Agreement], rng: random.Random) -> Iterator[Row]:
    """The licensing authority's answers before a camper van is handed over."""
    number = 0
    for agreement in agreements:
        if agreement.item != "VN" and not agreement.customer.is_demo_person:
            continue
        number += 1
        points = rng.choice((0, 0, 0, 3))
        checked_at = agreement.collected_at - timedelta(minutes=rng.randrange(5, 60))
        yield (
            number,
            agreement.card,
            int(checked_at.timestamp()),
            f"Valid for cars; {points} penalty points.",
            f"DVLA-{rng.randrange(10**8):08} {agreement.customer.mark('licence_checks')}",
            json.dumps({"entitlement": ["B", "BE"], "points": points}),
        )


def _extras(agreement: Agreement, late: timedelta, rng: random.Random) -> str:
    """Details that the desk's software keeps as JSON, because they were added later."""
    extras = {
        "insurance": {"kind": rng.choice("NBF"), "excess": f"{rng.randrange(1, 6) * 50}.00"},
        "return": {"place": agreement.place[0], "late_minutes": late // timedelta(minutes=1)},
        "desk": {"terminal": f"T{rng.randrange(1, 4)}", "shift": rng.choice(("early", "late"))},
    }
    return json.dumps(extras)


def _on_the_clock(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def _as_the_desk_writes(phone: str) -> str:
    digits = "".join(c for c in phone if c.isdigit())
    national = digits.removeprefix("44").removeprefix("0")
    return f"0{national[:4]} {national[4:7]} {national[7:]}"
