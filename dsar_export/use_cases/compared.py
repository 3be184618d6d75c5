"""Reads a published package piece by piece, and hands out no byte that is not as it was published."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from dsar_export.delivery.blocks import BLOCK, Hashed, hashed, is_block
from dsar_export.errors import PackageUnreadableError
from dsar_export.interfaces import ObjectStore
from dsar_export.model.request import Right
from dsar_export.requests.packages import mark_damaged
from dsar_export.requests.requests import read_request
from dsar_export.use_cases.desk import Desk

_PIECE: Final = 4 * BLOCK
"""Bytes that are read at once to compare a package: whole blocks."""


@dataclass(frozen=True)
class StoredPackage:
    """A package that lies in the store."""

    reference: str
    right: Right
    file: str
    sha256: str
    size: int | None
    """In bytes; None of a package from before sizes were kept."""


def size_of(store: ObjectStore, package: StoredPackage) -> int:
    """Its size in bytes."""
    return store.size(package.file) if package.size is None else package.size


def compared(desk: Desk, package: StoredPackage) -> Hashed:
    """The hashes of a package that is as it was published; one that is not is noted, and refused."""
    with _noted_if_missing(desk, package):
        made = hashed(_blocks(desk.packages, package.file))
    if made.sha256 != package.sha256:
        raise _changed(desk, package, "nothing was handed over")
    return made


def read_compared(desk: Desk, package: StoredPackage, blocks: bytes, start: int) -> bytes:
    """The bytes from `start` to the end of their block, if the block is as it was when it was compared."""
    number, before = divmod(start, BLOCK)
    with _noted_if_missing(desk, package):
        block = desk.packages.read(package.file, start - before, BLOCK)
    if not is_block(blocks, number, block):
        raise _changed(desk, package, "no changed byte was handed over")
    return block[before:]


def _blocks(store: ObjectStore, name: str) -> Iterator[bytes]:
    size, at = store.size(name), 0
    while at < size and (piece := store.read(name, at, _PIECE)):
        yield from (piece[start : start + BLOCK] for start in range(0, len(piece), BLOCK))
        at += len(piece)


@contextmanager
def _noted_if_missing(desk: Desk, package: StoredPackage) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        _note_damage(desk, package)
        raise PackageUnreadableError(
            f"{desk.packages.place(package.file)} is missing; restore it from a backup, or build it anew with `request "
            "reissue`"
        ) from None


def _changed(desk: Desk, package: StoredPackage, sent: str) -> PackageUnreadableError:
    """Notes that a package is another one than was published, and returns what is raised."""
    _note_damage(desk, package)
    return PackageUnreadableError(
        f"{desk.packages.place(package.file)} is not the package that was published; {sent}. Restore it from a backup, "
        "or build it anew with `request reissue`"
    )


def _note_damage(desk: Desk, package: StoredPackage) -> None:
    with desk.acting() as act:
        if mark_damaged(act.connection, package.reference, package.right, package.sha256, act.at):
            request = read_request(act.connection, package.reference, act.desk.vault)
            act.note("package_damaged", request, right=package.right, package=package.sha256)
