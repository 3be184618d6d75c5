"""`dsar-export check`: the register against its live sources."""

from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.exit_codes import ExitCode
from dsar_export.register_check import check_register
from dsar_export.register_file import read_register
from dsar_export.wiring import build_collectors


def run_check(folder: Path, *, as_json: bool) -> int:
    """Lists everything that is wrong."""
    register = read_register(folder)
    findings = check_register(register, build_collectors(register))
    if as_json:
        listed = [{"file": f.where, "key": f.key, "problem": f.problem} for f in findings]
        terminal.print_json({"register": str(folder), "findings": listed})
    elif findings:
        for f in findings:
            terminal.fail(f"{f.where}: {f.key}: {f.problem}")
    else:
        sources = len(register.organisation.sources)
        terminal.out().print(f"{folder}: {len(register.datasets)} datasets fit their {sources} sources")
    return ExitCode.FOUND_WANTING if findings else ExitCode.DONE
