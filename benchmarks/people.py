"""`python -m benchmarks.people ORGANISATION OUT COUNT [requests]`: customers of the demo, one after another.

One `KeptServices` answers them all in one process, as a worker's would. Prints people a second, seconds and processor
seconds, and the resident memory after each ten, as JSON. Two at once show what two workers do on two processors. With
`requests`, each is answered a second time, as a request: collected into a Draft by a worker, approved, and built from
there.
"""

import json
import os
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.office import Office
from dsar_export.delivery.passphrases import new_passphrase
from dsar_export.demo.companies import COMPANIES
from dsar_export.model.package import ReportChoices
from dsar_export.model.request import Identifier, Right, Verification
from dsar_export.requests.states import State
from dsar_export.use_cases.decide import choose
from dsar_export.use_cases.export_once import exported_package
from dsar_export.use_cases.package import PackageOrder
from dsar_export.use_cases.services import SilentProgress
from dsar_export.use_cases.verify import verified_request
from dsar_export.wiring import now
from dsar_export.wiring.kept import KeptServices

_CUSTOMERS: Final = "SELECT company, id FROM customers ORDER BY rowid LIMIT ?"
_EACH: Final = 10
_STATM: Final = Path("/proc/self/statm")


@dataclass
class Spent:
    """What answering people took so far."""

    seconds: float = 0.0
    processor_seconds: float = 0.0

    def on(self, action: Callable[[], object]) -> None:
        started, used = time.perf_counter(), _processor_seconds()
        action()
        self.seconds += time.perf_counter() - started
        self.processor_seconds += _processor_seconds() - used

    def figures(self, people: int) -> dict[str, float]:
        return {
            "seconds": self.seconds,
            "processor_seconds": self.processor_seconds,
            "people_a_second": people / self.seconds,
            "processor_seconds_a_person": self.processor_seconds / people,
        }


def main() -> None:
    organisation, out, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    resident, at_once, requested = [], Spent(), Spent()
    with ExitStack() as stack:
        kept, office = KeptServices(organisation, SilentProgress()), None
        if sys.argv[4:] == ["requests"]:
            office = Office(organisation, Path(stack.enter_context(tempfile.TemporaryDirectory())))
            kept = office.kept
        for number, person in enumerate(customers(organisation, count), start=1):
            at_once.on(partial(_exported, kept, *person, out))
            if office is not None:
                _requested(office, *person, requested)
            if number % _EACH == 0 or number == count < _EACH:
                resident.append(_resident_bytes())
    found: dict[str, object] = {"people": count, "resident_bytes": resident, **at_once.figures(count)}
    if office is not None:
        found["as_requests"] = requested.figures(count)
        found["people_compared"] = at_once.seconds / requested.seconds
        found["people_compared_by_processor"] = at_once.processor_seconds / requested.processor_seconds
    json.dump(found, sys.stdout)


def _exported(kept: KeptServices, controller: str, customer: str, out: Path) -> None:
    identifiers = (Identifier("customer_id", customer),)
    # Some are easily mistaken for others; staff choose who each of them is.
    request = verified_request(Right.ACCESS, controller, identifiers, verification(), (customer,))
    order = PackageOrder(out, new_passphrase("en"), ReportChoices("en"))
    with exported_package(kept.current(), request, order) as result:
        pass
    if result.package is not None:
        result.package.unlink()


def _requested(office: Office, controller: str, customer: str, spent: Spent) -> None:
    """What staff do before they ask is not counted: that is no work of the program's."""
    reference = office.verified(controller, Identifier("customer_id", customer))
    collecting = Spent()
    collecting.on(lambda: _collected(office, reference))
    if office.request(reference).listed.state is State.AMBIGUOUS:
        choose(office.desk, reference, (customer,), "seen on the contract")
        collecting = Spent()
        collecting.on(lambda: _collected(office, reference))
    spent.seconds += collecting.seconds
    spent.processor_seconds += collecting.processor_seconds
    spent.on(lambda: _built(office, reference))


def _collected(office: Office, reference: str) -> None:
    office.ask_to_collect(reference)
    office.perform()


def _built(office: Office, reference: str) -> None:
    office.approve(reference)
    office.ask_to_build(reference)
    office.perform()
    if office.request(reference).listed.state is not State.AVAILABLE:
        raise RuntimeError(f"{reference} was not built")


def _processor_seconds() -> float:
    """Of this process and of those that it has started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


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
