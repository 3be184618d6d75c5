"""The subject's rows of one dataset, each asserted to be theirs."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from operator import itemgetter
from typing import Final

from dsar_export.errors import OwnershipError, SourceUnreadableError
from dsar_export.export.row_times import Row, Times, row_times, within
from dsar_export.folding import NOBODY, KeyRing, as_text, equals_constant, folded, search_value
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
"""For each subject key of a dataset: the folded values that are the subject's, and when they were."""


class Whose(Enum):
    """What its cells say of whose a row is, as far as one key goes."""

    SUBJECTS = "the subject's"
    UNCERTAIN = "the subject's or another's: neither its times nor its other keys say which"
    OF_NO_COMPANY = "the subject's, or of another company's customer of that number: it names no company"
    JOINED_TO_ANOTHERS = "the subject's, but a row of somebody else's is joined to it"
    ANOTHERS = "another's"


@dataclass(frozen=True)
class Collected:
    """A chunk of the subject's rows, and how many more nobody can attribute.

    `unattributed` lie partly in a time in which the key was another's, or another key of theirs names somebody;
    `of_no_company` name no company that the register knows; `joined_to_others` have a joined row of somebody else's.
    """

    chunk: Chunk
    unattributed: int = 0
    of_no_company: int = 0
    joined_to_others: int = 0
    returned: int = 0
    """How many rows the source returned that the key makes the subject's, at whatever time."""


@dataclass(frozen=True)
class Ownership:
    """Which rows of a dataset are the subject's.

    `supplied` are kinds of identifiers that only the person says are theirs, such as a cookie id. `other_tenants`
    name other companies; where they are not said, every company but the one that answers is another. `nobody` says
    which identifiers name nobody.
    """

    dataset: Dataset
    owned: Owned
    tenants: tuple[str | int, ...]
    supplied: tuple[str, ...] = ()
    other_tenants: tuple[str | int, ...] | None = None
    nobody: Callable[[Identifier], bool] = lambda _: False
    others: frozenset[Identifier] = frozenset()
    """Identifiers of other kinds, folded, by which joined rows may name the subject."""
    spelled: tuple[frozenset[str], ...] = ()
    """For each subject key, the identifiers as they were given or read, so that just these texts are found again."""

    @property
    def selection(self) -> Selection:
        spelled = self.spelled or (frozenset[str](),) * len(self.owned)
        keys = tuple(
            tuple(sorted({*keys, *as_read})) for keys, as_read in zip(self.owned, spelled, strict=True)
        )
        return Selection(self.dataset, keys, self.tenants, self.other_tenants)

    def of_company(self, tenant: object) -> Whose:
        """Whose a row is that a key makes the subject's, by the company that it names."""
        named = None if tenant is None else _company(tenant)
        if named in self._ours:
            return Whose.SUBJECTS
        nobodys = self.other_tenants is not None and named not in self._others
        return Whose.OF_NO_COMPANY if nobodys else Whose.ANOTHERS

    @cached_property
    def comparisons(self) -> Sequence[Comparison]:
        """How each subject key compares; made once, as a row of several keys asks for them."""
        return [key.comparison for key in self.dataset.subject_keys]

    @cached_property
    def _ours(self) -> frozenset[str | None]:
        return frozenset(map(_company, self.tenants))

    @cached_property
    def _others(self) -> frozenset[str | None]:
        return frozenset(map(_company, self.other_tenants or ()))

    def names_somebody(self, index: int, cell: object) -> bool:
        """Whether a cell of a subject key is the identifier of a person, whoever it is."""
        value = folded(cell, self.comparisons[index])
        kind = self.dataset.subject_keys[index].identifier
        return value != NOBODY and not self.nobody(Identifier(kind, value))


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
    """The keys to ask for. One that was the subject's for a time finds rows only where they can be told by time."""
    owned, spelled = [], []
    for key in dataset.subject_keys:
        mine: dict[str, Periods] = {}
        as_read = set[str]()
        for reached in identifiers:
            if reached.identifier.kind == key.identifier and (dataset.valid_at or reached.periods == ALWAYS):
                value = search_value(reached.identifier.value, key.comparison, keys)
                if value != NOBODY:  # rows of all who gave none
                    mine[value] = mine.get(value, NEVER).joined(reached.periods)
                    as_read |= {reached.identifier.value} if key.match is Match.EXACT else set()
        owned.append(mine)
        spelled.append(frozenset(as_read))
    kinds = {owner.identifier for owner in dataset.joined}
    others = frozenset(
        Identifier(r.identifier.kind, folded(r.identifier.value, Comparison()))
        for r in identifiers
        if r.identifier.kind in kinds and r.periods == ALWAYS
    )
    return Ownership(
        dataset, tuple(owned), tenants, supplied, other_tenants, others=others, spelled=tuple(spelled)
    )


