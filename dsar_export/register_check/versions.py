"""Earlier versions of rows that a database keeps by itself, and shows only on demand."""

from collections.abc import Iterator

from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.source import SourceDescription


def undecided_versions(dataset: Dataset, description: SourceDescription) -> Iterator[str]:
    """Tables of a dataset whose earlier versions it neither exports nor leaves out with a reason."""
    if dataset.place.versions_left_out is None:
        yield from sorted(_versioned(dataset, description) - _exported(dataset, description))


def versions_findings(where: str, dataset: Dataset, description: SourceDescription) -> Iterator[Finding]:
    """Versions that nobody has decided on, and decisions about versions that do not exist."""
    for name in undecided_versions(dataset, description):
        yield Finding(
            where,
            "history",
            f"{name!r} keeps earlier versions of its rows, deleted ones included, but no record contains them: add a "
            f"[[history]] for it with system_versions = true, or set versions_left_out with a reason",
        )
    for index, history in enumerate(dataset.place.history):
        table = description.table(history.table)
        if history.system_versions and table is not None and not table.keeps_versions:
            yield Finding(
                where,
                f"history.{index}.system_versions",
                f"{history.table!r} keeps no earlier versions of its rows; drop it",
            )
    if dataset.place.versions_left_out is not None and not _versioned(dataset, description) - _exported(
        dataset, description
    ):
        yield Finding(where, "versions_left_out", "leaves nothing out; drop it")


def _versioned(dataset: Dataset, description: SourceDescription) -> frozenset[str]:
    names = description.own_names(
        [dataset.place.table, *(history.table for history in dataset.place.history)]
    )
    return frozenset(
        name for name in names if (table := description.table(name)) is not None and table.keeps_versions
    )


def _exported(dataset: Dataset, description: SourceDescription) -> frozenset[str]:
    return description.own_names(
        history.table for history in dataset.place.history if history.system_versions
    )
