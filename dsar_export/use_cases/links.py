"""Sends links to packages: by mail, to an address on file or to an agent, never to one that only the request names."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dsar_export.errors import StaleError, WrongUseError
from dsar_export.model.contact import KnownContact
from dsar_export.model.mail import Mail, MailKind, is_one_address
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.model.request import Right
from dsar_export.requests.download_links import LASTS, NewLink, add_link, new_token, revoke_links
from dsar_export.requests.identifiers import proven_identifiers
from dsar_export.requests.installation import epoch
from dsar_export.requests.outbox import contact_index
from dsar_export.requests.packages import packages_of
from dsar_export.requests.requests import StoredRequest, read_request, request_cell
from dsar_export.requests.states import HANDED_OUT
from dsar_export.requests.subject_text import subject_text
from dsar_export.requests.transitions import change, require_state
from dsar_export.use_cases.contacts import contacts_on_file
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.link_mail import LINK_PATH, link_mail
from dsar_export.use_cases.mandates import refuse_ended_mandate
from dsar_export.use_cases.post import post_mail
from dsar_export.use_cases.services import Services, known_controller


def deliver_by_link(desk: Desk, services: Services, reference: str, agent_address: str | None = None) -> None:
    """Mails a link to each package; earlier links are revoked. The first download delivers the request.

    An agent's address is kept with the mandate. WrongUseError where there is no address to send to.
    """
    web = web_url_of(desk)
    with desk.looking() as act:
        request = act.request(reference, Role.AGENT)
        _refuse_unfit(act, request, agent_address)
        proven = proven_identifiers(act.connection, reference, desk.vault)
        seen, at = request.listed.version, act.at
    contacts: Sequence[KnownContact] = ()
    if request.subject.mandate is None:
        given, listed = [each.identifier for each in proven], request.listed
        if given:
            contacts = contacts_on_file(services, listed.controller, listed.subject, given, at)
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT)
        if request.listed.version != seen:
            raise StaleError(f"{reference} was changed meanwhile; look at it again, then deliver again")
        address = _agents(act, request, agent_address) or _theirs(act, request, contacts)
        revoke_links(act.connection, reference, act.at)
        send_links(act, services.register, request, address, desk.person.name, web)


def send_links(act: Act, register: Register, request: StoredRequest, address: str, by: str, web: str) -> None:
    """Makes a link to each package, and queues the mail with them.

    Earlier links count until a download is started by a later one.
    """
    reference, index = request.listed.reference, contact_index(act.desk.vault, address)
    links = made_links(act, reference, by, web, index)
    controller = known_controller(register, request.listed.controller)
    mail: Mail = link_mail(request, controller, address, links, act.at + LASTS, web)
    post_mail(act, mail, MailKind.LINK, reference)
    act.note("send_link", request, contact=index)


def made_links(
    act: Act, reference: str, by: str, web: str, index: str | None, only: Right | None = None
) -> Mapping[Right, str]:
    """New links to the packages of a request, or to one of them.

    `index` finds the mailbox of whoever gets them, which then gets no code for the passphrase.
    """
    links, now = dict[Right, str](), epoch(act.connection)
    for package in packages_of(act.connection, [reference]).get(reference, ()):
        if package.file is not None and only in {None, package.right}:
            token = new_token()
            made = NewLink(token, reference, package.right, package.sha256, act.at, by, now, index)
            add_link(act.connection, made)
            links[package.right] = f"{web}{LINK_PATH}{token}"
    return links


def revoke(desk: Desk, reference: str) -> int:
    """Makes all links of a request void, with the downloads that they started; returns how many there were."""
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT, Role.REVIEWER)
        revoked = revoke_links(act.connection, reference, act.at)
        if revoked:
            act.note("revoke", request, entries=revoked)
    return revoked


def web_url_of(desk: Desk) -> str:
    """Where the pages of links are reached; WrongUseError if no setting says so."""
    if desk.web_url is None:
        raise WrongUseError(
            "DSAR_WEB_URL is missing, so no link can be sent; set it to where people reach `dsar-export serve`, such "
            "as https://privacy.example.org"
        )
    return desk.web_url


def _refuse_unfit(act: Act, request: StoredRequest, agent_address: str | None) -> None:
    reference, mandate = request.listed.reference, request.subject.mandate
    require_state(act.connection, reference, request.listed.version, act.at, HANDED_OUT, "mail a link to")
    refuse_ended_mandate(request, act.at)
    if agent_address is not None and (mandate is None or not is_one_address(agent_address)):
        wrong = "no agent acts for the person; leave it out" if mandate is None else "not exactly one address"
        raise WrongUseError(f"the agent's address: {wrong}")
    if mandate is not None and agent_address is None and mandate.address is None:
        raise WrongUseError(
            f"{reference}: an agent acts for the person; name the agent's address, as the mandate has it"
        )


def _agents(act: Act, request: StoredRequest, named: str | None) -> str | None:
    """The address of the agent, which is kept with the mandate; None if the person acts themself."""
    reference, mandate = request.listed.reference, request.subject.mandate
    if mandate is None:
        return None
    if named is not None and named != mandate.address:
        subject = subject_text(replace(request.subject, mandate=replace(mandate, address=named)))
        sealed = act.desk.vault.seal(subject, request_cell(reference, "subject_sealed"))
        change(act.connection, reference, request.listed.version, act.at, HANDED_OUT, subject_sealed=sealed)
    return named or mandate.address


def _theirs(act: Act, request: StoredRequest, contacts: Sequence[KnownContact]) -> str:
    target = next((contact for contact in contacts if contact.may_prove(act.at)), None)
    if target is None:
        raise WrongUseError(
            f"{request.listed.reference}: no address on file is theirs alone, unchanged for two days, and found by a "
            "proven identifier; hand the packages over in another way"
        )
    return target.address


def address_of_last_link(
    act: Act, request: StoredRequest, contacts: Sequence[KnownContact], index: str
) -> str | None:
    """The address that the last link went to, if it may still get one."""
    vault, mandate = act.desk.vault, request.subject.mandate
    if mandate is not None:
        valid = mandate.until is None or mandate.until >= act.at
        known = [mandate.address] if mandate.address is not None and valid else []
    else:
        known = [contact.address for contact in contacts if contact.may_prove(act.at)]
    return next((address for address in known if contact_index(vault, address) == index), None)


def stored_request(act: Act, reference: str) -> StoredRequest | None:
    """A request that somebody outside names, whoever is at work; None if there is none."""
    try:
        return read_request(act.connection, reference, act.desk.vault)
    except WrongUseError:
        return None
