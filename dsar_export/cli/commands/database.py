"""`dsar-export database …`."""

import os

from dsar_export.cli import terminal
from dsar_export.cli.desk import desk, require_yes
from dsar_export.requests.installation import SWEEPS_WAIT
from dsar_export.requests.trail import Verdict
from dsar_export.settings import read_settings
from dsar_export.use_cases.audit import trail_verdict
from dsar_export.use_cases.upkeep import accept_restored, upgrade_database
from dsar_export.wiring import now
from dsar_export.wiring.desk import open_earlier_installation


def run_upgrade(*, as_json: bool) -> int:
    """Upgrades the tables."""
    settings = read_settings()
    done = upgrade_database(open_earlier_installation(settings), settings.anchor, os.getuid(), now)
    if as_json:
        terminal.print_json({"before": done.before, "after": done.after})
    elif done.before == done.after:
        terminal.out().print(f"nothing to do: the tables are those of this version ({done.after})")
    else:
        terminal.print_facts([("before", done.before), ("now", done.after)])
    return 0


def run_restored(*, yes: bool, as_json: bool) -> int:
    """Shows the trail of a restored database, and accepts it."""
    at_work = desk()
    verdict = trail_verdict(at_work)
    if not yes:
        if not as_json:
            terminal.print_facts(_facts(verdict))
        require_yes("this database is the restored one and goes on from here", yes=yes)
    moved = accept_restored(at_work, verdict)
    if as_json:
        fault = None if verdict.fault is None else verdict.fault.value
        shown = {"passed": verdict.passed, "entries": verdict.entries, "fault": fault}
        terminal.print_json({"trail_before": shown, "attempts_moved": moved})
        return 0
    accepted = [
        ("accepted", "the anchor is at the end of this trail, and a new epoch has begun"),
        (
            "sweeps",
            f"wait {SWEEPS_WAIT.days} days, so that a better backup still finds its Drafts and packages",
        ),
        ("void", "codes, links and sealed passphrases from before"),
        ("later attempts", f"{moved} requests have parts in the store from after the backup"),
        ("next", "dsar-export doctor, then dsar-export purge"),
    ]
    terminal.print_facts([*_facts(verdict), *accepted])
    return 0


def _facts(verdict: Verdict) -> list[tuple[str, str]]:
    facts = [("trail", verdict.sentence)]
    return facts if verdict.passed else [*facts, ("entries in order", f"{verdict.entries:,}")]
