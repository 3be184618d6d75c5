"""Assigns the generated rows to the tables of both databases."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from dsar_export.demo import (
    acquired,
    contact_details,
    contracts,
    correspondence,
    devices,
    engagement,
    hire,
    profiles,
    shop,
)
from dsar_export.demo.customers import Customer
from dsar_export.demo.rows import Row

Tables = Iterator[tuple[str, Iterable[Row]]]


class Dice:
    """A random generator for each table, so that one more row in a table does not change other tables."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def for_table(self, table: str) -> random.Random:
        return random.Random(f"{self._seed} {table}")  # noqa: S311 - invented data, no secrets


def group_tables(customers: Sequence[Customer], events: int, dice: Dice) -> Tables:
    """The tables of the group's database, each after the tables that it references."""
    yield "customers", profiles.customer_rows(customers, dice.for_table("customers"))
    yield "customers_history", profiles.history_rows(customers, dice.for_table("customers_history"))
    yield "customer_merges", profiles.merge_rows()
    yield "email_history", profiles.email_history_rows(customers)
    yield "accounts", profiles.account_rows(customers, dice.for_table("accounts"))
    for table, rows in _by_customer().items():
        yield table, rows(customers, dice.for_table(table))
    yield from _shop(customers, dice)
    yield from _devices(customers, dice)
    yield "campaigns", engagement.CAMPAIGNS
    yield "usage_events", engagement.usage_event_rows(customers, events, dice.for_table("usage_events"))


def _by_customer() -> Mapping[str, Callable[[Sequence[Customer], random.Random], Iterator[Row]]]:
    return {
        "addresses": contact_details.address_rows,
        "contacts": contact_details.contact_rows,
        "subscriptions": contracts.subscription_rows,
        "bank_accounts": contracts.bank_account_rows,
        "email_events": engagement.email_event_rows,
        "communications": correspondence.communication_rows,
        "feedback": correspondence.feedback_rows,
        "marketing_preferences": correspondence.marketing_preference_rows,
        "third_party_data": acquired.third_party_rows,
        "profiling": acquired.profiling_rows,
        "disclosures": acquired.disclosure_rows,
    }


def _shop(customers: Sequence[Customer], dice: Dice) -> Tables:
    orders = shop.make_orders(customers, dice.for_table("made orders"))
    archived = shop.make_archived_orders(customers, dice.for_table("made archive"))
    yield "products", shop.PRODUCTS
    yield "orders", shop.order_rows(orders, dice.for_table("orders"))
    yield "orders_archive", shop.order_rows(archived, dice.for_table("orders_archive"))
    yield "order_lines", shop.order_line_rows((*archived, *orders))
    yield "payments", shop.payment_rows((*archived, *orders), dice.for_table("payments"))
    yield "staff_sessions", shop.staff_session_rows(dice.for_table("staff_sessions"))


def _devices(customers: Sequence[Customer], dice: Dice) -> Tables:
    uses = devices.make_device_uses(customers)
    yield "device_accounts", devices.device_account_rows(uses)
    yield "devices", devices.device_rows(uses, dice.for_table("devices"))
    yield "web_sessions", devices.web_session_rows(uses, dice.for_table("web_sessions"))


def hire_tables(customers: Sequence[Customer], dice: Dice) -> Tables:
    """The tables of the hire desk's database, each after the tables that it references."""
    agreements = hire.make_agreements(customers, dice.for_table("made agreements"))
    yield "hire_customers", hire.hire_customer_rows(customers)
    yield "hire_items", hire.ITEMS
    yield "hire_agreements", hire.agreement_rows(agreements, dice.for_table("hire_agreements"))
    yield "licence_checks", hire.licence_check_rows(agreements, dice.for_table("licence_checks"))
