"""A chunk at once, row by row, beside other keys, joins and dated links: each way judges rows by the same rules."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsar_export.errors import OwnershipError
from dsar_export.export.collect import collect, ownership
from dsar_export.interfaces import Snapshot
from dsar_export.model.comparison import Match
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.identity import Reached
from dsar_export.model.periods import ALWAYS, Periods, Span, periods
from dsar_export.model.place import JoinedOwner
from dsar_export.model.request import Identifier
from dsar_export.model.source import Chunk
from dsar_export.model.subject_key import SubjectKey
from tests.export.rows import ChunksInMemory, dataset
from tests.replacing import replace

Row = tuple[object, ...]
ALL_TIME = periods([Span(datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))])
DEVICE = SubjectKey(column="device", identifier="device")
EMAIL = Reached(Identifier("email", "sam@example.org"))


@dataclass(frozen=True)
class Way:
    """A dataset with the same rows, and the cells that it has before and after those of the key."""

    of: Callable[[SubjectKey], Dataset]
    after: Row = ()
    last: Row = ()
    held: Periods = ALWAYS


@dataclass(frozen=True)
class Owner:
    """An identifier of the subject; the stored cells that equal it, and cells that only look like it."""

    value: str
    match: Match
    theirs: Sequence[object]
    others: Sequence[object]


def plain(by: SubjectKey, **changes: object) -> Dataset:
    fields = {
        "record_id": FieldMapping(column="id"),
        **cast("Mapping[str, FieldMapping]", changes.pop("fields", {})),
    }
    return replace(dataset(), subject_keys=changes.pop("keys", (by,)), fields=fields, **changes)


def joined(key: SubjectKey, *owners: JoinedOwner) -> Dataset:
    return plain(key, query="SELECT 1", key="id", joins={"others": owners})


AT = {"at": FieldMapping(column="at", zone="UTC")}
WAYS: Mapping[str, Way] = {
    "beside a key that finds nothing": Way(lambda key: plain(key, keys=(key, DEVICE)), after=(None, None)),
    "beside a key of somebody else": Way(lambda key: plain(key, keys=(key, DEVICE)), after=("D-9", None)),
    "beside a join without a row": Way(lambda key: joined(key, JoinedOwner(column="owner")), after=(None,)),
    "within the time of its link": Way(
        lambda key: plain(key, fields=AT, valid_at=("at",)), last=("2026-01-01 00:00",), held=ALL_TIME
    ),
}
OWNERS = (
    Owner("1", Match.EXACT, (1, "1", 1.0, Decimal("1.00")), (True, "1.0", "01", "1 ", None, "", b"1", 2, 10, 1.5)),
    Owner("C-1", Match.EXACT, ("C-1",), ("c-1", "C-1 ", "C-10", None, "", b"C-1", 1)),
    Owner("Sam@x.org", Match.CASEFOLD, ("sam@X.org", " SAM@x.org "), ("s\u0430m@x.org", None, "", b"sam@x.org")),
    Owner("00ff" * 4, Match.EXACT, ("00FF" * 4, b"\x00\xff" * 4), ("00ff" * 3, "00fe" * 4, b"\x00\xff" * 3, None)),
)  # fmt: skip
COMPANY = "ab" * 8
OURS = ("uk", 7, "7", 7.0, COMPANY, COMPANY.upper())
ANOTHERS = ("fr", 8, "8", Decimal("8.0"), "CD" * 8)
UNKNOWN = (None, "", "UK", "uk ", 9, True, b"uk")
FITS, DOES_NOT = (
    ((True, "customer"), (1, "customer"), ("true", "customer")),
    ((False, "customer"), (True, "guest")),
)


@dataclass(frozen=True)
class Case:
    """Rows as drawn: a key, a tenant and two conditions each."""

    owner: Owner
    has_tenants: bool
    knows_others: bool
    has_conditions: bool
    rows: Sequence[Row]

    @property
    def key(self) -> SubjectKey:
        return SubjectKey(
            column="customer_id",
            identifier="customer_id",
            match=self.owner.match,
            tenant_column="company" if self.has_tenants else None,
            where={"active": True, "owner_type": "customer"} if self.has_conditions else {},
        )

    def is_somebody_elses(self, row: Row) -> bool:
        """Whether a row must stop the export, by what its cells were drawn from."""
        key, tenant, *held = row
        if not _is_one_of(key, self.owner.theirs) or (self.has_conditions and tuple(held) in DOES_NOT):
            return True
        known = _is_one_of(tenant, OURS)
        return self.has_tenants and not known and (not self.knows_others or _is_one_of(tenant, ANOTHERS))

    def has_unknown_company(self, row: Row) -> bool:
        return self.has_tenants and _is_one_of(row[1], UNKNOWN)


def _is_one_of(cell: object, cells: Sequence[object]) -> bool:
    return any(type(cell) is type(other) and cell == other for other in cells)


def case_of(
    owner: Owner, rows: Sequence[tuple[object, object, Row]], *, tenants: bool, others: bool, conditions: bool
) -> Case:
    made = [(key, tenant if tenants else None, *(held if conditions else ())) for key, tenant, held in rows]
    return Case(owner, tenants, others, conditions, made)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Chunks of mostly the subject's rows; half have one with a key, company or condition that may be another's."""
    owner = draw(st.sampled_from(OWNERS))
    tenants, others, conditions = draw(st.tuples(st.booleans(), st.booleans(), st.booleans()))
    key, fits = st.sampled_from(owner.theirs), st.sampled_from(FITS)
    company = st.sampled_from([*OURS, *(UNKNOWN if others else ())])
    rows = draw(st.lists(st.tuples(key, company, fits), min_size=1, max_size=8))
    odd = st.one_of(
        st.tuples(st.sampled_from(owner.others), company, fits),
        st.tuples(key, st.sampled_from([*ANOTHERS, *UNKNOWN]), fits),
        st.tuples(key, company, st.sampled_from(DOES_NOT)),
    )
    if draw(st.booleans()):
        rows.insert(draw(st.integers(0, len(rows))), draw(odd))
    return case_of(owner, rows, tenants=tenants, others=others, conditions=conditions)


