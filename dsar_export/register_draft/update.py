"""What a database has that its register does not mention, added to the register's files; all else stays as it is."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import tomlkit
from tomlkit.exceptions import ParseError
from tomlkit.items import InlineTable, Item

from dsar_export.errors import NotWritableError, RegisterError, why_unreadable
from dsar_export.register_draft.columns import UNDECIDED
from dsar_export.register_draft.credentials import is_credential, withheld_line
from dsar_export.register_draft.fitting import Edited, fitting
from dsar_export.register_draft.shape import DraftedDataset, DraftedRegister, Line, Toml
from dsar_export.register_draft.write import dataset_text

NEW: Final = "It is new, and it was not decided yet whether it is your data."


@dataclass(frozen=True)
class Additions:
    """What was added: tables with a dataset of their own, tables left undecided, and columns as `table.column`."""

    datasets: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class New:
    """What one source has and its register does not mention: tables, and columns by the dataset that reads them."""

    source: str
    tables: tuple[str, ...]
    columns: tuple[tuple[str, str, str], ...]
    """Dataset, table and column."""


def add_new(folder: Path, new: New, draft: DraftedRegister | None, edited: Edited) -> Additions:
    """Adds what is new: a dataset where `draft` has one by a declared key, and else an entry of `left_out`.

    New columns are always left out as undecided, credentials as withheld. Raises RegisterError and NotWritableError.
    """
    with_dataset: list[DraftedDataset] = []
    for table in () if draft is None else new.tables:
        names = edited.names | {d.name for d in with_dataset}
        fitted = None if draft is None else fitting(draft, table, replace(edited, names=names))
        with_dataset += [] if fitted is None else [fitted]
    own = {} if draft is None else {line.key: line for line in draft.left_out}
    others = [table for table in new.tables if table not in {d.table for d in with_dataset}]
    for dataset, lines in _by_dataset(new.columns).items():
        _add_columns(folder / "datasets" / f"{dataset}.toml", lines)
    if with_dataset or others:
        _add_tables(
            folder / "register.toml", new.source, with_dataset, [own.get(t, _undecided(t)) for t in others]
        )
    for each in with_dataset:
        _write(folder / "datasets" / f"{each.name}.toml", dataset_text(each))
    return Additions(
        tuple(d.table for d in with_dataset),
        tuple(others),
        tuple(dict.fromkeys(f"{table}.{column}" for _, table, column in new.columns)),
    )


def _by_dataset(columns: Iterable[tuple[str, str, str]]) -> Mapping[str, Sequence[Line]]:
    found: dict[str, list[Line]] = {}
    for dataset, table, column in columns:
        line = withheld_line(column) if is_credential(table, column) else _undecided(column)
        found.setdefault(dataset, []).append(line)
    return found


def _undecided(name: str) -> Line:
    value: Toml = {"reason": UNDECIDED, "note": NEW}
    return Line(name, value)


def _add_columns(path: Path, lines: Sequence[Line]) -> None:
    document = _read(path)
    left_out = _table(document, "left_out")
    for line in lines:
        _set(left_out, line)
    _write(path, tomlkit.dumps(document))


def _add_tables(
    path: Path, source: str, datasets: Sequence[DraftedDataset], left_out: Sequence[Line]
) -> None:
    document = _read(path)
    listed: Any = document["datasets"]
    for dataset in datasets:
        listed.append(dataset.name)
    if left_out:
        sources: Any = document["sources"]
        target = _table(sources[source], "left_out")
        for line in left_out:
            _set(target, line)
    _write(path, tomlkit.dumps(document))


def _table(parent: Any, key: str) -> Any:
    """A table of a file, a new one at its end if it is missing; dotted and inline tables stay what they are."""
    if key not in parent:
        parent[key] = tomlkit.inline_table() if isinstance(parent, InlineTable) else tomlkit.table()
    return parent[key]


def _set(table: Any, line: Line) -> None:
    value: Item = tomlkit.item(line.value)
    if isinstance(line.value, Mapping):
        value = tomlkit.inline_table()
        for key, each in line.value.items():
            value[key] = each
    if line.remark is not None and not isinstance(table, InlineTable):
        value.comment(line.remark)
    table[line.key] = value


def _read(path: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(path.read_bytes().decode())
    except (OSError, UnicodeDecodeError) as error:
        raise RegisterError(f"{path}: can't be read ({why_unreadable(error)})") from None
    except ParseError as error:
        raise RegisterError(f"{path}: not TOML: line {error.line}") from None


def _write(path: Path, text: str) -> None:
    """Replaces a file at once, so that a crash leaves the old one or the new one."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(text.encode())
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise NotWritableError(f"{path}: can't be written ({why_unreadable(error)})") from None
