"""Proves in the portal who asks, and leads whoever proved it before back: by codes to addresses on file.

Whoever knows nothing but an address or a reference learns nothing, and delays nobody: a code that one visit asked for
is not voided, used up or counted against by another visit, and codes of the portal are counted apart from all others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from dsar_export.errors import DsarExportError, WrongUseError
from dsar_export.interfaces import Waker
from dsar_export.language.catalogue import message
from dsar_export.model.approval import ApprovalPolicy
from dsar_export.model.contact import KnownContact
from dsar_export.model.delivery import CodePurpose
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.model.request import Identifier, Right
from dsar_export.requests.codes import last_code, mark_used, tried_code_of, used_contacts
from dsar_export.requests.database import writing
from dsar_export.requests.identifiers import identifiers_of, proven_identifiers
from dsar_export.requests.installation import epoch
from dsar_export.requests.outbox import contact_index
from dsar_export.requests.people import may
from dsar_export.requests.requests import StoredRequest
from dsar_export.requests.states import State
from dsar_export.requests.visits import keep_code_number, mark_proven_in, visit_of
from dsar_export.use_cases.approvers import policy_of
from dsar_export.use_cases.ask import ask_to_collect
from dsar_export.use_cases.code_mail import AskedOfProven, CodeWords, code_mac, send_code
from dsar_export.use_cases.codes import AskedCode, accept_code, prove_by_code
from dsar_export.use_cases.collect_request import CollectOrder
from dsar_export.use_cases.contacts import contacts_on_file
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.links import stored_request
from dsar_export.use_cases.portal_visits import Visiting, may_ask
from dsar_export.use_cases.services import Services

CODES_PER_HOUR: Final = 3
"""Codes for one identifier, or for one reference, that are asked for from one network."""
CODES_PER_DAY: Final = 6
_LONGEST_REFERENCE: Final = 40
_SUBJECT: Final = message("Your code to look at the request {reference}")
_TEXT: Final = message(
    "Somebody wants to look at your request {reference} to {controller}. If that is you, enter this code on the same "
    "page:\n\n    {code}\n\nIt is valid for {minutes} minutes. We never ask for it on the telephone or by mail.\n\n"
    "If it is not you, you need not do anything: without the code nobody sees anything. Questions: {contact}."
)
_WORDS: Final = CodeWords(CodePurpose.RETURN, _SUBJECT, _TEXT)


@dataclass(frozen=True)
class Typed:
    """What a visit typed that opened a request, and nothing that any source has."""

    reference: str
    controller: str
    identifiers: tuple[Identifier, ...] = field(repr=False)
    has_way: bool
    """Whether a kind of what was typed leads to addresses at all, whoever it is."""


def typed(desk: Desk, register: Register, reference: str) -> Typed:
    """What is shown before anybody has proven who they are."""
    with desk.looking() as act:
        request = act.request(reference, Role.AGENT)
    given, controller = request.subject.identifiers, request.listed.controller
    ways = {contact.given for contact in register.contacts_of(controller)}
    return Typed(reference, controller, given, bool(ways & {each.kind for each in given}))


def is_open_for(desk: Desk, reference: str) -> bool:
    """Whether the portal is open where the request was made."""
    with desk.looking() as act:
        return _is_open(act, reference)


def accept_portal_code(desk: Desk, register: Register, reference: str, network: str) -> AskedCode | None:
    """The first half, after which the person has the answer, which is the same for any address.

    None if there is nothing to do: too many from there, proven already, or nothing typed leads to addresses at all.
    """
    with desk.looking() as act:
        stored = identifiers_of(act.connection, reference, desk.vault)
    counted = [_may_ask_code(desk, network, each.value_index) for each in stored]
    if not all(counted):
        return None
    try:
        return accept_code(desk, register, reference)
    except WrongUseError:
        return None


def prove_here(desk: Desk, register: Register, visiting: Visiting, reference: str, code: str) -> bool:
    """Whether this is the code of a request that the visit opened, which is then proven."""
    try:
        prove_by_code(desk, register, reference, code)
    except WrongUseError:
        return False
    at = desk.clock()
    with writing(desk.engine) as connection:
        used = last_code(connection, reference)
        if used is None:
            return False  # erased meanwhile
        mark_proven_in(connection, visiting.token, reference, at, used.number)
    return True


def collect_by_policy(desk: Desk, register: Register, reference: str, waker: Waker) -> None:
    """Has what nobody needs to look at collected at once; whatever prevents that is left to staff."""
    with desk.looking() as act:
        listed = act.request(reference, Role.AGENT).listed
    if listed.rights != (Right.PORTABILITY,) or policy_of(register, listed) is not ApprovalPolicy.AUTOMATIC:
        return
    try:
        ask_to_collect(desk, register, reference, CollectOrder(), waker)
    except DsarExportError:
        return  # it waits in the inbox, to be collected


def accept_return(desk: Desk, token: str, reference: str, network: str) -> AskedOfProven | None:
    """The first half for whoever comes back with a reference: the answer is the same for any text."""
    wanted = known_form(reference)
    if wanted is None or not _may_ask_code(desk, network, wanted):
        return None
    with desk.looking() as act:
        return _asked(act, token, wanted)


def finish_return(desk: Desk, opened: Callable[[], Services], asked: AskedOfProven) -> None:
    """The second half, which says nothing: what came of it, or a failure, is in the trail."""
    try:
        _look_up_and_send(desk, opened(), asked)
    except DsarExportError:
        with desk.acting() as act:
            if (request := stored_request(act, asked.reference)) is not None:
                act.note("return_failed", request)


def return_by_code(desk: Desk, token: str, reference: str, code: str) -> str | None:
    """The reference that a visit has proven by its own code; None for anything else, whatever is wrong."""
    wanted = known_form(reference)
    if wanted is None:
        return None
    with desk.acting() as act:
        visit = visit_of(act.connection, token, epoch(act.connection), act.at)
        held = None if visit is None else visit.requests.get(wanted)
        if held is None or held.code_number is None or not _is_open(act, wanted):
            return None
        request, mac = act.request(wanted, Role.AGENT), code_mac(desk, wanted, code)
        entered = (mac, epoch(act.connection), act.at)
        used = tried_code_of(act.connection, wanted, held.code_number, *entered)
        if used is None:
            act.note("wrong_return_code", request)
            return None
        mark_used(act.connection, wanted, used, act.at)
        mark_proven_in(act.connection, token, wanted, act.at, used.number)
        act.note("return", request, contact=used.contact_index)
        return wanted


def known_form(reference: str) -> str | None:
    """A reference as somebody typed it, in the form that the database has; None for what cannot be one."""
    wanted = reference.strip().upper()
    fits = wanted.isascii() and wanted.isprintable() and 0 < len(wanted) <= _LONGEST_REFERENCE
    return wanted if fits else None


def _may_ask_code(desk: Desk, network: str, what: str) -> bool:
    return may_ask(desk, f"code {network} {what}", CODES_PER_HOUR, CODES_PER_DAY)


def _is_open(act: Act, reference: str) -> bool:
    request = stored_request(act, reference)
    name = act.desk.person.name
    return request is not None and may(act.connection, name, request.listed.controller, Role.AGENT, act.at)


def _asked(act: Act, token: str, reference: str) -> AskedOfProven | None:
    request = stored_request(act, reference)
    if request is None or not _may_return(request) or not _is_open(act, reference):
        return None
    proven = proven_identifiers(act.connection, reference, act.desk.vault)
    listed = request.listed
    found = AskedOfProven(token, reference, listed.controller, listed.subject, proven, act.at)
    return found if proven else None


def _may_return(request: StoredRequest) -> bool:
    """Only to what was proven, and not where an agent acts: that is not the person's own mailbox."""
    return (
        request.listed.state is not State.RECEIVED
        and request.listed.verified_by is not None
        and request.subject.mandate is None
    )


