"""`dataclasses.replace` for datasets and links, which reaches into the part that their collector has."""

import dataclasses
from typing import TypeVar

from dsar_export.model.dataset import Dataset
from dsar_export.model.link import Link

T = TypeVar("T")


def replace(value: T, /, **changes: object) -> T:
    """A copy with other fields; those of `value.at` go there."""
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        raise TypeError("replace() takes a dataclass")
    if isinstance(value, Dataset | Link) and dataclasses.is_dataclass(value.at):
        names = {field.name for field in dataclasses.fields(value.at)}
        inside = {name: changes.pop(name) for name in names & changes.keys()}
        if inside:
            changes["at"] = dataclasses.replace(value.at, **inside)
    return dataclasses.replace(value, **changes)
