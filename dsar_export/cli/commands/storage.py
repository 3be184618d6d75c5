"""`dsar-export hold` and `dsar-export purge`."""

from datetime import datetime
from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.desk import desk, moment_of, register_of, text_from
from dsar_export.errors import WrongUseError
from dsar_export.use_cases.hold import end_hold, place_hold
from dsar_export.use_cases.purge import purge


def run_hold(reference: str, until: str | None, reason_file: str | None, *, end: bool, as_json: bool) -> int:
    """Places a hold or ends it."""
    moment = moment_of(until)
    if end is (moment is not None) or (end and reason_file is not None):
        raise WrongUseError(
            "name either --until with a reason, or --end; a hold may be prolonged with a later --until"
        )
    at_work = desk()
    if moment is None:
        end_hold(at_work, reference)
    else:
        place_hold(at_work, reference, moment, text_from(reason_file, "reason"))
    _show_hold(reference, moment, as_json=as_json)
    return 0


def run_purge(register: Path | None, *, dry_run: bool, as_json: bool) -> int:
    """Erases, and shows how much."""
    found = purge(desk(), register_of(register), dry_run=dry_run)
    if as_json:
        terminal.print_json(
            {
                "dry_run": dry_run,
                "drafts": list(found.drafts),
                "requests": list(found.requests),
                "trail_entries": found.trail_entries,
                "held": list(found.held),
                "complained_about": list(found.complained_about),
            }
        )
        return 0
    counts = {
        "Drafts and packages": len(found.drafts),
        "requests": len(found.requests),
        "entries of the trail": found.trail_entries,
    }
    rows = [[what, f"{count:,}"] for what, count in counts.items()]
    terminal.print_table(["what", "would be erased" if dry_run else "erased"], rows, right=frozenset({1}))
    if found.held:
        terminal.out().print(f"\nkept by a hold: {', '.join(found.held)}")
    if found.complained_about:
        terminal.out().print(f"\nkept until a complaint is answered: {', '.join(found.complained_about)}")
    return 0


def _show_hold(reference: str, until: datetime | None, *, as_json: bool) -> None:
    if as_json:
        terminal.print_json({"reference": reference, "hold_until": until and until.isoformat()})
        return
    shown = "ended" if until is None else f"until {until:%Y-%m-%d %H:%M} {until:%Z}"
    terminal.print_facts([("reference", reference), ("hold", shown)])
