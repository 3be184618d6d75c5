"""Problems of a source that are worth fixing, but no reason to refuse an answer."""

from collections.abc import Iterator, Sequence

from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.model.source import ColumnKind, SourceDescription
from dsar_export.register.hints import location


def source_warnings(
    register: Register, source: str, description: SourceDescription, datasets: Sequence[Dataset]
) -> Iterator[Finding]:
    """Warns of roles that may do too much or see too little, unsound sources, and files exported as mere numbers."""
    at = f"sources.{source}.url"
    problems = [*_beyond_reading(description), *description.unseen, *description.unsound]
    yield from (Finding(location(register), at, problem, warning=True) for problem in problems)
    if description.large_objects:
        for dataset in datasets:
            yield from _large_objects(location(register, dataset), dataset, description)


def _beyond_reading(description: SourceDescription) -> Iterator[str]:
    if description.may_write:
        named = ", ".join(description.may_write[:5]) + (", …" if len(description.may_write) > 5 else "")
        yield f"the role may do more than read ({named}): grant it SELECT and nothing else"


def _large_objects(where: str, dataset: Dataset, description: SourceDescription) -> Iterator[Finding]:
    table = description.table(dataset.place.table)
    facts = {} if table is None else table.facts
    for name, mapping in dataset.fields.items():
        fact = facts.get(mapping.column or "")
        if mapping.large_object:
            continue
        if fact is not None and fact.kind is ColumnKind.LARGE_OBJECT:
            yield Finding(
                where,
                f"fields.{name}.column",
                f"column {mapping.column!r} holds the number of a large object, so records contain the number, but no "
                "package contains the object: set large_object = true, or leave the column out with that reason",
                warning=True,
            )