def collect(ownership: Ownership, snapshot: Snapshot) -> Iterator[Collected]:
    """Chunks of rows whose subject key, as the table that has it says, is one of the subject's.

    A row is taken once, by the first of its keys that is the subject's at the row's times. Raises
    OwnershipError at the first row that is not the subject's, before any row of its chunk is passed on. A row
    that names no company is none of those: it is counted, and nothing of it is passed on.
    """
    if not any(ownership.owned):
        return
    times = row_times(ownership.dataset)
    simple = len(ownership.owned) == 1 and all(p == ALWAYS for p in ownership.owned[0].values())
    for chunk in _read(ownership.selection, snapshot):
        if _all_owned(ownership, chunk) and simple and not ownership.dataset.joins:
            yield Collected(chunk, returned=len(chunk.rows))
            continue
        verdicts = [_verdict(ownership, chunk.subject_key, row, times) for row in chunk.rows]
        rows = [row for row, verdict in zip(chunk.rows, verdicts, strict=True) if verdict is Whose.SUBJECTS]
        kinds = (Whose.UNCERTAIN, Whose.OF_NO_COMPANY, Whose.JOINED_TO_ANOTHERS)
        uncertain, of_no_company, joined = map(verdicts.count, kinds)
        returned = len(chunk.rows) - of_no_company
        yield Collected(replace(chunk, rows=rows), uncertain, of_no_company, joined, returned)


def rows_of_key(ownership: Ownership, snapshot: Snapshot) -> int:
    """How many rows of its own table the key of a dataset with a query finds, whatever the query leaves out."""
    if not any(ownership.owned):
        return 0
    counted = snapshot.counts(ownership.selection)
    return sum(n for cells, n in counted if _by_key(ownership, 0, cells) is Whose.SUBJECTS)


def _all_owned(ownership: Ownership, chunk: Chunk) -> bool:
    """Raises OwnershipError at a row that is not the subject's; tells whether no row is of no company."""
    # Only the distinct keys of a chunk: nearly always there is one.
    at = ownership.dataset.owner_places[chunk.subject_key]
    width = ownership.dataset.subject_keys[chunk.subject_key].width
    cells = itemgetter(*range(at, at + width))
    distinct: Iterable[tuple[object, ...]] = set(map(cells, chunk.rows))
    # 1 and True are equal, and one of them is nobody's key.
    if len({type(row[at]) for row in chunk.rows}) > 1:
        distinct = list(map(cells, chunk.rows))
    whose = {_by_key(ownership, chunk.subject_key, held) for held in distinct}
    if Whose.ANOTHERS in whose:
        raise _not_owned(ownership.dataset, ownership.dataset.subject_keys[chunk.subject_key])
    return Whose.OF_NO_COMPANY not in whose


def _not_owned(dataset: Dataset, key: SubjectKey) -> OwnershipError:
    query = (
        ""
        if dataset.query is None
        else "query (it returns the key's and order_by's columns as the table has them), "
    )
    return OwnershipError(
        f"dataset {dataset.name!r}: source {dataset.source!r} returned a row whose "
        f"{_holder(dataset, key)}.{key.column} is not the subject's; the export was stopped. "
        f"Correct the {query}key or subject_keys in datasets/{dataset.name}.toml, "
        "or give the identifier as the source writes it"
    )


