"""Opens a file of the folder without leaving it, and reads it as long as it was when the snapshot began."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from collectors.log_files.faults import UnreadableFileError
from collectors.log_files.listing import LogFile, listed
from dsar_export.model.source import FileFault

PIECE: Final = 1 << 20
_BEGINNING: Final = 256
_SAFELY: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC


def pieces(root: int, file: LogFile) -> Iterator[bytes]:
    """The bytes of a file up to its size at first; UnreadableFileError if it was cut or replaced meanwhile."""
    with _opened(root, file) as held:
        at, beginning = 0, b""
        while at < file.size:
            piece = _read(held, at, min(PIECE, file.size - at))
            if not piece:
                raise UnreadableFileError(FileFault.CUT)
            beginning = beginning or piece[:_BEGINNING]
            at += len(piece)
            yield piece
        # A file that was emptied and grew again has the size, but other lines (logrotate's copytruncate).
        if os.fstat(held).st_size < file.size or _read(held, 0, len(beginning)) != beginning:
            raise UnreadableFileError(FileFault.CUT)


@contextmanager
def _opened(root: int, file: LogFile) -> Iterator[int]:
    if not file.is_plain:
        raise UnreadableFileError(FileFault.NOT_A_FILE)
    held = _same(root, file.path, file)
    if held is None:  # it was renamed: the folder still has it, under another name
        names = (f.path for f in listed(root) if (f.device, f.inode) == (file.device, file.inode))
        held = next((found for name in names if (found := _same(root, name, file)) is not None), None)
    if held is None:
        raise UnreadableFileError(FileFault.GONE)
    try:
        yield held
    finally:
        os.close(held)


def _same(root: int, path: str, file: LogFile) -> int | None:
    """The open file of a path if it is the one that was listed."""
    *folders, name = path.split("/")
    at, above = root, list[int]()
    try:
        for folder in folders:
            at = os.open(folder, _SAFELY | os.O_DIRECTORY, dir_fd=at)
            above.append(at)
        held = os.open(name, _SAFELY | os.O_NONBLOCK, dir_fd=at)
    except FileNotFoundError:
        return None
    except OSError:
        raise UnreadableFileError(FileFault.REFUSED) from None
    finally:
        for each in above:
            os.close(each)
    facts = os.fstat(held)
    if (facts.st_dev, facts.st_ino) == (file.device, file.inode):
        return held
    os.close(held)
    return None


def _read(held: int, at: int, size: int) -> bytes:
    try:
        return os.pread(held, size, at)
    except OSError:
        raise UnreadableFileError(FileFault.REFUSED) from None
