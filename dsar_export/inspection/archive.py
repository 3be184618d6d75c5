"""Opens the ZIP, reads its members as streams, and checks how each is encrypted."""

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, Final

import pyzipper
from pyzipper.zipfile_aes import AESZipInfo

from dsar_export.errors import PackageUnreadableError, WrongUseError, why_unreadable
from dsar_export.model.finding import Finding

OPENER: Final = "open.html"
PLAIN: Final = frozenset({"README.txt", OPENER})
"""The members that can be read without the passphrase."""
_AE_2: Final = 2
_AES_256: Final = 3
_HEADER: Final = struct.Struct("<4s5H3L2H")
_AES_METHOD: Final = 99
_IN_ZIP64: Final = 0xFFFFFFFF  # the size is in the ZIP64 extra field
_ZIP: Final = b"PK"
_LOCAL_HEADER: Final = b"PK\x03\x04"
_END_RECORD: Final = b"PK\x05\x06"
_END_RECORD_BYTES: Final = 22
_READ: Final = 1 << 16


class HashedStream(RawIOBase):
    """A stream that hashes the bytes read from it; raises PackageUnreadableError if they are damaged."""

    def __init__(self, name: str, source: IO[bytes]) -> None:
        self._name = name
        self._source = source
        self._hash = sha256()
        self.size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # typeshed wants any writable buffer
        with _as_unreadable(f"{self._name}: damaged or changed since it was sealed"):
            data = self._source.read(len(buffer))
        buffer[: len(data)] = data
        self._hash.update(data)
        self.size += len(data)
        return len(data)

    def drain(self) -> None:
        """Reads to the end, where the member's authentication code is checked."""
        while self.read(_READ):
            pass

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


class Archive:
    """An opened package."""

    def __init__(self, archive: pyzipper.AESZipFile, ends: tuple[bytes, bytes]) -> None:
        self._archive = archive
        self._ends = ends
        self.names: tuple[str, ...] = tuple(dict.fromkeys(archive.namelist()))

    @contextmanager
    def member(self, name: str) -> Iterator[HashedStream]:
        """A member's plaintext as a stream; PackageUnreadableError if it was damaged or changed."""
        with _as_unreadable(f"{name}: damaged or changed since it was sealed"):
            source = self._archive.open(name)
        with source:
            yield HashedStream(name, source)

    def refuses_passphrase(self) -> bool:
        """Whether the passphrase opens no member; if it opens some, the others were damaged."""
        results = [self._opens(name) for name in self.names if name not in PLAIN]
        return False in results and True not in results

    def _opens(self, name: str) -> bool | None:
        try:
            with self._archive.open(name):
                return True
        except RuntimeError as error:
            return False if "password" in str(error) else None
        except Exception:  # noqa: BLE001 - the member is damaged; reading it reports that
            return None

    def read(self, name: str) -> bytes:
        """The content of a small member."""
        with self.member(name) as stream:
            return BufferedReader(stream).read()

    def encryption_findings(self) -> Iterator[Finding]:
        """Checks that all but `PLAIN` are encrypted, each occurs once, and nothing surrounds the ZIP."""
        start, end = self._ends
        if start != _LOCAL_HEADER or not end.startswith(_END_RECORD):
            yield Finding("", "archive", "has bytes before or after the ZIP")
        names = self._archive.namelist()
        for info in self._archive.infolist():
            sealed = (info.wz_aes_version, info.wz_aes_strength) == (_AE_2, _AES_256)
            if not sealed and info.filename not in PLAIN:
                yield Finding(info.filename, "encryption", "is not encrypted with AES-256 (AE-2)")
            if names.count(info.filename) > 1:
                yield Finding(info.filename, "name", "is in the package more than once")
            if not self._header_agrees(info):
                yield Finding(
                    info.filename,
                    "header",
                    "differs from the archive's central directory; other programs may refuse it",
                )

    def _header_agrees(self, info: AESZipInfo) -> bool:
        """Whether a member's header matches the central directory: we read the directory, other programs the header."""
        try:
            self._archive.fp.seek(info.header_offset)
            header = _HEADER.unpack(self._archive.fp.read(_HEADER.size))
        except (OSError, ValueError, struct.error):  # the directory points outside the file
            return False
        start, _, flags, method, _, _, crc, sealed_size, size, _, _ = header
        expected = _AES_METHOD if info.wz_aes_version else info.compress_type
        sizes = (sealed_size in {_IN_ZIP64, info.compress_size}, size in {_IN_ZIP64, info.file_size})
        found = (start, flags, method, crc)
        return all(sizes) and found == (_LOCAL_HEADER, info.flag_bits, expected, info.CRC)


@contextmanager
def opened_package(package: Path, passphrase: str) -> Iterator[Archive]:
    """Opens a package; PackageUnreadableError if it is not one, WrongUseError for a wrong passphrase."""
    start = _start(package)
    if start and not start.startswith(_ZIP) and not pyzipper.is_zipfile(package):
        raise WrongUseError(
            f"{package} is no ZIP file; name a package that `export` or `request build` wrote, a file ….zip"
        )
    with _as_unreadable(f"{package}: is not a complete ZIP file; copy or download it again"):
        ends = start, _end(package)
        opened = pyzipper.AESZipFile(package)
    with opened:
        opened.setpassword(passphrase.encode("utf-8", "replace"))
        archive = Archive(opened, ends)
        if archive.refuses_passphrase():
            raise WrongUseError("the passphrase does not open this package; check it and try again")
        yield archive


def _start(package: Path) -> bytes:
    """The first four bytes; WrongUseError if the file can't be read."""
    try:
        with package.open("rb") as file:
            return file.read(len(_LOCAL_HEADER))
    except OSError as error:
        raise WrongUseError(
            f"{package}: can't be read ({why_unreadable(error)}); name another file"
        ) from None


def _end(package: Path) -> bytes:
    """The last bytes, which are the end record of a ZIP without a comment."""
    with package.open("rb") as file:
        file.seek(-_END_RECORD_BYTES, os.SEEK_END)
        return file.read()


@contextmanager
def _as_unreadable(problem: str) -> Iterator[None]:
    """Raises errors of the block as PackageUnreadableError."""
    try:
        yield
    except Exception:  # noqa: BLE001 - a damaged ZIP makes pyzipper raise a dozen kinds of errors
        raise PackageUnreadableError(problem) from None
