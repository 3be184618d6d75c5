"""Collects the subject's rows of one dataset, each asserted to be theirs."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from operator import itemgetter
from typing import Final

from dsar_export.errors import OwnershipError, SourceUnreadableError
from dsar_export.export.capabilities import counted
from dsar_export.export.row_times import Row, Times, row_times, within
from dsar_export.folding import NOBODY, Fold, KeyRing, as_text, equals_constant, folded, search_value
from dsar_export.interfaces import Snapshot
from dsar_export.model.comparison import Comparison, Match
from dsar_export.model.dataset import Dataset
from dsar_export.model.identity import Reached
from dsar_export.model.periods import ALWAYS, NEVER, Periods
from dsar_export.model.request import Identifier
from dsar_export.model.source import Chunk, Selection
from dsar_export.model.subject_key import SubjectKey

_WHOLE: Final = re.compile(r"-?[1-9][0-9]*\.0+", re.ASCII)

Owned = tuple[Mapping[str, Periods], ...]
"""For each subject key of a dataset: the folded values that are the subject's, with their periods."""


class Attribution(Enum):
    """Who a row belongs to, judged by one subject key."""

    SUBJECT = "the subject's"
    UNCERTAIN = "the subject's or someone else's: neither its times nor its other keys decide"
    UNKNOWN_TENANT = "the subject's by its key, but it names no known company"
    JOINED_TO_OTHERS = "the subject's, but joined with someone else's row"
    SOMEONE_ELSE = "someone else's"


@dataclass(frozen=True)
class Collected:
    """A chunk of the subject's rows, and counts of rows that go into no record.

    `unattributed` rows may be someone else's, by their times or because another key names somebody. `unknown_tenant`
    rows name no company in the register. `joined_to_others` rows are joined with someone else's row. `returned` counts
    all rows from the source that match the key, at any time.
    """

    chunk: Chunk
    unattributed: int = 0
    unknown_tenant: int = 0
    joined_to_others: int = 0
    returned: int = 0


@dataclass(frozen=True)
class Ownership:
    """Decides which rows of a dataset are the subject's.

    `supplied` are kinds of identifiers without proof, such as a cookie id that the person supplied. `other_tenants`
    identify other companies; if None, every company except the one that answers is another. `nobody` decides whether
    an identifier belongs to nobody.
    """

    dataset: Dataset
    owned: Owned
    tenants: tuple[str | int, ...]
    supplied: tuple[str, ...] = ()
    other_tenants: tuple[str | int, ...] | None = None
    nobody: Callable[[Identifier], bool] = lambda _: False
    others: frozenset[Identifier] = frozenset()
    """Folded identifiers of other kinds by which joined rows may name the subject."""
    spelled: tuple[frozenset[str], ...] = ()
    """For each subject key, the identifiers exactly as given or read, so that these texts are found again."""

    @property
    def selection(self) -> Selection:
        spelled = self.spelled or (frozenset[str](),) * len(self.owned)
        keys = tuple(
            tuple(sorted({*keys, *as_read})) for keys, as_read in zip(self.owned, spelled, strict=True)
        )
        return Selection(self.dataset, keys, self.tenants, self.other_tenants)

    @cached_property
    def folds(self) -> Sequence[Fold]:
        """How each subject key's cells are folded; keys that compare alike remember together."""
        folds = {key.comparison: Fold(key.comparison) for key in self.dataset.subject_keys}
        return [folds[key.comparison] for key in self.dataset.subject_keys]

    @cached_property
    def proofs(self) -> Sequence[int]:
        """The subject keys that make a row the subject's even if another key names somebody else."""
        keys, supplied = self.dataset.subject_keys, self.supplied
        return [n for n, key in enumerate(keys) if key.proves and key.identifier not in supplied]

    def folded(self, index: int, row: Sequence[object]) -> str:
        """The folded value of one subject key's cell."""
        return self.folds[index](row[self.dataset.owner_places[index]])

    def by_key(self, index: int, value: str, cells: Sequence[object]) -> Attribution:
        """Who a row belongs to, by one key's cells (key, tenant, conditions); `value` is the key's folded cell."""
        key = self.dataset.subject_keys[index]
        if value not in self.owned[index] or not all(map(equals_constant, cells[2:], key.constants)):
            return Attribution.SOMEONE_ELSE
        return Attribution.SUBJECT if key.tenant_column is None else self._by_tenant(cells[1])

    def names_somebody(self, index: int, value: str) -> bool:
        """Whether a folded value of a subject key identifies any person."""
        kind = self.dataset.subject_keys[index].identifier
        return value != NOBODY and not self.nobody(Identifier(kind, value))

    def _by_tenant(self, tenant: object) -> Attribution:
        named = None if tenant is None else _company(tenant)
        if named in self._ours:
            return Attribution.SUBJECT
        unknown = self.other_tenants is not None and named not in self._others
        return Attribution.UNKNOWN_TENANT if unknown else Attribution.SOMEONE_ELSE

    @cached_property
    def _ours(self) -> frozenset[str | None]:
        return frozenset(map(_company, self.tenants))

    @cached_property
    def _others(self) -> frozenset[str | None]:
        return frozenset(map(_company, self.other_tenants or ()))


