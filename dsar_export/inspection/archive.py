"""The ZIP itself: opening it, reading members as streams, and how each is encrypted."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, Final

import pyzipper

from dsar_export.errors import PackageUnreadableError, WrongUseError
from dsar_export.model.finding import Finding

README: Final = "README.txt"
_AE_2: Final = 2
_AES_256: Final = 3
_READ: Final = 1 << 16


class HashedStream(RawIOBase):
    """A stream that hashes what is read from it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._hash = sha256()
        self.size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # typeshed wants any writable buffer
        data = self._source.read(len(buffer))
        buffer[: len(data)] = data
        self._hash.update(data)
        self.size += len(data)
        return len(data)

    def drain(self) -> None:
        """Reads to the end, which is where a member's authentication is checked."""
        while self.read(_READ):
            pass

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


class Archive:
    """An opened package."""

    def __init__(self, archive: pyzipper.AESZipFile) -> None:
        self._archive = archive
        self.names: tuple[str, ...] = tuple(dict.fromkeys(archive.namelist()))

    @contextmanager
    def member(self, name: str) -> Iterator[HashedStream]:
        """A member's plaintext; PackageUnreadableError where it was damaged or changed."""
        try:
            with self._archive.open(name) as source:
                yield HashedStream(source)
        except RuntimeError as error:
            if "password" not in str(error).lower():
                raise
            raise WrongUseError("the passphrase does not open this package; check it and try again") from None
        except (pyzipper.BadZipFile, EOFError, OSError, zlib.error):
            raise PackageUnreadableError(f"{name}: damaged or changed since it was sealed") from None

    def read(self, name: str) -> bytes:
        """A small member, whole."""
        with self.member(name) as stream:
            return BufferedReader(stream).read()

    def encryption_findings(self) -> Iterator[Finding]:
        """Every member but README.txt must be AES-256, AE-2, and stand there once."""
        names = self._archive.namelist()
        for info in self._archive.infolist():
            sealed = (info.wz_aes_version, info.wz_aes_strength) == (_AE_2, _AES_256)
            if not sealed and info.filename != README:
                yield Finding(info.filename, "encryption", "is not encrypted with AES-256 (AE-2)")
            if names.count(info.filename) > 1:
                yield Finding(info.filename, "name", "stands in the package more than once")


@contextmanager
def opened_package(package: Path, passphrase: str) -> Iterator[Archive]:
    """Opens a package; PackageUnreadableError where the file is none."""
    try:
        archive = pyzipper.AESZipFile(package)
    except FileNotFoundError:
        raise WrongUseError(f"{package}: no such file") from None
    except (pyzipper.BadZipFile, OSError, ValueError) as error:
        raise PackageUnreadableError(f"{package}: is no ZIP file ({type(error).__name__})") from None
    with archive:
        archive.setpassword(passphrase.encode("utf-8", "replace"))
        yield Archive(archive)
