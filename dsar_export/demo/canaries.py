"""Marks that show a test from which person's row a piece of text came."""

from typing import Final

MAPPED_TABLES: Final = (
    "customers",
    "customers_history",
    "accounts",
    "addresses",
    "contacts",
    "subscriptions",
    "bank_accounts",
    "orders",
    "orders_archive",
    "order_lines",
    "payments",
    "usage_events",
    "email_events",
    "devices",
    "web_sessions",
    "communications",
    "feedback",
    "marketing_preferences",
    "third_party_data",
    "profiling",
    "disclosures",
    "hire_agreements",
    "licence_checks",
)
"""Every table that a dataset reads, in the order of the datasets; history tables follow their table."""

HIRE_TABLES: Final = ("hire_agreements", "licence_checks")
"""The tables in the hire desk's own database; all others are in the group's database."""


def canary(person_number: int, table: str, company: str = "GB") -> str:
    """A text that is in every row about this person in a company's table, and in no other row."""
    return f"CANARY-{table}-p{person_number:03}-{company}"


def cookie_canary(person_number: int, company: str = "GB") -> str:
    """The mark of web sessions that are reached only by a cookie number, which the person must supply."""
    return canary(person_number, "web_sessions_cookie", company)


def shared_mark(first_number: int, second_number: int) -> str:
    """The mark of a message between two British customers, used because a message about both has neither's canary."""
    return f"SHARED-communications-{first_number:03}-{second_number:03}"


def secret_canary(person_number: int) -> str:
    """A text in every credential of this person, which no package may ever contain."""
    return f"SECRET-CANARY-p{person_number:03}"
