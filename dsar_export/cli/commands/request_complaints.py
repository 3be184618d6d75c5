"""`request complain`, `acknowledge-complaint`, `answer-complaint` and `complaints`."""

from datetime import datetime
from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.commands.complaint_shown import listed_complaint_json, still_to_do
from dsar_export.cli.commands.request_shown import shown_request
from dsar_export.cli.desk import desk, register_if_named, register_of, text_from
from dsar_export.errors import WrongUseError
from dsar_export.model.complaint import ComplaintOutcome, NewComplaint
from dsar_export.model.intake import Channel
from dsar_export.model.register import Register
from dsar_export.use_cases import complaining
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.moments import moment_of


def run_complain(
    register: Path | None,
    reference: str,
    arrival: tuple[str | None, str],
    text_file: str | None,
    *,
    as_json: bool,
) -> int:
    """Records a complaint; `arrival` is when it arrived, and in which channel."""
    received, channel = arrival
    if channel not in list(Channel):
        raise WrongUseError(f"--channel is one of {', '.join(Channel)}")
    at_work, read = desk(), register_if_named(register)
    moment = _moment(at_work, read, reference, received)
    new = NewComplaint(text_from(text_file, "complaint"), Channel(channel), moment)
    complaining.complain(at_work, read, reference, new)
    return shown_request(at_work, reference, read, as_json=as_json)


def run_acknowledge(
    register: Path | None, reference: str, number: int | None, on: str | None, *, as_json: bool
) -> int:
    """Acknowledges."""
    at_work, read = desk(), register_if_named(register)
    complaining.acknowledge(at_work, read, reference, number, _moment(at_work, read, reference, on))
    return shown_request(at_work, reference, read, as_json=as_json)


def run_answer(
    register: Path | None,
    about: tuple[str, int | None],
    outcome: str,
    text_file: str | None,
    *,
    as_json: bool,
) -> int:
    """Answers the complaint with a number about a request."""
    reference, number = about
    if outcome not in list(ComplaintOutcome):
        raise WrongUseError(f"--outcome is one of {', '.join(ComplaintOutcome)}")
    at_work, read = desk(), register_if_named(register)
    text = text_from(text_file, "answer")
    complaining.answer(at_work, reference, text, number, ComplaintOutcome(outcome))
    return shown_request(at_work, reference, read, as_json=as_json)


def run_complaints(register: Path | None, *, as_json: bool) -> int:
    """Lists."""
    found = complaining.complaints_here(desk(), register_of(register))
    if as_json:
        terminal.print_json({"complaints": [listed_complaint_json(each) for each in found]})
        return 0
    rows = [
        [
            each.listed.reference,
            str(each.listed.number),
            each.controller,
            f"{each.listed.received_at:%Y-%m-%d}",
            still_to_do(each),
            ", ".join(each.may_answer) or "nobody left: add an agent or a reviewer",
        ]
        for each in found
    ]
    terminal.print_table(["reference", "complaint", "controller", "received", "to do", "may answer"], rows)
    return 0


def _moment(at_work: Desk, register: Register | None, reference: str, text: str | None) -> datetime | None:
    """A moment in the time zone of the request's controller, if the register has it."""
    controller = request_file(at_work, reference).request.listed.controller
    return moment_of(text, zone_in(register, controller))
