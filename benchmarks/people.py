"""`python -m benchmarks.people ORGANISATION OUT COUNT`: customers of the demo, one after another in one process.

One set of services answers them all, as a worker's would; prints seconds, and the resident memory on the way, as JSON.
"""

import json
import os
import resource
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from dsar_export.delivery.passphrases import new_passphrase
from dsar_export.demo.companies import COMPANIES
from dsar_export.model.package import ReportChoices
from dsar_export.model.request import Identifier, Right, SubjectRequest, Verification
from dsar_export.use_cases.export_once import exported_package
from dsar_export.use_cases.package import PackageOrder
from dsar_export.use_cases.verify import verified_request
from dsar_export.wiring import now
from dsar_export.wiring.kept import KeptServices

_CUSTOMERS: Final = "SELECT company, id FROM customers ORDER BY rowid LIMIT ?"
_STATM: Final = Path("/proc/self/statm")


class Silent:
    """Progress that nobody watches."""

    def started(self, dataset: str) -> None:
        """Nothing to say."""

    def advanced(self, rows: int) -> None:
        """Nothing to say."""

    def finished(self, dataset: str, rows: int) -> None:
        """Nothing to say."""


def main() -> None:
    organisation, out, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    marks = {count * quarter // 4 for quarter in range(1, 5)}
    resident = []
    kept = KeptServices(organisation, Silent())
    started = time.perf_counter()
    for number, request in enumerate(_requests(organisation, count), start=1):
        order = PackageOrder(out, new_passphrase("en"), ReportChoices("en"))
        with exported_package(kept.current(), request, order) as result:
            pass
        if result.package is not None:
            result.package.unlink()
        if number in marks:
            resident.append(_resident_bytes())
    seconds = time.perf_counter() - started
    json.dump({"people": count, "seconds": seconds, "resident_bytes": resident}, sys.stdout)


def _requests(organisation: Path, count: int) -> Iterator[SubjectRequest]:
    for controller, customer in customers(organisation, count):
        identifiers = (Identifier("customer_id", customer),)
        # Some are easily mistaken for others; staff choose who each of them is.
        yield verified_request(Right.ACCESS, controller, identifiers, verification(), (customer,))


def customers(organisation: Path, count: int) -> Sequence[tuple[str, str]]:
    """The demo's first customers: controller and customer number."""
    controllers = {company.code: company.controller for company in COMPANIES}
    with closing(sqlite3.connect(organisation / "group.db")) as database:
        found = database.execute(_CUSTOMERS, (count,)).fetchall()
    if len(found) < count:
        raise ValueError(f"the demo has only {len(found)} customers")
    return [(controllers[company], customer) for company, customer in found]


def verification() -> Verification:
    """How every person of a benchmark was verified."""
    return Verification("support desk", "signed in", now())


def _resident_bytes() -> int:
    """What the process holds now; where the system does not tell, the most that it ever held."""
    if _STATM.exists():
        return int(_STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
