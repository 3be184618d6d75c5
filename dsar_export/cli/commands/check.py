"""`dsar-export check`: checks a register against its live sources."""

from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.commands.ways import show_ways, ways_as_json, write_graph
from dsar_export.cli.exit_codes import ExitCode
from dsar_export.cli.progress import counted
from dsar_export.model.finding import Finding
from dsar_export.model.undecided import DecisionsLeft
from dsar_export.register.letters import letter_findings
from dsar_export.register_check import check_register
from dsar_export.register_check.decisions import decisions_left
from dsar_export.register_check.ways import ways_of
from dsar_export.use_cases.clocks import clock_findings
from dsar_export.wiring import build_collectors, read_keys, register_in


def run_check(folder: Path, *, explain: bool, graph: Path | None, as_json: bool) -> int:
    """Lists every finding, and the ways on request; returns PROBLEMS_FOUND if a finding is not a warning."""
    register = register_in(folder)
    ways = ways_of(register)
    if graph is not None:
        write_graph(graph, ways)
    findings = (
        *clock_findings(register),
        *letter_findings(register),
        *check_register(register, build_collectors(register), read_keys(register)),
    )
    problems = [f for f in findings if not f.warning]
    left = decisions_left(register)
    if as_json:
        shown: dict[str, object] = {"register": str(folder), "findings": [_json(f) for f in findings]}
        shown |= {"ways": ways_as_json(ways)} if explain else {}
        terminal.print_json({**shown, "decisions_left": vars(left)})
    else:
        if explain:
            show_ways(ways)
        for f in findings:
            show = terminal.warn if f.warning else terminal.fail
            show(f"{f.where}: {f.key}: {f.problem}")
        if not problems:
            sources = len(register.organisation.sources)
            terminal.out().print(f"{folder}: {len(register.datasets)} datasets fit their {sources} sources")
        if left.total:
            terminal.out().print(f"{folder}: {_left_in_words(left)}")
    return ExitCode.PROBLEMS_FOUND if problems else ExitCode.DONE


def _json(finding: Finding) -> dict[str, object]:
    return {
        "file": finding.where,
        "key": finding.key,
        "problem": finding.problem,
        "warning": finding.warning,
    }


def _left_in_words(left: DecisionsLeft) -> str:
    kinds = (
        (left.tables, "table"),
        (left.columns, "column"),
        (left.versions, "version table"),
        (left.terms, "term"),
        (left.statements, "statement"),
        (left.details, "detail"),
    )
    named = ", ".join(counted(n, kind) for n, kind in kinds if n)
    return f"{counted(left.total, 'decision')} left: {named}"
