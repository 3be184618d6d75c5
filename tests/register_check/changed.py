"""The small world with a few changes, and the findings of the check."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from dsar_export.model.finding import Finding
from dsar_export.register_check import check_register
from dsar_export.wiring import build_collectors, read_keys, register_in
from tests.worlds import LOGIC, OBTAINED_FROM, World, schema_document

Change = tuple[str, str] | Mapping[str, str]
"""One text with its replacement, or several; each is replaced once."""


# A key that is not the subject's own must be mapped or left out.
KEY_LEFT_OUT: Mapping[str, str] = {
    "purposes = {": 'left_out = { customer_id = { reason = "not_personal", note = "n" } }\npurposes = {'
}

# The entries that derived or acquired data needs.
EXPLAINED: Mapping[str, str] = {"order_by": f"{LOGIC}order_by"}
ATTRIBUTED: Mapping[str, str] = {"order_by": f"{OBTAINED_FROM}order_by"}


def changed(
    folder: Path,
    *,
    register: Change = ("", ""),
    dataset: Change = ("", ""),
    statement: str | Sequence[str] = (),
) -> World:
    """The small world, with texts replaced in its files and statements run on its database."""
    made = World(folder / "register")
    made.register_text = replaced(made.register_text, register)
    made.dataset_text = replaced(made.dataset_text, dataset)
    made.write([{"text": "PRIVATE"}])
    for each in [statement] if isinstance(statement, str) else statement:
        made.run(each)
    return made


def with_field(
    folder: Path, name: str, *, dataset: Change = ("", ""), statement: str | Sequence[str] = ()
) -> World:
    """The small world with an additional field in its schema."""
    made = changed(folder, dataset=dataset, statement=statement)
    document = schema_document()
    properties = document["properties"]
    assert isinstance(properties, dict)
    properties[name] = properties["text"]
    (made.folder / "schemas" / "records.schema.json").write_text(json.dumps(document), encoding="utf-8")
    return made


def replaced(text: str, change: Change) -> str:
    """The text with the change made; every text to replace must occur in it."""
    for old, new in [change] if isinstance(change, tuple) else change.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def findings(world: World) -> list[Finding]:
    register = register_in(world.folder)
    return list(check_register(register, build_collectors(register), read_keys(register)))


def problems(world: World) -> list[str]:
    """The findings, one line each, with only the name of the file."""
    return [f"{Path(f.where).name}: {f.key}: {f.problem}" for f in findings(world)]


def begins(lines: Sequence[str], *beginnings: str) -> bool:
    """Whether the findings begin with these texts, one each, in this order."""
    return len(lines) == len(beginnings) and all(map(str.startswith, lines, beginnings))
