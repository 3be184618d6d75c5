"""Looks up where a person is reached: all that is read before they have proven who they are."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from dsar_export.folding import folded
from dsar_export.identities.links import LinkReader
from dsar_export.model.comparison import Comparison, Match
from dsar_export.model.contact import Contact, KnownContact
from dsar_export.model.identity import Reached
from dsar_export.model.periods import END, Span
from dsar_export.model.request import Identifier


def known_contacts(
    reader: LinkReader, contacts: Sequence[Contact], given: Sequence[Identifier], at: datetime
) -> tuple[KnownContact, ...]:
    """The addresses that the sources have under the given identifiers, each once, in the order of the identifiers.

    An address that several rows have is judged by the worst of them: shared if any says so, and as old as the newest.
    """
    found: dict[str, KnownContact] = {}
    for identifier in given:
        for contact in contacts:
            if contact.given == identifier.kind:
                for known in _looked_up(reader, contact, identifier, at):
                    key = _folded(known.address)
                    found[key] = _worst(found[key], known) if key in found else known
    return tuple(found.values())


def _looked_up(
    reader: LinkReader, contact: Contact, identifier: Identifier, at: datetime
) -> Iterator[KnownContact]:
    start = [Reached(identifier)]
    link = contact.shared_link
    shared = {_folded(r.identifier.value) for r in (reader.follow(link, start) if link is not None else ())}
    for reached in reader.follow(contact.link, start):
        address = reached.identifier.value
        span = next((s for s in reached.periods.spans if s.since <= at < s.until), None)
        newest = span or max(reached.periods.spans, default=Span(END))
        yield KnownContact(address, identifier, newest.since, _folded(address) in shared, span is None)


def _worst(one: KnownContact, other: KnownContact) -> KnownContact:
    if one.given_up or other.given_up:
        return other if one.given_up else one  # a row that was left says nothing of the one that holds
    newest = max(one.unchanged_since, other.unchanged_since)
    return KnownContact(one.address, one.found_by, newest, one.shared or other.shared)


def _folded(address: str) -> str:
    return folded(address, Comparison(Match.CASEFOLD))
