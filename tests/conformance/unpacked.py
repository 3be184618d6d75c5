"""Packages of several kinds of people, unpacked by the real 7-Zip."""

import functools
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from dsar_export.demo import write_organisation
from dsar_export.model.package import ReportChoices
from dsar_export.model.request import Identifier, Verification
from dsar_export.use_cases.package import PackageOrder
from dsar_export.use_cases.verify import verified_request
from tests.builders import ENGLISH
from tests.readers import SEVEN_ZIP
from tests.worlds import NOON, PASSPHRASE, SUBJECT, World, export_package, hostile_cells

TOOLS = Path(sys.executable).parent


DEMO_PERSON = "email=alex.fielding@example.org"


def demo(folder: Path, report: ReportChoices = ENGLISH) -> Path:
    """The demo person, who has data of every kind."""
    write_organisation(folder / "register", events=300)
    return exported(World(folder / "register"), DEMO_PERSON, report=report)


def portability(folder: Path, report: ReportChoices = ENGLISH) -> Path:
    """The portable data of the demo person."""
    write_organisation(folder / "register", events=300)
    return exported(World(folder / "register"), DEMO_PERSON, right="portability", report=report)


def incomplete_parent(folder: Path) -> Path:
    """The demo person with one order kept beside, so that references to it lead nowhere."""
    write_organisation(folder / "register", events=300)
    with sqlite3.connect(folder / "register" / "group.db") as database:
        marred = database.execute(
            "UPDATE orders SET ordered_at = 'some day' WHERE id = (SELECT min(o.id) FROM orders o "
            "JOIN payments p ON p.order_id = o.id WHERE o.customer_id = 'C-1' AND o.company = 'GB')"
        )
        assert marred.rowcount == 1
    database.close()
    return exported(World(folder / "register"), DEMO_PERSON)


def row_of_another(folder: Path) -> Path:
    """The demo person, who logged in on a stranger's device: the visit is theirs, the device is not."""
    write_organisation(folder / "register", events=300)
    with sqlite3.connect(folder / "register" / "group.db") as database:
        theirs = "(SELECT id FROM accounts WHERE customer_id = 'C-1' AND company = 'GB')"
        elsewhere = database.execute(
            "UPDATE web_sessions SET device_id = (SELECT min(device_id) FROM device_accounts "
            f"WHERE account_id NOT IN {theirs}) WHERE id = (SELECT min(id) FROM web_sessions "
            f"WHERE account_id IN {theirs})"
        )
        assert elsewhere.rowcount == 1
    database.close()
    return exported(World(folder / "register"), DEMO_PERSON)


def kept_beside(folder: Path) -> Path:
    """A person with nonconforming rows, and texts that have broken other tools."""
    odd = [{"whole": "many"}, {"raw": "no bytes"}, {"phone": "=1"}, {"at": "2024-10-27 01:30:00"}]
    cells = [{"text": text, "number": 1.5, "amount": "1.50", "flag": 1} for text in hostile_cells()]
    return exported(World(folder / "register").write([*odd, *cells]))


def nothing_held(folder: Path) -> Path:
    """A known person without any data."""
    return exported(World(folder / "register").write([]))


def exported(world: World, *identifiers: str, right: str = "access", report: ReportChoices = ENGLISH) -> Path:
    """The package of a world's person."""
    given = [Identifier(*text.split("=", 1)) for text in identifiers or (SUBJECT,)]
    request = verified_request(right, "acme", given, Verification("tests", "synthetic", NOON))
    order = PackageOrder(world.out, PASSPHRASE, report, nothing_held_confirmed=True)
    package = export_package(world.build(), request, order).package
    assert package is not None
    return package


def in_german(folder: Path) -> Path:
    """The demo person, who reads German."""
    return demo(folder, ReportChoices("de"))


def in_french(folder: Path) -> Path:
    """The demo person, who reads French, with every row and in large print."""
    return demo(folder, ReportChoices("fr", every_row=True, large_print=True))


def portability_in_german(folder: Path) -> Path:
    return portability(folder, ReportChoices("de-AT"))


def portability_in_french(folder: Path) -> Path:
    return portability(folder, ReportChoices("fr-BE"))


KINDS: Mapping[str, Callable[[Path], Path]] = {
    "demo": demo,
    "portability": portability,
    "incomplete_parent": incomplete_parent,
    "row_of_another": row_of_another,
    "kept_beside": kept_beside,
    "nothing_held": nothing_held,
}
REPORTS: Mapping[str, Callable[[Path], Path]] = {
    **KINDS,
    "in_german": in_german,
    "in_french": in_french,
    "portability_in_german": portability_in_german,
    "portability_in_french": portability_in_french,
}
_FOLDERS: list[tempfile.TemporaryDirectory[str]] = []  # removed when the tests end


@functools.cache
def package(kind: str) -> Path:
    """The package of this kind, made once."""
    _FOLDERS.append(tempfile.TemporaryDirectory())
    return REPORTS[kind](Path(_FOLDERS[-1].name))


@functools.cache
def unpacked(kind: str) -> Path:
    """The folder with the package unpacked by 7-Zip."""
    out = package(kind).parent / "unpacked"
    run(SEVEN_ZIP, "x", f"-p{PASSPHRASE}", f"-o{out}", package(kind)).check_returncode()
    return out


def run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False
    )
