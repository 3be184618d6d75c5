"""Reminds people, once, of a link that they have not used."""

from collections.abc import Callable, Mapping, Sequence

from dsar_export.errors import DsarExportError
from dsar_export.model.contact import KnownContact
from dsar_export.model.mail import MailKind
from dsar_export.requests.download_links import OpenLink, last_contact, mark_reminded, unused_links
from dsar_export.requests.identifiers import proven_identifiers
from dsar_export.requests.installation import epoch
from dsar_export.requests.states import State
from dsar_export.use_cases.contacts import contacts_on_file
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.link_mail import reminder_mail
from dsar_export.use_cases.links import address_of_last_link, stored_request
from dsar_export.use_cases.post import post_mail, require_poster
from dsar_export.use_cases.services import Services


def remind(desk: Desk, opened: Callable[[], Services]) -> int:
    """Queues what reminders are due, for somebody who may; NotPermittedError. Returns how many."""
    with desk.looking() as act:
        require_poster(act)
    return remind_due(desk, opened)


def remind_due(desk: Desk, opened: Callable[[], Services]) -> int:
    """Queues a reminder to where each unused link went; returns how many. Sources are opened only if any is due.

    A source that can't be read leaves its reminders for the next time.
    """
    with desk.looking() as act:
        due = _due(act)
    if not due or desk.web_url is None:
        return 0
    services, queued = opened(), 0
    for reference in due:
        try:
            queued += _reminded(desk, services, desk.web_url, reference)
        except DsarExportError:  # the others are reminded; staff see what nobody fetched in the inbox
            continue
    return queued


def _due(act: Act) -> Mapping[str, OpenLink]:
    return unused_links(act.connection, epoch(act.connection), act.at)


def _reminded(desk: Desk, services: Services, web: str, reference: str) -> bool:
    contacts = _contacts(desk, services, reference)
    with desk.acting() as act:
        request, link = stored_request(act, reference), _due(act).get(reference)
        index = last_contact(act.connection, reference)
        if request is None or link is None or index is None or request.listed.state is not State.AVAILABLE:
            return False
        mark_reminded(act.connection, reference, act.at)
        address = address_of_last_link(act, request, contacts, index)
        controller = services.register.organisation.controllers.get(request.listed.controller)
        if address is None or controller is None:
            act.note("no_contact_for_link", request, contacts=len(contacts))
            return False
        post_mail(act, reminder_mail(request, controller, address, link, web), MailKind.REMINDER, reference)
        act.note("remind", request, contact=index)
    return True


def _contacts(desk: Desk, services: Services, reference: str) -> Sequence[KnownContact]:
    with desk.looking() as act:
        request = stored_request(act, reference)
        given = [each.identifier for each in proven_identifiers(act.connection, reference, act.desk.vault)]
    if request is None or request.subject.mandate is not None or not given:
        return ()
    listed = request.listed
    return contacts_on_file(services, listed.controller, listed.subject, given, act.at)
