"""The packages of a request, one for each right: which file counts, and the hash as proof of what was sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, true, update

from dsar_export.model.request import Right
from dsar_export.requests.download_tables import RETIRED_PACKAGES
from dsar_export.requests.tables import PACKAGES


@dataclass(frozen=True)
class PublishedPackage:
    """A package as its row names it; `file` is None once it was erased."""

    reference: str
    right: Right
    file: str | None
    sha256: str
    attempt: int
    published_at: datetime
    manifest_hmac: str | None = None
    """The keyed hash of the manifest inside, by `Vault.manifest_hmac`; None if it has none."""
    size: int | None = None
    """In bytes; None of a package from before sizes were kept."""
    damaged_at: datetime | None = None
    """When somebody with a link met it lost or changed; None if it was whole whenever anybody looked since."""


Packages = tuple[PublishedPackage, ...]
_PROOF: Final = ("reference", "right", "sha256", "manifest_hmac", "attempt", "published_at")
_MOST_NAMED: Final = 500
"""In one statement, which takes only so many parameters."""
_ADD: Final = insert(PACKAGES)


def add_package(connection: Connection, package: PublishedPackage) -> None:
    """Names a package, in the transaction that makes its request available."""
    connection.execute(_ADD, vars(package))


def packages_of(connection: Connection, references: Iterable[str] | None = None) -> Mapping[str, Packages]:
    """The packages of these requests, or of all, by reference and in the order of `Right`.

    A request without any is missing.
    """
    if references is None:
        return _by_reference(connection, true())
    wanted, found = sorted(references), dict[str, Packages]()
    for start in range(0, len(wanted), _MOST_NAMED):
        found |= _by_reference(connection, PACKAGES.c.reference.in_(wanted[start : start + _MOST_NAMED]))
    return found


def first_answers(connection: Connection, references: Iterable[str]) -> Mapping[str, datetime]:
    """When each of these requests was first answered, by reference: what replaces a package is no new answer."""
    wanted, found = sorted(references), dict[str, datetime]()
    for start in range(0, len(wanted), _MOST_NAMED):
        named = wanted[start : start + _MOST_NAMED]
        for table in (RETIRED_PACKAGES, PACKAGES):
            first = select(table.c.reference, func.min(table.c.published_at)).group_by(table.c.reference)
            for reference, at in connection.execute(first.where(table.c.reference.in_(named))):
                found[reference] = min(at, found.get(reference, at))
    return found


def packages_with_files(connection: Connection) -> Mapping[str, Packages]:
    """All packages whose files were not erased, by reference."""
    return _by_reference(connection, PACKAGES.c.file.is_not(None))


def _by_reference(connection: Connection, condition: ColumnElement[bool]) -> dict[str, Packages]:
    found: dict[str, Packages] = {}
    for row in connection.execute(select(PACKAGES).where(condition)).mappings():
        package = PublishedPackage(**row)
        both = (*found.get(package.reference, ()), package)
        found[package.reference] = tuple(sorted(both, key=lambda each: tuple(Right).index(each.right)))
    return found


def retire_packages(connection: Connection, reference: str, at: datetime) -> Packages:
    """Takes the packages of a request out of use, and returns them; their hashes stay as proof of what was sent."""
    retired = packages_of(connection, [reference]).get(reference, ())
    if retired:
        proofs = [{name: getattr(each, name) for name in _PROOF} | {"retired_at": at} for each in retired]
        connection.execute(insert(RETIRED_PACKAGES), proofs)
        connection.execute(delete(PACKAGES).where(PACKAGES.c.reference == reference))
    return retired


def all_packages_of(connection: Connection, reference: str) -> Packages:
    """All packages that a request ever had, the earliest in front; those that were replaced have no file."""
    query = select(RETIRED_PACKAGES).where(RETIRED_PACKAGES.c.reference == reference)
    retired = [
        PublishedPackage(file=None, **{name: row[name] for name in _PROOF})
        for row in connection.execute(query.order_by(RETIRED_PACKAGES.c.attempt)).mappings()
    ]
    in_order = sorted(retired, key=lambda each: (each.attempt, tuple(Right).index(each.right)))
    return (*in_order, *packages_of(connection, [reference]).get(reference, ()))


def mark_damaged(
    connection: Connection, reference: str, right: Right, sha256: str, at: datetime | None
) -> bool:
    """Notes that a package is lost or changed, or, without a moment, whole again; False if that is known.

    Also False if it was reissued or erased meanwhile.
    """
    known = PACKAGES.c.damaged_at.is_not(None) if at is None else PACKAGES.c.damaged_at.is_(None)
    same = (PACKAGES.c.reference == reference, PACKAGES.c.right == right, PACKAGES.c.sha256 == sha256)
    there = PACKAGES.c.file.is_not(None)
    return connection.execute(update(PACKAGES).where(*same, there, known).values(damaged_at=at)).rowcount == 1


def forget_files(connection: Connection, reference: str) -> None:
    """Says that the files of a request's packages are erased; their hashes stay."""
    connection.execute(update(PACKAGES).where(PACKAGES.c.reference == reference).values(file=None))
