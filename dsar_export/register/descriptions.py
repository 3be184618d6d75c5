"""Whether a dataset describes those fields that no schema describes, and no others."""

from collections.abc import Callable, Iterator

from dsar_export.errors import RegisterError
from dsar_export.model.dataset import Dataset
from dsar_export.model.schema import DatasetSchema, Origin
from dsar_export.register.hints import nearest

Place = Callable[..., str]
"""The file with the line of the key at some steps."""


def refuse_wrong_descriptions(dataset: Dataset, base: DatasetSchema | None, at: Place) -> None:
    """Raises RegisterError with every field that lacks an origin, or that the schema describes already."""
    problems = [f"{at(*steps)}: {'.'.join(steps)}: {problem}" for steps, problem in _problems(dataset, base)]
    if problems:
        raise RegisterError("\n".join(problems))


def _problems(dataset: Dataset, base: DatasetSchema | None) -> Iterator[tuple[tuple[str, ...], str]]:
    known = frozenset[str]() if base is None else frozenset(base.field_names)
    for name, mapping in dataset.fields.items():
        if name not in dataset.described:
            continue
        if name in known:
            problem = "describes this field already; keep only where it comes from, and origin"
            yield ("fields", name), f"schema {dataset.schema!r} {problem}"
        elif mapping.origin is None and dataset.origin is None:
            yield (
                ("fields", name, "origin"),
                "this key is missing; add it, or origin for the whole dataset, with one of "
                + ", ".join(Origin),
            )
        if mapping.currency is not None and mapping.currency not in dataset.fields:
            yield (
                ("fields", name, "currency"),
                f"unknown field {mapping.currency!r}; {nearest(mapping.currency, dataset.fields)}",
            )
    if dataset.period is not None and dataset.period not in dataset.fields:
        yield ("period",), f"unknown field {dataset.period!r}; {nearest(dataset.period, dataset.fields)}"
