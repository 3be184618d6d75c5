"""`python -m benchmarks.people ORGANISATION OUT COUNT`: customers of the demo, one after another in one process.

One `KeptServices` answers them all, as a worker's would. Prints people a second, seconds and processor seconds, and the
resident memory after each ten, as JSON. Two at once show what two workers do on two processors.
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
from dsar_export.use_cases.services import SilentProgress
from dsar_export.use_cases.verify import verified_request
from dsar_export.wiring import now
from dsar_export.wiring.kept import KeptServices

_CUSTOMERS: Final = "SELECT company, id FROM customers ORDER BY rowid LIMIT ?"
_EACH: Final = 10
_STATM: Final = Path("/proc/self/statm")


def main() -> None:
    organisation, out, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    resident = []
    kept = KeptServices(organisation, SilentProgress())
    started, used = time.perf_counter(), _processor_seconds()
    for number, request in enumerate(_requests(organisation, count), start=1):
        order = PackageOrder(out, new_passphrase("en"), ReportChoices("en"))
        with exported_package(kept.current(), request, order) as result:
            pass
        if result.package is not None:
            result.package.unlink()
        if number % _EACH == 0 or number == count < _EACH:
            resident.append(_resident_bytes())
    seconds, processor = time.perf_counter() - started, _processor_seconds() - used
    found = {
        "people": count,
        "seconds": seconds,
        "resident_bytes": resident,
        "processor_seconds": processor,
        "people_a_second": count / seconds,
        "processor_seconds_a_person": processor / count,
    }
    json.dump(found, sys.stdout)


def _processor_seconds() -> float:
    """Of this process and of those that it has started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


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
