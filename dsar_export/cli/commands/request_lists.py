"""`request show` and `request list`."""

from dataclasses import dataclass
from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.commands.request_progress import followed_to_its_end
from dsar_export.cli.commands.request_shown import (
    due_json,
    due_text,
    listed_json,
    packages_json,
    shown_request,
)
from dsar_export.cli.desk import desk, register_if_named, register_of
from dsar_export.errors import WrongUseError
from dsar_export.model.register import Register
from dsar_export.model.request import Right
from dsar_export.requests.states import State
from dsar_export.requests.transitions import NOT_ENDED
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.look_up import RequestInList, Wanted, requests_here


def run_show(register: Path | None, reference: str, *, follow: bool, as_json: bool) -> int:
    """Shows one request, perhaps when the work on it has ended; its due day only with a register."""
    at_work = desk()
    if follow:
        followed_to_its_end(at_work, reference)
    return shown_request(at_work, reference, register_if_named(register), as_json=as_json)


@dataclass(frozen=True)
class ListFilters:
    """The options of the list as they were typed."""

    states: tuple[str, ...]
    controller: str | None
    right: str | None
    assigned_to: str | None
    overdue: bool
    ended: bool

    def wanted(self) -> Wanted:
        """WrongUseError for a state or right that does not exist."""
        named = {text.replace("-", "_") for text in self.states}
        if not named <= set(State):
            raise WrongUseError(f"--state is one of {', '.join(State)}; repeat it for several")
        if self.right is not None and self.right not in list(Right):
            raise WrongUseError(f"--right is one of {', '.join(Right)}")
        states = frozenset(map(State, named)) or (frozenset(State) if self.ended else NOT_ENDED)
        right = None if self.right is None else Right(self.right)
        return Wanted(states, self.controller, right, self.assigned_to, self.overdue)


def run_list(register: Path | None, filters: ListFilters, *, as_json: bool) -> int:
    """Shows all requests that the person at work may see."""
    wanted, read = filters.wanted(), register_of(register)
    found = requests_here(desk(), read, wanted)
    if as_json:
        terminal.print_json({"requests": [_listed_json(each) for each in found]})
        return 0
    heads = ["reference", "state", "rights", "controller", "received", "due", "assigned to", "may approve"]
    rows = [_row(each, read) for each in found]
    if any(each.request.group_reference for each in found):  # requests of one letter share it
        heads.append("group")
        rows = [[*row, each.request.group_reference or ""] for row, each in zip(rows, found, strict=True)]
    terminal.print_table(heads, rows)
    return 0


def _row(each: RequestInList, register: Register) -> list[str]:
    r, names = each.request, each.approvers
    may_approve = "" if names is None else ", ".join(names) or "nobody left: add a reviewer"
    received = f"{r.received_at.astimezone(zone_in(register, r.controller)):%Y-%m-%d}"
    state = r.state.value.replace("_", " ")
    due = "" if each.due is None else due_text(each.due, late=each.overdue)
    rights = ", ".join(r.rights)
    return [r.reference, state, rights, r.controller, received, due, r.assigned_to or "", may_approve]


def _listed_json(each: RequestInList) -> dict[str, object]:
    shown = {**listed_json(each.request), **due_json(each.due), "packages": packages_json(each.packages)}
    return {**shown, "overdue": each.overdue, "may_approve": each.approvers}
