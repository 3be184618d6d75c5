"""A collector for folders of CSV files (RFC 4180, UTF-8, with a header): an example of a third party's package.

A source of kind `csv_folder` has the folder as its `url`. Its datasets and links name a `file`, and nothing else that a
database would need. Rows come in the order of the file.
"""

import csv
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from dsar_export.errors import RegisterError, SourceUnreadableError
from dsar_export.folding import equals_constant, folded
from dsar_export.model.dataset import Dataset
from dsar_export.model.link import Link
from dsar_export.model.place import TablePlace
from dsar_export.model.register import Source
from dsar_export.model.source import (
    CHUNK_BYTES,
    CHUNK_ROWS,
    Chunk,
    LinkRow,
    Selection,
    SourceDescription,
    Table,
)
from dsar_export.model.subject_key import SubjectKey
from dsar_export.model.toml_table import toml_table

LINE: Final = "line"
"""A column that every file has: the number of the row in it, from 1."""
csv.field_size_limit(1 << 30)  # for the process; 128 KiB otherwise


@toml_table
class CsvFile:
    """The collector's own part of a dataset's file, and of a link."""

    file: str
    """The name of the CSV file in the folder."""

    def __post_init__(self) -> None:
        if not self.file.endswith(".csv") or "/" in self.file or "\\" in self.file:
            raise ValueError("file is the name of a CSV file in the folder, such as orders.csv")

    @property
    def place(self) -> TablePlace:
        """The file as the core knows it: a table whose rows differ in their line."""
        return TablePlace(table=self.file, order_by=(LINE,))

    @property
    def table(self) -> str:
        """The name under which the source describes the file."""
        return self.file


class CsvFolder:
    """A source of kind `csv_folder`."""

    dataset_part = CsvFile
    link_part = CsvFile

    def __init__(self, name: str, source: Source, folder: Path) -> None:
        self._name = name
        self._folder = folder / source.url

    def describe(self) -> SourceDescription:
        """Every file as a table, with the columns of its header."""
        unique = (frozenset({LINE}),)
        with self.snapshot() as snapshot:
            tables = [Table(name, (LINE, *held.header), unique) for name, held in snapshot.files.items()]
        return SourceDescription(tuple(tables))

    @contextmanager
    def snapshot(self) -> Iterator["CsvSnapshot"]:
        """The files as long as they are now: what is appended later is not read."""
        with ExitStack() as stack:
            try:
                names = sorted(path.name for path in self._folder.iterdir() if path.suffix == ".csv")
                files = {n: _File(stack.enter_context((self._folder / n).open("rb"))) for n in names}
            except (OSError, UnicodeDecodeError) as error:
                raise SourceUnreadableError(
                    f"source {self._name!r} could not be read: {type(error).__name__}; see whether its folder is there"
                ) from None
            yield CsvSnapshot(self._name, files)


class _File:
    """One open file, up to the size that it had at first."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = file.seek(0, 2)
        self.header = next(self._lines(), [])

    def rows(self) -> Iterator[Mapping[str, object]]:
        """The rows as cells by column; an empty cell is no value."""
        for number, cells in enumerate(islice(self._lines(), 1, None), start=1):
            yield {LINE: number, **{n: c or None for n, c in zip(self.header, cells, strict=True)}}

    def _lines(self) -> Iterator[list[str]]:
        self._file.seek(0)
        left = self._size

        # A row may span lines, so the reader asks for as many as it needs.
        def lines() -> Iterator[str]:
            nonlocal left
            while left > 0 and (line := self._file.readline(left)):
                left -= len(line)
                yield line.decode("utf-8")

        return csv.reader(lines(), strict=True)


class CsvSnapshot:
    """A snapshot; it has what every source has, and neither code tables nor plans."""

    def __init__(self, name: str, files: Mapping[str, _File]) -> None:
        self._name = name
        self.files = files

    def as_of(self) -> datetime | None:
        return None

    def chunks(self, selection: Selection) -> Iterator[Chunk]:
        """The rows of the selection, in the order of the file."""
        dataset = selection.dataset
        for index, key in enumerate(selection.dataset.subject_keys):
            found = (
                (*_owner(row, dataset), *(row[name] for name in dataset.columns))
                for row in self._rows(dataset.place.table, [key.column, *dataset.columns])
                if _is_found(row, key, selection, index)
            )
            yield from _chunks(found, index)

    def resolve(self, link: Link, keys: Collection[str], tenants: tuple[str | int, ...]) -> Iterator[LinkRow]:
        """The rows of the link's file whose given identifier folds to one of the keys."""
        for row in self._rows(link.at.table, link.columns):
            mine = link.tenant_column is None or row[link.tenant_column] in {*map(str, tenants)}
            held = tuple(row[name] for name in link.where)
            found = mine and folded(row[link.given_column], link.comparison) in keys
            if found and all(map(equals_constant, held, link.where.values())):
                yield LinkRow(row[link.given_column], row[link.leads_to_column], held=held)

    def _rows(self, name: str, columns: Collection[str]) -> Iterator[Mapping[str, object]]:
        file = self.files.get(name)
        missing = [c for c in columns if file is not None and c not in {LINE, *file.header}]
        if file is None or missing:
            what = f"no file {name!r}" if file is None else f"no column {missing[0]!r} in {name!r}"
            raise RegisterError(
                f"source {self._name!r} has {what}; correct its file, then run dsar-export check"
            )
        try:
            yield from file.rows()
        except (OSError, ValueError, csv.Error) as error:  # not its text: it may quote a cell
            raise SourceUnreadableError(
                f"source {self._name!r} could not be read: {name!r} is not CSV in UTF-8 ({type(error).__name__})"
            ) from None


def _chunks(rows: Iterator[tuple[object, ...]], index: int) -> Iterator[Chunk]:
    """Rows within the bounds of a chunk."""
    held: list[tuple[object, ...]] = []
    size = 0
    for row in rows:
        more = sum(len(str(cell).encode()) for cell in row)
        if held and (len(held) == CHUNK_ROWS or size + more > CHUNK_BYTES):
            yield Chunk(held, index)
            held, size = [], 0
        held.append(row)
        size += more
    if held:
        yield Chunk(held, index)


def _owner(row: Mapping[str, object], dataset: Dataset) -> Iterator[object]:
    """The cells of every subject key: key, tenant, and what must hold constants."""
    for key in dataset.subject_keys:
        yield row[key.column]
        yield None if key.tenant_column is None else row[key.tenant_column]
        yield from (row[name] for name in key.where)


def _is_found(row: Mapping[str, object], key: SubjectKey, selection: Selection, index: int) -> bool:
    """Whether a row is the subject's by one key, and of the company or of none that is known."""
    if folded(row[key.column], key.comparison) not in selection.keys[index]:
        return False
    if not all(equals_constant(row[name], constant) for name, constant in key.where.items()):
        return False
    if key.tenant_column is None:
        return True
    tenant = row[key.tenant_column]
    others = selection.other_tenants
    return tenant in {*map(str, selection.tenants)} or (
        others is not None and tenant not in {*map(str, others)}
    )
