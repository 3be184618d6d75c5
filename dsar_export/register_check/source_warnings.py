"""What is worth mending in a source, and is no reason not to answer."""

from collections.abc import Iterator, Sequence

from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.model.source import ColumnKind, SourceDescription
from dsar_export.register.hints import location


def source_warnings(
    register: Register, source: str, held: SourceDescription, datasets: Sequence[Dataset]
) -> Iterator[Finding]:
    """A role that may do too much or sees too little, a source that is unsound, records with a number for a file."""
    at = f"sources.{source}.url"
    told = [*_beyond_reading(held), *held.unseen, *held.unsound]
    yield from (Finding(location(register), at, problem, warning=True) for problem in told)
    if held.large_objects:
        for dataset in datasets:
            yield from _large_objects(location(register, dataset), dataset, held)


def _beyond_reading(held: SourceDescription) -> Iterator[str]:
    if held.may_write:
        named = ", ".join(held.may_write[:5]) + (", …" if len(held.may_write) > 5 else "")
        yield f"the role may do more than read ({named}): give it SELECT, and no more"


def _large_objects(where: str, dataset: Dataset, held: SourceDescription) -> Iterator[Finding]:
    table = held.table(dataset.place.table)
    facts = {} if table is None else table.facts
    for name, mapping in dataset.fields.items():
        fact = facts.get(mapping.column or "")
        if mapping.large_object:
            continue
        if fact is not None and fact.kind is ColumnKind.LARGE_OBJECT:
            yield Finding(
                where,
                f"fields.{name}.column",
                f"column {mapping.column!r} holds the number of a large object, so a record has that number, and what "
                "it stands for is in no package: say large_object = true, or leave the column out with that reason",
                warning=True,
            )
