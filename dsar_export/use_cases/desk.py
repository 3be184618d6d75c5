"""Where staff work on requests: the database with its keys and trail, the stores, and who is at work."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine

from dsar_export.errors import DraftUnreadableError, NotWritableError, WrongUseError
from dsar_export.interfaces import Clock, ObjectStore
from dsar_export.model.people import Person, Role
from dsar_export.model.work import LEASE
from dsar_export.requests import people, trail
from dsar_export.requests.database import reading, writing
from dsar_export.requests.installation import refuse_dropped_keys
from dsar_export.requests.key_file import KeyFile
from dsar_export.requests.requests import StoredRequest, read_request, request_cell
from dsar_export.requests.times import microseconds
from dsar_export.requests.vault import Vault
from dsar_export.sealing.drafts.keys import DraftKey
from dsar_export.use_cases.build import OpenDraft, open_draft
from dsar_export.use_cases.collect import DraftPlace


@dataclass(frozen=True)
class Desk:
    """What every command about requests needs; `person` is at work, by the number of the user account."""

    engine: Engine
    keys: KeyFile
    vault: Vault
    anchor: Path
    drafts: ObjectStore
    packages: ObjectStore
    workspace: Path
    """The folder in which packages are assembled; that of the packages, if they lie in one."""
    clock: Clock
    person: Person
    lease: timedelta = LEASE
    web_url: str | None = None
    """Where the pages of links are reached, without a slash at its end; None if nowhere."""

    @contextmanager
    def acting(self) -> Iterator["Act"]:
        """One transaction that changes requests and writes the trail; both happen, or neither."""
        self.clock()  # a server's clock asks by a connection of its own, which nobody may wait for in their turn
        with writing(self.engine) as connection:
            trail.take_turn(connection)
            refuse_dropped_keys(connection, self.keys)
            yield Act(self, connection, self.clock())
        try:
            with reading(self.engine) as connection:
                trail.advance(connection, self.keys.trail, self.anchor)
        except OSError as error:
            raise NotWritableError(
                f"{self.anchor} can't be written ({os.strerror(error.errno or 0).lower()}). What you did is done, and "
                "in the trail. Make room, or let this user write there"
            ) from None

    @contextmanager
    def looking(self) -> Iterator["Act"]:
        """One transaction that only reads."""
        with reading(self.engine) as connection:
            yield Act(self, connection, self.clock())


@dataclass(frozen=True)
class Act:
    """One transaction of a person, at one moment."""

    desk: Desk
    connection: Connection
    at: datetime

    def request(self, reference: str, *roles: Role) -> StoredRequest:
        """A request; NotPermittedError if the person has none of the roles at its controller, or is its subject."""
        found = read_request(self.connection, reference, self.desk.vault)
        self.require(found.listed.controller, *roles)
        people.refuse_own_request(self.connection, self.desk.person.name, reference)
        return found

    def require(self, controller: str, *roles: Role) -> None:
        name = self.desk.person.name
        if not any(people.may(self.connection, name, controller, role, self.at) for role in roles):
            people.require(self.connection, name, controller, roles[0], self.at)

    def note(self, action: str, request: StoredRequest | None = None, **details: str | int) -> None:
        """Appends to the trail what is done in this transaction."""
        listed = None if request is None else request.listed
        self.append(
            action,
            None if listed is None else listed.reference,
            None if listed is None else listed.controller,
            details,
        )

    def append(
        self,
        action: str,
        reference: str | None,
        controller: str | None,
        details: Mapping[str, str | int],
        reason_code: str | None = None,
    ) -> None:
        happening = trail.Happening(
            microseconds(self.at),
            self.desk.person.name,
            action,
            reference,
            controller,
            reason_code,
            dict(details),
        )
        trail.append(self.connection, self.desk.keys.trail, happening)


def sealed_draft_key(key: DraftKey, reference: str, vault: Vault) -> bytes:
    """The key of a request's Draft, wrapped by the key file."""
    return vault.wrap(key.secret, request_cell(reference, "draft_key_sealed"))


def draft_place(desk: Desk, request: StoredRequest) -> DraftPlace:
    """Where the Draft of a request lies, with its key."""
    reference, sealed = request.listed.reference, request.draft_key_sealed
    if sealed is None:
        raise DraftUnreadableError(f"{reference} has no Draft; collect the request")
    secret = desk.vault.unwrap(sealed, request_cell(reference, "draft_key_sealed"))
    return DraftPlace(desk.drafts, DraftKey(secret))


def draft_of(desk: Desk, request: StoredRequest) -> OpenDraft:
    """The Draft that the request's row names by its hash."""
    listed = request.listed
    if listed.draft is None or listed.ledger_hash is None:
        raise WrongUseError(
            f"{listed.reference} has no Draft while it is {listed.state.replace('_', ' ')}; "
            "the request shows what is possible now"
        )
    return open_draft(draft_place(desk, request), listed.draft, listed.ledger_hash, listed.reference)