def _by_key(ownership: Ownership, index: int, cells: Sequence[object]) -> Whose:
    """Whose a row is by one key's cells: the key itself, the tenant, and what must hold constants."""
    key = ownership.dataset.subject_keys[index]
    if folded(cells[0], ownership.comparisons[index]) not in ownership.owned[index]:
        return Whose.ANOTHERS
    if not all(map(equals_constant, cells[2:], key.constants)):
        return Whose.ANOTHERS
    return Whose.SUBJECTS if key.tenant_column is None else ownership.of_company(cells[1])


def _holder(dataset: Dataset, key: SubjectKey) -> str:
    return key.through[-1].table if key.through else dataset.table


def _verdict(ownership: Ownership, found_by: int, row: Row, times: Times) -> Whose:
    """Whose a row is, told of it once: to all other keys that find it, it is another's."""
    verdicts = [_mine(ownership, index, row, times) for index in range(len(ownership.owned))]
    claimed = [verdict for verdict in verdicts if verdict is not Whose.ANOTHERS]
    told = Whose.SUBJECTS if Whose.SUBJECTS in claimed else next(iter(claimed), Whose.ANOTHERS)
    if verdicts.index(told) != found_by:  # its first such key has it, or had it
        return Whose.ANOTHERS
    if told is Whose.SUBJECTS and _contradicted(ownership, row, verdicts):
        return Whose.UNCERTAIN
    return Whose.JOINED_TO_ANOTHERS if told is Whose.SUBJECTS and _joined_to_others(ownership, row) else told


def _joined_to_others(ownership: Ownership, row: Row) -> bool:
    """Whether a joined row names somebody else; without one there is no owner."""
    width, joined = ownership.dataset.owner_width, ownership.dataset.joined
    for cell, owner in zip(row[width - len(joined) : width], joined, strict=True):
        if owner.identifier in {None, ownership.dataset.subject_keys[0].identifier}:
            is_theirs = folded(_whole(cell), ownership.comparisons[0]) in ownership.owned[0]
        else:
            is_theirs = (
                Identifier(str(owner.identifier), folded(_whole(cell), Comparison())) in ownership.others
            )
        if cell is not None and not is_theirs:
            return True
    return False


def _whole(owner: object) -> object:
    """A driver gives a decimal number as text, and of a query's column nobody knows the type: 7.00 is 7."""
    return owner.partition(".")[0] if isinstance(owner, str) and _WHOLE.fullmatch(owner) else owner


def _contradicted(ownership: Ownership, row: Row, verdicts: Sequence[Whose]) -> bool:
    """Whether only keys that prove nothing claim a row in which another key names somebody else.

    A cookie that the person supplied, or their device, does not make the visit of whoever logged in there theirs.
    """
    keys = list(zip(ownership.dataset.subject_keys, verdicts, strict=True))
    proofs = [n for n, (key, _) in enumerate(keys) if key.proves and key.identifier not in ownership.supplied]
    if any(verdicts[n] is Whose.SUBJECTS for n in proofs):
        return False
    return any(ownership.names_somebody(n, row[ownership.dataset.owner_places[n]]) for n in proofs)


def _mine(ownership: Ownership, index: int, row: Row, times: Times) -> Whose:
    at = ownership.dataset.owner_places[index]
    whose = _by_key(ownership, index, row[at : at + ownership.dataset.subject_keys[index].width])
    if whose is Whose.ANOTHERS:
        return whose
    held = within(_periods(ownership, index, row), row, times)
    if held is False:
        return Whose.ANOTHERS
    return Whose.UNCERTAIN if held is None and whose is Whose.SUBJECTS else whose


def _periods(ownership: Ownership, index: int, row: Row) -> Periods:
    cell = row[ownership.dataset.owner_places[index]]
    return ownership.owned[index][folded(cell, ownership.comparisons[index])]


def _read(selection: Selection, snapshot: Snapshot) -> Iterator[Chunk]:
    try:
        yield from snapshot.chunks(selection)
    except OSError as error:  # a collector's own network; further out it would pass for our full disk
        dataset = selection.dataset
        raise SourceUnreadableError(
            f"source {dataset.source!r} could not be read: dataset {dataset.name!r}: {type(error).__name__}"
        ) from None
