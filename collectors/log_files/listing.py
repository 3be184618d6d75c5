"""Which files a folder has, in which order they are read, and which of them are the same file."""

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_ROTATED: Final = re.compile(r"(?P<stem>.+?)(?:\.(?P<number>[0-9]{1,6}))?(?:\.(?:gz|zst))?", re.DOTALL)


@dataclass(frozen=True)
class LogFile:
    """A file as it was when the snapshot began; `path` is below the folder."""

    path: str
    device: int
    inode: int
    size: int
    is_plain: bool = True
    """Whether it is a regular file; symbolic links, pipes and folders that can't be listed are not."""

    @property
    def stem(self) -> str:
        """What its name shares with those of its rotated files."""
        return _rotated(self.path)[0]

    @property
    def place(self) -> tuple[str, int, str]:
        """Its place in the order: by name, then the oldest rotated file first."""
        stem, number = _rotated(self.path)
        return stem, -number, self.path


def listed(root: int) -> Sequence[LogFile]:
    """Everything below an open folder, in order; links are not followed."""
    refused: list[LogFile] = []

    def note(error: OSError) -> None:
        refused.append(LogFile(str(error.filename), 0, 0, 0, is_plain=False))

    found = list(_found(root, note))
    return sorted([*found, *refused], key=lambda file: file.place)


def chosen(files: Iterable[LogFile], pattern: str) -> Sequence[LogFile]:
    """The files of a pattern, in order; of several names of one file, the first."""
    matches = _compiled(pattern)
    seen = set[tuple[int, int]]()
    found: list[LogFile] = []
    for file in files:
        same = (file.device, file.inode)
        if not matches.fullmatch(file.path) or (file.is_plain and same in seen):
            continue
        seen.add(same)
        found.append(file)
    return found


def _found(root: int, note: Callable[[OSError], None]) -> Iterator[LogFile]:
    for folder, folders, names, at in os.fwalk(".", dir_fd=root, onerror=note, follow_symlinks=False):
        folders.sort()
        for name in [*names, *(n for n in folders if _is_link(n, at))]:
            path = os.path.normpath(f"{folder}/{name}")
            try:
                facts = os.stat(name, dir_fd=at, follow_symlinks=False)
            except FileNotFoundError:  # rotated away meanwhile: the folder shows it under its new name
                continue
            yield LogFile(path, facts.st_dev, facts.st_ino, facts.st_size, stat.S_ISREG(facts.st_mode))


def _is_link(name: str, at: int) -> bool:
    return stat.S_ISLNK(os.stat(name, dir_fd=at, follow_symlinks=False).st_mode)


def _compiled(pattern: str) -> re.Pattern[str]:
    parts = {"**/": r"(?:.+/)?", "*": r"[^/]*", "?": r"[^/]"}
    pieces = re.split(r"(\*\*/|\*|\?)", pattern)
    return re.compile("".join(parts.get(piece, re.escape(piece)) for piece in pieces), re.DOTALL)


def _rotated(path: str) -> tuple[str, int]:
    found = _ROTATED.fullmatch(path)
    return (path, 0) if found is None else (found["stem"], int(found["number"] or 0))
