"""`request show` and `request list`."""

from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.commands.request_shown import (
    due_json,
    due_text,
    listed_json,
    packages_json,
    shown_request,
)
from dsar_export.cli.desk import desk, register_if_named, register_of
from dsar_export.model.register import Register
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.look_up import Waiting, requests_here


def run_show(register: Path | None, reference: str, *, as_json: bool) -> int:
    """Shows one request; its due day only with a register."""
    return shown_request(desk(), reference, register_if_named(register), as_json=as_json)


def run_list(register: Path | None, *, ended: bool, as_json: bool) -> int:
    """Shows all requests that the person at work may see."""
    read = register_of(register)
    found = requests_here(desk(), read, ended=ended)
    if as_json:
        terminal.print_json({"requests": [_waiting_json(each) for each in found]})
        return 0
    heads = ["reference", "state", "rights", "controller", "received", "due", "assigned to", "may approve"]
    rows = [_row(each, read) for each in found]
    if any(each.request.group_reference for each in found):  # requests of one letter share it
        heads.append("group")
        rows = [[*row, each.request.group_reference or ""] for row, each in zip(rows, found, strict=True)]
    terminal.print_table(heads, rows)
    return 0


def _row(each: Waiting, register: Register) -> list[str]:
    r, names = each.request, each.approvers
    may_approve = "" if names is None else ", ".join(names) or "nobody left: add a reviewer"
    received = f"{r.received_at.astimezone(zone_in(register, r.controller)):%Y-%m-%d}"
    state = r.state.value.replace("_", " ")
    due = "" if each.due is None else f"{due_text(each.due)}{', overdue' if each.overdue else ''}"
    rights = ", ".join(r.rights)
    return [r.reference, state, rights, r.controller, received, due, r.assigned_to or "", may_approve]


def _waiting_json(each: Waiting) -> dict[str, object]:
    shown = {**listed_json(each.request), **due_json(each.due), "packages": packages_json(each.packages)}
    return {**shown, "may_approve": each.approvers}
