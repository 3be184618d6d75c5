"""`dsar-export inspect`: checks a package against its own manifest."""

import sys
from getpass import getpass
from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.exit_codes import ExitCode
from dsar_export.cli.results import outcome_json, print_outcomes
from dsar_export.delivery.passphrases import passphrase_in
from dsar_export.errors import WrongUseError
from dsar_export.inspection import inspect_package
from dsar_export.wiring import build_opener


def run_inspect(package: Path, passphrase_file: str | None, *, as_json: bool) -> int:
    """Opens and checks a package; lists its datasets and every finding."""
    inspection = inspect_package(package, _passphrase(passphrase_file), build_opener().known)
    if as_json:
        terminal.print_json(
            {
                "reference": inspection.reference,
                "package": str(package),
                "datasets": [outcome_json(outcome) for outcome in inspection.outcomes],
                "findings": [
                    {"member": f.where, "key": f.key, "problem": f.problem} for f in inspection.findings
                ],
            }
        )
    else:
        for f in inspection.findings:
            terminal.fail(": ".join(part for part in (f.where, f.key, f.problem) if part))
        print_outcomes(inspection.outcomes, inspection.time_zone)
        verdict = "problems found" if inspection.findings else "complete and unchanged"
        terminal.out().print(f"\n{package}: {verdict}")
    return ExitCode.PROBLEMS_FOUND if inspection.findings else ExitCode.DONE


def _passphrase(file: str | None) -> str:
    if file is not None:
        return passphrase_in(terminal.read_text(file), file)
    if sys.stdin is None or not sys.stdin.isatty():
        raise WrongUseError("there is no terminal to ask for the passphrase; use --passphrase-file")
    return getpass("passphrase: ").strip()
