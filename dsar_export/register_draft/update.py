"""What a database has that its register does not mention, added to the register's files; all else stays as it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import tomlkit
from tomlkit.exceptions import ParseError
from tomlkit.items import InlineTable, Item

from dsar_export.errors import NotWritableError, RegisterError, why_unreadable
from dsar_export.register_draft.columns import UNDECIDED, credential_line
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


def add_new(folder: Path, new: New, draft: DraftedRegister | None) -> Additions:
    """Adds what is new: a dataset where `draft` has one by a declared key, and else an entry of `left_out`.

    New columns are always left out as undecided, credentials as withheld. Raises RegisterError and NotWritableError.
    """
    drafted = {d.table: d for d in draft.datasets if not _is_guess(d)} if draft is not None else {}
    own = {line.key: line for line in draft.left_out} if draft is not None else {}
    with_dataset = [drafted[table] for table in new.tables if table in drafted]
    others = [table for table in new.tables if table not in drafted]
    for dataset, table_columns in _by_dataset(new.columns).items():
        _add_columns(folder / "datasets" / f"{dataset}.toml", table_columns)
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


def _is_guess(dataset: DraftedDataset) -> bool:
    return any(line.key == "subject_keys" and line.remark is not None for line in dataset.head)


def _by_dataset(columns: Iterable[tuple[str, str, str]]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for dataset, _, column in columns:
        found.setdefault(dataset, []).append(column)
    return found


def _undecided(name: str) -> Line:
    value: Toml = {"reason": UNDECIDED, "note": NEW}
    return Line(name, value)


def _add_columns(path: Path, columns: Sequence[str]) -> None:
    document = _read(path)
    left_out = _table(document, "left_out")
    for column in columns:
        _set(left_out, credential_line(column) or _undecided(column))
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
        return tomlkit.parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise RegisterError(f"{path}: can't be read ({why_unreadable(error)})") from None
    except ParseError as error:
        raise RegisterError(f"{path}: not TOML: line {error.line}") from None


def _write(path: Path, text: str) -> None:
    """Replaces a file at once, so that a crash leaves the old one or the new one."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise NotWritableError(f"{path}: can't be written ({why_unreadable(error)})") from None