Found = tuple[Sequence[object], int, int, int, int]


def found_by(
    case: Case,
    of: Dataset,
    rows: Sequence[Row],
    *,
    held: Periods = ALWAYS,
    more: Sequence[Reached] = (),
    size: int = 0,
) -> Found | None:
    """The numbers of the rows that were taken, and all counts; None if a row of somebody else stopped the export."""
    tenants, others = (("uk", 7, COMPANY), ("fr", 8, "cd" * 8)) if case.has_tenants else ((), ())
    subject = [Reached(Identifier("customer_id", case.owner.value), held), *more]
    owned = ownership(of, subject, tenants, {}, other_tenants=others if case.knows_others else None)
    chunks = [Chunk(rows[at : at + size]) for at in range(0, len(rows), size)] if size else [Chunk(rows)]
    place = of.owner_width
    try:
        found = list(collect(owned, cast(Snapshot, ChunksInMemory(*chunks))))
    except OwnershipError:
        return None
    return (
        [row[place] for one in found for row in one.chunk.rows],
        sum(one.unattributed for one in found),
        sum(one.unknown_tenant for one in found),
        sum(one.joined_to_others for one in found),
        sum(one.returned for one in found),
    )


SEEDED = settings(derandomize=True, database=None, deadline=None)


def at_once(case: Case) -> Found | None:
    """What the dataset with only this key takes, whose chunks pass whole."""
    return found_by(case, plain(case.key), [(*row, n) for n, row in enumerate(case.rows)])


def expected(case: Case) -> Found | None:
    """What was drawn as the subject's, judged without the code that compares."""
    if any(map(case.is_somebody_elses, case.rows)):
        return None
    numbers = [n for n, row in enumerate(case.rows) if not case.has_unknown_company(row)]
    return numbers, 0, len(case.rows) - len(numbers), 0, len(numbers)


