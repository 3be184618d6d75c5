"""The identifiers of a request, each with its proof; sealed, and found again by the blind index."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select

from dsar_export.errors import WrongUseError
from dsar_export.folding import NOBODY
from dsar_export.model.intake import GivenIdentifier
from dsar_export.model.request import Identifier
from dsar_export.requests.states import State
from dsar_export.requests.tables import FOUND_IDENTIFIERS, IDENTIFIERS
from dsar_export.requests.transitions import change
from dsar_export.requests.vault import Cell, Vault

_OF_REQUEST: Final = (
    select(IDENTIFIERS)
    .where(IDENTIFIERS.c.reference == bindparam("of_reference"))
    .order_by(IDENTIFIERS.c.number)
)


@dataclass(frozen=True)
class StoredIdentifier:
    """An identifier that a request holds, and the kind of evidence that proved it."""

    identifier: Identifier
    proven_by: str | None
    value_index: str = field(repr=False)


def set_identifiers(
    connection: Connection,
    reference: str,
    version: int,
    identifiers: Sequence[GivenIdentifier],
    at: datetime,
    vault: Vault,
) -> int:
    """Replaces the identifiers and returns the new version.

    Only before verification: later, `correct` must lead back there first, or what was verified could be widened.
    """
    if not identifiers:
        raise WrongUseError(f"{reference}: a request needs an identifier of the person; add one")
    version = change(connection, reference, version, at, during={State.RECEIVED})
    connection.execute(delete(IDENTIFIERS).where(IDENTIFIERS.c.reference == reference))
    set_found_identifiers(connection, reference, ())
    insert_identifiers(connection, reference, identifiers, vault)
    return version


def insert_identifiers(
    connection: Connection, reference: str, identifiers: Sequence[GivenIdentifier], vault: Vault
) -> None:
    """Writes the identifiers of a request that has none."""
    if nobody := sorted({given.identifier.kind for given in identifiers if given.folded == NOBODY}):
        raise WrongUseError(f"{', '.join(nobody)}: this value names nobody; correct it or leave it out")
    rows = [
        {
            "reference": reference,
            "number": number,
            "kind": given.identifier.kind,
            "value_index": vault.blind_index(given.identifier.kind, given.folded),
            "value_sealed": vault.seal(given.identifier.value, _cell(reference, number)),
            "proven_by": given.proven_by,
        }
        for number, given in enumerate(identifiers, start=1)
    ]
    connection.execute(insert(IDENTIFIERS), rows)


def set_found_identifiers(connection: Connection, reference: str, value_indexes: Iterable[str]) -> None:
    """Replaces what collecting found the person under; only the blind index is kept, to see whom a request is about."""
    connection.execute(delete(FOUND_IDENTIFIERS).where(FOUND_IDENTIFIERS.c.reference == reference))
    rows = [{"reference": reference, "value_index": index} for index in sorted(set(value_indexes))]
    if rows:
        connection.execute(insert(FOUND_IDENTIFIERS), rows)


def identifiers_of(connection: Connection, reference: str, vault: Vault) -> tuple[StoredIdentifier, ...]:
    """The identifiers of a request, in the order in which they were given."""
    return tuple(
        StoredIdentifier(
            identifier=Identifier(
                row["kind"], vault.open(row["value_sealed"], _cell(reference, row["number"]))
            ),
            proven_by=row["proven_by"],
            value_index=row["value_index"],
        )
        for row in connection.execute(_OF_REQUEST, {"of_reference": reference}).mappings()
    )


def proven_identifiers(connection: Connection, reference: str, vault: Vault) -> tuple[StoredIdentifier, ...]:
    """Those that somebody proved: a person is reached, and the sources are asked, by these alone."""
    stored = identifiers_of(connection, reference, vault)
    return tuple(each for each in stored if each.proven_by is not None)


def _cell(reference: str, number: int) -> Cell:
    return Cell(IDENTIFIERS.name, IDENTIFIERS.c.value_sealed.name, reference, number)
