"""References of a dataset by several fields: both datasets must have the fields that they name."""

from collections.abc import Iterator

from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.register.hints import location
from dsar_export.register_check.names import unknown


def table_references(register: Register, dataset: Dataset) -> Iterator[Finding]:
    """Unknown datasets and fields under `[[references]]`."""
    where, datasets = location(register, dataset), {d.name: d for d in register.datasets}
    for index, reference in enumerate(dataset.references):
        at = f"references.{index}"
        yield from unknown(where, f"{at}.fields", reference.fields, dataset.fields, "field of the dataset")
        yield from unknown(where, f"{at}.dataset", [reference.dataset], datasets, "dataset")
        other = datasets.get(reference.dataset)
        if other is not None:
            yield from unknown(where, f"{at}.to", reference.to, other.fields, f"field of {other.name!r}")