def test_a_chunk_holds_exactly_the_rows_that_were_drawn_as_the_subjects() -> None:
    kinds: list[str] = []

    @SEEDED
    @given(cases())
    def judge(case: Case) -> None:
        found = at_once(case)
        assert found == expected(case)
        kinds.append("stopped" if found is None else "cut" if found[2] else "whole")

    judge()
    assert all(kinds.count(kind) >= len(kinds) / 10 for kind in ("stopped", "cut", "whole"))


@pytest.mark.parametrize("owner", OWNERS, ids=lambda owner: owner.value)
def test_each_cell_that_only_looks_like_the_subjects_stops_the_export_between_rows_of_theirs(
    owner: Owner,
) -> None:
    """Also if Python takes it for equal, as True for 1."""
    for good in owner.theirs:
        fits = (good, "uk", FITS[0])
        odd = [
            *((other, "uk", FITS[0]) for other in owner.others),
            *((good, tenant, FITS[0]) for tenant in (*ANOTHERS, *UNKNOWN)),
            *((good, "uk", held) for held in DOES_NOT),
        ]
        for others in (True, False):
            for row in odd:
                case = case_of(owner, [fits, row, fits], tenants=True, others=others, conditions=True)
                assert at_once(case) == expected(case), row
            held = [(cell, "uk", condition) for cell in owner.theirs for condition in FITS]
            case = case_of(owner, held, tenants=True, others=others, conditions=True)
            assert at_once(case) == (list(range(len(held))), 0, 0, 0, len(held))


@pytest.mark.parametrize("way", WAYS)
def test_a_chunk_that_passes_whole_is_the_same_row_by_row(way: str) -> None:
    there = WAYS[way]

    @SEEDED
    @given(cases())
    def judge(case: Case) -> None:
        rows = [(*row, *there.after, n, *there.last) for n, row in enumerate(case.rows)]
        assert found_by(case, there.of(case.key), rows, held=there.held) == at_once(case)

    judge()


@pytest.mark.parametrize("size", [1, 2])
def test_rows_are_judged_alike_in_small_chunks_and_in_one(size: int) -> None:
    @SEEDED
    @given(cases())
    def judge(case: Case) -> None:
        rows = [(*row, n) for n, row in enumerate(case.rows)]
        assert found_by(case, plain(case.key), rows, size=size) == at_once(case)

    judge()


# Joined owners: cells of the subject, of nobody, and of others

BY_KEY = st.sampled_from([(None, True), (1, True), ("1", True), ("1.00", True)]) | st.sampled_from(
    [("1.50", False), ("2.00", False), (True, False), ("", False), (2, False), ("01", False)]
)
BY_EMAIL = st.sampled_from([(None, True), ("sam@example.org", True)]) | st.sampled_from(
    [("Sam@example.org", False), ("", False), ("robin@example.org", False), (1, False)]
)


@settings(SEEDED)
@given(st.lists(st.tuples(BY_KEY, BY_KEY, BY_EMAIL), min_size=1, max_size=6))
def test_a_row_is_taken_only_if_every_joined_owner_is_the_subject_or_nobody(
    drawn: list[tuple[tuple[object, bool], ...]],
) -> None:
    owners = (
        JoinedOwner(column="first"),
        JoinedOwner(column="second", identifier="customer_id"),
        JoinedOwner(column="third", identifier="email"),
    )
    case = Case(OWNERS[0], False, False, False, [(1, None)] * len(drawn))
    rows = [(1, None, *(cell for cell, _ in cells), n) for n, cells in enumerate(drawn)]
    theirs = [n for n, cells in enumerate(drawn) if all(mine for _, mine in cells)]
    found = found_by(case, joined(case.key, *owners), rows, more=[EMAIL])
    assert found == (theirs, 0, 0, len(rows) - len(theirs), len(rows))
