"""The subject's rows of one dataset, each asserted to be theirs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dsar_export.errors import OwnershipError, SourceUnreadableError
from dsar_export.export.row_times import Row, Times, row_times, within
from dsar_export.interfaces import Snapshot
from dsar_export.matching import KeyRing, folded, sought
from dsar_export.model.dataset import Dataset, SubjectKey
from dsar_export.model.identity import Reached
from dsar_export.model.periods import ALWAYS, NEVER, Periods
from dsar_export.model.source import Chunk, Selection

Owned = tuple[Mapping[str, Periods], ...]
"""For each subject key of a dataset: the folded values that are the subject's, and when they were."""


@dataclass(frozen=True)
class Collected:
    """A chunk of the subject's rows, and how many more lie partly in a time in which the key was another's."""

    chunk: Chunk
    unattributed: int


@dataclass(frozen=True)
class Ownership:
    """Which rows of a dataset are the subject's.

    `supplied` are kinds of identifiers that only the person says are theirs, such as a cookie id.
    """

    dataset: Dataset
    owned: Owned
    tenants: tuple[str | int, ...]
    supplied: tuple[str, ...] = ()

    @property
    def selection(self) -> Selection:
        return Selection(self.dataset, tuple(tuple(sorted(keys)) for keys in self.owned), self.tenants)


def ownership(
    dataset: Dataset,
    identifiers: Sequence[Reached],
    tenants: tuple[str | int, ...],
    keys: KeyRing,
    supplied: tuple[str, ...] = (),
) -> Ownership:
    """The keys to ask for. One that was the subject's for a time finds rows only where they can be told by time."""
    owned = []
    for key in dataset.subject_keys:
        mine: dict[str, Periods] = {}
        for reached in identifiers:
            if reached.identifier.kind == key.identifier and (dataset.valid_at or reached.periods == ALWAYS):
                if not reached.identifier.value.strip():  # nobody's name: rows of all who gave none
                    continue
                value = sought(reached.identifier.value, key.comparison, keys)
                mine[value] = mine.get(value, NEVER).joined(reached.periods)
        owned.append(mine)
    return Ownership(dataset, tuple(owned), tenants, supplied)


def collect(ownership: Ownership, snapshot: Snapshot) -> Iterator[Collected]:
    """Chunks of rows whose subject key, as the table that has it says, is one of the subject's.

    A row is taken once, by the first of its keys that is the subject's at the row's times. Raises
    OwnershipError at the first row that is not the subject's, before any row of its chunk is passed on.
    """
    if not any(ownership.owned):
        return
    times = row_times(ownership.dataset)
    simple = len(ownership.owned) == 1 and all(p == ALWAYS for p in ownership.owned[0].values())
    for chunk in _read(ownership.selection, snapshot):
        _assert_owned(ownership, chunk)
        if simple:
            yield Collected(chunk, 0)
            continue
        verdicts = [_verdict(ownership, chunk.subject_key, row, times) for row in chunk.rows]
        rows = [row for row, verdict in zip(chunk.rows, verdicts, strict=True) if verdict is True]
        yield Collected(replace(chunk, rows=rows), verdicts.count(None))


def _assert_owned(ownership: Ownership, chunk: Chunk) -> None:
    # Only the distinct keys of a chunk: nearly always there is one.
    at = 2 * chunk.subject_key
    for key, tenant in {(row[at], row[at + 1]) for row in chunk.rows}:
        if not _is_owned(ownership, chunk.subject_key, key, tenant):
            subject_key, dataset = ownership.dataset.subject_keys[chunk.subject_key], ownership.dataset
            raise OwnershipError(
                f"dataset {dataset.name!r}: source {dataset.source!r} returned a row whose "
                f"{_holder(dataset, subject_key)}.{subject_key.column} is not the subject's; the export was stopped. "
                f"Correct the query, key or subject_keys in datasets/{dataset.name}.toml, "
                "or give the identifier as the source writes it"
            )


def _is_owned(ownership: Ownership, index: int, key: object, tenant: object) -> bool:
    subject_key = ownership.dataset.subject_keys[index]
    if key is None or folded(key, subject_key.comparison) not in ownership.owned[index]:
        return False
    return subject_key.tenant_column is None or str(tenant) in {str(t) for t in ownership.tenants}


def _holder(dataset: Dataset, key: SubjectKey) -> str:
    return key.through[-1].table if key.through else dataset.table


def _verdict(ownership: Ownership, found_by: int, row: Row, times: Times) -> bool | None:
    """True for a row to take now, None for one that nobody can attribute, False for all others."""
    verdicts = [_mine(ownership, index, row, times) for index in range(len(ownership.owned))]
    told = True if True in verdicts else None if None in verdicts else False
    if told is False or verdicts.index(told) != found_by:  # its first such key has it, or had it
        return False
    return None if told and _contradicted(ownership, row, verdicts) else told


def _contradicted(ownership: Ownership, row: Row, verdicts: Sequence[bool | None]) -> bool:
    """Whether only keys that prove nothing claim a row in which another key names somebody else.

    A cookie that the person supplied, or their device, does not make the visit of whoever logged in there theirs.
    """
    keys = list(zip(ownership.dataset.subject_keys, verdicts, strict=True))
    proofs = [n for n, (key, _) in enumerate(keys) if key.proves and key.identifier not in ownership.supplied]
    if any(verdicts[n] is True for n in proofs):
        return False
    return any(row[2 * n] is not None for n in proofs)


def _mine(ownership: Ownership, index: int, row: Row, times: Times) -> bool | None:
    if not _is_owned(ownership, index, row[2 * index], row[2 * index + 1]):
        return False
    return within(_periods(ownership, index, row), row, times)


def _periods(ownership: Ownership, index: int, row: Row) -> Periods:
    comparison = ownership.dataset.subject_keys[index].comparison
    return ownership.owned[index][folded(row[2 * index], comparison)]


def _read(selection: Selection, snapshot: Snapshot) -> Iterator[Chunk]:
    try:
        yield from snapshot.chunks(selection)
    except OSError as error:  # a collector's own network; further out it would pass for our full disk
        dataset = selection.dataset
        raise SourceUnreadableError(
            f"source {dataset.source!r} could not be read: dataset {dataset.name!r}: {type(error).__name__}"
        ) from None
