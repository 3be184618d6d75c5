"""Marks by which a test can tell whose row a piece of text came from."""

from typing import Final

MAPPED_TABLES: Final = (
    "customers",
    "accounts",
    "orders",
    "order_lines",
    "payments",
    "usage_events",
    "email_events",
)


def canary(person_number: int, table: str) -> str:
    """A text that stands in every row that a table holds of this person, and in no other row."""
    return f"CANARY-{table}-p{person_number:03}"


def secret_canary(person_number: int) -> str:
    """A text that stands in each credential of this person, which no package may ever hold."""
    return f"SECRET-CANARY-p{person_number:03}"
