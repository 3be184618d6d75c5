"""`dsar-export trail …`."""

import os
from collections.abc import Iterable
from datetime import tzinfo
from pathlib import Path
from typing import Final

from dsar_export.cli import terminal
from dsar_export.cli.desk import desk, register_to_show_by
from dsar_export.cli.exit_codes import ExitCode
from dsar_export.errors import WrongUseError
from dsar_export.language.zones import moment_text
from dsar_export.model.register import Register
from dsar_export.requests.times import moment
from dsar_export.requests.trail import Entry
from dsar_export.sealing.workspace import writing
from dsar_export.use_cases.audit import trail_entries, trail_lines, trail_verdict
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.evidence_timeline import is_moment

_HASH_LENGTH: Final = 32
_SHOWN_OF_A_HASH: Final = 16


def run_show(reference: str | None, *, as_json: bool) -> int:
    """Shows the entries."""
    entries = trail_entries(desk(), reference)
    if as_json:
        terminal.print_json({"entries": [entry.as_json() for entry in entries]})
    else:
        print_entries(entries, register_to_show_by())
    return 0


def print_entries(entries: Iterable[Entry], register: Register | None) -> None:
    """A table of entries, each by the clock of its controller."""
    rows = []
    for entry in entries:
        values = entry.values
        details = values["details"]
        parts = details if isinstance(details, dict) else {}
        controller, action = values["controller"], str(values["action"])
        zone = zone_in(register, None if controller is None else str(controller))
        rows.append(
            [
                str(entry.number),
                _moment(values["at"], zone),
                str(values["actor"]),
                action,
                str(values["reference"] or ""),
                ", ".join(
                    f"{name} {_moment(value, zone) if is_moment(action, name) else _short(value)}"
                    for name, value in parts.items()
                ),
            ]
        )
    terminal.print_table(["number", "when", "who", "what", "request", "details"], rows)


def _moment(value: object, zone: tzinfo) -> str:
    return moment_text(moment(int(str(value))), zone, seconds=True)


def _short(value: object) -> str:
    """The beginning of a hash, and everything else whole."""
    text = str(value)
    return text if len(text) < _HASH_LENGTH else text[:_SHOWN_OF_A_HASH]


def run_verify(*, as_json: bool) -> int:
    """Verifies the trail."""
    verdict = trail_verdict(desk())
    if as_json:
        fault = None if verdict.fault is None else verdict.fault.value
        terminal.print_json(
            {"passed": verdict.passed, "entries": verdict.entries, "fault": fault, "number": verdict.number}
        )
    elif verdict.passed:
        terminal.out().print(verdict.sentence)
    else:
        terminal.fail(verdict.sentence)
    return ExitCode.DONE if verdict.passed else ExitCode.PROBLEMS_FOUND


def run_export(out: Path) -> int:
    """Writes the trail to a new file, for its owner alone."""
    lines = trail_lines(desk())
    if os.path.lexists(out):
        raise WrongUseError(f"{out} exists; the trail is written to a new file only")
    with writing(out.parent):
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(lines)
    return 0
