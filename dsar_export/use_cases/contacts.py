"""Where a person is reached, as the sources have it; nothing else is read."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime

from dsar_export.errors import reading
from dsar_export.identities.contacts import known_contacts
from dsar_export.identities.links import LinkReader
from dsar_export.model.contact import KnownContact
from dsar_export.model.request import Identifier
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.subjects import register_about


def contacts_on_file(
    services: Services, controller: str, subject: str | None, given: Sequence[Identifier], at: datetime
) -> tuple[KnownContact, ...]:
    """All addresses that a controller's sources have under the given identifiers, among one kind of people.

    WrongUseError if the request names none, and the identifiers do not decide.
    """
    register = register_about(services.register, subject, given).for_controller(controller)
    contacts = register.contacts_of(controller)
    with ExitStack() as stack:
        snapshots = {}
        for source in dict.fromkeys(contact.source for contact in contacts):
            with reading(source):
                snapshots[source] = stack.enter_context(services.collectors[source].snapshot())
        reader = LinkReader(register, controller, snapshots, services.keys)
        return known_contacts(reader, contacts, given, at)
