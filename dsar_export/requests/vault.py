"""Seals single values, each to its place, and makes the blind index by which identifiers are found again."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dsar_export.errors import KeyFileError, TamperedError
from dsar_export.folding import NOBODY
from dsar_export.requests.key_file import KeyFile, KeyRing

_FORMAT: Final = b"\x01"
_ID_BYTES: Final = 4
_NONCE_BYTES: Final = 12
_HEAD_BYTES: Final = len(_FORMAT) + _ID_BYTES + _NONCE_BYTES


@dataclass(frozen=True)
class Cell:
    """The one place in the database where a sealed value opens."""

    table: str
    column: str
    reference: str
    number: int = 0
    """The row's number among those of its request; 0 for the request's own row."""

    @property
    def bound(self) -> bytes:
        return json.dumps([self.table, self.column, self.reference, self.number]).encode()


class _Seal:
    """Seals with one ring of keys. Sealed: format, key id, nonce, and AES-256-GCM's text and tag."""

    def __init__(self, ring: KeyRing, newest: Callable[[], KeyRing]) -> None:
        self._ciphers = _ciphers(ring)
        self._current = bytes.fromhex(ring.current)
        self._newest = newest

    def seal(self, data: bytes, cell: Cell) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, data, cell.bound)
        return _FORMAT + self._current + nonce + sealed

    def open(self, sealed: bytes, cell: Cell) -> bytes:
        name = f"{cell.table}.{cell.column} of {cell.reference}"
        if sealed[:1] != _FORMAT or len(sealed) < _HEAD_BYTES:
            raise TamperedError(f"{name} is no sealed value of this version; restore a backup")
        key_id, nonce = sealed[1 : 1 + _ID_BYTES], sealed[1 + _ID_BYTES : _HEAD_BYTES]
        # A rotation after this process began has brought keys that only the file has.
        cipher = self._ciphers.get(key_id) or _ciphers(self._newest()).get(key_id)
        if cipher is None:
            raise KeyFileError(
                f"{name} is sealed with a key that the key file lacks; restore the newest key file"
            )
        try:
            return cipher.decrypt(nonce, sealed[_HEAD_BYTES:], cell.bound)
        except InvalidTag:
            raise TamperedError(f"{name} was changed, or moved from elsewhere; restore a backup") from None

    def seal_anew(self, sealed: bytes, cell: Cell) -> bytes:
        if sealed[: 1 + _ID_BYTES] == _FORMAT + self._current:
            return sealed
        return self.seal(self.open(sealed, cell), cell)


def _ciphers(ring: KeyRing) -> dict[bytes, AESGCM]:
    return {bytes.fromhex(name): AESGCM(key) for name, key in ring.keys.items()}


class Vault:
    """Seals and opens with the keys of one key file; `newest` reads it again, after another process rotated it."""

    def __init__(self, key_file: KeyFile, newest: Callable[[], KeyFile] | None = None) -> None:
        newest = newest or (lambda: key_file)
        self._columns = _Seal(key_file.column, lambda: newest().column)
        self._drafts = _Seal(key_file.draft, lambda: newest().draft)
        self._index = key_file.index

    def seal(self, text: str, cell: Cell) -> bytes:
        """Seals any text for this cell, with the current key."""
        # Half of a surrogate pair, as undecodable input has it, survives too.
        return self._columns.seal(text.encode("utf-8", "surrogatepass"), cell)

    def open(self, sealed: bytes, cell: Cell) -> str:
        """The text; TamperedError if it was changed or stands in another cell than it was sealed for."""
        return self._columns.open(sealed, cell).decode("utf-8", "surrogatepass")

    def wrap(self, draft_key: bytes, cell: Cell) -> bytes:
        """Seals the key of a Draft for this cell."""
        return self._drafts.seal(draft_key, cell)

    def unwrap(self, wrapped: bytes, cell: Cell) -> bytes:
        """The key of a Draft; raises as `open`."""
        return self._drafts.open(wrapped, cell)

    def seal_anew(self, sealed: bytes, cell: Cell) -> bytes:
        """The same text sealed with the current key; what already is stays as it is."""
        return self._columns.seal_anew(sealed, cell)

    def wrap_anew(self, wrapped: bytes, cell: Cell) -> bytes:
        """The same key of a Draft, wrapped by the current key."""
        return self._drafts.seal_anew(wrapped, cell)

    def blind_index(self, kind: str, folded: str) -> str:
        """What finds an identifier again without containing it; ValueError for a value that names nobody."""
        if folded == NOBODY:
            raise ValueError("a value that names nobody has no index")
        return self._mac("identifier", kind, folded)

    def manifest_hmac(self, reference: str, right: str, sha256: str) -> str:
        """What proves later which manifest was in a package; the hash alone of a short one could be guessed.

        `sha256` is the hash of the package's manifest of everything. The key stays at a rotation.
        """
        return self._mac("manifest", reference, right, sha256)

    def code_mac(self, reference: str, code: str) -> str:
        """What a code of a request is compared by; without the key file, nobody can try codes."""
        return self._mac("code", reference, code)

    def sender_mac(self, address: str) -> str:
        """By what tries from one address are counted, without the address."""
        return self._mac("sender", address)

    def login_mac(self, issuer: str, subject: str) -> str:
        """What an account at an identity provider is found by, without naming it. The key stays at a rotation."""
        return self._mac("login", issuer, subject)

    @property
    def fingerprint(self) -> str:
        """What tells key files apart without telling the keys."""
        return self._mac("fingerprint")

    def _mac(self, *parts: str) -> str:
        # ASCII by escapes: no two lists of parts have the same text.
        return hmac.new(self._index, json.dumps(parts).encode(), hashlib.sha256).hexdigest()
