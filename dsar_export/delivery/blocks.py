"""Hashes of a package's blocks: taken while it is compared as a whole, and compared as each block is sent."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

BLOCK: Final = 256 << 10
"""Bytes of a block; the last one may have fewer."""
_HASH_BYTES: Final = 16
"""Of each SHA-256: nobody finds another block for a hash that is given. 256 KiB for a package of 4 GiB."""


@dataclass(frozen=True)
class Hashed:
    """A package as it was read once."""

    sha256: str
    blocks: bytes = field(repr=False)
    """The hashes of its blocks, one after another."""


def hashed(blocks: Iterable[bytes]) -> Hashed:
    """The hashes of a package; `blocks` are its bytes, in pieces of `BLOCK`."""
    whole, each = hashlib.sha256(), bytearray()
    for block in blocks:
        whole.update(block)
        each += _hash_of(block)
    return Hashed(whole.hexdigest(), bytes(each))


def is_block(blocks: bytes, number: int, content: bytes) -> bool:
    """Whether these are the bytes of a block, by the hashes of all."""
    known = blocks[number * _HASH_BYTES : (number + 1) * _HASH_BYTES]
    return hmac.compare_digest(known, _hash_of(content))


def _hash_of(block: bytes) -> bytes:
    return hashlib.sha256(block).digest()[:_HASH_BYTES]