def _company(tenant: object) -> str:
    return folded(tenant, Comparison()) or as_text(tenant)


def ownership(
    dataset: Dataset,
    identifiers: Sequence[Reached],
    tenants: tuple[str | int, ...],
    keys: KeyRing,
    supplied: tuple[str, ...] = (),
    other_tenants: tuple[str | int, ...] | None = None,
) -> Ownership:
    """The keys to search by. An identifier with a period is searched only in datasets with `valid_at`."""
    owned, spelled = [], []
    for key in dataset.subject_keys:
        mine: dict[str, Periods] = {}
        as_read = set[str]()
        for reached in identifiers:
            if reached.identifier.kind == key.identifier and (dataset.valid_at or reached.periods == ALWAYS):
                value = search_value(reached.identifier.value, key.comparison, keys)
                if value != NOBODY:  # it would find the rows of everybody without one
                    mine[value] = mine.get(value, NEVER).joined(reached.periods)
                    as_read |= {reached.identifier.value} if key.match is Match.EXACT else set()
        owned.append(mine)
        spelled.append(frozenset(as_read))
    kinds = {owner.identifier for owner in dataset.place.joined}
    joined = [r.identifier for r in identifiers if r.identifier.kind in kinds and r.periods == ALWAYS]
    others = frozenset(Identifier(i.kind, folded(i.value, Comparison())) for i in joined)
    return Ownership(
        dataset, tuple(owned), tenants, supplied, other_tenants, others=others, spelled=tuple(spelled)
    )


def collect(ownership: Ownership, snapshot: Snapshot) -> Iterator[Collected]:
    """Chunks of the subject's rows, each asserted to be theirs by a column of its own table.

    A row is taken once, by the first of its keys that is the subject's at the row's times. Raises OwnershipError at the
    first row that is someone else's, before a row of its chunk is passed on. Rows of unknown companies are counted.
    """
    if not any(ownership.owned):
        return
    times = row_times(ownership.dataset)
    simple = len(ownership.owned) == 1 and all(p == ALWAYS for p in ownership.owned[0].values())
    for chunk in _read(ownership.selection, snapshot):
        if _all_owned(ownership, chunk) and simple and not ownership.dataset.place.joins:
            yield Collected(chunk, returned=len(chunk.rows))
            continue
        judged = [_attribution(ownership, row, chunk.subject_key, times) for row in chunk.rows]
        rows = [row for row, found in zip(chunk.rows, judged, strict=True) if found is Attribution.SUBJECT]
        kinds = (Attribution.UNCERTAIN, Attribution.UNKNOWN_TENANT, Attribution.JOINED_TO_OTHERS)
        uncertain, unknown_tenant, joined = map(judged.count, kinds)
        returned = len(chunk.rows) - unknown_tenant
        yield Collected(replace(chunk, rows=rows), uncertain, unknown_tenant, joined, returned)


def rows_of_key(ownership: Ownership, snapshot: Snapshot) -> int:
    """How many rows the key of a dataset with a query finds in its own table, including those that the query omits."""
    if not any(ownership.owned):
        return 0
    found = counted(snapshot, ownership.selection)
    return sum(
        n
        for cells, n in found
        if ownership.by_key(0, ownership.folded(0, cells), cells) is Attribution.SUBJECT
    )


def _all_owned(ownership: Ownership, chunk: Chunk) -> bool:
    """Whether all rows belong to known companies; OwnershipError at a row that is someone else's."""
    # Only the distinct keys of a chunk are compared; nearly always there is one.
    index = chunk.subject_key
    at = ownership.dataset.owner_places[index]
    width = ownership.dataset.subject_keys[index].width
    cells = itemgetter(*range(at, at + width))
    distinct: Iterable[tuple[object, ...]] = set(map(cells, chunk.rows))
    # 1 equals True in Python, but True is nobody's key.
    if len({type(row[at]) for row in chunk.rows}) > 1:
        distinct = list(map(cells, chunk.rows))
    fold = ownership.folds[index]
    found = {ownership.by_key(index, fold(held[0]), held) for held in distinct}
    if Attribution.SOMEONE_ELSE in found:
        raise _not_owned(ownership.dataset, ownership.dataset.subject_keys[index])
    return Attribution.UNKNOWN_TENANT not in found


