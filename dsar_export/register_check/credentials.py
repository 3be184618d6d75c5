"""What a dataset maps and is called like a credential, and what its file allows of it."""

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
    """Names under which a credential would get into a record, and what of `innocent` and `key_values` leads nowhere."""
    where, innocents = location(register, dataset), Innocents(dataset.innocent)
    for key, path in _told(dataset):
        if looks_like_credential(path[-1]) and not innocents.at(path):
            yield Finding(
                where,
                key,
                f"column {path[-1]!r} looks like a credential; list it under left_out as withheld, "
                "or under innocent with the reason why it is none",
            )
    yield from _innocents(register, dataset)
    mapped = {f.column for f in dataset.fields.values() if f.column is not None}
    yield from unknown(where, "key_values", dataset.key_values, mapped, "column of a field")
    yield from _histories_without_keys(where, dataset)


def _told(dataset: Dataset) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every name under which a cell gets into a record, as the last step of its path, with the key that says so."""
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
    whole = {path[0] for _, path in _told(dataset) if len(path) == 1}
    members = {path[-1] for _, path in _told(dataset)}
    # A member of that name may be in any JSON, but of text nobody knows that it is JSON: there, a path says so.
    anywhere = any(FieldKind.STRUCTURE in held for held in kinds.values()) or bool(key_columns(dataset))
    for name, reason in dataset.innocent.items():
        at, (column, slash, _) = f"innocent.{name}", name.partition("/")
        if not reason.strip():
            yield Finding(where, at, "has no reason; say what it is")
        if not slash and not anywhere:
            yield from unknown(where, at, [column], whole | members, "column, in a dataset without JSON,")
        if slash and column not in kinds:
            yield from unknown(where, at, [column], kinds, "column of a field")
        elif slash and not kinds[column] & {FieldKind.STRUCTURE, *_TEXTS}:
            yield Finding(
                where, at, f"column {column!r} is read as {', '.join(sorted(kinds[column]))}, not as JSON"
            )


def _kinds(register: Register, dataset: Dataset) -> dict[str, set[FieldKind]]:
    """The columns of the fields, each with what it is read as."""
    kinds = {f.name: f.kind for f in register.schemas[dataset.schema].fields}
    found: dict[str, set[FieldKind]] = {}
    for name, mapping in dataset.fields.items():
        if mapping.column is not None and name in kinds:
            found.setdefault(mapping.column, set()).add(kinds[name])
    return found


def _histories_without_keys(where: str, dataset: Dataset) -> Iterator[Finding]:
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
                    f"without {keys[0]!r} nobody would see that {value!r} holds a secret: "
                    f'{history.table!r} needs a column of both, or of neither ({value} = "")',
                )


def unread_keys(where: str, dataset: Dataset, table: Table) -> Iterator[Finding]:
    """Values that are copied without what they are called being read: nobody would see that one is a secret."""
    known = {*key_columns(dataset), *dataset.key_values}
    for value in dict.fromkeys(f.column for f in dataset.fields.values() if f.column is not None):
        keys = [column for column in table.columns if names_values(column, value)]
        if keys and value not in known:
            yield Finding(
                where,
                "key_values",
                f"column {keys[0]!r} says what {value!r} holds, and is not read, so that secrets would go unseen: map "
                f'it to a field, or write {value} = "{keys[0]}" here to have it read and not copied, or '
                f'{value} = "" if it says no such thing',
            )
