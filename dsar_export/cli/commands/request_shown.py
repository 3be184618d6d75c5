"""A request as every command about it shows it, to people and as JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from dsar_export.cli import terminal
from dsar_export.cli.commands.complaint_shown import (
    complaint_facts,
    complaint_lines,
    complaints_json,
    proposal_fact,
    proposal_json,
    proposal_lines,
)
from dsar_export.cli.commands.decisions_shown import decision_facts, decision_lines, decisions_json
from dsar_export.cli.commands.work_shown import work_in_words, work_json
from dsar_export.cli.desk import register_if_named
from dsar_export.cli.mails import ending, mail_json
from dsar_export.language.zones import moment_text
from dsar_export.model.clock import DueDate
from dsar_export.model.register import Register
from dsar_export.requests.packages import Packages
from dsar_export.requests.requests import ListedRequest
from dsar_export.requests.states import ENDED
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.due import due_of
from dsar_export.use_cases.look_up import RequestFile, is_overdue, request_file
from dsar_export.use_cases.masking import masked
from dsar_export.use_cases.possible_now import possible_now
from dsar_export.use_cases.unsent import NOT_SENT, Awaited, Unsent


def shown_requests(
    at_work: Desk, references: Sequence[str], register: Register | None = None, *, as_json: bool
) -> int:
    """Shows the requests that one letter opened; a single one as `shown_request` does."""
    if len(references) == 1:
        return shown_request(at_work, references[0], register, as_json=as_json)
    if as_json:
        files = [request_file(at_work, reference, register) for reference in references]
        shown = [{**_json(file), **_due_json(file, _due(at_work, register, file))} for file in files]
        terminal.print_json({"requests": shown})
        return 0
    for number, reference in enumerate(references):
        if number:
            terminal.out().print()
        shown_request(at_work, reference, register, as_json=False)
    return 0


def shown_request(
    at_work: Desk,
    reference: str,
    register: Register | None = None,
    *,
    as_json: bool,
    also: Mapping[str, object] = MappingProxyType({}),
) -> int:
    """Shows where a request stands after a command; with a register also when it is due. Identifiers are masked.

    `also` is added to the JSON.
    """
    register = register or register_if_named(None)
    file = request_file(at_work, reference, register)
    due = _due(at_work, register, file)
    if as_json:
        terminal.print_json({**_json(file), **_due_json(file, due), **also})
        return 0
    terminal.print_facts(_facts(file, due))
    for note in file.notes:
        terminal.out().print(f"note by {note.by}, {moment_text(note.at, file.zone)}: {note.text}")
    for line in (*decision_lines(file), *proposal_lines(file), *complaint_lines(file)):
        terminal.out().print(line)
    return 0


def _facts(file: RequestFile, due: DueDate | None) -> list[tuple[str, str]]:
    listed = file.request.listed
    facts = [
        ("reference", listed.reference),
        ("state", listed.state.value.replace("_", " ")),
        ("rights", ", ".join(listed.rights)),
        ("controller", listed.controller),
        *([("subject", listed.subject)] if listed.subject else []),
        ("received", moment_text(listed.received_at, file.zone)),
        ("identifiers", ", ".join(_identifiers(file))),
    ]
    optional = {
        "due": due and due_text(due, late=is_overdue(listed, due, file.answered_at)),
        "code": _code_in_words(file),
        **{f"{awaited.replace('_', ' ')} not sent": _unsent_in_words(file, awaited) for awaited in Awaited},
        "verified by": listed.verified_by,
        "assigned to": listed.assigned_to,
        "failed at": listed.failed_step,
        "worker": file.work and work_in_words(file.work, file.zone),
        "proposed refusal": proposal_fact(file),
        "hold until": listed.hold_until and moment_text(listed.hold_until, file.zone),
        "agent": _mandate_in_words(file),
        "linked to": ", ".join(file.linked),
    }
    facts += [(name, value) for name, value in optional.items() if value]
    facts += decision_facts(file)
    facts += [
        ("handed on", f"{handed.right} to {handed.contact}, {moment_text(handed.at, file.zone)}")
        for handed in file.request.subject.handed_on
    ]
    facts += [("package", f"{p.right}: {p.file or 'erased'}, SHA-256 {p.sha256}") for p in file.packages]
    facts += [("mail not sent", f"{mail.kind}: {ending(mail)}") for mail in file.unsent_mails]
    facts += complaint_facts(file)
    return [*facts, ("possible now", ", ".join(possible_now(listed)) or "nothing")]


def due_text(due: DueDate, *, late: bool = False) -> str:
    """The due day in a table."""
    return f"{'from ' if due.at_the_earliest else ''}{due.day}{', overdue' if late else ''}"


def due_json(due: DueDate | None) -> dict[str, object]:
    """The due day in JSON; null without a register, and of a request that has ended."""
    day = None if due is None else due.day.isoformat()
    return {"due": day, "due_at_the_earliest": due is not None and due.at_the_earliest}


def _due_json(file: RequestFile, due: DueDate | None) -> dict[str, object]:
    return {**due_json(due), "overdue": is_overdue(file.request.listed, due, file.answered_at)}


def listed_json(request: ListedRequest) -> dict[str, object]:
    """A request in lists and in `show --json`: nothing that names the person."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name in ListedRequest.__dataclass_fields__
        if name not in {"draft", "lease_until"}
        for value in [getattr(request, name)]
    }


