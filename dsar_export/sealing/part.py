"""A member as it lies sealed in the workspace: what is written there, and what its keys are.

The format is WinZip AE-2 with AES-256 (APPNOTE, "AES Encryption Information" by WinZip): salt, password
check, deflated data in CTR mode (little-endian counter), ten bytes of HMAC-SHA1 over the ciphertext.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from Cryptodome.Cipher import AES
from Cryptodome.Cipher._mode_ctr import CtrMode
from Cryptodome.Util import Counter

from dsar_export.model.package import Member

SALT_BYTES: Final = 16
CHECK_BYTES: Final = 2
AUTHENTICATION_BYTES: Final = 10
WINDOW_BITS: Final = -15  # deflate without a header of zlib
_KEY_BYTES: Final = 32
_ROUNDS: Final = 1000  # fixed by the format


@dataclass(frozen=True)
class SealedPart:
    """A finished member as it stands on disk; `sealed_size` is in bytes."""

    member: Member
    sealed_size: int
    file: Path


@dataclass(frozen=True)
class PartKeys:
    """What a passphrase and a part's salt come to; `check` stands in the part, so that a wrong one is noticed."""

    encryption: bytes
    authentication: bytes
    check: bytes

    def cipher(self) -> CtrMode:
        """A cipher at the part's beginning, to encrypt or to decrypt."""
        return AES.new(self.encryption, AES.MODE_CTR, counter=Counter.new(128, little_endian=True))


def part_keys(passphrase: str, salt: bytes) -> PartKeys:
    """Derives a part's keys as the format says, which takes 0.7 ms."""
    length = 2 * _KEY_BYTES + CHECK_BYTES
    keys = hashlib.pbkdf2_hmac("sha1", passphrase.encode("ascii"), salt, _ROUNDS, length)
    return PartKeys(keys[:_KEY_BYTES], keys[_KEY_BYTES : 2 * _KEY_BYTES], keys[2 * _KEY_BYTES :])
