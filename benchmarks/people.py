"""`python -m benchmarks.people ORGANISATION OUT COUNT`: exports customers of the demo one by one in one process.

One set of services answers them all, as in a worker. Prints the seconds, and the resident memory after each quarter, as
JSON.
"""

import json
import os
import resource
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from dsar_export.delivery.passphrases import new_passphrase
from dsar_export.demo.companies import COMPANIES
from dsar_export.model.package import ReportChoices
from dsar_export.model.request import Identifier, Right, SubjectRequest, Verification
from dsar_export.use_cases.export_once import PackageOrder, exported_package
from dsar_export.use_cases.verify import verified_request
from dsar_export.wiring import build_services, now

_CUSTOMERS: Final = "SELECT company, id FROM customers ORDER BY rowid LIMIT ?"
_STATM: Final = Path("/proc/self/statm")


class Silent:
    """Progress that shows nothing."""

    def started(self, dataset: str) -> None:
        """Shows nothing."""

    def advanced(self, rows: int) -> None:
        """Shows nothing."""

    def finished(self, dataset: str, rows: int) -> None:
        """Shows nothing."""


def main() -> None:
    organisation, out, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    marks = {count * quarter // 4 for quarter in range(1, 5)}
    resident = []
    services = build_services(organisation, Silent())
    started = time.perf_counter()
    for number, request in enumerate(_requests(organisation, count), start=1):
        order = PackageOrder(out, new_passphrase("en"), ReportChoices("en"))
        with exported_package(services, request, order) as result:
            pass
        if result.package is not None:
            result.package.unlink()
        if number in marks:
            resident.append(_resident_bytes())
    seconds = time.perf_counter() - started
    json.dump({"people": count, "seconds": seconds, "resident_bytes": resident}, sys.stdout)


def _requests(organisation: Path, count: int) -> Iterator[SubjectRequest]:
    controllers = {company.code: company.controller for company in COMPANIES}
    with closing(sqlite3.connect(organisation / "group.db")) as database:
        customers = database.execute(_CUSTOMERS, (count,)).fetchall()
    if len(customers) < count:
        raise ValueError(f"the demo has only {len(customers)} customers")
    for company, customer in customers:
        verification = Verification("support desk", "signed in", now())
        identifiers = (Identifier("customer_id", customer),)
        # Some customers are easily mistaken for others, so staff choose which of them it is.
        yield verified_request(Right.ACCESS, controllers[company], identifiers, verification, (customer,))


def _resident_bytes() -> int:
    """The process's resident memory now; on systems without /proc, its peak."""
    if _STATM.exists():
        return int(_STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
