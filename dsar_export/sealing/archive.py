"""Sealed parts -> one ZIP at a temporary name, then one rename."""

import os
import shutil
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

import pyzipper
from pyzipper.zipfile_aes import AESZipInfo

from dsar_export.errors import NotWritableError
from dsar_export.model.package import Document
from dsar_export.sealing.part import SealedPart
from dsar_export.sealing.workspace import writing

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
                body = b"".join(document.body)
                _append(archive, _stored(document.path, body), BytesIO(body))
            for part in parts:
                with part.opened() as sealed:
                    _append(archive, _sealed(part), sealed)
                if part.held is None:
                    part.file.unlink()  # each part once on disk, not twice
        file.flush()
        os.fsync(file.fileno())
    return temporary


def publish(temporary: Path, target: Path) -> None:
    """Renames the package into place, so that it exists completely or not at all."""
    temporary.rename(target)
    _sync_folder(target.parent)


def _append(archive: pyzipper.AESZipFile, info: AESZipInfo, content: BinaryIO) -> None:
    """Appends a member as it is; pyzipper has no public method for sealed ones (ADR 1).

    For others neither: after an error, its own would complain once more when the archive is collected as garbage.
    """
    archive._writecheck(info)
    archive._didModify = True
    info.header_offset = archive.fp.tell()
    sealed = info.compress_type == pyzipper.ZIP_DEFLATED
    archive.fp.write(info.FileHeader(zip64=sealed))  # sizes over 2 GiB fail at close without it
    shutil.copyfileobj(content, archive.fp, 1 << 18)
    archive.filelist.append(info)
    archive.NameToInfo[info.filename] = info
    archive.start_dir = archive.fp.tell()


def _stored(path: str, body: bytes) -> AESZipInfo:
    info = AESZipInfo(path, _EARLIEST)
    info.external_attr = 0o600 << 16
    info.CRC = zlib.crc32(body)
    info.file_size = info.compress_size = len(body)
    return info


def _sealed(part: SealedPart) -> AESZipInfo:
    info = AESZipInfo(part.member.path, _EARLIEST)
    info.compress_type = pyzipper.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    info.flag_bits = _ENCRYPTED
    info.wz_aes_vendor_id, info.wz_aes_strength, info.wz_aes_version = b"AE", _AES_256, _AE_2
    info.CRC = 0  # AE-2: a checksum of the plaintext would leak it
    info.file_size, info.compress_size = part.member.size, part.sealed_size
    return info


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
