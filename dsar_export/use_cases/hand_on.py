"""Records to whom it was handed on what else a letter asks for: correction, erasure, restriction, objection."""

from dataclasses import replace

from dsar_export.errors import WrongUseError
from dsar_export.model.intake import FurtherRight, HandedOn
from dsar_export.model.people import Role
from dsar_export.requests.requests import request_cell
from dsar_export.requests.subject_text import subject_text
from dsar_export.requests.transitions import change
from dsar_export.use_cases.desk import Desk


def hand_on(desk: Desk, reference: str, right: FurtherRight, contact: str) -> None:
    """Adds to a request that something else was handed on to a named contact now."""
    if not contact.strip():
        raise WrongUseError("name the contact to whom it was handed on, such as a department")
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT)
        handed_on = (*request.subject.handed_on, HandedOn(right, contact, act.at))
        subject = subject_text(replace(request.subject, handed_on=handed_on))
        sealed = desk.vault.seal(subject, request_cell(reference, "subject_sealed"))
        change(act.connection, reference, request.listed.version, act.at, subject_sealed=sealed)
        act.note("hand_on", request, right=right.value)
