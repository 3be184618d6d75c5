"""The rows of the shop's database: customers, accounts, orders with their lines, payments."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from dsar_export.demo.canaries import canary, secret_canary
from dsar_export.demo.hostile_text import hostile
from dsar_export.demo.people import DEMO_PERSON, Person, letter_cases

Cell = str | int | None
Row = tuple[Cell, ...]

PRODUCTS: Final = (
    (1, "TNT-002", "Two-person tent", 18900),
    (2, "TNT-004", "Family tent \u201cFell\u201d", 42950),
    (3, "BAG-010", "Sleeping bag, down, \u221210 \u00b0C", 21000),
    (4, "PAD-001", "Sleeping mat", 4999),
    (5, "STV-003", "Gas stove", 3450),
    (6, "MUG-001", "Enamel mug, engraved", 1250),
    (7, "KNF-007", "Pocket knife, engraved", 2995),
    (8, "BOT-042", "Walking boots", 13900),
    (9, "CMP-001", "Compass", 1899),
    (10, "MAP-100", "Map of the Lake District", 999),
)
_UNLISTED_PRODUCT: Final = (99, "", "", 725)

# 01:30 happened twice on the first day and never on the second, when the clocks were changed.
_ODD_TIMES: Final = ("2024-10-27 01:30:00", "2024-03-31 01:30:00")
_PEOPLE_WITH_ODD_TIMES: Final = (DEMO_PERSON, 2, 3)
_ORDERS_OF_DEMO_PERSON: Final = 30
_FIRST_ORDER: Final = datetime(2023, 1, 9, 8, 0, 0, tzinfo=UTC)
_PENDING, _PAID, _FAILED, _REFUNDED = "NYFR"


@dataclass(frozen=True)
class Line:
    """One article of an order."""

    product_id: int
    quantity: int
    unit_price_pence: int


@dataclass(frozen=True)
class Order:
    """An order; `turn` counts the orders of its person from 0."""

    id: str
    person: Person
    turn: int
    ordered_at: str
    status: int
    lines: tuple[Line, ...]

    @property
    def total_pence(self) -> int:
        return sum(line.quantity * line.unit_price_pence for line in self.lines)


def customer_rows(people: Sequence[Person], rng: random.Random) -> Iterator[Row]:
    """One row a person, with notes that hold the canary."""
    for person in people:
        scored = rng.random() < 0.7
        yield (
            person.customer_id,
            rng.choice(("Ms", "Mr", "Mx", "Dr", None)),
            person.given_name,
            person.family_name,
            letter_cases(person.email)[person.number % 3],
            person.phone,
            person.date_of_birth.isoformat() if person.number % 7 else None,
            person.street,
            person.city,
            person.postcode,
            "GB",
            "en",
            (_FIRST_ORDER - timedelta(days=rng.randrange(2000))).strftime("%Y-%m-%d"),
            rng.randrange(2),
            rng.randrange(3),
            rng.randrange(300, 999) if scored else None,
            "Example Credit Agency Ltd" if scored else None,
            f"{hostile(person.number)} {canary(person.number, 'customers')}",
            rng.randrange(1, 90),
        )


def account_rows(people: Sequence[Person], rng: random.Random) -> Iterator[Row]:
    """One row an account; each credential holds the person's secret canary."""
    for person in people:
        mark = canary(person.number, "accounts")
        secret = secret_canary(person.number)
        for account_id in person.account_ids:
            yield (
                account_id,
                person.customer_id,
                f"{person.email.partition('@')[0]} {mark}",
                _local_time(_FIRST_ORDER - timedelta(days=rng.randrange(1000)), rng),
                _local_time(_FIRST_ORDER + timedelta(days=1380), rng) if person.number % 9 else None,
                person.number % 2,
                f"$argon2id$v=19$m=65536,t=3,p=4${secret}-{account_id}",
                f"otpauth-{secret}",
                f"session-{secret}-{rng.getrandbits(64):016x}",
            )


