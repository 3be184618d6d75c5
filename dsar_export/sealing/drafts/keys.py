"""The key of a Draft, and the keys that are derived from it.

One random key a request, never a passphrase, so HKDF (RFC 5869) is enough: it takes microseconds where PBKDF2 must be
slow.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SALT_BYTES: Final = 16
_KEY_BYTES: Final = 32
_PART: Final = b"dsar-export draft part 1\0"
_CONTENT: Final = b"dsar-export draft content 1\0"


@dataclass(frozen=True)
class DraftKey:
    """The random key of one request's Draft; whoever holds it can read the Draft."""

    secret: bytes

    def __post_init__(self) -> None:
        if len(self.secret) != _KEY_BYTES:
            raise ValueError("a Draft's key has 32 bytes")

    def __repr__(self) -> str:
        return "DraftKey()"

    def of_part(self, name: str, salt: bytes) -> AESGCM:
        """The cipher of one part: another name or another salt gives another key."""
        return AESGCM(self._derived(salt, _PART + name.encode()))

    def content_hash(self, dataset: str) -> "ContentHash":
        """The keyed hash of a dataset's records, to which decisions bind."""
        return ContentHash(self._derived(None, _CONTENT + dataset.encode()))

    def _derived(self, salt: bytes | None, info: bytes) -> bytes:
        return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=salt, info=info).derive(self.secret)


@dataclass(frozen=True)
class ContentHash:
    """Hashes what a record says under a key, so that nobody without it can test a guess."""

    key: bytes

    def __call__(self, source_key: str, content: bytes) -> str:
        key = source_key.encode()
        framed = b"%d:%b%b" % (len(key), key, content)
        return hmac.digest(self.key, framed, hashlib.sha256).hex()


def new_draft_key() -> DraftKey:
    """A random key."""
    return DraftKey(os.urandom(_KEY_BYTES))
