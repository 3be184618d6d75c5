"""Rows of an API as cells of columns, and as chunks."""

from collections.abc import Iterator, Mapping, Sequence

from collectors.http_api.answers import ABSENT, as_json, member
from collectors.http_api.parts import KEY
from dsar_export.folding import Fold, equals_constant, folded
from dsar_export.model.comparison import Comparison
from dsar_export.model.dataset import Dataset
from dsar_export.model.source import CHUNK_BYTES, CHUNK_ROWS, Chunk, Selection

Tree = Mapping[str, "Tree | None"]
"""The members that the register names; None for one that is taken whole."""


def tree_of(columns: Sequence[str]) -> Tree:
    """Columns such as `customer.email` as a tree of names."""
    made: dict[str, Tree | None] = {}
    heads = dict.fromkeys(name.partition(".")[0] for name in columns)
    for head in heads:
        below = [name.partition(".")[2] for name in columns if name.startswith(f"{head}.")]
        made[head] = tree_of(below) if below else None
    return made


def has_unnamed(row: Mapping[str, object], tree: Tree) -> bool:
    """Whether a row has a member that the register does not name."""
    for name, value in row.items():
        if name not in tree:
            return True
        below = tree[name]
        if below is not None and value is not None:
            if not isinstance(value, dict):  # a text where an object was: nothing of it is read
                return True
            if has_unnamed(value, below):
                return True
    return False


def cell(row: Mapping[str, object], column: str, key: object = None) -> object:
    """A cell: objects and lists as JSON; `key` is the identifier that `find` read."""
    if column == KEY:
        return key
    value = row[column] if column in row else member(row, column)
    if isinstance(value, dict | list):
        return as_json(value)
    return None if value is ABSENT else value


def owner_cells(row: Mapping[str, object], dataset: Dataset, key: object) -> Iterator[object]:
    """The cells of every subject key: key, tenant, and what must hold constants."""
    for each in dataset.subject_keys:
        yield cell(row, each.column, key)
        yield None if each.tenant_column is None else cell(row, each.tenant_column, key)
        yield from (cell(row, name, key) for name in each.where)


def is_theirs(
    row: Mapping[str, object], key: object, selection: Selection, index: int, fold: Fold
) -> bool | None:
    """Whether a row is the subject's by one key; None if it is another company's, which nobody asked for."""
    subject_key = selection.dataset.subject_keys[index]
    if fold(cell(row, subject_key.column, key)) not in selection.keys[index]:
        return False
    if not all(equals_constant(cell(row, name, key), held) for name, held in subject_key.where.items()):
        return None
    if subject_key.tenant_column is None:
        return True
    tenant = _company(cell(row, subject_key.tenant_column, key))
    if tenant in {*map(_company, selection.tenants)}:
        return True
    others = selection.other_tenants
    return True if others is not None and tenant not in {*map(_company, others)} else None


def chunks_of(rows: Iterator[tuple[object, ...]], index: int) -> Iterator[Chunk]:
    """Rows within the bounds of a chunk."""
    held: list[tuple[object, ...]] = []
    size = 0
    for row in rows:
        more = sum(_size(each) for each in row)
        if held and (len(held) == CHUNK_ROWS or size + more > CHUNK_BYTES):
            yield Chunk(held, index)
            held, size = [], 0
        held.append(row)
        size += more
    if held:
        yield Chunk(held, index)


def _size(value: object) -> int:
    """At least the bytes of a cell."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode("utf-8", "surrogatepass"))
    return 32


def _company(tenant: object) -> str:
    return folded(tenant, Comparison())
