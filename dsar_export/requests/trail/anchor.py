"""The anchor: a file beside the database with the last entry that was seen, so that a cut tail is noticed.

It is written after a commit. A crash in between leaves it behind, which is fine.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from dsar_export.requests.trail.chain import BEGINNING, Mark, Purpose, Sealed, canonical, sealed
from dsar_export.requests.trail.reading import checkpoint, head, mac_of

_LARGEST: Final = 4096  # bytes; ours have about 200
_FALSE: Final = Sealed(BEGINNING, "")


def place(connection: Connection, key: bytes, anchor: Path) -> Mark:
    """Puts the anchor at the head, whatever it was before: for a new database, or a restored one that staff accepts."""
    with _locked(anchor):
        mark = head(connection)
        _write(anchor, sealed(key, Purpose.ANCHOR, mark))
    return mark


def advance(connection: Connection, key: bytes, anchor: Path) -> None:
    """Moves the anchor to the head; call it after each commit, in a new transaction that has read nothing yet.

    It only moves along the line on which it stands, and never back: a cut tail that is written over, or an anchor that
    is missing, remains visible to `verify`.
    """
    with _locked(anchor):
        seen = read(anchor)
        if seen is None or not seen.holds(key, Purpose.ANCHOR):
            return
        mark = head(connection)
        if mark.number > seen.mark.number and _stands_on(connection, key, seen.mark):
            _write(anchor, sealed(key, Purpose.ANCHOR, mark))


def continues(connection: Connection, key: bytes, anchor: Path) -> bool:
    """Whether the trail goes on from its anchor; not if an older database was restored, or the anchor is missing.

    Call it in a transaction that has read nothing yet: the anchor is read first, as another process may append.
    """
    return goes_on_from(connection, key, read(anchor))


def goes_on_from(connection: Connection, key: bytes, seen: Sealed | None) -> bool:
    """The same for an anchor that was read before the transaction read anything."""
    return seen is not None and seen.holds(key, Purpose.ANCHOR) and _stands_on(connection, key, seen.mark)


def read(anchor: Path) -> Sealed | None:
    """What the file says, if there is one; one that can't be read holds for no key."""
    try:
        with anchor.open("rb") as file:
            stored = json.loads(file.read(_LARGEST))
        return Sealed.read(stored["number"], stored["mac"], stored["seal"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return _FALSE


def _stands_on(connection: Connection, key: bytes, mark: Mark) -> bool:
    mac = mac_of(connection, mark.number)
    if mac is not None:
        return mac == mark.mac
    pruned = checkpoint(connection)
    if pruned is None:
        return mark == BEGINNING
    if not pruned.holds(key, Purpose.CHECKPOINT):
        return False
    return pruned.mark == mark or pruned.mark.number > mark.number


def _write(anchor: Path, content: Sealed) -> None:
    """Replaces the file in one step, so that it is complete at any moment."""
    temporary = anchor.with_name(f".{anchor.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), _mode(anchor.parent))
            file.write(canonical(content.as_json()) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(anchor)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _sync(anchor.parent)


@contextmanager
def _locked(anchor: Path) -> Iterator[None]:
    """One process at a time; the lock is a file of its own, because the anchor is replaced."""
    lock = anchor.with_name(f"{anchor.name}.lock")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.fstat(descriptor).st_uid == os.geteuid():
            os.fchmod(descriptor, _mode(anchor.parent))
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _mode(folder: Path) -> int:
    """For the owner alone, unless the folder belongs to a group that writes in it."""
    return 0o660 if folder.stat().st_mode & 0o020 else 0o600


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
