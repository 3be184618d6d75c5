"""Another link for whoever lost the last one: it goes where that went, and the answer is always the same.

Whoever knows nothing but the reference disturbs nobody: the earlier link counts until the new one is used.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dsar_export.errors import DsarExportError
from dsar_export.model.contact import KnownContact
from dsar_export.model.register import Register
from dsar_export.requests.download_links import THEMSELVES, last_contact, may_ask_again
from dsar_export.requests.identifiers import StoredIdentifier, proven_identifiers
from dsar_export.requests.packages import packages_of
from dsar_export.requests.states import HANDED_OUT
from dsar_export.use_cases.contacts import contacts_on_file
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.links import (
    address_of_last_link,
    send_links,
    stored_request,
    web_url_of,
)
from dsar_export.use_cases.services import Services


@dataclass(frozen=True)
class AskedLink:
    """That somebody asked for another link, for a request that may have one."""

    reference: str
    controller: str
    subject: str | None
    contact_index: str = field(repr=False)
    """Finds the address that the last link went to."""
    proven: tuple[StoredIdentifier, ...]
    by_agent: bool
    at: datetime


def accept_link_again(desk: Desk, reference: str) -> AskedLink | None:
    """The first half, after which whoever asked has their answer, which is the same for any text; opens no source.

    None if there is nothing to do: no such request, nothing that waits, no earlier link, or too many asked.
    """
    wanted = reference.strip().upper()
    if not (wanted.isascii() and wanted.isprintable()):  # a database takes no text of any kind
        return None
    with desk.looking() as act:
        return _asked(act, wanted)


def finish_link_again(
    desk: Desk, opened: Callable[[], Services], register: Register, asked: AskedLink | None
) -> None:
    """The second half, which says nothing: what came of it, or a failure, is for staff in request and inbox."""
    if asked is None:
        return
    try:
        _look_up_and_send(desk, opened, register, asked)
    except DsarExportError:
        with desk.acting() as act:
            if (request := stored_request(act, asked.reference)) is not None:
                act.note("link_failed", request)


def _asked(act: Act, reference: str) -> AskedLink | None:
    request = stored_request(act, reference)
    index = last_contact(act.connection, reference)
    packages = packages_of(act.connection, [reference]).get(reference, ())
    if request is None or index is None or request.listed.state not in HANDED_OUT:
        return None
    if not any(package.file for package in packages) or not may_ask_again(act.connection, reference, act.at):
        return None
    by_agent = request.subject.mandate is not None
    proven = proven_identifiers(act.connection, reference, act.desk.vault)
    listed = request.listed
    return AskedLink(reference, listed.controller, listed.subject, index, proven, by_agent, act.at)


def _look_up_and_send(
    desk: Desk, opened: Callable[[], Services], register: Register, asked: AskedLink
) -> None:
    web, given = web_url_of(desk), [each.identifier for each in asked.proven]
    found: Sequence[KnownContact] = ()
    if given and not asked.by_agent:
        found = contacts_on_file(opened(), asked.controller, asked.subject, given, asked.at)
    with desk.acting() as act:
        now = _asked(act, asked.reference)
        request = stored_request(act, asked.reference)
        if now is None or request is None or now.proven != asked.proven:
            return  # delivered, reissued or closed meanwhile, or asked for once more
        address = address_of_last_link(act, request, found, now.contact_index)
        if address is None:
            act.note("no_contact_for_link", request, contacts=len(found))
            return
        send_links(act, register, request, address, THEMSELVES, web)
