"""Compresses and encrypts members as they are written: only ciphertext leaves memory."""

import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from isal import isal_zlib

from dsar_export.model.outcome import Record
from dsar_export.model.package import Member, MemberRole
from dsar_export.sealing.part import AUTHENTICATION_BYTES, WINDOW_BITS, Keyring, SealedPart, new_salt
from dsar_export.sealing.reader import sealed_records
from dsar_export.sealing.registers import clear_registers
from dsar_export.sealing.sink import PartSink

_BATCH_BYTES: Final = 1 << 16  # small pieces of a document are sealed together, chunks one by one
_SMALL: Final = 1 << 18  # such a part may stay in memory; members that are open at once may take so much each
_LEVEL: Final = 1  # isal: ten times as fast as zlib, at nearly its ratio (ADR 1)


class PartWriter:
    """Takes plaintext and writes ciphertext, in the calling thread (ADR 24)."""

    def __init__(self, sink: PartSink, keyring: Keyring) -> None:
        salt = new_salt()
        keys = keyring.of(salt)
        self._sink = sink
        self._cipher = keys.cipher()
        self._mac = hmac.new(keys.authentication, digestmod="sha1")
        self._deflate = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, WINDOW_BITS)
        self._hash = hashlib.sha256()
        self._held: list[bytes] = []
        self._held_bytes = 0
        self.size = 0
        self.sealed_size = len(salt) + len(keys.check)
        sink.write(salt + keys.check)

    def write(self, plaintext: bytes) -> None:
        self._held.append(plaintext)
        self._held_bytes += len(plaintext)
        if self._held_bytes >= _BATCH_BYTES:
            self._seal()

    def finish(self) -> None:
        self._seal()
        self._encrypt(self._deflate.flush())
        self._sink.write(self._mac.digest()[:AUTHENTICATION_BYTES])
        self.sealed_size += AUTHENTICATION_BYTES

    @property
    def sha256(self) -> str:
        """The hash of the plaintext, once the part is finished."""
        return self._hash.hexdigest()

    def _seal(self) -> None:
        plaintext = b"".join(self._held)
        self._held.clear()
        self._held_bytes = 0
        self._hash.update(plaintext)
        self.size += len(plaintext)
        self._encrypt(self._deflate.compress(plaintext))

    def _encrypt(self, compressed: bytes) -> None:
        clear_registers()
        ciphertext = self._cipher.encrypt(compressed)
        self._mac.update(ciphertext)
        self._sink.write(ciphertext)
        self.sealed_size += len(ciphertext)


class Sealer:
    """Seals members into a workspace, each into its own part, so that several can be open at once.

    Small parts stay in memory, at most `in_memory` bytes of ciphertext together.
    """

    def __init__(self, folder: Path, passphrase: str, in_memory: int = 0) -> None:
        self._folder = folder
        self._room = in_memory
        self._passphrase = passphrase
        self._keyring = Keyring(passphrase)
        self._parts: list[SealedPart] = []

    @property
    def parts(self) -> tuple[SealedPart, ...]:
        return tuple(self._parts)

    def apart(self) -> "Sealer":
        """Another sealer for the same workspace, for the second process."""
        return Sealer(self._folder, self._passphrase)

    def take(self, parts: Iterable[SealedPart]) -> None:
        """Adds the parts that another sealer wrote."""
        self._parts += parts

    def records(self, dataset: str) -> Iterator[Record]:
        """The records of a finished dataset, read again; no records if nothing of it was released."""
        return sealed_records(self._parts, self._keyring, dataset)

    @contextmanager
    def member(
        self, path: str, role: MemberRole, mediatype: str, dataset: str | None = None
    ) -> Iterator[PartWriter]:
        """Opens a member to write to; it is finished if the block ends without an error."""
        file = self._folder / f"part-{os.urandom(8).hex()}"  # the name reveals nothing
        with PartSink(file, min(self._room, _SMALL)) as sink:
            writer = PartWriter(sink, self._keyring)
            yield writer
            writer.finish()
        member = Member(path, writer.size, writer.sha256, role, mediatype, dataset)
        self._room -= len(sink.held or b"")
        self._parts.append(SealedPart(member, writer.sealed_size, file, sink.held))
