"""Shows requests to those who may see them."""

from dataclasses import dataclass

from dsar_export.model.decision import Decision, Note
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.requests.decisions import decisions_of, notes_of
from dsar_export.requests.identifiers import StoredIdentifier, identifiers_of
from dsar_export.requests.outbox import ListedMail, unsent_mails
from dsar_export.requests.people import EVERY_CONTROLLER, grants_at
from dsar_export.requests.requests import Filters, ListedRequest, StoredRequest, list_requests
from dsar_export.requests.states import State
from dsar_export.use_cases.approvers import approvers
from dsar_export.use_cases.desk import Act, Desk


@dataclass(frozen=True)
class RequestFile:
    """A request with its identifiers, decisions and notes."""

    request: StoredRequest
    identifiers: tuple[StoredIdentifier, ...]
    decisions: tuple[Decision, ...]
    notes: tuple[Note, ...]
    unsent_mails: tuple[ListedMail, ...]
    """Those that ended without being sent, as far as anybody knows."""


def request_file(desk: Desk, reference: str) -> RequestFile:
    """The whole file of a request, for anybody with a role at its controller."""
    with desk.looking() as act:
        return RequestFile(
            act.request(reference, Role.AGENT, Role.REVIEWER, Role.AUDITOR),
            identifiers_of(act.connection, reference, desk.vault),
            decisions_of(act.connection, reference, desk.vault),
            notes_of(act.connection, reference, desk.vault),
            unsent_mails(act.connection, reference),
        )


@dataclass(frozen=True)
class Waiting:
    """A request in a list, and who may approve it if it waits for that; None if it does not."""

    request: ListedRequest
    approvers: tuple[str, ...] | None = None


def requests_here(desk: Desk, register: Register, *, ended: bool = False) -> tuple[Waiting, ...]:
    """The requests of the controllers at which the person has a role; those that have ended on demand."""
    with desk.looking() as act:
        mine = [one for one in grants_at(act.connection, act.at) if one.person == desk.person.name]
        controllers = {one.controller for one in mine if one.role is not Role.ADMINISTRATOR}
        filters = Filters() if not ended else Filters(frozenset(State))
        found = list_requests(act.connection, filters)
        own = (r for r in found if EVERY_CONTROLLER in controllers or r.controller in controllers)
        return tuple(_waiting(act, register, request) for request in own)


def _waiting(act: Act, register: Register, request: ListedRequest) -> Waiting:
    if request.state is not State.IN_REVIEW or request.controller not in register.organisation.controllers:
        return Waiting(request)
    datasets = {dataset.name for dataset in register.datasets_of(request.controller)}
    return Waiting(request, approvers(act, register, request, datasets))
