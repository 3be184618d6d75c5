"""`dsar-export hold` and `dsar-export purge`."""

from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.desk import desk, register_if_named, register_of, text_from
from dsar_export.errors import WrongUseError
from dsar_export.language.zones import moment_text
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.hold import controller_to_hold, end_hold, place_hold
from dsar_export.use_cases.moments import end_of
from dsar_export.use_cases.purge import purge


def run_hold(
    register: Path | None,
    reference: str,
    until: str | None,
    reason_file: str | None,
    *,
    end: bool,
    as_json: bool,
) -> int:
    """Places a hold or ends it."""
    if end is (until is not None) or (end and reason_file is not None):
        raise WrongUseError(
            "name either --until with a reason, or --end; a hold may be prolonged with a later --until"
        )
    at_work, read = desk(), register_if_named(register)
    zone = zone_in(read, controller_to_hold(at_work, reference))
    moment = end_of(until, zone)
    if moment is None:
        end_hold(at_work, reference)
    else:
        place_hold(at_work, reference, moment, text_from(reason_file, "reason"))
    if as_json:
        terminal.print_json({"reference": reference, "hold_until": moment and moment.isoformat()})
        return 0
    shown = "ended" if moment is None else f"until {moment_text(moment, zone)}"
    terminal.print_facts([("reference", reference), ("hold", shown)])
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
                "expired": list(found.expired),
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
    if found.expired:
        terminal.out().print(f"\nnobody fetched, so it expires: {', '.join(found.expired)}")
    if found.held:
        terminal.out().print(f"\nkept by a hold: {', '.join(found.held)}")
    if found.complained_about:
        terminal.out().print(f"\nkept until a complaint is answered: {', '.join(found.complained_about)}")
    return 0
