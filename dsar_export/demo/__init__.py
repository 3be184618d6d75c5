"""An invented organisation for trying everything out: its register and a generator of its data."""

from dsar_export.demo.canaries import (
    HIRE_TABLES,
    MAPPED_TABLES,
    canary,
    cookie_canary,
    secret_canary,
    shared_mark,
)
from dsar_export.demo.companies import COMPANIES, Company
from dsar_export.demo.correspondence import NEIGHBOURS
from dsar_export.demo.customers import customer_id
from dsar_export.demo.lookalikes import LOOK_ALIKES, LookAlike
from dsar_export.demo.organisation import DemoPerson, demo_person, write_organisation
from dsar_export.demo.people import PEOPLE, companies_of

__all__ = [
    "COMPANIES",
    "HIRE_TABLES",
    "LOOK_ALIKES",
    "MAPPED_TABLES",
    "NEIGHBOURS",
    "PEOPLE",
    "Company",
    "DemoPerson",
    "LookAlike",
    "canary",
    "companies_of",
    "cookie_canary",
    "customer_id",
    "demo_person",
    "secret_canary",
    "shared_mark",
    "write_organisation",
]
