"""Sealed objects as files of one folder, for its owner and perhaps a group alone."""

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dsar_export.delivery.object_names import is_object_name, require_object_name
from dsar_export.errors import AlreadyStoredError
from dsar_export.sealing.workspace import writing

_UNFINISHED: Final = ".unfinished-"


@dataclass(frozen=True)
class FolderStore:
    """An object store in a folder; names are paths in it. See `interfaces.ObjectStore`.

    If it is `shared`, the group of the folder above reads its objects and deletes them: four eyes are two users.
    """

    folder: Path
    shared: bool = False

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Writes aside and links the finished file: a crash leaves only an unfinished one, which `sweep` removes."""
        target = self._path(name)
        with writing(self.folder):
            self._make_parents(target)
            aside = target.parent / f"{_UNFINISHED}{os.urandom(8).hex()}"
            try:
                with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    if self.shared:
                        os.fchmod(file.fileno(), 0o640)  # whatever the umask is
                    file.writelines(pieces)
                    file.flush()
                    os.fsync(file.fileno())
                self._link(aside, target)
            finally:
                aside.unlink(missing_ok=True)

    def adopt(self, name: str, file: Path) -> None:
        """Links the file, which must be on the same file system: it is not written a second time."""
        target = self._path(name)
        with writing(self.folder):
            self._make_parents(target)
            file.chmod(0o640 if self.shared else 0o600)
            self._link(file, target)
            file.unlink()

    def read(self, name: str, start: int, length: int) -> bytes:
        with self._path(name).open("rb") as file:
            file.seek(start)
            return file.read(length)

    def size(self, name: str) -> int:
        return self._path(name).stat().st_size

    def names(self, prefix: str) -> Sequence[str]:
        there = self.folder / prefix.rpartition("/")[0]
        found = (str(f.relative_to(self.folder)) for f in _files_below(there))
        return sorted(n for n in found if n.startswith(prefix) and is_object_name(n))

    def place(self, name: str) -> str:
        return str(self._path(name))

    def delete(self, name: str) -> None:
        with writing(self.folder):
            self._remove(self._path(name))

    def sweep(self, needed: Callable[[str], bool]) -> None:
        """Removes unfinished files, except where an object that is needed may just be written."""
        for file in _files_below(self.folder):
            if file.name.startswith(_UNFINISHED) and not needed(str(file.relative_to(self.folder))):
                self._remove(file)

    def _make(self, folder: Path) -> None:
        # One by one: mkdir(parents=True) would open the parents to all.
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            if self.shared:
                folder.chmod(0o2770)

    def _make_parents(self, target: Path) -> None:
        for folder in reversed([f for f in (target.parent, *target.parent.parents) if not f.exists()]):
            self._make(folder)

    def _remove(self, file: Path) -> None:
        file.unlink(missing_ok=True)
        if file.parent != self.folder:
            with suppress(OSError):  # the folder still has other objects
                file.parent.rmdir()

    @staticmethod
    def _link(aside: Path, target: Path) -> None:
        try:
            os.link(aside, target)  # unlike a rename, it replaces nothing
        except FileExistsError:
            raise AlreadyStoredError(f"{target.name} is stored already; nothing was changed") from None
        descriptor = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _path(self, name: str) -> Path:
        require_object_name(name)
        return self.folder / name


def _files_below(folder: Path) -> Sequence[Path]:
    """Every file. If others delete a folder meanwhile, `Path.rglob` would fail; `os.walk` passes over it."""
    return [Path(parent, name) for parent, _, names in os.walk(folder) for name in names]