def _not_owned(dataset: Dataset, key: SubjectKey) -> OwnershipError:
    query = (
        ""
        if dataset.place.query is None
        else "query (it must return the columns of key and order_by unchanged), "
    )
    return OwnershipError(
        f"dataset {dataset.name!r}: source {dataset.source!r} returned a row that is not "
        f"the subject's by {_holder(dataset, key)}.{key.column}; the export was stopped. "
        f"Correct the {query}key or subject_keys in datasets/{dataset.name}.toml, "
        "or write the identifier exactly as the source has it"
    )


def _holder(dataset: Dataset, key: SubjectKey) -> str:
    return key.through[-1].table if key.through else dataset.place.table


def _attribution(ownership: Ownership, row: Row, found_by: int, times: Times) -> Attribution:
    """Attributes a row to the first subject key that claims it, so that a row found by several keys is taken once."""
    judged: list[Attribution] = []
    for index in range(len(ownership.owned)):
        judged.append(_by_key_and_times(ownership, index, row, times))
        if judged[index] is Attribution.SUBJECT:  # the others make no difference, and may take long
            break
    claims = (found for found in judged if found is not Attribution.SOMEONE_ELSE)
    claim = judged[-1] if judged[-1] is Attribution.SUBJECT else next(claims, Attribution.SOMEONE_ELSE)
    if judged.index(claim) != found_by:  # another key takes it
        return Attribution.SOMEONE_ELSE
    if claim is not Attribution.SUBJECT:
        return claim
    if _contradicted(ownership, found_by, row, times):
        return Attribution.UNCERTAIN
    return Attribution.JOINED_TO_OTHERS if _joined_to_others(ownership, row) else claim


def _joined_to_others(ownership: Ownership, row: Row) -> bool:
    """Whether a joined row belongs to someone else; if no row was joined, there is no owner."""
    width, joined = ownership.dataset.owner_width, ownership.dataset.place.joined
    for cell, owner in zip(row[width - len(joined) : width], joined, strict=True):
        kind = owner.identifier
        if kind in {None, ownership.dataset.subject_keys[0].identifier}:
            is_theirs = ownership.folds[0](_whole(cell)) in ownership.owned[0]
        else:
            is_theirs = Identifier(str(kind), folded(_whole(cell), Comparison())) in ownership.others
        if cell is not None and not is_theirs:
            return True
    return False


def _whole(owner: object) -> object:
    """A whole number that a driver returned as decimal text: 7.00 is 7. The type of a query's column is unknown."""
    return owner.partition(".")[0] if isinstance(owner, str) and _WHOLE.fullmatch(owner) else owner


def _contradicted(ownership: Ownership, claims: int, row: Row, times: Times) -> bool:
    """Whether only keys without proof claim a row in which another key names somebody else.

    A cookie or device of the person does not make a visit theirs if someone else was logged in.
    """
    if claims in ownership.proofs:
        return False
    judged = (_by_key_and_times(ownership, n, row, times) for n in ownership.proofs)
    return Attribution.SUBJECT not in judged and any(
        ownership.names_somebody(n, ownership.folded(n, row)) for n in ownership.proofs
    )


def _by_key_and_times(ownership: Ownership, index: int, row: Row, times: Times) -> Attribution:
    at, value = ownership.dataset.owner_places[index], ownership.folded(index, row)
    cells = row[at : at + ownership.dataset.subject_keys[index].width]
    found = ownership.by_key(index, value, cells)
    if found is Attribution.SOMEONE_ELSE:
        return found
    held = within(ownership.owned[index][value], row, times)
    if held is False:
        return Attribution.SOMEONE_ELSE
    return Attribution.UNCERTAIN if held is None and found is Attribution.SUBJECT else found


def _read(selection: Selection, snapshot: Snapshot) -> Iterator[Chunk]:
    try:
        yield from snapshot.chunks(selection)
    except OSError as error:  # the collector's network; further up it would look like a full disk of ours
        dataset = selection.dataset
        raise SourceUnreadableError(
            f"source {dataset.source!r} could not be read: dataset {dataset.name!r}: {type(error).__name__}"
        ) from None
