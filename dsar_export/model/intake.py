"""What arrives: a request in any channel, with what else its letter asks for."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dsar_export.model.request import Identifier, Right


class Channel(StrEnum):
    """The way on which a request arrived."""

    LETTER = "letter"
    EMAIL = "email"
    TELEPHONE = "telephone"
    IN_PERSON = "in_person"
    PORTAL = "portal"


class FurtherRight(StrEnum):
    """What a letter may ask for besides the data."""

    CORRECTION = "correction"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    OBJECTION = "objection"


@dataclass(frozen=True)
class GivenIdentifier:
    """An identifier of a request, and the evidence by which it is proven to be the person's.

    Without evidence it was only typed in: it may narrow a search, never widen it.
    """

    identifier: Identifier
    folded: str = field(repr=False)
    """The form that all equal identifiers share, by the register's rule."""
    proven_by: str | None = None
    """The kind of evidence, such as `code_by_email`; no personal data."""


@dataclass(frozen=True)
class Mandate:
    """By what an agent acts for the person: what may be sent to the agent, and until when."""

    agent: str = field(repr=False)
    scope: tuple[str, ...] = ()
    """The datasets that the mandate covers; all, if there are none."""
    until: datetime | None = None
    address: str | None = field(default=None, repr=False)
    """Where the agent gets mail: staff found it in the mandate, or know it."""


@dataclass(frozen=True)
class HandedOn:
    """Something else that the letter asks for, and the named contact to whom it was handed on."""

    right: FurtherRight
    contact: str = field(repr=False)
    at: datetime


@dataclass(frozen=True)
class Subject:
    """What a request says about the person; sealed as one text."""

    identifiers: tuple[Identifier, ...]
    """As they were given, whatever is corrected later."""
    mandate: Mandate | None = None
    handed_on: tuple[HandedOn, ...] = ()


@dataclass(frozen=True)
class NewRequest:
    """A request as it is taken in."""

    reference: str
    rights: tuple[Right, ...]
    controller: str
    language: str
    channel: Channel
    received_at: datetime
    opened_at: datetime
    opened_by: str
    identifiers: tuple[GivenIdentifier, ...]
    mandate: Mandate | None = None
    handed_on: tuple[HandedOn, ...] = ()
    group_reference: str | None = None
    """Shared by the requests that one letter to several controllers opened."""
    subject: str | None = None
    """The kind of people that it is about, if the register names any."""
