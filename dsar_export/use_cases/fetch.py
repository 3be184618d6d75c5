"""Copies the packages of a request out of their store, and compares each with the hash in its row meanwhile."""

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dsar_export.delivery.new_file import new_file, refuse_existing_file
from dsar_export.delivery.page_beside import page_beside
from dsar_export.errors import PackageUnreadableError, WrongUseError
from dsar_export.interfaces import ObjectStore
from dsar_export.model.people import Role
from dsar_export.requests.packages import PublishedPackage, packages_of
from dsar_export.sealing.workspace import writing
from dsar_export.use_cases.desk import Desk

_PIECE: Final = 4 << 20


@dataclass(frozen=True)
class Fetched:
    """A package and the file that it was copied to."""

    package: PublishedPackage
    file: Path


def fetch_packages(desk: Desk, reference: str, folder: Path, page: bytes) -> tuple[Fetched, ...]:
    """Writes each package to a new file in a folder, or none of them; the trail names who fetched them.

    The page that opens them is written beside them.
    """
    with desk.looking() as act:
        act.request(reference, Role.AGENT, Role.REVIEWER)
        published = packages_of(act.connection, [reference]).get(reference, ())
    found = [Fetched(package, folder / file_name_of(package)) for package in published if package.file]
    if not found:
        raise WrongUseError(
            f"{reference} has no package {'any more; its hash is kept' if published else 'yet'}; "
            "the request shows what is possible now"
        )
    for each in found:
        refuse_existing_file(each.file)
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT, Role.REVIEWER)
        for each in found:
            act.note("fetch", request, right=each.package.right, package=each.package.sha256)
    _copy(desk.packages, found, folder, page)
    return tuple(found)


def _copy(store: ObjectStore, found: Sequence[Fetched], folder: Path, page: bytes) -> None:
    with writing(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
    with ExitStack() as undo:
        for each in found:
            _write(store, each)
            undo.callback(each.file.unlink, missing_ok=True)
        with page_beside(folder, page):
            undo.pop_all()


def _write(store: ObjectStore, fetched: Fetched) -> None:
    name, digest, at = str(fetched.package.file), hashlib.sha256(), 0
    with new_file(fetched.file) as out:
        try:
            size = store.size(name)
            while at < size and (piece := store.read(name, at, _PIECE)):
                digest.update(piece)
                out.write(piece)
                at += len(piece)
        except FileNotFoundError:
            raise PackageUnreadableError(
                f"{store.place(name)} is missing; restore it from a backup"
            ) from None
        if digest.hexdigest() != fetched.package.sha256:
            raise PackageUnreadableError(
                f"{store.place(name)} is not the package that was published; nothing was handed over. Restore it "
                "from a backup"
            )


def file_name_of(package: PublishedPackage) -> str:
    """As in the store, without what nobody can guess."""
    return f"{package.reference}-{package.attempt}-{package.right}.zip"
