"""`dsar-export demo`: writes the example organisation and exports one of its people."""

import shlex
import shutil
import sqlite3
import sys
from contextlib import ExitStack
from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.identifiers import read_identifiers
from dsar_export.cli.progress import shown_progress
from dsar_export.cli.results import OPENS_WITH, print_datasets, result_json
from dsar_export.delivery.passphrases import new_passphrase
from dsar_export.demo import DemoPerson, write_organisation
from dsar_export.errors import NotWritableError
from dsar_export.model.request import Right, Verification
from dsar_export.sealing.workspace import writing
from dsar_export.use_cases.export_once import exported_package
from dsar_export.use_cases.package import ExportResult, PackageOrder
from dsar_export.use_cases.report_choices import ReportOptions, report_choices
from dsar_export.use_cases.verify import verified_request
from dsar_export.wiring import build_opener, build_services, now


def run_demo(out: Path, events: int, seed: int, options: ReportOptions, *, as_json: bool) -> int:
    """Writes the organisation, exports one person, and shows what to try next."""
    person = _organisation(out, events, seed)
    verification = Verification("demo", "a synthetic person", now())
    identifiers = read_identifiers(person.identifiers, None)
    request = verified_request(Right.ACCESS, person.controller, identifiers, verification)
    with ExitStack() as published:
        with shown_progress() as progress:
            services = build_services(person.register, progress)
            report = report_choices(services.register, person.controller, options)
            passphrase = new_passphrase(report.language)
            order = PackageOrder(out / "packages", passphrase, report, page=build_opener().page)
            result = published.enter_context(exported_package(services, request, order))
        _show(person, result, passphrase, as_json=as_json)
    return 0


def _organisation(out: Path, events: int, seed: int) -> DemoPerson:
    try:
        with writing(out):
            return write_organisation(out / "organisation", events, seed)
    except sqlite3.Error as error:
        raise NotWritableError(f"can't write the databases to {out}: {error.sqlite_errorname}") from None


def _show(person: DemoPerson, result: ExportResult, passphrase: str, *, as_json: bool) -> None:
    if as_json:
        more = {
            "passphrase": passphrase,
            "register": str(person.register),
            "controller": person.controller,
            "identifiers": list(person.identifiers),
        }
        terminal.print_json(result_json(result) | more)
        return
    terminal.print_facts(
        [
            ("package", str(result.package)),
            ("opener", str(result.opener)),
            ("passphrase", passphrase),
            ("opens with", OPENS_WITH),
            ("register", str(person.register)),
        ]
    )
    print_datasets(result)
    command = _command()
    terminal.out().print(
        "\ntry next:\n"
        f"  {command} inspect {shlex.quote(str(result.package))}\n"
        f"  {command} check {shlex.quote(str(person.register))}\n"
        "  and your own database: README.md, 'Your own database in ten minutes'"
    )


def _command() -> str:
    """The program as it can be typed here, even if its environment is not on the PATH."""
    script = Path(sys.executable).parent / terminal.PROGRAM
    if shutil.which(terminal.PROGRAM) or not script.exists():
        return terminal.PROGRAM
    here = Path.cwd()
    return shlex.quote(str(script.relative_to(here) if script.is_relative_to(here) else script))