def _look_up_and_send(desk: Desk, services: Services, asked: AskedOfProven) -> None:
    given = [each.identifier for each in asked.proven]
    contacts = contacts_on_file(services, asked.controller, asked.subject, given, asked.at)
    with desk.acting() as act:
        now = _asked(act, asked.token, asked.reference)
        if now is None or now.proven != asked.proven:
            return  # corrected or closed meanwhile
        request = act.request(asked.reference, Role.AGENT)
        target = _target(act, request, contacts)
        if target is None:
            act.note("no_contact_for_return", request, contacts=len(contacts))
            return
        controller = services.register.organisation.controllers[asked.controller]
        index = send_code(act, controller, request, target, asked.proven, _WORDS)
        sent = last_code(act.connection, asked.reference, CodePurpose.RETURN)
        if index is not None and sent is not None:
            keep_code_number(act.connection, asked.token, asked.reference, sent.number)
            act.note("send_return_code", request, contact=index)


def _target(act: Act, request: StoredRequest, contacts: Sequence[KnownContact]) -> KnownContact | None:
    """The address that proved it; where staff saw other evidence, the first that may prove."""
    used = used_contacts(act.connection, request.listed.reference)
    fit = [contact for contact in contacts if contact.may_prove(act.at)]
    if used:
        fit = [contact for contact in fit if contact_index(act.desk.vault, contact.address) in used]
    return fit[0] if fit else None
