"""Reads the owners of rows in the demo's databases from the tables alone, without the register."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from dsar_export.demo import COMPANIES, MAPPED_TABLES, PEOPLE, companies_of, customer_id
from dsar_export.model.dataset import Dataset
from dsar_export.model.register import Register

Row = tuple[object, ...]
Owner = tuple[int, str]
"""A person's number and the code of a company."""

_MARK = re.compile(r"CANARY-(\w+)-p(\d{3})-([A-Z]{2})")
_OWN_COLUMN = "SELECT id, company, customer_id FROM {table}"
_OF_DEVICE = (
    "SELECT t.id, a.company, a.customer_id FROM {table} t "
    "JOIN device_accounts u ON u.device_id = t.device_id "
    "AND u.since <= {first} AND (u.until IS NULL OR {last} < u.until) JOIN accounts a ON a.id = u.account_id"
)
_OF_ADDRESS = (
    "SELECT t.id, h.company, h.customer_id FROM {table} t "
    "JOIN email_history h ON h.company = t.company AND folded(h.email) = folded(t.{column}) "
    "AND julianday(h.since) <= julianday(t.{at}) "
    "AND (h.until IS NULL OR julianday(t.{at}) < julianday(h.until))"
)
_OF_ORDER = (
    "SELECT t.id, o.company, o.customer_id FROM {table} t "
    "JOIN (SELECT * FROM orders UNION ALL SELECT * FROM orders_archive) o ON o.id = t.order_id"
)
_OF_CARD = (
    "SELECT t.id, c.company, c.id FROM hire.{table} t JOIN hire.hire_customers h ON h.id = t.hire_customer_id "
    "JOIN customers c ON c.company = 'GB' AND digits(c.phone) = digits(h.phone)"
)

# The number of each row with the company and customer it belongs to; some rows belong to two customers.
_OWNERS = {table: _OWN_COLUMN.format(table=table) for table in MAPPED_TABLES} | {
    "customers": "SELECT rowid, company, id FROM customers",
    "customers_history": "SELECT version, company, customer_id FROM customers_history",
    "order_lines": _OF_ORDER.format(table="order_lines"),
    "payments": _OF_ORDER.format(table="payments"),
    "usage_events": "SELECT u.id, company, customer_id FROM usage_events u JOIN accounts a ON a.id = u.account_id",
    "email_events": _OF_ADDRESS.format(table="email_events", column="email", at="occurred_at"),
    "devices": _OF_DEVICE.format(table="devices", first="t.first_seen_at", last="t.last_seen_at"),
    "web_sessions": _OF_DEVICE.format(
        table="web_sessions",
        first="datetime(t.started_at, 'unixepoch')",
        last="datetime(t.ended_at, 'unixepoch')",
    ),
    "communications": " UNION ".join(
        [
            *(
                _OF_ADDRESS.format(table="communications", column=column, at="sent_at")
                for column in ("sender", "recipient")
            ),
            f"{_OWN_COLUMN.format(table='communications')} WHERE customer_id IS NOT NULL",
        ]
    ),
    "hire_agreements": _OF_CARD.format(table="hire_agreements"),
    "licence_checks": _OF_CARD.format(table="licence_checks"),
}
_NUMBERED = {"customers": "rowid", "customers_history": "version"}


def rows_of(folder: Path, statement: str) -> list[Row]:
    """Rows of the group's database; the hire desk's is attached as `hire`."""
    with closing(sqlite3.connect(folder / "group.db")) as database:
        database.execute("ATTACH ? AS hire", (str(folder / "hire.db"),))
        database.create_function("folded", 1, lambda text: text.casefold(), deterministic=True)
        database.create_function("digits", 1, _national_digits, deterministic=True)
        return database.execute(statement).fetchall()


def count(folder: Path, what: str) -> int:
    return int(str(rows_of(folder, f"SELECT count(*) FROM {what}")[0][0]))


def database_of(register: Register, dataset: Dataset) -> str:
    """The file that a dataset is read from."""
    return register.organisation.sources[dataset.source].url.removeprefix("sqlite:///")


def column_names(folder: Path, file: str, table: str) -> set[str]:
    with closing(sqlite3.connect(folder / file)) as database:
        return {str(row[1]) for row in database.execute(f"PRAGMA table_info({table})")}


def held_names(folder: Path, file: str) -> set[str]:
    """Every table and view of a database."""
    with closing(sqlite3.connect(folder / file)) as database:
        kinds = "type IN ('table', 'view')"
        return {str(row[0]) for row in database.execute(f"SELECT name FROM sqlite_master WHERE {kinds}")}


def texts(row: Row) -> str:
    return "\n".join(cell for cell in row if isinstance(cell, str))


def marks(row: Row) -> set[tuple[str, Owner]]:
    """The table and person of every canary in a row."""
    return {(found[1], (int(found[2]), found[3])) for found in _MARK.finditer(texts(row))}


def owned_rows(folder: Path, table: str) -> Iterator[tuple[set[Owner], Row]]:
    """Each row of a table with all its owners."""
    people = {
        (company.code, customer_id(number, company)): (number, company.code)
        for company in COMPANIES
        for number in range(1, PEOPLE + 1)
        if company in companies_of(number)
    }
    owners: dict[object, set[Owner]] = {}
    for row_number, company, customer in rows_of(folder, _OWNERS[table]):
        owners.setdefault(row_number, set()).add(people[str(company), str(customer)])
    for row_number, *row in rows_of(folder, f"SELECT {_NUMBERED.get(table, 'id')}, * FROM {table}"):
        yield owners.get(row_number, set()), tuple(row)


def dump(folder: Path) -> list[str]:
    lines: list[str] = []
    for file in ("group.db", "hire.db"):
        with closing(sqlite3.connect(folder / file)) as database:
            lines += database.iterdump()
    return lines


def _national_digits(phone: str) -> str:
    return "".join(c for c in phone if c.isdigit())[-10:]