def packages_json(packages: Packages) -> list[dict[str, object]]:
    """The packages of a request in lists and in `show --json`."""
    return [
        {
            "right": package.right,
            "file": package.file,
            "sha256": package.sha256,
            "attempt": package.attempt,
            "published_at": package.published_at.isoformat(),
        }
        for package in packages
    ]


def _due(at_work: Desk, register: Register | None, file: RequestFile) -> DueDate | None:
    listed = file.request.listed
    if (
        register is None
        or listed.controller not in register.organisation.controllers
        or listed.state in ENDED
    ):
        return None
    return due_of(at_work, register, listed.reference)


def _json(file: RequestFile) -> dict[str, object]:
    return {
        **listed_json(file.request.listed),
        "packages": packages_json(file.packages),
        "identifiers": [
            {"kind": i.identifier.kind, "value": masked(i.identifier.value), "proven_by": i.proven_by}
            for i in file.identifiers
        ],
        **decisions_json(file),
        "proposed_refusal": proposal_json(file),
        "complaints": complaints_json(file),
        "mandate": _mandate_json(file),
        "handed_on": [
            {"right": h.right, "contact": h.contact, "at": h.at.isoformat()}
            for h in file.request.subject.handed_on
        ],
        "linked": list(file.linked),
        "notes": [{"by": n.by, "at": n.at.isoformat(), "text": n.text} for n in file.notes],
        "code": _code_json(file),
        **{f"{awaited}_not_sent": _unsent_json(file.unsent.get(awaited)) for awaited in Awaited},
        "mails": [mail_json(mail) for mail in file.unsent_mails],
        "work": work_json(file.work),
        "possible": list(possible_now(file.request.listed)),
    }


def _mandate_in_words(file: RequestFile) -> str | None:
    """What the agent may get and until when; nobody needs the name to see that."""
    mandate = file.request.subject.mandate
    if mandate is None:
        return None
    scope = ", ".join(mandate.scope) or "all datasets"
    return scope + ("" if mandate.until is None else f", until {moment_text(mandate.until, file.zone)}")


def _mandate_json(file: RequestFile) -> dict[str, object] | None:
    mandate = file.request.subject.mandate
    if mandate is None:
        return None
    return {"datasets": list(mandate.scope), "until": mandate.until and mandate.until.isoformat()}


def _code_in_words(file: RequestFile) -> str | None:
    code = file.code
    if code is None:
        return None
    used = "" if code.used_at is None else f", came back {moment_text(code.used_at, file.zone)}"
    sent, expires = (moment_text(at, file.zone) for at in (code.sent_at, code.expires_at))
    return f"sent {sent}, valid until {expires}, {code.tries} tries{used}"


def _unsent_in_words(file: RequestFile, awaited: Awaited) -> str | None:
    unsent = file.unsent.get(awaited)
    return None if unsent is None else f"{moment_text(unsent.at, file.zone)}: {NOT_SENT[awaited][unsent.why]}"


def _unsent_json(unsent: Unsent | None) -> dict[str, object] | None:
    return None if unsent is None else {"why": unsent.why, "at": unsent.at.isoformat()}


def _code_json(file: RequestFile) -> dict[str, object] | None:
    code = file.code
    if code is None:
        return None
    times = {name: getattr(code, name) for name in ("sent_at", "expires_at", "used_at")}
    return {**{name: at and at.isoformat() for name, at in times.items()}, "tries": code.tries}


def _identifiers(file: RequestFile) -> list[str]:
    return [
        f"{i.identifier.kind}={masked(i.identifier.value)}{'' if i.proven_by else ' (not proven)'}"
        for i in file.identifiers
    ]
