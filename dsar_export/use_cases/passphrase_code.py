"""Reveals a passphrase to whoever has a link and a code, which went to another address on file than the link."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from dsar_export.errors import DsarExportError
from dsar_export.language.catalogue import message
from dsar_export.model.contact import KnownContact
from dsar_export.model.delivery import CodePurpose, PassphraseWay
from dsar_export.model.register import Register
from dsar_export.requests import codes
from dsar_export.requests.download_links import LinkedPackage, held_package
from dsar_export.requests.identifiers import proven_identifiers
from dsar_export.requests.installation import epoch
from dsar_export.requests.outbox import contact_index
from dsar_export.requests.requests import StoredRequest, read_request, request_cell
from dsar_export.requests.states import HANDED_OUT
from dsar_export.requests.transitions import change
from dsar_export.use_cases.code_mail import AskedOfProven, CodeWords, code_mac, send_code
from dsar_export.use_cases.contacts import contacts_on_file
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.services import Services

_SUBJECT: Final = message("Your code for the passphrase: request {reference}")
_TEXT: Final = message(
    "Somebody opened the link to the answer of {controller} to your request {reference}, and asks for the passphrase "
    "that opens it. If that is you, enter this code on the same page:\n\n"
    "    {code}\n\nIt is valid for {minutes} minutes. We never ask for it on the telephone or by mail.\n\n"
    "If it is not you, somebody reads the mail of another address of yours: do not give the code to anybody, and write "
    "to {contact}."
)
_WORDS: Final = CodeWords(CodePurpose.REVEAL, _SUBJECT, _TEXT)


def passphrase_ways(register: Register, request: StoredRequest) -> tuple[PassphraseWay, ...]:
    """The ways on which a passphrase can be revealed; none once it was.

    They are the same whether or not there is another address. Where an agent acts, the person gets no code, and no
    login reveals it.
    """
    controller = register.organisation.controllers.get(request.listed.controller)
    if request.passphrase_sealed is None or controller is None:
        return ()
    of_the_person = {PassphraseWay.CODE, PassphraseWay.LOGIN}
    barred = of_the_person if request.subject.mandate is not None else set[PassphraseWay]()
    return tuple(way for way in controller.passphrase_by if way not in barred)


def accept_passphrase_code(desk: Desk, register: Register, token: str) -> AskedOfProven | None:
    """The first half, after which whoever asked has their answer: no source is opened, so it takes as long for anybody.

    None if the link does not count, or no code can reveal the passphrase.
    """
    with desk.looking() as act:
        found = _with_code(act, register, token)
        if found is None:
            return None
        proven = proven_identifiers(act.connection, found.reference, desk.vault)
        subject = read_request(act.connection, found.reference, desk.vault).listed.subject
        return AskedOfProven(token, found.reference, found.controller, subject, proven, act.at)


def finish_passphrase_code(desk: Desk, opened: Callable[[], Services], asked: AskedOfProven) -> None:
    """The second half, which says nothing: what came of it, or a failure, is for staff in request and inbox."""
    try:
        _look_up_and_send(desk, opened(), asked)
    except DsarExportError:
        with desk.acting() as act:
            act.note("passphrase_code_failed", read_request(act.connection, asked.reference, desk.vault))


@dataclass(frozen=True)
class Revealed:
    """A passphrase, and for whom it is shown."""

    passphrase: str = field(repr=False)
    controller: str
    language: str


@contextmanager
def revealed_by_code(desk: Desk, token: str, code: str) -> Iterator[Revealed | None]:
    """The passphrase, for a block that shows it; if the block fails, it can be revealed again.

    None for a wrong code or link, in whatever way it is wrong; each call counts as a try of the code.
    """
    with desk.acting() as act:
        yield _revealed(act, token, code)


def _revealed(act: Act, token: str, code: str) -> Revealed | None:
    found = held_package(act.connection, token, epoch(act.connection), act.at)
    if found is None:
        return None
    reference, vault = found.reference, act.desk.vault
    request = read_request(act.connection, reference, vault)
    mac, now = code_mac(act.desk, reference, code), epoch(act.connection)
    used = codes.tried_code(act.connection, reference, mac, now, act.at, CodePurpose.REVEAL)
    if used is None or used.contact_index == found.contact_index or request.passphrase_sealed is None:
        act.note("wrong_passphrase_code", request)
        return None
    codes.mark_used(act.connection, reference, used, act.at)
    change(act.connection, reference, request.listed.version, act.at, HANDED_OUT, passphrase_sealed=None)
    act.note("reveal", request, contact=used.contact_index)
    passphrase = vault.open(request.passphrase_sealed, request_cell(reference, "passphrase_sealed"))
    return Revealed(passphrase, found.controller, found.language)


def _with_code(act: Act, register: Register, token: str) -> LinkedPackage | None:
    found = held_package(act.connection, token, epoch(act.connection), act.at)
    if found is None or found.contact_index is None:
        return None
    request = read_request(act.connection, found.reference, act.desk.vault)
    return found if PassphraseWay.CODE in passphrase_ways(register, request) else None


def _look_up_and_send(desk: Desk, services: Services, asked: AskedOfProven) -> None:
    """Sends a code to another address on file; limits and missing addresses are in the trail."""
    given = [each.identifier for each in asked.proven]
    contacts: Sequence[KnownContact] = ()
    if given:
        contacts = contacts_on_file(services, asked.controller, asked.subject, given, asked.at)
    with desk.acting() as act:
        found = _with_code(act, services.register, asked.token)
        if found is None:
            return  # revealed, reissued or expired meanwhile
        request = read_request(act.connection, asked.reference, desk.vault)
        if proven_identifiers(act.connection, asked.reference, desk.vault) != asked.proven:
            return
        target = _another(desk, contacts, found, act.at)
        if target is None:
            act.note("no_other_contact", request, contacts=len(contacts))
            return
        controller = services.register.organisation.controllers[request.listed.controller]
        index = send_code(act, controller, request, target, asked.proven, _WORDS)
        if index is not None:
            act.note("send_passphrase_code", request, contact=index)


def _another(
    desk: Desk, contacts: Sequence[KnownContact], found: LinkedPackage, at: datetime
) -> KnownContact | None:
    """The first address that proves something and is another mailbox than the link's."""
    index = found.contact_index
    theirs = {_mailbox(c.address) for c in contacts if contact_index(desk.vault, c.address) == index}
    for contact in contacts:
        box = _mailbox(contact.address)
        same = box in theirs or contact_index(desk.vault, box) == index
        if contact.may_prove(at) and not same and contact_index(desk.vault, contact.address) != index:
            return contact
    return None


def _mailbox(address: str) -> str:
    """Where mail to an address ends: most servers put `name+anything` into the mailbox of `name`."""
    local, _, domain = address.casefold().rpartition("@")
    return f"{local.split('+')[0]}@{domain}"
