"""Reads a part of a Draft: all of it in order, or the blocks of a page alone."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from isal import isal_zlib

from dsar_export.errors import DraftUnreadableError
from dsar_export.interfaces import ObjectStore
from dsar_export.model.draft import PartFacts
from dsar_export.sealing.drafts.keys import DraftKey
from dsar_export.sealing.drafts.writer import FOOTER_BYTES, HEADER_BYTES, INDEX_NUMBER, MAGIC, nonce

_PIECE: Final = 4 << 20  # an object store is asked for each


@dataclass(frozen=True)
class Entry:
    """A block's place in its part, and the number of the first record in it."""

    number: int
    offset: int
    length: int
    records: int
    beside: int
    first_record: int


@dataclass(frozen=True)
class DraftPart:
    """A part in a store, as the ledger describes it.

    Whatever does not fit the ledger's facts raises DraftUnreadableError: another attempt's part, a swapped or changed
    one, or one that is missing.
    """

    store: ObjectStore
    key: DraftKey
    facts: PartFacts

    @cached_property
    def index(self) -> tuple[Entry, ...]:
        """The part's blocks; reads the header and the index alone."""
        if self.store.size(self.facts.name) != self.facts.size:
            raise self._damaged()
        end = self.facts.size - FOOTER_BYTES
        length = int.from_bytes(self._read(end, FOOTER_BYTES), "big")
        if not 0 < length <= end - HEADER_BYTES:
            raise self._damaged()
        return tuple(_entries(orjson.loads(self._opened(INDEX_NUMBER, self._read(end - length, length)))))

    def block(self, entry: Entry) -> bytes:
        """The plaintext of one block, without reading any other."""
        return self._opened(entry.number, self._read(entry.offset, entry.length))

    def blocks(self) -> Iterator[bytes]:
        """The plaintext of each block, in order."""
        return map(self.block, self.index)

    def verify(self) -> None:
        """Compares the whole part with the hash in the ledger."""
        digest, at = hashlib.sha256(), 0
        while piece := self._read(at, _PIECE):
            digest.update(piece)
            at += len(piece)
        if at != self.facts.size or digest.hexdigest() != self.facts.sha256:
            raise self._damaged()

    @cached_property
    def _cipher(self) -> AESGCM:
        header = self._read(0, HEADER_BYTES)
        salt = header[len(MAGIC) :]
        # A salt is random, so it names the one writing that the ledger knows.
        if not header.startswith(MAGIC) or salt.hex() != self.facts.salt:
            raise self._damaged()
        return self.key.of_part(self.facts.name, salt)

    def _opened(self, number: int, sealed: bytes) -> bytes:
        try:
            text: bytes = isal_zlib.decompress(self._cipher.decrypt(nonce(number), sealed, None))
        except (InvalidTag, isal_zlib.IsalError):  # type: ignore[misc] # typed as an instance, but a class
            raise self._damaged() from None
        return text

    def _read(self, start: int, length: int) -> bytes:
        try:
            return self.store.read(self.facts.name, start, length)
        except FileNotFoundError:
            raise self._damaged() from None

    def _damaged(self) -> DraftUnreadableError:
        return DraftUnreadableError(
            f"{self.facts.name} in the Draft is not the part that the ledger names; nothing was handed over. "
            "Collect the request again"
        )


def _entries(index: list[tuple[int, int, int, int]]) -> Iterator[Entry]:
    first = 0
    for number, (offset, length, records, beside) in enumerate(index):
        yield Entry(number, offset, length, records, beside, first)
        first += records


def stored_part(store: ObjectStore, key: DraftKey, name: str, sha256: str) -> DraftPart:
    """A part that is known by its hash alone, such as a ledger; its hash is verified."""
    try:
        header = store.read(name, 0, HEADER_BYTES)
        facts = PartFacts(name, store.size(name), sha256, header[len(MAGIC) :].hex())
    except FileNotFoundError:
        raise DraftUnreadableError(f"{name} is missing from the Draft; collect the request again") from None
    part = DraftPart(store, key, facts)
    part.verify()
    return part
