"""The key file: with it and the database one can read everything, with the database alone nothing."""

import base64
import binascii
import json
import os
import secrets
import stat
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from dsar_export.errors import KeyFileError
from dsar_export.requests.group_folder import is_shared

FORMAT: Final = 1
_BYTES: Final = 32
_ID_BYTES: Final = 4
_AT_MOST: Final = 0o640


@dataclass(frozen=True)
class KeyRing:
    """The key that new values are sealed with, and the earlier ones that still open what they sealed."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)

    @property
    def earlier(self) -> tuple[str, ...]:
        """The ids of the keys that only open."""
        return tuple(key_id for key_id in self.keys if key_id != self.current)


@dataclass(frozen=True)
class KeyFile:
    """The keys of one installation; none of them is shown by repr."""

    column: KeyRing
    """Seals columns of the database."""
    draft: KeyRing
    """Wraps the keys of Drafts."""
    index: bytes = field(repr=False)
    """Makes the blind index; it stays at a rotation."""
    trail: bytes = field(repr=False)
    """Chains the trail; it stays at a rotation, or no earlier entry could be verified."""


def new_key_file(path: Path) -> KeyFile:
    """Writes new keys to a new file, readable by its owner only, or also by the group of a folder made for one.

    The caller makes sure that there is no database yet: its values could never be read again.
    """
    made = KeyFile(column=_new_ring(), draft=_new_ring(), index=_new_key(), trail=_new_key())
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = 0o640 if is_shared(path.parent) else 0o600
    except OSError as error:
        raise KeyFileError(f"{path.parent} can't be made: {os.strerror(error.errno or 0).lower()}") from None
    temporary = _written_beside(path, made, mode)
    try:
        os.link(temporary, path)  # unlike a rename, it never replaces a file
    except FileExistsError:
        raise KeyFileError(f"{path} exists; keys are written to a new file only") from None
    finally:
        temporary.unlink()
    _sync_folder(path)
    return made


def first_keys(path: Path) -> KeyFile:
    """The keys for a new database: those that were put there, or that another process has just made, or new ones."""
    try:
        return new_key_file(path)
    except KeyFileError:
        if not path.exists():
            raise
    return read_key_file(path)


def replace_key_file(path: Path, key_file: KeyFile) -> None:
    """Writes changed keys over the earlier ones at once, with the same mode."""
    temporary = _written_beside(path, key_file, stat.S_IMODE(path.stat().st_mode))
    temporary.replace(path)
    _sync_folder(path)


def with_new_key(key_file: KeyFile) -> KeyFile:
    """The keys after a rotation: new ones seal from now on, the earlier ones still open."""
    return replace(key_file, column=_rotated(key_file.column), draft=_rotated(key_file.draft))


def without_keys(key_file: KeyFile, dropped: Collection[str]) -> KeyFile:
    """The keys without earlier ones that nothing is sealed with any more; a current one stays."""

    def rest(ring: KeyRing) -> KeyRing:
        kept = {key_id: key for key_id, key in ring.keys.items() if key_id not in dropped}
        return replace(ring, keys={**kept, ring.current: ring.keys[ring.current]})

    return replace(key_file, column=rest(key_file.column), draft=rest(key_file.draft))


def read_key_file(path: Path) -> KeyFile:
    """The keys; KeyFileError if the file is missing, can be read by others, or is no key file."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        raise KeyFileError(
            f"{path} is missing, and without it the database can't be read; restore it from its backup"
        ) from None
    except OSError as error:
        raise KeyFileError(f"{path} can't be read: {os.strerror(error.errno or 0).lower()}") from None
    with os.fdopen(descriptor, "rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if mode & ~_AT_MOST:
            raise KeyFileError(
                f"{path} is open to others (mode {mode:04o}); chmod 600, or 640 if a group shares it. "
                "If somebody may have read it, run `dsar-export keys rotate`"
            )
        text = file.read()
    return _parsed(text, path)


def _parsed(text: bytes, path: Path) -> KeyFile:
    try:
        content = json.loads(text)
        if int(content["format"]) > FORMAT:
            raise KeyFileError(f"{path} was written by a newer program; install that one")
        return KeyFile(
            column=_ring(content["column"]),
            draft=_ring(content["draft"]),
            index=_key(content["index"]),
            trail=_key(content["trail"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise KeyFileError(f"{path} is no key file, or is damaged; restore it from its backup") from None


def _ring(content: Mapping[str, object]) -> KeyRing:
    current, keys = content["current"], content["keys"]
    if not isinstance(current, str) or not isinstance(keys, dict) or current not in keys:
        raise ValueError("no current key")
    if any(len(bytes.fromhex(key_id)) != _ID_BYTES for key_id in keys):
        raise ValueError("an id of another length")
    return KeyRing(current, {key_id: _key(key) for key_id, key in keys.items()})


def _key(text: object) -> bytes:
    key = base64.b64decode(str(text), validate=True)
    if len(key) != _BYTES:
        raise ValueError("a key of another length")
    return key


def _new_key() -> bytes:
    return secrets.token_bytes(_BYTES)


def _new_ring() -> KeyRing:
    key_id = secrets.token_hex(_ID_BYTES)
    return KeyRing(key_id, {key_id: _new_key()})


def _rotated(ring: KeyRing) -> KeyRing:
    new = _new_ring()
    return KeyRing(new.current, {**ring.keys, **new.keys})


def _written_beside(path: Path, key_file: KeyFile, mode: int) -> Path:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise KeyFileError(f"{path} can't be written: {os.strerror(error.errno or 0).lower()}") from None
    with os.fdopen(descriptor, "wb") as out:
        os.fchmod(descriptor, mode)
        out.write(_as_text(key_file))
        out.flush()
        os.fsync(descriptor)
    return temporary


def _as_text(key_file: KeyFile) -> bytes:
    def ring(held: KeyRing) -> dict[str, object]:
        return {"current": held.current, "keys": {key_id: text(key) for key_id, key in held.keys.items()}}

    def text(key: bytes) -> str:
        return base64.b64encode(key).decode()

    content = {
        "format": FORMAT,
        "column": ring(key_file.column),
        "draft": ring(key_file.draft),
        "index": text(key_file.index),
        "trail": text(key_file.trail),
    }
    return json.dumps(content, indent=2).encode() + b"\n"


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
