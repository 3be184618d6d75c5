"""Foreign keys of the package: fields whose values are all in another dataset of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dsar_export.model.outcome import Gap, in_gap
from dsar_export.model.package import DatasetAnswer
from dsar_export.model.schema import SchemaField


@dataclass(frozen=True)
class Reference:
    """A field, and the dataset and field that it refers to."""

    field: str
    dataset: str
    referenced: str


class ForeignKeys:
    """The references that hold: the package has all rows of the referenced dataset, and every value is among them.

    A row may refer to another person's row or to a deleted one. Then the value stays, but no key is declared.
    """

    def __init__(self, answers: Iterable[DatasetAnswer], gaps: Sequence[Gap]) -> None:
        self._complete = {a.dataset.name: a for a in answers if _complete(a, gaps)}

    def of(self, answer: DatasetAnswer) -> list[Reference]:
        """The foreign keys of a dataset, in the order of its fields."""
        return [
            Reference(field.name, dataset, referenced)
            for field, dataset, referenced in _references(answer)
            if self._all_found(answer, field, dataset, referenced)
        ]

    def _all_found(self, answer: DatasetAnswer, field: SchemaField, dataset: str, referenced: str) -> bool:
        parent = self._complete.get(dataset)
        if parent is None:
            return False
        values = answer.digest.key_values.get(field.name)
        keys = parent.digest.key_values.get(referenced)
        # A number never matches a text, however alike they look.
        same_kind = any(f.name == referenced and f.kind is field.kind for f in parent.schema.fields)
        return same_kind and values is not None and keys is not None and values <= keys


def _references(answer: DatasetAnswer) -> Iterator[tuple[SchemaField, str, str]]:
    for field in answer.schema.fields:
        mapping = answer.dataset.fields.get(field.name)
        if mapping is not None and mapping.references is not None:
            dataset, _, referenced = mapping.references.partition(".")
            yield field, dataset, referenced


def _complete(answer: DatasetAnswer, gaps: Sequence[Gap]) -> bool:
    return 0 < answer.outcome.written == answer.outcome.read and not in_gap(answer.dataset, gaps)