def make_orders(people: Sequence[Person], rng: random.Random) -> tuple[Order, ...]:
    """All orders as time went, so that the orders of one person lie among everybody's."""
    buyers = [person for person in people for _ in range(rng.randrange(2, 6))]
    buyers += [people[DEMO_PERSON - 1]] * (_ORDERS_OF_DEMO_PERSON - buyers.count(people[DEMO_PERSON - 1]))
    rng.shuffle(buyers)
    turns = dict.fromkeys(people, 0)
    orders = []
    for index, person in enumerate(buyers):
        turn = turns[person]
        turns[person] += 1
        orders.append(
            Order(
                id=f"SO-{index + 1}",
                person=person,
                turn=turn,
                ordered_at=_ordered_at(person, turn, index * 1380 // len(buyers), rng),
                status=rng.choice((10, 20, 30, 40, 40, 40, 50, 90)),
                lines=tuple(_line(rng) for _ in range(rng.randrange(1, 5))),
            )
        )
    return tuple(orders)


def order_rows(orders: Iterable[Order], rng: random.Random) -> Iterator[Row]:
    """One row an order; the canary stands in the street, and most gift messages are hostile."""
    for order in orders:
        person = order.person
        yield (
            order.id,
            person.customer_id,
            order.ordered_at,
            order.status,
            rng.choice("WWAPS"),
            order.total_pence,
            f"{person.given_name} {person.family_name}",
            f"{person.street}, {canary(person.number, 'orders')}",
            person.city,
            person.postcode,
            "GB",
            person.phone if order.turn % 3 else None,
            hostile(person.number + order.turn) if order.turn % 4 != 3 else None,
            rng.randrange(40),
        )


def order_line_rows(orders: Iterable[Order]) -> Iterator[Row]:
    """One row an article; the canary ends the engraving."""
    line_id = 0
    for order in orders:
        person = order.person
        for number, line in enumerate(order.lines, start=1):
            line_id += 1
            words = hostile(line_id) if line_id % 2 else person.given_name
            engraving = f"{words} {canary(person.number, 'order_lines')}"
            yield line_id, order.id, number, line.product_id, line.quantity, line.unit_price_pence, engraving


def payment_rows(orders: Iterable[Order], rng: random.Random) -> Iterator[Row]:
    """A payment for every order, and one back for every order that was returned."""
    payment_id = 0
    for order in orders:
        status = {10: rng.choice((_PENDING, _FAILED)), 90: _REFUNDED}.get(order.status, _PAID)
        method = rng.randrange(1, 5)
        sums = [(order.total_pence, status)]
        if order.status == 50:
            sums.append((-order.total_pence, _REFUNDED))
        for pence, outcome in sums:
            payment_id += 1
            yield (
                payment_id,
                order.id,
                order.ordered_at if outcome in (_PAID, _REFUNDED) else None,
                method,
                pence,
                f"{rng.randrange(10_000):04}" if method == 1 else None,
                outcome,
                f"ACME {order.id} {canary(order.person.number, 'payments')}",
                f"tok-{secret_canary(order.person.number)}-{payment_id}",
            )


def staff_session_rows(rng: random.Random) -> Iterator[Row]:
    """Logins of staff, which are left out of every package."""
    for index in range(5):
        yield index + 1, f"Clerk {index + 1}", f"staff-{rng.getrandbits(64):016x}", "2026-10-30 09:00:00"


def _line(rng: random.Random) -> Line:
    product = rng.choice((*PRODUCTS, _UNLISTED_PRODUCT))
    return Line(product_id=product[0], quantity=rng.randrange(1, 4), unit_price_pence=product[3])


def _ordered_at(person: Person, turn: int, day: int, rng: random.Random) -> str:
    if person.number in _PEOPLE_WITH_ODD_TIMES and turn < len(_ODD_TIMES):
        return _ODD_TIMES[turn]
    return _local_time(_FIRST_ORDER + timedelta(days=day), rng)


def _local_time(at: datetime, rng: random.Random) -> str:
    """A time of that day as the shop stores it: local, by day, and without naming a zone."""
    later = at + timedelta(seconds=rng.randrange(12 * 3600))
    return later.strftime("%Y-%m-%d %H:%M:%S")
