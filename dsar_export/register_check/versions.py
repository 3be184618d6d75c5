"""Earlier versions of rows that a database keeps by itself, and shows only on demand."""

from collections.abc import Iterator

from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.source import SourceDescription


def undecided_versions(dataset: Dataset, held: SourceDescription) -> Iterator[str]:
    """Tables of a dataset whose earlier versions it neither exports nor leaves out with a reason."""
    if dataset.place.versions_left_out is None:
        yield from sorted(_versioned(dataset, held) - _exported(dataset, held))


def versions_findings(where: str, dataset: Dataset, held: SourceDescription) -> Iterator[Finding]:
    """Versions that nobody decided on, and decisions on what is not there."""
    for name in undecided_versions(dataset, held):
        yield Finding(
            where,
            "history",
            f"{name!r} keeps earlier versions of its rows, those of deleted rows too, and no record has them: add a "
            f"[[history]] of it with system_versions = true, or say versions_left_out with a reason",
        )
    for index, history in enumerate(dataset.place.history):
        table = held.table(history.table)
        if history.system_versions and table is not None and not table.keeps_versions:
            yield Finding(
                where,
                f"history.{index}.system_versions",
                f"{history.table!r} keeps no versions of its rows; drop it",
            )
    if dataset.place.versions_left_out is not None and not _versioned(dataset, held) - _exported(
        dataset, held
    ):
        yield Finding(where, "versions_left_out", "leaves nothing out; drop it")


def _versioned(dataset: Dataset, held: SourceDescription) -> frozenset[str]:
    names = held.own_names([dataset.place.table, *(history.table for history in dataset.place.history)])
    return frozenset(
        name for name in names if (table := held.table(name)) is not None and table.keeps_versions
    )


def _exported(dataset: Dataset, held: SourceDescription) -> frozenset[str]:
    return held.own_names(history.table for history in dataset.place.history if history.system_versions)
