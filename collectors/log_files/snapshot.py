"""The files of a folder as long as they were at one moment."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from collectors.log_files.faults import BrokenLineError
from collectors.log_files.listing import LogFile
from collectors.log_files.needles import Needles
from collectors.log_files.parts import OWN_COLUMNS, LogLines
from collectors.log_files.reading import Reading
from collectors.log_files.rows import Owners, Pending, companies, link_row, needles_for, row_of
from collectors.log_files.samples import Samples
from dsar_export.errors import RegisterError
from dsar_export.folding import Fold
from dsar_export.model.dataset import Dataset
from dsar_export.model.link import Link
from dsar_export.model.place import At, LinkAt
from dsar_export.model.source import Chunk, LinkRow, Probe, Searched, Selection

_AS_IT_IS = Probe(without_index=False)


class LogSnapshot:
    """What is appended to a file later is not read, nor are files that come later."""

    def __init__(self, name: str, root: int, files: Sequence[LogFile]) -> None:
        self._name, self._root, self._files = name, root, files
        self._samples = Samples(root, files)
        self._searched: dict[str, Searched] = {}

    def as_of(self) -> datetime | None:
        return None

    def probe(self, selection: Selection) -> Probe:
        """RegisterError if no line has a column that the dataset reads."""
        dataset = selection.dataset
        self._require(dataset.at, f"dataset {dataset.name!r}", _columns(dataset))
        return _AS_IT_IS

    def probe_link(self, link: Link, tenants: tuple[str | int, ...]) -> Probe:  # noqa: ARG002 - the contract's
        """RegisterError if no line has a column that the link reads."""
        self._require(link.at, f"link from {link.given!r} to {link.leads_to!r}", link.columns)
        return _AS_IT_IS

    def chunks(self, selection: Selection) -> Iterator[Chunk]:
        """The lines of the selection in one pass, in the order of files and lines."""
        dataset, owners = selection.dataset, Owners(selection)
        self._searched.pop(dataset.name, None)
        if not any(selection.keys):
            return
        part, columns, found_by = _part(dataset.at), _columns(dataset), Needles()
        for key, keys in zip(dataset.subject_keys, selection.keys, strict=True):
            found_by = found_by.joined(needles_for(part, keys, key.comparison, key.column))
        reading = Reading(self._root, self._files, part)
        pending = [Pending(index) for index in range(len(dataset.subject_keys))]
        for file, line in reading.lines(columns, found_by):
            try:
                row = row_of(file, line, columns)
            except BrokenLineError:
                reading.unattributed += not line.text or found_by.named_in(line.text)
                continue
            cells, found = None, False
            for index in owners.found_by(row):
                cells, found = cells or owners.cells(row), True
                yield from pending[index].add(cells)
            if not found and owners.names_nobody(row):
                reading.unattributed += found_by.named_in(line.text)
        for each in pending:
            yield from each.rest()
        self._searched[dataset.name] = reading.searched

    def searched(self, selection: Selection) -> Searched:
        """What the last complete reading of the dataset went through."""
        return self._searched.get(selection.dataset.name, Searched())

    def resolve(self, link: Link, keys: Collection[str], tenants: tuple[str | int, ...]) -> Iterator[LinkRow]:
        """The different rows of the link whose given identifier folds to one of the keys."""
        self.probe_link(link, tenants)
        if not keys:
            return
        part, fold, ours = _part(link.at), Fold(link.comparison), companies(tenants)
        reading = Reading(self._root, self._files, part)
        returned = set[str]()
        for file, line in reading.lines(
            link.columns, needles_for(part, keys, link.comparison, link.given_column)
        ):
            try:
                row = row_of(file, line, link.columns)
            except BrokenLineError:
                continue
            found = link_row(row, link, keys, ours, fold)
            if found is not None and repr(found) not in returned:
                returned.add(repr(found))
                yield found

    def _require(self, at: At | LinkAt, what: str, columns: Collection[str]) -> None:
        part = _part(at)
        missing = self._samples.missing(part, [c for c in columns if c not in OWN_COLUMNS])
        if missing is not None:
            raise RegisterError(
                f"{what}: no line of {part.files!r} in source {self._name!r} has {missing!r}; correct the column, "
                "or name it in optional"
            )


def _columns(dataset: Dataset) -> Sequence[str]:
    """Every column that a dataset reads of a line, each once."""
    found = list[str]()
    for key in dataset.subject_keys:
        if key.through:
            raise RegisterError(
                f"datasets/{dataset.name}.toml: subject_keys: a log file has no other table, so drop through"
            )
        optional = (key.tenant_column, key.region_column)
        found += [key.column, *(c for c in optional if c is not None), *key.where]
    return [c for c in dict.fromkeys([*found, *dataset.columns]) if c not in OWN_COLUMNS]


def _part(at: At | LinkAt) -> LogLines:
    if not isinstance(at, LogLines):
        raise TypeError("the parts of a source of log files are LogLines")
    return at
