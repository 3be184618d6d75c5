"""Folders of logs, and what a register says of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from collectors.log_files import LogFiles
from collectors.log_files.parts import LogFormat, LogLines
from dsar_export.model.comparison import Match
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.register import Source
from dsar_export.model.source import Searched, Selection
from dsar_export.model.subject_key import SubjectKey

NDJSON: Final = LogLines(files="app*.log*", format=LogFormat.NDJSON)
Rows = Sequence[tuple[object, ...]]


def collector(folder: Path) -> LogFiles:
    return LogFiles("logs", Source(kind="log_files", url=folder.name, controllers=("acme",)), folder.parent)


def dataset(at: LogLines = NDJSON, column: str = "user.id", **changes: object) -> Dataset:
    """A dataset with one field, `what`, and the number of the line."""
    return Dataset(
        **{  # type: ignore[arg-type] # its own fields
            "name": "visits",
            "schema": "visits",
            "source": "logs",
            "at": at,
            "subject_keys": (SubjectKey(column=column, identifier="customer_id"),),
            "fields": {"line": FieldMapping(column="@line"), "what": FieldMapping(column="what")},
            "purposes": {"service": "A6-1-b"},
            "storage_period": "service",
            **changes,
        }
    )


def by(column: str, match: Match, **changes: object) -> tuple[SubjectKey, ...]:
    return (SubjectKey(**{"column": column, "identifier": "email", "match": match, **changes}),)  # type: ignore[arg-type] # its own fields


def objects(rows: Iterable[Mapping[str, object]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def visit(owner: object, what: object) -> Mapping[str, object]:
    return {"user": {"id": owner}, "what": what}


def read(folder: Path, selection: Selection) -> tuple[Rows, Searched]:
    """The rows of a selection, and what was gone through for them."""
    with collector(folder).snapshot() as snapshot:
        rows = [row for chunk in snapshot.chunks(selection) for row in chunk.rows]
        return rows, snapshot.searched(selection)


def whats(folder: Path, *keys: str, at: LogLines = NDJSON, **changes: object) -> list[object]:
    """The last cell of each row of a person."""
    return [row[-1] for row in read(folder, Selection(dataset(at, **changes), (keys,)))[0]]  # type: ignore[arg-type] # its own fields
