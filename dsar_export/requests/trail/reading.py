"""Reads the trail in the order of its numbers, in one snapshot and a few rows at a time."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    Row,
    Select,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
    true,
)

from dsar_export.requests.trail.chain import BEGINNING, Mark, Purpose, Sealed, canonical, link, same
from dsar_export.requests.trail.faults import Fault, FaultFoundError
from dsar_export.requests.trail.table import CHECKPOINT, TRAIL

_ROWS: Final = 500  # at most in memory
_COLUMNS: Final = tuple(TRAIL.columns)
_CHECKPOINT: Final = (CHECKPOINT.c.number, CHECKPOINT.c.mac, CHECKPOINT.c.seal)
_TEXTS: Final = ("actor", "action", "reference", "controller", "reason_code")


@dataclass(frozen=True)
class Entry:
    """An entry as it is stored, whatever somebody may have made of it."""

    number: int
    values: Mapping[str, object]
    mac: str

    def follows(self, key: bytes, before: Mark) -> bool:
        """Whether it is what was appended after that mark."""
        return same(self.mac, link(key, before.mac, canonical(self.as_json())))

    def as_json(self) -> dict[str, object]:
        return {"number": self.number, **self.values}


@dataclass(frozen=True)
class OpenTrail:
    """A trail that is being read: the checkpoint where it begins, if it was pruned, and its entries."""

    checkpoint: Sealed | None
    entries: Iterator[Entry]

    @property
    def start(self) -> Mark:
        return self.checkpoint.mark if self.checkpoint else BEGINNING

    def checked(self, key: bytes) -> Iterator[tuple[Entry, Mark]]:
        """Each entry with the mark before it; raises FaultFoundError at the first that does not follow."""
        before = self.start
        if self.checkpoint and not self.checkpoint.holds(key, Purpose.CHECKPOINT):
            raise FaultFoundError(Fault.CHECKPOINT_FALSE, before.number)
        for entry in self.entries:
            if entry.number > before.number + 1:
                raise FaultFoundError(Fault.MISSING, before.number + 1)
            if not entry.follows(key, before):
                raise FaultFoundError(Fault.DOES_NOT_FOLLOW, entry.number)
            yield entry, before
            before = Mark(entry.number, entry.mac)


@contextmanager
def opened(connection: Connection) -> Iterator[OpenTrail]:
    """The whole trail.

    One statement reads checkpoint and entries, so that no pruning comes between.
    """
    columns = [
        _exact(c, connection.dialect.name).label(f"c{n}") for n, c in enumerate((*_COLUMNS, *_CHECKPOINT))
    ]
    statement = select(*columns).select_from(TRAIL.outerjoin(CHECKPOINT, true())).order_by(TRAIL.c.number)
    with connection.execute(statement.execution_options(yield_per=_ROWS)) as rows:
        first = next(rows, None)
        if first is None:
            yield OpenTrail(checkpoint(connection), iter(()))
        else:
            yield OpenTrail(_checkpoint(first[len(_COLUMNS) :]), map(_entry, chain([first], rows)))


def entries(
    connection: Connection, reference: str | None = None, action: str | None = None
) -> Iterator[Entry]:
    """All entries, or those about one request or with one action; `verify` says whether they are true."""
    columns = [_exact(column, connection.dialect.name) for column in _COLUMNS]
    statement = select(*columns).order_by(TRAIL.c.number)
    if reference is not None:
        statement = statement.where(TRAIL.c.reference == reference)
    if action is not None:
        statement = statement.where(TRAIL.c.action == action)
    with connection.execute(statement.execution_options(yield_per=_ROWS)) as rows:
        yield from map(_entry, rows)


def latest(
    connection: Connection, action: str | Collection[str], references: Collection[str]
) -> Mapping[str, Entry]:
    """The last entry with an action, or one of several, about each of several requests that has one."""
    actions = [action] if isinstance(action, str) else sorted(action)
    columns = [_exact(column, connection.dialect.name) for column in _COLUMNS]
    wanted = sorted(references)
    found: dict[str, Entry] = {}
    for start in range(0, len(wanted), _ROWS):
        some = (TRAIL.c.action.in_(actions), TRAIL.c.reference.in_(wanted[start : start + _ROWS]))
        for row in connection.execute(select(*columns).where(*some).order_by(TRAIL.c.number)):
            entry = _entry(row)
            found[str(entry.values["reference"])] = entry
    return found


def newest_moment(connection: Connection) -> int | None:
    """The latest moment of all entries, in microseconds since 1970; a clock that is behind it was set back."""
    latest = connection.scalar(select(func.max(TRAIL.c.at)))
    return latest if isinstance(latest, int) else None


def head(connection: Connection) -> Mark:
    """The last entry, or where the next one begins."""
    last = connection.execute(_last_entry(connection.dialect.name)).first()
    if last is not None:
        return Mark(last[0], _text(last[1]))
    pruned = checkpoint(connection)
    return pruned.mark if pruned else BEGINNING


def mac_of(connection: Connection, number: int) -> str | None:
    """The MAC of one entry, if it is there."""
    found = connection.execute(_mac(connection.dialect.name), {"wanted": number}).first()
    return None if found is None else _text(found[0])


@cache  # each command reads these several times
def _last_entry(dialect: str) -> Select[tuple[Any, Any]]:
    statement = select(_exact(TRAIL.c.number, dialect), _exact(TRAIL.c.mac, dialect))
    return statement.order_by(TRAIL.c.number.desc()).limit(1)


@cache
def _mac(dialect: str) -> Select[tuple[Any]]:
    return select(_exact(TRAIL.c.mac, dialect)).where(TRAIL.c.number == bindparam("wanted"))


def checkpoint(connection: Connection) -> Sealed | None:
    found = connection.execute(_only_checkpoint(connection.dialect.name)).first()
    return None if found is None else _checkpoint(found)


@cache
def _only_checkpoint(dialect: str) -> Select[tuple[Any, ...]]:
    return select(*(_exact(column, dialect) for column in _CHECKPOINT))


def _exact(column: Column[Any], dialect: str) -> ColumnElement[Any]:
    """The stored value, also where SQLite holds something that the column's type does not allow.

    Its driver fails on a text that is not UTF-8, and a text as bytes would look the same but be found by no query.
    """
    if dialect != "sqlite":
        return column
    kind = func.typeof(column)
    return case((kind == "blob", literal(-1)), (kind == "text", cast(column, LargeBinary)), else_=column)


def _checkpoint(row: Sequence[Any]) -> Sealed | None:
    number, mac, seal = row
    return None if number is None else Sealed.read(number, _value(mac), _value(seal))


def _entry(row: Row[Any]) -> Entry:
    stored = dict(zip((c.name for c in _COLUMNS), map(_value, row), strict=False))
    values = {
        "at": stored["at"],
        **{name: stored[name] for name in _TEXTS},
        "details": _details(stored["details"]),
    }
    return Entry(int(row[0]), values, _text(row[len(_COLUMNS) - 1]))


def _details(stored: object) -> object:
    """The details, or their text if it is not the canonical one; no entry was chained with a text there."""
    if not isinstance(stored, str):
        return None
    try:
        details = json.loads(stored)
        return details if canonical(details).decode() == stored else stored
    except (ValueError, RecursionError):
        return stored


def _value(stored: object) -> object:
    # A backslash is in no text of ours, so what is not UTF-8 becomes equal to none.
    return stored.decode("utf-8", "backslashreplace") if isinstance(stored, bytes) else stored


def _text(stored: object) -> str:
    return str(_value(stored))
