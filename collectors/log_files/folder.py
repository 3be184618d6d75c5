"""A folder of log files as a source."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from collectors.log_files.listing import LogFile, chosen, listed
from collectors.log_files.parts import OWN_COLUMNS, LogLines
from collectors.log_files.samples import Samples
from collectors.log_files.snapshot import LogSnapshot
from dsar_export.errors import SourceUnreadableError, why_unreadable
from dsar_export.model.place import At, LinkAt
from dsar_export.model.register import Source
from dsar_export.model.source import SourceDescription, Table


class LogFiles:
    """A source of kind `log_files`. Its address is a folder; a relative one starts at the register's folder."""

    dataset_part = LogLines
    link_part = LogLines

    def __init__(self, name: str, source: Source, folder: Path) -> None:
        self._name = name
        self._folder = folder / source.url

    def describe(self) -> SourceDescription:
        """Every log by its name without the marks of rotation; what its lines have, only a register says."""
        return self.describe_parts(())

    def describe_parts(self, parts: Sequence[At | LinkAt]) -> SourceDescription:
        """A table for each pattern of the register, and one for each log that no pattern names."""
        known = {part.files: part for part in parts if isinstance(part, LogLines)}
        with self._listed() as (root, files):
            samples = Samples(root, files)
            tables = [
                Table(name, (*OWN_COLUMNS, *(samples.columns(part) or ())), (frozenset(OWN_COLUMNS),))
                for name, part in known.items()
            ]
            named = {file.path for pattern in known for file in chosen(files, pattern)}
            logs = dict.fromkeys(f"{file.stem}*" for file in files if file.path not in named)
        return SourceDescription(
            (*tables, *(Table(name, OWN_COLUMNS, (frozenset(OWN_COLUMNS),)) for name in logs))
        )

    @contextmanager
    def snapshot(self) -> Iterator[LogSnapshot]:
        """The files as long as they are now."""
        with self._listed() as (root, files):
            yield LogSnapshot(self._name, root, files)

    @contextmanager
    def _listed(self) -> Iterator[tuple[int, Sequence[LogFile]]]:
        try:
            root = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise self._unreadable(error) from None
        try:
            try:
                files = listed(root)
            except OSError as error:
                raise self._unreadable(error) from None
            yield root, files
        finally:
            os.close(root)

    def _unreadable(self, error: OSError) -> SourceUnreadableError:
        return SourceUnreadableError(
            f"source {self._name!r} could not be read: {why_unreadable(error)}; see whether its folder is there"
        )
