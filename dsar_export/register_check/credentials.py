"""Names in a dataset that look like credentials, and the exceptions that its file makes."""

import re
from collections.abc import Iterator
from typing import Final

from dsar_export.model.credential import looks_like_credential
from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.innocent import Innocents
from dsar_export.model.json_pointer import pointer_steps
from dsar_export.model.key_values import key_columns, names_values
from dsar_export.model.register import Register
from dsar_export.model.schema import FieldKind
from dsar_export.model.source import Table
from dsar_export.register.hints import location
from dsar_export.register_check.names import unknown

_TEXTS: Final = frozenset({FieldKind.TEXT, FieldKind.PHONE})


def credential_findings(register: Register, dataset: Dataset) -> Iterator[Finding]:
    """Names under which a credential would get into a record; entries of `innocent` and `key_values` without effect."""
    where, innocents = location(register, dataset), Innocents(dataset.innocent)
    for key, path in _record_names(dataset):
        if looks_like_credential(path[-1]) and not innocents.at(path):
            yield Finding(
                where,
                key,
                f"column {path[-1]!r} looks like a credential; list it under left_out as withheld, "
                "or under innocent with the reason why it is not one",
            )
    yield from _innocents(register, dataset)
    mapped = {f.column for f in dataset.fields.values() if f.column is not None}
    yield from unknown(where, "key_values", dataset.key_values, mapped, "column of a field")
    yield from _histories_without_keys(where, dataset)


def _record_names(dataset: Dataset) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every name under which a cell gets into a record: the register's key that names it, and its path, name last."""
    for name, mapping in dataset.fields.items():
        yield from ((f"fields.{name}.column", (column,)) for column in mapping.columns)
        path = (mapping.column or "", *pointer_steps(mapping.path or ""))
        yield from ((f"fields.{name}.path", path[:end]) for end in range(2, len(path) + 1))
        if mapping.codes_from is not None:
            yield f"fields.{name}.codes_from.meaning", (mapping.codes_from.meaning,)
    for index, history in enumerate(dataset.place.history):
        yield from ((f"history.{index}.columns", (column,)) for column in history.columns.values())
    yield from (("query", (word,)) for word in sorted(set(re.findall(r"\w+", dataset.place.query or ""))))


def _innocents(register: Register, dataset: Dataset) -> Iterator[Finding]:
    where, kinds = location(register, dataset), _kinds(register, dataset)
    whole = {path[0] for _, path in _record_names(dataset) if len(path) == 1}
    members = {path[-1] for _, path in _record_names(dataset)}
    # Any JSON column may have a member of that name. Whether text holds JSON is unknown: there, a path is needed.
    anywhere = any(FieldKind.STRUCTURE in read for read in kinds.values()) or bool(key_columns(dataset))
    for name, reason in dataset.innocent.items():
        at, (column, slash, _) = f"innocent.{name}", name.partition("/")
        if not reason.strip():
            yield Finding(where, at, "the reason is empty; write why this is not a credential")
        if not slash and not anywhere:
            yield from unknown(where, at, [column], whole | members, "column (the dataset has no JSON)")
        if slash and column not in kinds:
            yield from unknown(where, at, [column], kinds, "column of a field")
        elif slash and not kinds[column] & {FieldKind.STRUCTURE, *_TEXTS}:
            yield Finding(
                where,
                at,
                f"column {column!r} is read as {', '.join(sorted(kinds[column]))}, not as JSON; drop it",
            )


def _kinds(register: Register, dataset: Dataset) -> dict[str, set[FieldKind]]:
    """The mapped columns, each with the kinds of field that it is read as."""
    kinds = {f.name: f.kind for f in register.schema_of(dataset).fields}
    found: dict[str, set[FieldKind]] = {}
    for name, mapping in dataset.fields.items():
        if mapping.column is not None and name in kinds:
            found.setdefault(mapping.column, set()).add(kinds[name])
    return found


def _histories_without_keys(where: str, dataset: Dataset) -> Iterator[Finding]:
    """History tables that have a column of values, but none of the columns that name the values."""
    for index, history in enumerate(dataset.place.history):
        for value, keys in key_columns(dataset).items():
            if (
                history.column(value) is not None
                and keys
                and all(history.column(key) is None for key in keys)
            ):
                yield Finding(
                    where,
                    f"history.{index}.columns",
                    f"{history.table!r} has {value!r} but not {keys[0]!r}, so secrets in it would go unnoticed: "
                    f'name both columns, or neither ({value} = "")',
                )


def unread_keys(where: str, dataset: Dataset, table: Table) -> Iterator[Finding]:
    """Columns of values that are exported although the column that names the values is not read.

    Without the names, secrets among the values would go unnoticed.
    """
    known = {*key_columns(dataset), *dataset.key_values}
    for value in dict.fromkeys(f.column for f in dataset.fields.values() if f.column is not None):
        keys = [column for column in table.columns if names_values(column, value)]
        if keys and value not in known:
            yield Finding(
                where,
                "key_values",
                f"column {keys[0]!r} names the values in {value!r} but is not read, so secrets would go unnoticed: "
                f'map it to a field, or write {value} = "{keys[0]}" here to read it without exporting it, or '
                f'{value} = "" if it does not name them',
            )
