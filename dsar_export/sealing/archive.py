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
                info, content = _plain(document)
                _append(archive, info, BytesIO(content))
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
    zip64 = bool(info.flag_bits & _ENCRYPTED)  # sizes over 2 GiB fail at close without it
    archive.fp.write(info.FileHeader(zip64=zip64))
    shutil.copyfileobj(content, archive.fp, 1 << 18)
    archive.filelist.append(info)
    archive.NameToInfo[info.filename] = info
    archive.start_dir = archive.fp.tell()


def _plain(document: Document) -> tuple[AESZipInfo, bytes]:
    """A document for everybody; a long one is compressed, by what takes a tenth of zlib's time (ADR 1)."""
    body = b"".join(document.body)
    info = _info(document.path)
    info.CRC, info.file_size = zlib.crc32(body), len(body)
    content = body if len(body) < _LONG else isal_zlib.compress(body, 1, WINDOW_BITS)
    info.compress_type = pyzipper.ZIP_STORED if content is body else pyzipper.ZIP_DEFLATED
    info.compress_size = len(content)
    return info, content


def _sealed(part: SealedPart) -> AESZipInfo:
    info = _info(part.member.path)
    info.compress_type = pyzipper.ZIP_DEFLATED
    info.flag_bits = _ENCRYPTED
    info.wz_aes_vendor_id, info.wz_aes_strength, info.wz_aes_version = b"AE", _AES_256, _AE_2
    info.CRC = 0  # AE-2: a checksum of the plaintext would leak it
    info.file_size, info.compress_size = part.member.size, part.sealed_size
    return info


def _info(path: str) -> AESZipInfo:
    info = AESZipInfo(path, _EARLIEST)
    info.external_attr = 0o600 << 16
    return info


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
