"""A firm with customers and employees in one database: some share an address, and their numbers are the same."""

import re
from pathlib import Path
from typing import Final

from dsar_export.model.package import ReportChoices
from dsar_export.use_cases.package import ExportResult, PackageOrder
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.subjects import services_about
from tests.shops import Shop
from tests.worlds import PASSPHRASE, export_package, open_package

KINDS: Final = """
[subjects.customers]
identifier = "customer_id"
title = "Customers"

[subjects.employees]
identifier = "employee_id"
title = "Employees"
"""
TABLES: Final = (
    "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT)",
    "CREATE TABLE employees (id INTEGER PRIMARY KEY, email TEXT)",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, text TEXT)",
    "CREATE TABLE salaries (id INTEGER PRIMARY KEY, employee_id INTEGER, text TEXT)",
    "CREATE INDEX orders_of ON orders (customer_id)",
    "CREATE INDEX salaries_of ON salaries (employee_id)",
)
PEOPLE: Final = (
    "INSERT INTO customers VALUES (7, 'sam@example.org'), (8, 'robin@example.org')",
    "INSERT INTO employees VALUES (7, 'kim@example.org'), (9, 'sam@example.org')",
    "INSERT INTO orders VALUES (1, 7, 'SAM-ORDER'), (2, 8, 'ROBIN-ORDER')",
    "INSERT INTO salaries VALUES (1, 7, 'KIM-SALARY'), (2, 9, 'SAM-SALARY')",
)
CUSTOMERS: Final = 'subject = "customers"'
EMPLOYEES: Final = 'subject = "employees"'
SAM: Final = "email=sam@example.org"
ORDER: Final = '{ column = "customer_id", identifier = "customer_id" }'
SALARY: Final = '{ column = "employee_id", identifier = "employee_id" }'
ORDERED: Final = 'order_by = ["id"]'


def firm(folder: Path, *, kinds: str = KINDS) -> Shop:
    """The firm's register, before it is written."""
    made = Shop(folder / "firm", left_out=["customers", "employees"])
    made.link("customers", "email:email", "customer_id:id", CUSTOMERS, back=True)
    made.link("employees", "email:email", "employee_id:id", EMPLOYEES, back=True)
    made.dataset("orders", ORDER, {"id": "", "text": ""}, more=f"{CUSTOMERS}\n{ORDERED}")
    made.dataset("salaries", SALARY, {"id": "", "text": ""}, more=f"{EMPLOYEES}\n{ORDERED}")
    made.links.append(kinds)
    return made


def by_number(folder: Path) -> Shop:
    """The firm, before it is written, where both kinds of people are known by what the register calls a `number`."""
    made = firm(folder, kinds=_numbered(KINDS))
    made.links[:] = map(_numbered, made.links)
    for name, text in made.datasets.items():
        made.datasets[name] = re.sub('identifier = "[a-z]+_id"', 'identifier = "number"', text)
    return made


def _numbered(text: str) -> str:
    return re.sub('"(customer|employee)_id"', '"number"', text)


def written(made: Shop, *rows: str) -> Shop:
    """The firm with its register and its people; other ones, if rows are given."""
    statements = (*TABLES, *PEOPLE) if not rows else (*TABLES, *rows)
    return made.write(*statements).change("register.toml", 'subject = "customer_id"\n', "")


def founded(folder: Path) -> Shop:
    """A firm with two customers, two employees, and Sam, who is both."""
    return written(firm(folder))


def services_for(made: Shop, subject: str | None, *identifiers: str) -> Services:
    """The services as a command takes them for the kind of people that is named, or that the identifiers decide."""
    return services_about(made.services, subject, made.request(*identifiers).identifiers)


def exported(made: Shop, subject: str | None, *identifiers: str) -> ExportResult:
    """An export for the kind of people that is named, or that the identifiers decide."""
    order = PackageOrder(
        made.folder.parent / "packages", PASSPHRASE, ReportChoices("en"), nothing_held_confirmed=True
    )
    return export_package(services_for(made, subject, *identifiers), made.request(*identifiers), order)


def texts(made: Shop, subject: str | None, *identifiers: str) -> dict[str, list[object]]:
    """The texts of each dataset in the package."""
    result = exported(made, subject, *identifiers)
    assert result.package is not None
    package = open_package(result.package)
    return {a.dataset.name: [r["text"] for r in package.json(a.dataset.name)] for a in result.datasets}
