"""`dsar-export doctor`."""

from dataclasses import asdict

from dsar_export.cli import terminal
from dsar_export.cli.exit_codes import ExitCode
from dsar_export.settings import read_settings
from dsar_export.use_cases.doctor import diagnose
from dsar_export.wiring.desk import premises_of


def run_doctor(*, as_json: bool) -> int:
    """Shows every check, and what to back up."""
    found = diagnose(premises_of(read_settings()))
    if as_json:
        terminal.print_json(
            {
                "passed": found.passed,
                "checks": [asdict(check) for check in found.checks],
                "back_up": {"together": list(found.together), "apart": found.apart},
            }
        )
    else:
        rows = [[c.name, "ok" if c.passed else "problem", c.finding] for c in found.checks]
        terminal.print_table(["check", "result", "what was found"], rows)
        terminal.out().print("\nback up together, at one time:")
        for place in found.together:
            terminal.out().print(f"  {place}")
        terminal.out().print(f"and apart from these, because it opens them all:\n  {found.apart}")
    return ExitCode.DONE if found.passed else ExitCode.PROBLEMS_FOUND
