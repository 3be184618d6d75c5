"""`dsar-export check`: checks a register against its live sources."""

from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.exit_codes import ExitCode
from dsar_export.model.finding import Finding
from dsar_export.register.letters import letter_findings
from dsar_export.register_check import check_register
from dsar_export.use_cases.clocks import clock_findings
from dsar_export.wiring import build_collectors, read_keys, register_in


def run_check(folder: Path, *, as_json: bool) -> int:
    """Lists every finding; returns PROBLEMS_FOUND if one of them is not a warning."""
    register = register_in(folder)
    findings = (
        *clock_findings(register),
        *letter_findings(register),
        *check_register(register, build_collectors(register), read_keys(register)),
    )
    problems = [f for f in findings if not f.warning]
    if as_json:
        terminal.print_json({"register": str(folder), "findings": [_json(f) for f in findings]})
    else:
        for f in findings:
            show = terminal.warn if f.warning else terminal.fail
            show(f"{f.where}: {f.key}: {f.problem}")
        if not problems:
            sources = len(register.organisation.sources)
            terminal.out().print(f"{folder}: {len(register.datasets)} datasets fit their {sources} sources")
    return ExitCode.PROBLEMS_FOUND if problems else ExitCode.DONE


def _json(finding: Finding) -> dict[str, object]:
    return {
        "file": finding.where,
        "key": finding.key,
        "problem": finding.problem,
        "warning": finding.warning,
    }
