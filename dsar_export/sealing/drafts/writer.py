"""Writes a part of a Draft: a header, sealed blocks, a sealed index of them, and the length of the index.

Each block is compressed and sealed with AES-256-GCM under the part's own key, with its number as nonce. The key comes
from the part's name and a random salt, so that a block opens only at its own place in its own part.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import orjson
from isal import isal_zlib

from dsar_export.model.draft import PartFacts
from dsar_export.sealing.drafts.keys import SALT_BYTES, DraftKey

MAGIC: Final = b"DSARPRT1"
HEADER_BYTES: Final = len(MAGIC) + SALT_BYTES
FOOTER_BYTES: Final = 8
INDEX_NUMBER: Final = (1 << 96) - 1
_LEVEL: Final = 1  # as in sealing.writer


@dataclass(frozen=True)
class Block:
    """The plaintext of a block, and how many records and rows kept beside it holds."""

    text: bytes
    records: int = 0
    beside: int = 0


class DraftPartWriter:
    """Seals blocks into one part; `facts` are known when the last piece was taken."""

    def __init__(self, key: DraftKey, name: str) -> None:
        self._name = name
        self._salt = os.urandom(SALT_BYTES)
        self._cipher = key.of_part(name, self._salt)
        self._hash = hashlib.sha256()
        self._size = 0
        self._finished = False

    def sealed(self, blocks: Iterable[Block]) -> Iterator[bytes]:
        """The part in pieces, as the blocks come; an error of the blocks leaves it unfinished."""
        yield self._counted(MAGIC + self._salt)
        index: list[tuple[int, int, int, int]] = []
        for number, block in enumerate(blocks):
            offset = self._size
            yield self._counted(self._sealed(number, block.text))
            index.append((offset, self._size - offset, block.records, block.beside))
        written = self._sealed(INDEX_NUMBER, orjson.dumps(index))
        yield self._counted(written + len(written).to_bytes(FOOTER_BYTES, "big"))
        self._finished = True

    @property
    def facts(self) -> PartFacts:
        """What the ledger holds of the finished part; ValueError before."""
        if not self._finished:
            raise ValueError("the part is not finished")
        return PartFacts(self._name, self._size, self._hash.hexdigest(), self._salt.hex())

    def _sealed(self, number: int, text: bytes) -> bytes:
        compressed = isal_zlib.compress(text, _LEVEL)
        return self._cipher.encrypt(nonce(number), compressed, None)

    def _counted(self, piece: bytes) -> bytes:
        self._size += len(piece)
        self._hash.update(piece)
        return piece


def nonce(number: int) -> bytes:
    """The nonce of a block: its number, which no other block of the same key has."""
    return number.to_bytes(12, "big")
