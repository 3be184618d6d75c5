"""Splits a JSON column into the values of several fields."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dsar_export.model.dataset import Dataset
from dsar_export.model.json_pointer import Steps, pointer_steps
from dsar_export.normalising import Unfit
from dsar_export.normalising.structures import structure


@dataclass(frozen=True)
class JsonColumn:
    """The pointers that fields take from a JSON column, and those that the register leaves out."""

    taken: Sequence[Steps]
    left_out: Sequence[Steps]

    def split(self, cell: object) -> Mapping[Steps, object]:
        """The value at each pointer, or None if there is none.

        Raises Unfit if the cell is not a JSON object, and if the register does not name a member, because it would be
        lost silently.
        """
        if cell is None:
            return dict.fromkeys(self.taken)
        document = structure(cell)
        if document is None:
            return dict.fromkeys(self.taken)
        if any(not self._named(steps) for steps in _leaves(document, ())):
            raise Unfit("JSON with members that the register names")
        return {steps: _at(document, steps) for steps in self.taken}

    def _named(self, steps: Steps) -> bool:
        # A pointer to an object does not cover its members: nobody has reviewed those that are added later.
        return steps in self.taken or any(steps[: len(known)] == known for known in self.left_out)


def json_columns(dataset: Dataset) -> Mapping[str, JsonColumn]:
    """The JSON columns that fields take values from, by name."""
    taken: dict[str, list[Steps]] = {}
    for mapping in dataset.fields.values():
        if mapping.column is not None and mapping.path is not None:
            taken.setdefault(mapping.column, []).append(pointer_steps(mapping.path))
    left_out: dict[str, list[Steps]] = {}
    for name in dataset.left_out:
        column, slash, path = name.partition("/")
        if slash:
            left_out.setdefault(column, []).append(pointer_steps(f"/{path}"))
    return {name: JsonColumn(paths, left_out.get(name, [])) for name, paths in taken.items()}


def _leaves(value: object, steps: Steps) -> Iterator[Steps]:
    """The steps to every value that contains no members; an array counts as one value."""
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _leaves(inner, (*steps, str(name)))
    elif steps:
        yield steps
    elif not isinstance(value, Mapping):
        raise Unfit("JSON object")


def _at(value: object, steps: Steps) -> object:
    for step in steps:
        if not isinstance(value, Mapping) or step not in value:
            return None
        value = value[step]
    return value
