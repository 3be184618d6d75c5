"""The services of a process that answers many people, built again when the register changed (ADR 43)."""

import gc
import hashlib
from pathlib import Path
from typing import Final

from dsar_export.interfaces import Progress
from dsar_export.model.register import Register
from dsar_export.use_cases.services import Services
from dsar_export.wiring import build_services

_FILES: Final = ("register.toml", "datasets/*", "schemas/*", "translations/*")
_MANY: Final = 100_000
"""Objects: more than one person's report makes, so that the collector seldom runs while one is answered."""

_SELDOM: Final = 50
"""Calls between two examinations of everything that is kept."""


class KeptServices:
    """Keeps one set of services, and in it what is the same for every person.

    The environment, with the sources' URLs and the keys of hashed identifiers, is read when services are built.
    """

    def __init__(self, folder: Path, progress: Progress) -> None:
        self._folder = folder
        self._progress = progress
        self._built: tuple[bytes, Services] | None = None
        self._calls = 0
        gc.set_threshold(_MANY, 20, 20)

    def current(self) -> Services:
        """The services for the next person; call it once for each. RegisterError while the register is wrong.

        Built again if any byte of the register's files is another one: a time or a size could be the same.
        """
        version = register_version(self._folder)
        if self._built is None or self._built[0] != version:
            self._built = None
            self._calls = 0
            self._built = version, build_services(self._folder, self._progress)
        self._collect_garbage()
        return self._built[1]

    @property
    def register(self) -> Register | None:
        """That of the services that were built last, for whoever only looks; another thread may build them."""
        built = self._built
        return None if built is None else built[1].register

    def _collect_garbage(self) -> None:
        """Frees what the last person left; what is kept is examined only now and then, as it seldom becomes garbage."""
        if self._calls % _SELDOM == 0:
            gc.unfreeze()
        self._calls += 1
        gc.collect()
        gc.freeze()


def register_version(folder: Path) -> bytes:
    """A hash of the names and contents of all files of a register."""
    found = hashlib.sha256()
    for file in sorted(file for pattern in _FILES for file in folder.glob(pattern)):
        content = hashlib.sha256(_content(file)).digest()
        found.update(str(file.relative_to(folder)).encode("utf-8", "surrogateescape") + b"\0" + content)
    return found.digest()


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # gone since, a folder, or not readable: building the services reports what matters
        return b""
