"""Which fields of a table are found in another table of the package (Table Schema's foreign keys)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from dsar_export.model.outcome import Gap, in_gap
from dsar_export.model.package import DatasetAnswer, Member, MemberRole
from dsar_export.model.schema import SchemaField

CSV: Final = "text/csv"


def table_name(dataset: str, mediatype: str) -> str:
    """The resource that holds a dataset's records: CSV and JSON are two, which refer to their like."""
    return dataset if mediatype == CSV else f"{dataset}-json"


class ForeignKeys:
    """The references that hold: the referred dataset is here in full, and whoever follows one finds the row.

    A row may refer to one that is somebody else's, or gone; then the person has the value, and no key is declared.
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
        """The foreign keys of a dataset's table of this type."""
        return [
            {
                "fields": [field.name],
                "reference": {"resource": table_name(dataset, mediatype), "fields": [referred]},
            }
            for field, dataset, referred in _references(answer)
            if table_name(dataset, mediatype) in self._tables
            and self._found(answer, field, dataset, referred)
        ]

    def _found(self, answer: DatasetAnswer, field: SchemaField, dataset: str, referred: str) -> bool:
        parent = self._complete.get(dataset)
        if parent is None:
            return False
        sought = answer.digest.key_values.get(field.name)
        there = parent.digest.key_values.get(referred)
        # A number is never found among texts, however alike they look.
        alike = any(f.name == referred and f.kind is field.kind for f in parent.schema.fields)
        return alike and sought is not None and there is not None and sought <= there


def _references(answer: DatasetAnswer) -> Iterator[tuple[SchemaField, str, str]]:
    for field in answer.schema.fields:
        mapping = answer.dataset.fields.get(field.name)
        if mapping is not None and mapping.references is not None:
            dataset, _, referred = mapping.references.partition(".")
            yield field, dataset, referred


def _complete(answer: DatasetAnswer, gaps: Sequence[Gap]) -> bool:
    return 0 < answer.outcome.written == answer.outcome.read and not in_gap(answer.dataset, gaps)
