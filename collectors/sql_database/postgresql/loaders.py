"""How cells arrive: as text, because a Python value would lose something, except where it loses nothing."""

import re
from typing import Final

import psycopg
from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import RecursiveLoader
from psycopg.types import TypeInfo
from psycopg.types.array import ArrayLoader
from psycopg.types.string import TextLoader

_NATIVE: Final = frozenset({"bool", "int2", "int4", "int8", "oid", "float4", "float8", "bytea"})
_TEXTS: Final = psycopg.adapters.types["text"].array_oid
OWN_ARRAYS: Final = """SELECT t.typname::text, t.oid::int8, t.typarray::int8, t.typdelim::text
FROM pg_catalog.pg_type t WHERE t.typarray <> 0 AND t.oid >= 16384"""
"""The types of the database itself that arrays exist of: name, number, number of the array, delimiter."""

_TIMES: Final = frozenset({"timestamp", "timestamptz"})
_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(\+00)?", re.ASCII)


def load_as_text(raw: "psycopg.Connection[tuple[object, ...]]", _: object) -> None:
    """Loads cells as text: a Python value would lose digits of JSON numbers, infinity or years before 1."""
    for info in psycopg.adapters.types:
        if info.name not in _NATIVE:
            raw.adapters.register_loader(info.oid, _CharLoader if info.name == "bpchar" else TextLoader)
        if info.array_oid:
            is_json = info.name in {"json", "jsonb"}
            raw.adapters.register_loader(info.array_oid, _JsonArrayLoader if is_json else _ListLoader)


def load_arrays_of(raw: "psycopg.Connection[tuple[object, ...]]", info: TypeInfo) -> None:
    """Loads arrays of a type that the database itself defines, such as an enum."""
    raw.adapters.types.add(info)
    raw.adapters.register_loader(info.array_oid, _ListLoader)


class _CharLoader(TextLoader):
    """Loads a `CHAR(n)` without the blanks that the server adds to it and ignores in comparisons."""

    def load(self, data: Buffer) -> bytes | str:
        text = super().load(data)
        return text.rstrip(" ") if isinstance(text, str) else text.rstrip(b" ")


class _ListLoader(RecursiveLoader):
    """Loads an array as a list, and one whose bounds do not begin at 1 as its text: a list has no bounds.

    Times are in the form of ISO 8601, as JSON Schema wants them.
    """

    def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
        super().__init__(oid, context)
        info = self._tx.adapters.types[oid]
        self._members = _members_of(info)(oid, context)
        self._are_times = info.name in _TIMES

    def load(self, data: Buffer) -> object:
        if bytes(data[:1]) == b"[":
            return bytes(data).decode("utf-8", "surrogateescape")
        members = self._members.load(data)
        return _iso_8601(members) if self._are_times else members


class _JsonArrayLoader(RecursiveLoader):
    """Loads an array of JSON as JSON. In a list of texts, its members could not be distinguished from other texts."""

    def load(self, data: Buffer) -> str:
        return _as_json(self._tx.get_loader(_TEXTS, self.format).load(data))


def _members_of(info: TypeInfo) -> type[ArrayLoader]:
    class Members(ArrayLoader):
        base_oid = info.oid
        delimiter = info.delimiter.encode()

    return Members


def _as_json(members: object) -> str:
    if isinstance(members, list):
        return f"[{', '.join(map(_as_json, members))}]"
    return "null" if members is None else str(members)


def _iso_8601(members: object) -> object:
    """The times of an array; others, such as infinity or a year before 1, stay as the server writes them."""
    if isinstance(members, list):
        return [_iso_8601(member) for member in members]
    found = _TIME.fullmatch(members) if isinstance(members, str) else None
    return members if found is None else f"{found[1]}T{found[2]}{'Z' if found[3] else ''}"
