"""Foreign keys of Table Schema: fields whose values are in another table of the package."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from dsar_export.model.outcome import Gap, in_gap
from dsar_export.model.package import DatasetAnswer, Member, MemberRole
from dsar_export.model.schema import SchemaField

CSV: Final = "text/csv"


def table_name(dataset: str, mediatype: str) -> str:
    """The name of the resource with a dataset's records; CSV tables refer to CSV tables, JSON to JSON."""
    return dataset if mediatype == CSV else f"{dataset}-json"


class ForeignKeys:
    """The references that hold: the package has all rows of the referenced dataset, and every value is among them.

    A row may refer to another person's row or to a deleted one. Then the value stays, but no key is declared.
    """

    def __init__(
        self, answers: Iterable[DatasetAnswer], gaps: Sequence[Gap], members: Iterable[Member]
    ) -> None:
        self._complete = {a.dataset.name: a for a in answers if _complete(a, gaps)}
        self._tables = {
            table_name(m.dataset, m.mediatype)
            for m in members
            if m.dataset is not None and m.role is MemberRole.RECORDS
        }

    def of(self, answer: DatasetAnswer, mediatype: str) -> list[dict[str, object]]:
        """The foreign keys of a dataset's CSV or JSON table."""
        return [
            {
                "fields": [field.name],
                "reference": {"resource": table_name(dataset, mediatype), "fields": [referenced]},
            }
            for field, dataset, referenced in _references(answer)
            if table_name(dataset, mediatype) in self._tables
            and self._all_found(answer, field, dataset, referenced)
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
