"""Holds: for a reason and until a moment, nothing of a request is erased."""

from datetime import datetime

from dsar_export.errors import WrongUseError
from dsar_export.model.people import Role
from dsar_export.requests.requests import request_cell
from dsar_export.requests.times import microseconds
from dsar_export.requests.transitions import ANY_STATE, change
from dsar_export.use_cases.desk import Desk


def controller_to_hold(desk: Desk, reference: str) -> str:
    """Whose request it is, in the time zone of which the days of a hold are; for those who may place one."""
    with desk.looking() as act:
        return act.request(reference, Role.REVIEWER, Role.ADMINISTRATOR).listed.controller


def place_hold(desk: Desk, reference: str, until: datetime, reason: str) -> None:
    """Defers erasure until a moment; a later hold replaces an earlier one."""
    if not reason.strip():
        raise WrongUseError(f"{reference}: a hold needs a reason; write one")
    with desk.acting() as act:
        request = act.request(reference, Role.REVIEWER, Role.ADMINISTRATOR)
        if until <= act.at:
            raise WrongUseError("a hold ends in the future; correct its last day")
        sealed = desk.vault.seal(reason, request_cell(reference, "hold_reason_sealed"))
        version = request.listed.version
        change(
            act.connection,
            reference,
            version,
            act.at,
            ANY_STATE,
            hold_until=until,
            hold_reason_sealed=sealed,
        )
        act.note("hold", request, until=microseconds(until))


def end_hold(desk: Desk, reference: str) -> None:
    """Ends a hold now; what is past its storage period goes with the next purge."""
    with desk.acting() as act:
        request = act.request(reference, Role.REVIEWER, Role.ADMINISTRATOR)
        if not request.listed.held_at(act.at):
            raise WrongUseError(f"{reference} is on no hold; nothing was changed")
        none = {"hold_until": None, "hold_reason_sealed": None}
        change(act.connection, reference, request.listed.version, act.at, ANY_STATE, **none)
        act.note("end_hold", request)
