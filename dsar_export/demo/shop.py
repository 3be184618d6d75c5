"""The rows of the shop: orders with their lines and payments, and the archive of old orders."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dsar_export.demo.canaries import secret_canary
from dsar_export.demo.companies import GB
from dsar_export.demo.customers import Customer, active
from dsar_export.demo.hostile_text import hostile
from dsar_export.demo.rows import Row, local_time

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

# In Britain, 01:30 happened twice on the first day and never on the second, because the clocks changed.
_ODD_TIMES: Final = ("2024-10-27 01:30:00", "2024-03-31 01:30:00")
_PEOPLE_WITH_ODD_TIMES: Final = (1, 2, 3)
_ORDERS_OF_DEMO_PERSON: Final = 30
_FIRST_ORDER: Final = datetime(2023, 1, 9, 8, 0, 0, tzinfo=UTC)
_DAYS: Final = 1380
_ARCHIVED_BEFORE: Final = datetime(2022, 12, 31, tzinfo=UTC)
_PENDING, _PAID, _FAILED, _REFUNDED = "NYFR"


@dataclass(frozen=True)
class Line:
    """One article in an order."""

    product_id: int
    quantity: int
    unit_price: int


@dataclass(frozen=True)
class Order:
    """An order; `turn` counts the customer's orders from 0, `mark` is the canary of the order's row."""

    id: str
    customer: Customer
    turn: int
    ordered_at: str
    status: int
    lines: tuple[Line, ...]
    mark: str

    @property
    def total(self) -> int:
        return sum(line.quantity * line.unit_price for line in self.lines)


def make_orders(customers: Sequence[Customer], rng: random.Random) -> tuple[Order, ...]:
    """All orders in order of time, so that one customer's orders are spread among everybody's."""
    buyers = [
        customer
        for customer in active(customers)
        for _ in range(_ORDERS_OF_DEMO_PERSON if customer.is_demo_person else rng.randrange(2, 6))
    ]
    rng.shuffle(buyers)
    turns: dict[tuple[str, str], int] = {}
    orders = []
    for index, customer in enumerate(buyers):
        key = (customer.company.code, customer.id)
        turn = turns[key] = turns.get(key, -1) + 1
        ordered_at = _ordered_at(customer, turn, index * _DAYS // len(buyers), rng)
        status = rng.choice((10, 20, 30, 40, 40, 40, 50, 90))
        mark = customer.mark("orders")
        orders.append(Order(f"SO-{index + 1}", customer, turn, ordered_at, status, _lines(rng), mark))
    return tuple(orders)


def make_archived_orders(customers: Sequence[Customer], rng: random.Random) -> tuple[Order, ...]:
    """One old, completed order per customer from before the archive date; three for the demo person."""
    orders: list[Order] = []
    for customer in customers:
        first = datetime.combine(customer.since, time(8), UTC)
        last = _ARCHIVED_BEFORE
        if customer.ended_on is not None:
            last = datetime.combine(customer.ended_on, time(), UTC)
        for turn in range(3 if customer.is_demo_person else 1):
            at = local_time(first + timedelta(days=rng.randrange(max(1, (last - first).days))), rng)
            number, mark = len(orders) + 1, customer.mark("orders_archive")
            orders.append(Order(f"SO-0-{number}", customer, turn, at, 40, _lines(rng), mark))
    return tuple(orders)


def order_rows(orders: Iterable[Order], rng: random.Random) -> Iterator[Row]:
    """One row per order, with the canary in the street; most gift messages are hostile texts."""
    for order in orders:
        customer = order.customer
        number, turn = customer.person.number, order.turn
        yield (
            order.id,
            customer.company.code,
            customer.id,
            order.ordered_at,
            customer.company.zone,
            order.status,
            rng.choice("WWAPS"),
            customer.company.currency,
            order.total,
            customer.person.name,
            f"{customer.street}, {order.mark}",
            customer.city,
            customer.postcode,
            customer.company.code,
            customer.phone if turn % 3 else None,
            hostile(number + turn) if turn % 4 != 3 else None,
            rng.randrange(40),
        )


def order_line_rows(orders: Iterable[Order]) -> Iterator[Row]:
    """One row per article, with the canary at the end of the engraving."""
    line_id = 0
    for order in orders:
        customer = order.customer
        for number, line in enumerate(order.lines, start=1):
            line_id += 1
            words = hostile(line_id) if line_id % 2 else customer.person.given_name
            yield (
                line_id,
                order.id,
                number,
                line.product_id,
                line.quantity,
                customer.company.currency,
                line.unit_price,
                f"{words} {customer.mark('order_lines')}",
            )


def payment_rows(orders: Iterable[Order], rng: random.Random) -> Iterator[Row]:
    """A payment for every order, and a refund for every order that was returned."""
    payment_id = 0
    for order in orders:
        customer = order.customer
        status = {10: rng.choice((_PENDING, _FAILED)), 90: _REFUNDED}.get(order.status, _PAID)
        method = rng.randrange(1, 5)
        sums = [(order.total, status)]
        if order.status == 50:
            sums.append((-order.total, _REFUNDED))
        for amount, outcome in sums:
            payment_id += 1
            yield (
                payment_id,
                order.id,
                _with_offset(order) if outcome in (_PAID, _REFUNDED) else None,
                method,
                customer.company.currency,
                amount,
                f"{rng.randrange(10_000):04}" if method == 1 else None,
                outcome,
                f"ACME {order.id} {customer.mark('payments')}",
                f"tok-{secret_canary(customer.person.number)}-{payment_id}",
            )


def staff_session_rows(rng: random.Random) -> Iterator[Row]:
    """Sessions of staff, which are left out of every package."""
    for index in range(5):
        yield index + 1, f"Clerk {index + 1}", f"staff-{rng.getrandbits(64):016x}", "2026-10-30 09:00:00"


def _lines(rng: random.Random) -> tuple[Line, ...]:
    return tuple(_line(rng) for _ in range(rng.randrange(1, 5)))


def _line(rng: random.Random) -> Line:
    product = rng.choice((*PRODUCTS, _UNLISTED_PRODUCT))
    return Line(product_id=product[0], quantity=rng.randrange(1, 4), unit_price=product[3])


def _ordered_at(customer: Customer, turn: int, day: int, rng: random.Random) -> str:
    odd = customer.company is GB and customer.person.number in _PEOPLE_WITH_ODD_TIMES
    if odd and turn < len(_ODD_TIMES):
        return _ODD_TIMES[turn]
    return local_time(_FIRST_ORDER + timedelta(days=day), rng)


def _with_offset(order: Order) -> str:
    """The time of the payment: the moment of the order, with the offset of its zone."""
    zone = ZoneInfo(order.customer.company.zone)
    return datetime.fromisoformat(order.ordered_at).replace(tzinfo=zone).isoformat()
