"""A drafted dataset, made to fit a register that people have edited: its names and identifiers are theirs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from dsar_export.register_draft.shape import DraftedDataset, DraftedRegister, Line, Toml


@dataclass(frozen=True)
class Edited:
    """What an edited register has: identifiers that lead to rows, names of datasets, and those of each table."""

    identifiers: frozenset[str]
    names: frozenset[str]
    readers: Mapping[str, tuple[str, frozenset[str]]]
    """The dataset that reads each table of the source, with its fields."""


def fitting(draft: DraftedRegister, table: str, edited: Edited) -> DraftedDataset | None:
    """The draft's dataset of a new table, if a declared key leads to it by identifiers that the register has."""
    drafted = next((d for d in draft.datasets if d.table == table), None)
    if drafted is None or not _is_reached(drafted, edited):
        return None
    tables = {d.name: d.table for d in draft.datasets}
    name = _unused(drafted.name, edited.names)
    return replace(
        drafted,
        name=name,
        head=tuple(Line("name", name) if line.key == "name" else line for line in drafted.head),
        fields=tuple(_with_known_reference(line, tables, edited) for line in drafted.fields),
        references=tuple(_known_references(drafted, tables, edited)),
    )


def _is_reached(drafted: DraftedDataset, edited: Edited) -> bool:
    """Whether all its keys are known, and none is a guess."""
    keys = next(line for line in drafted.head if line.key == "subject_keys")
    listed = keys.value if isinstance(keys.value, list) else []
    return keys.remark is None and all(
        isinstance(key, Mapping) and key["identifier"] in edited.identifiers for key in listed
    )


def _unused(name: str, names: frozenset[str]) -> str:
    unused, n = name, 2
    while unused in names:
        unused, n = f"{name}_{n}", n + 1
    return unused


def _with_known_reference(line: Line, tables: Mapping[str, str], edited: Edited) -> Line:
    if not isinstance(line.value, Mapping) or "references" not in line.value:
        return line
    dataset, _, field = str(line.value["references"]).partition(".")
    reader, fields = edited.readers.get(tables[dataset], ("", frozenset[str]()))
    rest: dict[str, Toml] = {key: value for key, value in line.value.items() if key != "references"}
    return replace(line, value={**rest, **({"references": f"{reader}.{field}"} if field in fields else {})})


def _known_references(
    drafted: DraftedDataset, tables: Mapping[str, str], edited: Edited
) -> Iterator[tuple[Line, ...]]:
    for reference in drafted.references:
        value = {line.key: line.value for line in reference}
        reader, fields = edited.readers.get(tables[str(value["dataset"])], ("", frozenset[str]()))
        to = value["to"]
        if isinstance(to, list) and all(field in fields for field in to):
            yield tuple(Line("dataset", reader) if line.key == "dataset" else line for line in reference)
