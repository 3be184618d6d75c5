"""Foreign keys of the package: fields whose values are all in another dataset of it."""

from collections.abc import Iterable, Iterator, Sequence

from dsar_export.model.outcome import Gap, Record, in_gap
from dsar_export.model.package import DatasetAnswer
from dsar_export.model.reference import Reference


class ForeignKeys:
    """The references that hold: the package has all rows of the referenced dataset, and every value is among them.

    A row may refer to another person's row or to a deleted one. Then the value stays, but no key is declared.
    """

    def __init__(self, answers: Iterable[DatasetAnswer], gaps: Sequence[Gap]) -> None:
        self._complete = {a.dataset.name: a for a in answers if _complete(a, gaps)}

    def of(self, answer: DatasetAnswer) -> list[Reference]:
        """The foreign keys of a dataset: of single fields in their order, then of several."""
        return [reference for reference in _references(answer) if self._all_found(answer, reference)]

    def _all_found(self, answer: DatasetAnswer, reference: Reference) -> bool:
        parent = self._complete.get(reference.dataset)
        if parent is None:
            return False
        values = answer.digest.key_values.get(reference.fields)
        keys = parent.digest.key_values.get(reference.to)
        own, others = ({f.name: f.kind for f in each.schema.fields} for each in (answer, parent))
        # A number never matches a text, however alike they look.
        pairs = zip(reference.fields, reference.to, strict=True)
        same_kinds = all(other in others and own[name] is others[other] for name, other in pairs)
        return same_kinds and values is not None and keys is not None and values <= keys


def key_of(record: Record, fields: Iterable[str]) -> str | None:
    """The values of a key's fields, to compare with those of another record; None if one has none."""
    values = [record.get(name) for name in fields]
    return None if None in values else repr(values)


def _references(answer: DatasetAnswer) -> Iterator[Reference]:
    names = [field.name for field in answer.schema.fields]
    declared = answer.dataset.every_reference
    single = {reference.fields[0]: reference for reference in declared if len(reference.fields) == 1}
    yield from (single[name] for name in names if name in single)
    yield from (r for r in declared if len(r.fields) > 1 and set(r.fields) <= set(names))


def _complete(answer: DatasetAnswer, gaps: Sequence[Gap]) -> bool:
    return 0 < answer.outcome.written == answer.outcome.read and not in_gap(answer.dataset, gaps)
