"""A sealed member in the workspace: its format and its keys.

The format is WinZip AE-2 with AES-256 (APPNOTE, "AES Encryption Information" by WinZip): salt, password
check, deflated data in CTR mode (little-endian counter), ten bytes of HMAC-SHA1 over the ciphertext.
"""

import os
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from Cryptodome.Cipher import AES
from Cryptodome.Cipher._mode_ctr import CtrMode
from Cryptodome.Util import Counter
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from dsar_export.model.package import Member
from dsar_export.sealing.registers import clear_registers

SALT_BYTES: Final = 16
CHECK_BYTES: Final = 2
AUTHENTICATION_BYTES: Final = 10
WINDOW_BITS: Final = -15  # raw deflate, without a zlib header
_KEY_BYTES: Final = 32
_ROUNDS: Final = 1000  # fixed by the format


@dataclass(frozen=True)
class SealedPart:
    """A finished member, on disk or, if it is small, `held` in memory; `sealed_size` is in bytes."""

    member: Member
    sealed_size: int
    file: Path
    held: bytes | None = field(default=None, repr=False)

    def opened(self) -> BinaryIO:
        """Its ciphertext, to be read from the start."""
        return self.file.open("rb") if self.held is None else BytesIO(self.held)


@dataclass(frozen=True)
class PartKeys:
    """The keys derived from a passphrase and a part's salt; the part holds `check` to detect a wrong passphrase."""

    encryption: bytes
    authentication: bytes
    check: bytes

    def cipher(self) -> CtrMode:
        """A cipher at the start of the part, to encrypt or decrypt."""
        return AES.new(self.encryption, AES.MODE_CTR, counter=Counter.new(128, little_endian=True))


def new_salt() -> bytes:
    """A random salt for a part."""
    return os.urandom(SALT_BYTES)


class Keyring:
    """The keys of one export's parts, derived from its passphrase once for each salt."""

    def __init__(self, passphrase: str) -> None:
        self._passphrase = passphrase
        self._derived: dict[bytes, PartKeys] = {}

    def of(self, salt: bytes) -> PartKeys:
        """A part's keys by PBKDF2, as the format defines; that takes as long as reading a thousand records."""
        if salt not in self._derived:
            clear_registers()  # the pages of the report are compressed by isal too
            length = 2 * _KEY_BYTES + CHECK_BYTES
            derivation = PBKDF2HMAC(SHA1(), length, salt, _ROUNDS)  # noqa: S303 # fixed by the format
            keys = derivation.derive(self._passphrase.encode("ascii"))
            self._derived[salt] = PartKeys(
                keys[:_KEY_BYTES], keys[_KEY_BYTES : 2 * _KEY_BYTES], keys[2 * _KEY_BYTES :]
            )
        return self._derived[salt]
