"""Sealed parts -> one ZIP at a temporary name, then one rename."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import pyzipper
from isal import isal_zlib
from pyzipper.zipfile_aes import AESZipInfo

from dsar_export.errors import NotWritableError
from dsar_export.model.package import Document
from dsar_export.sealing.part import WINDOW_BITS, SealedPart
from dsar_export.sealing.workspace import writing

_LONG: Final = 1 << 16
_ENCRYPTED: Final = 0x1
_AES_256: Final = 3
_AE_2: Final = 2
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # real times would reveal when, and make equal packages differ


@contextmanager
def withdrawn_on_failure(*files: Path) -> Iterator[None]:
    """Deletes files that were published just before the block failed or was interrupted."""
    for file in files:
        with writing(file.parent):
            there = os.path.lexists(file)
        if there:
            raise NotWritableError(f"{file} exists and was not overwritten; export again")
    try:
        yield
    except BaseException:
        for file in files:
            with suppress(OSError):
                file.unlink()
        raise


def assemble(documents: Sequence[Document], parts: Sequence[SealedPart], folder: Path) -> Path:
    """Writes the plain documents and the parts, in this order, to a temporary name in the workspace."""
    temporary = folder / "package"
    with temporary.open("xb") as file:
        temporary.chmod(0o600)
        with pyzipper.AESZipFile(file, "w") as archive:
            for document in documents:
                _append_plain(archive, document)
            for part in parts:
                _append(archive, part)
        file.flush()
        os.fsync(file.fileno())
    return temporary


def publish(temporary: Path, target: Path) -> None:
    """Renames the package into place, so that it exists completely or not at all."""
    temporary.rename(target)
    _sync_folder(target.parent)


def _append_plain(archive: pyzipper.AESZipFile, document: Document) -> None:
    """Appends a document for everybody; a long one is compressed, by what takes a tenth of zlib's time (ADR 1)."""
    body = b"".join(document.body)
    info = _info(document.path)
    if len(body) < _LONG:
        info.compress_type = pyzipper.ZIP_STORED
        archive.writestr(info, body)
        return
    compressed = isal_zlib.compress(body, 1, WINDOW_BITS)
    info.CRC, info.file_size, info.compress_size = isal_zlib.crc32(body), len(body), len(compressed)
    with _appended(archive, info, zip64=False):
        archive.fp.write(compressed)


def _append(archive: pyzipper.AESZipFile, part: SealedPart) -> None:
    """Appends a member that is already compressed and encrypted."""
    info = _info(part.member.path)
    info.flag_bits = _ENCRYPTED
    info.wz_aes_vendor_id, info.wz_aes_strength, info.wz_aes_version = b"AE", _AES_256, _AE_2
    info.CRC = 0  # AE-2: a checksum of the plaintext would leak it
    info.file_size, info.compress_size = part.member.size, part.sealed_size
    # Sizes over 2 GiB fail at close without zip64.
    with part.file.open("rb") as sealed, _appended(archive, info, zip64=True):
        shutil.copyfileobj(sealed, archive.fp, 1 << 18)
    part.file.unlink()  # each part once on disk, not twice


def _info(path: str) -> AESZipInfo:
    info = AESZipInfo(path, _EARLIEST)
    info.compress_type = pyzipper.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


@contextmanager
def _appended(archive: pyzipper.AESZipFile, info: AESZipInfo, *, zip64: bool) -> Iterator[None]:
    """Appends a member whose bytes the block writes as they are; pyzipper has no public method for it (ADR 1)."""
    archive._writecheck(info)
    archive._didModify = True
    info.header_offset = archive.fp.tell()
    archive.fp.write(info.FileHeader(zip64=zip64))
    yield
    archive.filelist.append(info)
    archive.NameToInfo[info.filename] = info
    archive.start_dir = archive.fp.tell()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
