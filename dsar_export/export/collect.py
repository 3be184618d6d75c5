"""The subject's rows of one dataset, each asserted to be theirs."""

from collections.abc import Iterator

from dsar_export.errors import OwnershipError, SourceUnreadableError
from dsar_export.interfaces import Snapshot
from dsar_export.model.register import Dataset
from dsar_export.model.request import Identifier
from dsar_export.model.source import Chunk, Selection


def collect(dataset: Dataset, identifiers: frozenset[Identifier], snapshot: Snapshot) -> Iterator[Chunk]:
    """Chunks of rows whose subject key, as the row's own table has it, is one of the subject's.

    Raises OwnershipError at the first row that is not, before any row of its chunk is passed on.
    """
    match = dataset.subject_key.match
    selection = Selection(dataset, identifiers)
    owned = frozenset(selection.keys())
    if not owned:
        return
    for chunk in _read(selection, snapshot):
        # Folding only the distinct keys of a chunk: nearly always there is one.
        for key in {row[0] for row in chunk.rows}:
            if key is None or match.fold(str(key)) not in owned:
                raise OwnershipError(
                    f"dataset {dataset.name!r}: source {dataset.source!r} returned a row whose "
                    f"{dataset.table}.{dataset.subject_key.column} is not the subject's; the export was stopped. "
                    f"Correct the query, key or subject_key in datasets/{dataset.name}.toml, "
                    "or give the identifier as the source writes it"
                )
        yield chunk


def _read(selection: Selection, snapshot: Snapshot) -> Iterator[Chunk]:
    try:
        yield from snapshot.chunks(selection)
    except OSError as error:  # a collector's own network; further out it would pass for our full disk
        dataset = selection.dataset
        raise SourceUnreadableError(
            f"source {dataset.source!r} could not be read: dataset {dataset.name!r}: {type(error).__name__}"
        ) from None
