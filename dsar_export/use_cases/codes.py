"""Proves who asks by a code that goes to an address which is on file already, never to one that the request names."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dsar_export.errors import DsarExportError, StaleError, StateError, WrongUseError
from dsar_export.language.catalogue import message
from dsar_export.model.contact import KnownContact
from dsar_export.model.delivery import CodePurpose
from dsar_export.model.mail import MailKind
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.model.request import Identifier
from dsar_export.requests.codes import LastCode, mark_used, tried_code
from dsar_export.requests.identifiers import StoredIdentifier, identifiers_of
from dsar_export.requests.installation import epoch
from dsar_export.requests.requests import StoredRequest
from dsar_export.requests.states import Action
from dsar_export.requests.transitions import require_possible
from dsar_export.use_cases.code_mail import CodeWords, code_mac, mail_about, send_code
from dsar_export.use_cases.contacts import contacts_on_file
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.post import post_mail
from dsar_export.use_cases.prove import Proof, verified
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.subjects import register_about

CODE_BY_EMAIL: Final = "code_by_email"
_SUBJECT: Final = message("Your code for the request {reference}")
_TEXT: Final = message(
    "{controller} has received a request for your data. If you made it, this code proves that it is you:\n\n"
    "    {code}\n\nIt is valid for {minutes} minutes. Give it to us where you made the request, or write to {contact}. "
    "If somebody else contacts you and asks for it, do not give it to them.\n\n"
    "If you did not ask for your data, you need not do anything: without the code nothing is handed over."
)
_WORDS: Final = CodeWords(CodePurpose.PROVE, _SUBJECT, _TEXT)
_NOTICE_SUBJECT: Final = message("Somebody asked for your data: request {reference}")
_NOTICE: Final = message(
    "{controller} has received a request for your data, and has sent a code to another address that it has of you.\n\n"
    "If you made the request, you need not do anything. If you did not, write to {contact} and name the request "
    "{reference}."
)


@dataclass(frozen=True)
class AskedCode:
    """That a code may be sent for a request; it says nothing of whether there is an address."""

    reference: str
    controller: str
    subject: str | None
    version: int
    identifiers: tuple[StoredIdentifier, ...]
    at: datetime


def accept_code(desk: Desk, register: Register, reference: str) -> AskedCode:
    """The first half, after which whoever asked has their answer: no source is opened, so it takes as long for anybody.

    Raises StateError unless the request waits to be verified.
    """
    with desk.looking() as act:
        request = act.request(reference, Role.AGENT)
        require_possible(act.connection, reference, request.listed.version, Action.VERIFY, act.at)
        stored = identifiers_of(act.connection, reference, desk.vault)
        at, listed = act.at, request.listed
    given = [each.identifier for each in stored]
    part = register_about(register, listed.subject, given)
    _refuse_without_way(part, request, {identifier.kind for identifier in given})
    return AskedCode(reference, listed.controller, listed.subject, listed.version, stored, at)


def finish_code(desk: Desk, opened: Callable[[], Services], asked: AskedCode) -> None:
    """The second half, which says nothing: what came of it, or a failure, is for staff in request and inbox."""
    try:
        look_up_and_send(desk, opened(), asked)
    except (StaleError, StateError):
        return  # staff went on meanwhile, and need no code
    except DsarExportError:
        with desk.acting() as act:
            act.note("code_failed", act.request(asked.reference, Role.AGENT))


def look_up_and_send(desk: Desk, services: Services, asked: AskedCode) -> None:
    """Sends a code to an address on file, and a notice to the others; limits and missing addresses are in the trail."""
    reference, stored = asked.reference, asked.identifiers
    given = [each.identifier for each in stored]
    contacts = contacts_on_file(services, asked.controller, asked.subject, given, asked.at)
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT)
        require_possible(act.connection, reference, request.listed.version, Action.VERIFY, act.at)
        if request.listed.version != asked.version:
            raise StaleError(f"{reference} was changed meanwhile; look at it again, then ask again")
        target = next((contact for contact in contacts if contact.may_prove(act.at)), None)
        if target is None:
            act.note("no_contact", request, contacts=len(contacts))
            return
        _send(act, services.register, request, target, [c for c in contacts if c is not target], stored)


def _refuse_without_way(register: Register, request: StoredRequest, kinds: Set[str]) -> None:
    """Says what kinds of identifiers lead to addresses at all, which reveals nothing about anybody."""
    ways = sorted({contact.given for contact in register.contacts_of(request.listed.controller)})
    if not kinds & {*ways}:
        needed = f"the request to name one of: {', '.join(ways)}" if ways else "[[contacts]] in the register"
        raise WrongUseError(f"{request.listed.reference}: a code needs {needed}; verify by evidence instead")


def prove_by_code(desk: Desk, register: Register, reference: str, code: str) -> None:
    """Verifies a request by its code, which proves the identifier that led to the address, and the address itself.

    WrongUseError for any other code, in the same words whatever is wrong with it; each call counts as a try.
    """
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT)
        require_possible(act.connection, reference, request.listed.version, Action.VERIFY, act.at)
        mac = code_mac(desk, reference, code)
        found = tried_code(act.connection, reference, mac, epoch(act.connection), act.at)
        stored = identifiers_of(act.connection, reference, desk.vault)
        proven = [] if found is None else _proven(stored, found)
        if found is not None and proven:
            mark_used(act.connection, reference, found, act.at)
            proof = Proof(CODE_BY_EMAIL, "a code that was sent to an address on file")
            verified(act, register, request, proven, proof)
        else:  # also if the identifiers were corrected since it was sent
            act.note("wrong_code", request)
    if not proven:
        raise WrongUseError(
            f"{reference}: this code does not count; look at it again, or ask for another one"
        )


def _send(
    act: Act,
    register: Register,
    request: StoredRequest,
    target: KnownContact,
    others: Sequence[KnownContact],
    stored: Sequence[StoredIdentifier],
) -> None:
    reference = request.listed.reference
    controller = register.organisation.controllers[request.listed.controller]
    index = send_code(act, controller, request, target, stored, _WORDS)
    if index is None:
        return
    noticed = [other for other in others if other.is_theirs_alone]
    for other in noticed:
        notice = mail_about(request, controller, other.address, (_NOTICE_SUBJECT, _NOTICE))
        post_mail(act, notice, MailKind.NOTICE, reference)
    act.note("send_code", request, contact=index, contacts=len(noticed))


def _proven(stored: Sequence[StoredIdentifier], used: LastCode) -> list[Identifier]:
    proven = {used.contact_index, used.found_by_index}
    return [s.identifier for s in stored if s.value_index in proven]
