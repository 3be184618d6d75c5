"""`dsar-export keys …`."""

import os
from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.desk import desk
from dsar_export.errors import WrongUseError
from dsar_export.sealing.workspace import writing
from dsar_export.settings import read_settings
from dsar_export.use_cases.audit import trail_key
from dsar_export.use_cases.keys import drop_earlier_keys, rotate_keys


def run_rotate(*, drop_old: bool, as_json: bool) -> int:
    """Makes new keys, or removes the earlier ones."""
    act = drop_earlier_keys if drop_old else rotate_keys
    done = act(desk(), read_settings().keys)
    if as_json:
        terminal.print_json(
            {
                "column_key": done.column,
                "draft_key": done.draft,
                "values": done.values,
                "earlier_keys": done.earlier,
            }
        )
        return 0
    earlier = f"{done.earlier} in the key file"
    if done.earlier:
        earlier += "; back the file up, then dsar-export keys rotate --drop-old"
    terminal.print_facts(
        [
            ("key of columns", done.column),
            ("key of Drafts", done.draft),
            ("sealed anew", f"{done.values:,} values"),
            ("earlier keys", earlier),
        ]
    )
    return 0


def run_trail(out: Path, *, as_json: bool) -> int:
    """Writes the key of the trail to a new file, for its owner alone."""
    at_work = desk()
    if os.path.lexists(out):
        raise WrongUseError(f"{out} exists; a key is written to a new file only")
    key = trail_key(at_work)
    with writing(out.parent):
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{key}\n")
    if as_json:
        terminal.print_json({"file": str(out)})
    else:
        terminal.print_facts([("key of the trail", str(out)), ("keep it secret", "it also writes a trail")])
    return 0
