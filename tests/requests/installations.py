"""Builds requests as they are taken in; a test names only the details that it checks."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, update

from dsar_export.model.intake import Channel, GivenIdentifier, NewRequest
from dsar_export.model.people import Person
from dsar_export.model.request import Identifier, Right
from dsar_export.requests.database import writing
from dsar_export.requests.installation import Files, Installation, open_installation
from dsar_export.requests.metadata import METADATA
from dsar_export.requests.requests import open_request, request_cell
from dsar_export.requests.states import State
from dsar_export.requests.tables import INSTALLATION, REQUESTS
from tests.replacing import replace

FOUNDER: Final = Person("fay", 4711)
AT: Final = datetime(2026, 11, 2, 9, 30, 0, 123456, tzinfo=UTC)
LATER: Final = AT + timedelta(hours=1)
REFERENCE: Final = "DSAR-20261102-00000001"


def founded_installation(url: str, key_path: Path) -> Installation:
    """The database at `url`, founded if there is none."""
    return open_installation(url, Files(key_path, key_path.with_name("anchor.json")), FOUNDER, AT)


def given(value: str, kind: str = "email", proven_by: str | None = None) -> GivenIdentifier:
    """An identifier that is folded to lower case."""
    return GivenIdentifier(Identifier(kind, value), value.lower(), proven_by)


def new_request(reference: str = REFERENCE, **details: object) -> NewRequest:
    made = NewRequest(
        reference=reference,
        rights=(Right.ACCESS,),
        controller="acme",
        language="en-GB",
        channel=Channel.EMAIL,
        received_at=AT,
        opened_at=AT,
        opened_by="ada",
        identifiers=(given("sam@example.org"),),
    )
    return replace(made, **details)


def opened(installation: Installation, reference: str = REFERENCE, **details: object) -> int:
    """Opens a request in a transaction of its own and returns its version."""
    with writing(installation.engine) as connection:
        return open_request(connection, new_request(reference, **details), installation.vault)


def put(
    connection: Connection,
    installation: Installation,
    state: State,
    reference: str = REFERENCE,
    **columns: object,
) -> None:
    """Puts a request into a state, with every column that an action may require, past all rules."""
    evidence = installation.vault.seal("identity card", request_cell(reference, "evidence_sealed"))
    held = {
        "verified_by": "ada",
        "verified_at": AT,
        "evidence_sealed": evidence,
        "ledger_hash": "l1",
        "approved_ledger_hash": "l1",
        "approved_decisions_hash": "d1",
        "approved_by": "ray",
    }
    values = {**held, "state": state, **columns}
    connection.execute(update(REQUESTS).where(REQUESTS.c.reference == reference).values(values))


def emptied(installation: Installation) -> None:
    """Removes every row except what ties the database to its key file."""
    with writing(installation.engine) as connection:
        for table in reversed(METADATA.sorted_tables):
            if table is not INSTALLATION:
                connection.execute(delete(table))
