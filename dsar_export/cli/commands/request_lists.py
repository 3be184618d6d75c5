"""`request show` and `request list`."""

from datetime import datetime
from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.desk import desk, register_of
from dsar_export.cli.mails import ending, mail_json
from dsar_export.requests.requests import ListedRequest
from dsar_export.requests.states import possible
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.look_up import RequestFile, Waiting, request_file, requests_here
from dsar_export.use_cases.masking import masked


def run_show(reference: str, *, as_json: bool) -> int:
    """Shows one request."""
    return shown_request(desk(), reference, as_json=as_json)


def run_list(register: Path | None, *, ended: bool, as_json: bool) -> int:
    """Shows all requests that the person at work may see."""
    found = requests_here(desk(), register_of(register), ended=ended)
    if as_json:
        listed = [{**listed_json(each.request), "may_approve": each.approvers} for each in found]
        terminal.print_json({"requests": listed})
        return 0
    heads = ["reference", "state", "right", "controller", "received", "assigned to", "may approve"]
    terminal.print_table(heads, [_row(each) for each in found])
    return 0


def _row(each: Waiting) -> list[str]:
    r, names = each.request, each.approvers
    may_approve = "" if names is None else ", ".join(names) or "nobody left: add a reviewer"
    received = f"{r.received_at:%Y-%m-%d}"
    state = r.state.value.replace("_", " ")
    return [r.reference, state, r.right, r.controller, received, r.assigned_to or "", may_approve]


def shown_request(at_work: Desk, reference: str, *, as_json: bool) -> int:
    """Shows where a request stands after a command; identifiers are masked."""
    file = request_file(at_work, reference)
    if as_json:
        terminal.print_json(_json(file))
        return 0
    listed = file.request.listed
    facts = [
        ("reference", listed.reference),
        ("state", listed.state.value.replace("_", " ")),
        ("right", listed.right.value),
        ("controller", listed.controller),
        ("received", f"{listed.received_at:%Y-%m-%d %H:%M} UTC"),
        ("identifiers", ", ".join(_identifiers(file))),
    ]
    optional = {
        "verified by": listed.verified_by,
        "assigned to": listed.assigned_to,
        "failed at": listed.failed_step,
        "package": listed.package,
        "hold until": listed.hold_until and f"{listed.hold_until:%Y-%m-%d %H:%M} UTC",
    }
    facts += [(name, value) for name, value in optional.items() if value]
    facts += [("mail not sent", f"{mail.kind}: {ending(mail)}") for mail in file.unsent_mails]
    facts.append(("possible now", ", ".join(_possible(listed)) or "nothing"))
    terminal.print_facts(facts)
    for note in file.notes:
        terminal.out().print(f"note by {note.by}, {note.at:%Y-%m-%d %H:%M} UTC: {note.text}")
    return 0


def listed_json(request: ListedRequest) -> dict[str, object]:
    """A request in lists and in `show --json`: nothing that names the person."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name in ListedRequest.__dataclass_fields__
        if name not in {"draft", "lease_until", "not_before"}
        for value in [getattr(request, name)]
    }


def _json(file: RequestFile) -> dict[str, object]:
    return {
        **listed_json(file.request.listed),
        "identifiers": [
            {"kind": i.identifier.kind, "value": masked(i.identifier.value), "proven_by": i.proven_by}
            for i in file.identifiers
        ],
        "decisions": [
            {"kind": d.kind, "by": d.by, "at": d.at.isoformat(), "reason": d.reason} for d in file.decisions
        ],
        "notes": [{"by": n.by, "at": n.at.isoformat(), "text": n.text} for n in file.notes],
        "mails": [mail_json(mail) for mail in file.unsent_mails],
        "possible": _possible(file.request.listed),
    }


def _identifiers(file: RequestFile) -> list[str]:
    return [
        f"{i.identifier.kind}={masked(i.identifier.value)}{'' if i.proven_by else ' (not proven)'}"
        for i in file.identifiers
    ]


def _possible(listed: ListedRequest) -> list[str]:
    held = {name for name in ListedRequest.__dataclass_fields__ if getattr(listed, name) is not None}
    if listed.verified_by is not None:
        held.add("evidence_sealed")  # it is never listed
    return [action.value.replace("_", "-") for action in possible(listed.state, held)]
