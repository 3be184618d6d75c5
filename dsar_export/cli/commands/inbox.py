"""`dsar-export inbox`."""

from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.commands.request_shown import due_json, due_text
from dsar_export.cli.desk import desk, register_of
from dsar_export.model.inbox import InboxItem
from dsar_export.use_cases.inbox import inbox

_HEADS = ("reference", "why", "since", "due", "assigned to", "next")


def run_inbox(register: Path | None, *, as_json: bool) -> int:
    """Shows what waits for the person at work."""
    items = inbox(desk(), register_of(register))
    if as_json:
        terminal.print_json({"waiting": [_json(item) for item in items]})
    elif items:
        terminal.print_table(_HEADS, [_row(item) for item in items])
    else:
        terminal.out().print("nothing waits for you")
    return 0


def _row(item: InboxItem) -> list[str]:
    why = ", ".join(each.why.replace("_", " ") for each in item.waiting)
    due = "" if item.due is None else due_text(item.due)
    return [item.reference, why, item.since.isoformat(), due, item.assigned_to or "", item.command]


def _json(item: InboxItem) -> dict[str, object]:
    return {
        "reference": item.reference,
        "controller": item.controller,
        "why": [
            {"reason": each.why.value, "since": each.since.isoformat(), "command": each.command}
            for each in item.waiting
        ],
        **due_json(item.due),
        "assigned_to": item.assigned_to,
        "command": item.command,
    }
