"""Lines -> rows of a selection or link, each judged by its own cells."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from collectors.log_files.faults import BrokenLineError
from collectors.log_files.lines import Line
from collectors.log_files.needles import Escapes, Needles, needles
from collectors.log_files.parts import FILE, LINE, LogLines
from dsar_export.folding import NOBODY, REGION_END, Fold, as_text, equals_constant, folded
from dsar_export.model.comparison import Comparison
from dsar_export.model.link import Link
from dsar_export.model.source import CHUNK_BYTES, CHUNK_ROWS, Chunk, LinkRow, Selection
from dsar_export.model.subject_key import SubjectKey

_PERCENT = "request."
_WIDTH_OF_NUMBER = 16

Row = Mapping[str, object]


def row_of(file: int, line: Line, columns: Sequence[str]) -> Row:
    """The cells of a line by column; BrokenLineError."""
    if not line.text:
        raise BrokenLineError
    return {**dict(zip(columns, line.cells(line.text), strict=True)), FILE: file, LINE: line.number}


def needles_for(part: LogLines, keys: Collection[str], comparison: Comparison, column: str) -> Needles:
    """What finds the lines in which a column holds one of the keys."""
    return needles(keys, comparison, Escapes(part.format, column.startswith(_PERCENT)))


@dataclass
class Owners:
    """Judges whose a line is, by each subject key of a selection."""

    selection: Selection
    folds: Mapping[Comparison, Fold] = field(init=False)

    def __post_init__(self) -> None:
        keys = self.selection.dataset.subject_keys
        self.folds = {key.comparison: Fold(key.comparison) for key in keys}
        self._tenants = frozenset(map(_company, self.selection.tenants))
        others = self.selection.other_tenants
        self._others = None if others is None else frozenset(map(_company, others))

    def found_by(self, row: Row) -> Iterator[int]:
        """The keys by which a row is the subject's, of the company or of none that is known."""
        for index, key in enumerate(self.selection.dataset.subject_keys):
            if self._owned(row, key, self.selection.keys[index]):
                yield index

    def names_nobody(self, row: Row) -> bool:
        """Whether no key of a row holds anything that identifies somebody."""
        keys = self.selection.dataset.subject_keys
        return all(self.folds[k.comparison](cell_of(row, k.column, k.region_column)) == NOBODY for k in keys)

    def cells(self, row: Row) -> tuple[object, ...]:
        """A row as a chunk has it."""
        dataset = self.selection.dataset
        owner = list[object]()
        for key in dataset.subject_keys:
            tenant = None if key.tenant_column is None else row[key.tenant_column]
            owner += [cell_of(row, key.column, key.region_column), tenant, *(row[name] for name in key.where)]
        return (*owner, *(row[name] for name in dataset.columns))

    def _owned(self, row: Row, key: SubjectKey, keys: Sequence[str]) -> bool:
        if self.folds[key.comparison](cell_of(row, key.column, key.region_column)) not in keys:
            return False
        if not all(equals_constant(row[name], constant) for name, constant in key.where.items()):
            return False
        if key.tenant_column is None:
            return True
        stored = row[key.tenant_column]
        named = None if stored is None else _company(stored)
        return named in self._tenants or (self._others is not None and named not in self._others)


def cell_of(row: Row, column: str, region_column: str | None) -> object:
    """The cell of a key; a telephone number with its own region in front."""
    cell = row[column]
    region = None if region_column is None else row[region_column]
    return cell if region is None or cell is None else f"{as_text(region)}{REGION_END}{as_text(cell)}"


def link_row(
    row: Row, link: Link, keys: Collection[str], tenants: Collection[str], fold: Fold
) -> LinkRow | None:
    """The identifiers of a line, if it holds one of the keys."""
    if fold(cell_of(row, link.given_column, link.region_column)) not in keys:
        return None
    held = tuple(row[name] for name in link.where)
    if not all(map(equals_constant, held, link.where.values())):
        return None
    if link.tenant_column is not None:
        stored = row[link.tenant_column]
        if stored is None or _company(stored) not in tenants:
            return None
    since = None if link.valid is None or link.valid.since is None else row[link.valid.since]
    until = None if link.valid is None or link.valid.until is None else row[link.valid.until]
    return LinkRow(
        cell_of(row, link.given_column, link.region_column), row[link.leads_to_column], since, until, held
    )


def companies(tenants: Sequence[str | int]) -> frozenset[str]:
    """Companies as they are compared."""
    return frozenset(map(_company, tenants))


@dataclass
class Pending:
    """The rows that one subject key found, until they fill a chunk."""

    index: int
    rows: list[tuple[object, ...]] = field(default_factory=list)
    size: int = 0

    def add(self, row: tuple[object, ...]) -> Iterator[Chunk]:
        """The chunk that this row does not fit into any more, if any."""
        more = sum(map(_size, row))
        if self.rows and (len(self.rows) == CHUNK_ROWS or self.size + more > CHUNK_BYTES):
            yield from self.rest()
        self.rows.append(row)
        self.size += more

    def rest(self) -> Iterator[Chunk]:
        """What is left."""
        if self.rows:
            yield Chunk(self.rows, self.index)
        self.rows, self.size = [], 0


def _size(cell: object) -> int:
    return len(cell.encode("utf-8", "surrogatepass")) if isinstance(cell, str) else _WIDTH_OF_NUMBER


def _company(tenant: object) -> str:
    return folded(tenant, Comparison()) or as_text(tenant)
