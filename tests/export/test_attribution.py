"""Who a row belongs to if several keys may attribute it and identifiers were the subject's only for a time."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsar_export.errors import OwnershipError, RegisterError
from dsar_export.export.collect import Collected, collect, ownership
from dsar_export.interfaces import Snapshot
from dsar_export.model.comparison import Match
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.identity import Reached
from dsar_export.model.periods import ALWAYS, Periods, Span, periods
from dsar_export.model.request import Identifier
from dsar_export.model.source import Chunk
from dsar_export.model.subject_key import SubjectKey
from tests.export.rows import ChunksInMemory, dataset

Row = tuple[object, ...]
SENDER = SubjectKey(column="sender", identifier="email", match=Match.CASEFOLD)
OWNER = SubjectKey(column="customer_id", identifier="customer_id")
DEVICE = SubjectKey(column="device", identifier="device")
C1 = Reached(Identifier("customer_id", "C-1"))
SAM = Reached(Identifier("email", "sam@example.org"))
TABLET = Identifier("device", "D-1")
SPRING = periods([Span(datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC))])


def kept(*keys: SubjectKey, valid_at: tuple[str, ...] = (), **fields: FieldMapping) -> Dataset:
    """A dataset with a number for each row and these fields."""
    made = {"record_id": FieldMapping(column="id"), **fields}
    return replace(dataset(), subject_keys=keys, valid_at=valid_at, fields=made)


def collected(
    of: Dataset,
    subject: Sequence[Reached],
    *chunks: Chunk,
    tenants: tuple[str | int, ...] = (),
    others: tuple[str | int, ...] | None = None,
) -> list[Collected]:
    owned = ownership(of, subject, tenants, {}, other_tenants=others)
    stream: Iterator[Collected] = collect(owned, cast(Snapshot, ChunksInMemory(*chunks)))
    return list(stream)


def taken(found: Sequence[Collected]) -> list[object]:
    """The numbers of the rows that were taken, in order."""
    return [row[-1] for one in found for row in one.chunk.rows]


def unattributed(found: Sequence[Collected]) -> int:
    return sum(one.unattributed for one in found)


def of_unknown_tenant(found: Sequence[Collected]) -> int:
    return sum(one.unknown_tenant for one in found)


# Several keys


@pytest.mark.parametrize("account", ["C-1", "C-2", None, ""])
def test_a_key_without_proof_claims_no_row_that_names_somebody_else(account: str | None) -> None:
    of = kept(replace(DEVICE, proves=False), OWNER)
    found = collected(of, [Reached(TABLET), C1], Chunk([("D-1", None, account, None, 7)], 0))
    assert (taken(found), unattributed(found)) == (([], 1) if account == "C-2" else ([7], 0))


def test_telephone_numbers_that_make_no_difference_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = list[str]()
    parse = phonenumbers.parse

    def counting(text: str, region: str | None) -> phonenumbers.PhoneNumber:
        parsed.append(text)
        return parse(text, region)

    caller, callee = (
        SubjectKey(column=name, identifier="phone", match=Match.E164, region="GB")
        for name in ("caller", "callee")
    )
    mine = [Reached(Identifier("phone", "+447700900999"))]
    calls = kept(caller, callee)
    own = Chunk([("07700 900999", None, f"07700 9001{n}", None, n) for n in range(10, 20)] * 2, 0)
    others = Chunk([("07700 900101", None, "+44 7700 900999", None, 20)] * 3, 1)
    monkeypatch.setattr(phonenumbers, "parse", counting)
    assert taken(collected(calls, mine, own, others)) == [*range(10, 20), *range(10, 20), 20, 20, 20]
    # The identifier for each key, then each text that decides, once.
    assert parsed == ["+447700900999"] * 2 + ["07700 900999", "+44 7700 900999", "07700 900101"]


def messages(*rows: Row) -> list[Chunk]:
    """Chunks as a source returns them: each row once for every key that finds it."""
    by_sender = [r for r in rows if str(r[0]).casefold() == "sam@example.org"]
    by_owner = [r for r in rows if r[2] == "C-1"]
    return [c for c in (Chunk(by_sender, 0), Chunk(by_owner, 1)) if c.rows]


def test_a_row_that_two_keys_find_is_taken_once_by_the_first() -> None:
    rows = messages(
        ("sam@example.org", None, None, None, 1),
        ("SAM@example.org", None, "C-1", None, 2),
        ("robin@example.org", None, "C-1", None, 3),
    )
    found = collected(kept(SENDER, OWNER), [SAM, C1], *rows)
    assert [taken([one]) for one in found] == [[1, 2], [3]]
    assert unattributed(found) == 0


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["sam@example.org", "SAM@EXAMPLE.ORG", "robin@example.org", None]),
            st.sampled_from(["C-1", "C-2", None]),
        ),
        max_size=12,
    )
)
def test_each_row_that_any_key_attributes_to_the_subject_is_taken_once_and_no_other(
    cells: list[tuple[object, object]],
) -> None:
    rows: list[Row] = [(sender, None, owner, None, n) for n, (sender, owner) in enumerate(cells)]
    found = taken(collected(kept(SENDER, OWNER), [SAM, C1], *messages(*rows)))
    theirs = [n for n, (s, o) in enumerate(cells) if str(s).lower() == "sam@example.org" or o == "C-1"]
    assert sorted(map(str, found)) == sorted(map(str, theirs))


def test_only_the_key_that_found_a_row_is_asserted() -> None:
    found = collected(kept(SENDER, OWNER), [C1], Chunk([("robin@example.org", None, "C-1", None, 1)], 1))
    assert taken(found) == [1]
    with pytest.raises(OwnershipError, match=r"records.sender"):
        collected(kept(SENDER, OWNER), [SAM, C1], Chunk([("robin@example.org", None, "C-1", None, 1)], 0))


def test_each_key_asks_only_for_identifiers_of_its_own_kind() -> None:
    asked = ownership(
        kept(SENDER, OWNER), [SAM, C1, Reached(Identifier("email", "Ä@x.org"))], (), {}
    ).selection
    assert asked.keys == (("sam@example.org", "ä@x.org"), ("C-1",))
    selection = ownership(kept(OWNER), [C1], ("uk",), {}, other_tenants=("fr",)).selection
    assert (selection.tenants, selection.other_tenants) == (("uk",), ("fr",))


def test_two_spellings_of_one_identifier_are_asked_for_once() -> None:
    spelled = [SAM, Reached(Identifier("email", "Sam@EXAMPLE.org"))]
    assert ownership(kept(SENDER), spelled, (), {}).selection.keys == (("sam@example.org",),)


def test_a_hash_without_its_key_is_refused_before_the_source_is_read() -> None:
    hashed = SubjectKey(column="h", identifier="email", match=Match.HMAC, hmac_key="env:KEY")
    with pytest.raises(RegisterError, match="env:KEY"):
        ownership(kept(hashed), [SAM], (), {})
    assert ownership(kept(hashed), [C1], (), {}).selection.keys == ((),)


# Companies


def test_a_row_of_another_company_stops_the_export_although_the_key_is_the_subjects() -> None:
    shared = kept(replace(OWNER, tenant_column="company"))
    assert taken(collected(shared, [C1], Chunk([("C-1", "uk", 1)]), tenants=("uk", "old_uk"))) == [1]
    for other in ("fr", "UK", None, "", 1):
        with pytest.raises(OwnershipError):
            collected(shared, [C1], Chunk([("C-1", "uk", 1), ("C-1", other, 2)]), tenants=("uk",))


@pytest.mark.parametrize("nobodys", ["UK", None, "", 1, "None", "uk ", b"uk"])
def test_a_row_of_an_unknown_tenant_is_counted_and_not_taken_and_does_not_stop_the_export(
    nobodys: object,
) -> None:
    shared = kept(replace(OWNER, tenant_column="company"))
    rows = Chunk([("C-1", "uk", 1), ("C-1", nobodys, 2), ("C-1", "uk", 3)])
    found = collected(shared, [C1], rows, Chunk([("C-1", nobodys, 4)]), tenants=("uk",), others=("fr", 7))
    assert (taken(found), of_unknown_tenant(found), unattributed(found)) == ([1, 3], 2, 0)


@pytest.mark.parametrize("anothers", [("C-1", "fr"), ("C-1", 7), ("C-1", "7"), ("C-2", None), (None, None)])
def test_somebody_elses_row_stops_the_export_even_beside_rows_of_an_unknown_tenant(anothers: Row) -> None:
    shared = kept(replace(OWNER, tenant_column="company"))
    rows = Chunk([("C-1", "uk", 1), ("C-1", None, 2), (*anothers, 3)])
    with pytest.raises(OwnershipError, match=r"^[^C]*Correct the key"):
        collected(shared, [C1], rows, tenants=("uk",), others=("fr", 7))


def test_a_row_of_an_unknown_tenant_that_two_keys_find_is_counted_once() -> None:
    two = kept(replace(SENDER, tenant_column="company"), replace(OWNER, tenant_column="company"))
    rows = messages(("sam@example.org", None, "C-1", None, 1), ("robin@example.org", "UK", "C-1", "UK", 2))
    found = collected(two, [SAM, C1], *rows, tenants=("uk",), others=("fr",))
    assert (taken(found), of_unknown_tenant(found), unattributed(found)) == ([], 2, 0)


def test_a_row_of_an_unknown_tenant_by_one_key_is_taken_by_another_that_names_the_company() -> None:
    two = kept(replace(SENDER, tenant_column="company"), replace(OWNER, tenant_column="company"))
    row = ("sam@example.org", None, "C-1", "uk", 1)
    found = collected(two, [SAM, C1], *messages(row), tenants=("uk",), others=("fr",))
    assert (taken(found), of_unknown_tenant(found)) == ([1], 0)


def test_a_row_of_an_unknown_tenant_outside_the_time_of_its_key_is_not_even_counted() -> None:
    dated = kept(
        replace(DEVICE, tenant_column="company"), valid_at=("at",), at=FieldMapping(column="at", zone="UTC")
    )
    rows: list[Row] = [("D-1", None, n, at) for n, at in enumerate(["2024-04-01", "2024-08-01", None])]
    found = collected(dated, [Reached(TABLET, SPRING)], Chunk(rows), tenants=("uk",), others=("fr",))
    assert (of_unknown_tenant(found), unattributed(found)) == (2, 0)


def test_a_company_is_the_same_as_a_number_and_as_text() -> None:
    shared = kept(replace(OWNER, tenant_column="company"))
    assert taken(collected(shared, [C1], Chunk([("C-1", 5, 1)]), tenants=("5",))) == [1]
    assert taken(collected(shared, [C1], Chunk([("C-1", "5", 1)]), tenants=(5,))) == [1]


@pytest.mark.parametrize(("ours", "nobodys"), [("", None), (" ", ""), (" ", None), ("", " ")])
def test_a_company_without_a_visible_name_is_only_itself(ours: str, nobodys: object) -> None:
    shared = kept(replace(OWNER, tenant_column="company"))
    rows = Chunk([("C-1", ours, 1), ("C-1", nobodys, 2)])
    found = collected(shared, [C1], rows, tenants=(ours,), others=())
    assert (taken(found), of_unknown_tenant(found)) == ([1], 1)


def test_the_company_of_another_key_is_not_asked_about() -> None:
    two = kept(replace(SENDER, tenant_column="company"), replace(OWNER, tenant_column="company"))
    row = ("sam@example.org", "uk", "C-2", "fr", 1)
    assert taken(collected(two, [SAM, C1], Chunk([row], 0), tenants=("uk",))) == [1]


# Identifiers that were theirs only for a time


def household() -> Dataset:
    """A dataset of device rows with a start and an end, in London time."""
    fields = {name: FieldMapping(column=name, zone="Europe/London") for name in ("at", "day")}
    return kept(DEVICE, valid_at=tuple(fields), **fields)


def taken_at(*times: tuple[object, object], held: Periods = SPRING) -> tuple[list[object], int]:
    rows: list[Row] = [("D-1", None, n, at, day) for n, (at, day) in enumerate(times)]
    found = collected(household(), [Reached(TABLET, held)], Chunk(rows))
    return [row[2] for one in found for row in one.chunk.rows], unattributed(found)


def test_a_row_from_the_time_when_the_device_was_theirs_is_taken() -> None:
    assert taken_at(("2024-03-01 00:00:00", "2024-05-31 23:59:59")) == ([0], 0)


def test_a_row_outside_that_time_is_anothers_and_is_not_even_counted() -> None:
    assert taken_at(("2024-02-01 00:00", None), ("2024-07-01 10:00", "2024-07-01 11:00")) == ([], 0)


def test_the_times_are_compared_as_moments_and_not_as_texts() -> None:
    # 1 June 00:30 in London is 31 May 23:30 in UTC.
    assert taken_at(("2024-06-01 00:30:00", None), ("2024-06-01 01:00:00", None)) == ([0], 0)


def test_a_row_that_lies_partly_in_that_time_is_counted_and_not_taken() -> None:
    assert taken_at(("2024-02-29 23:00", "2024-03-01 01:00"), ("2024-05-01 10:00", None)) == ([1], 1)


def test_a_row_that_spans_two_of_their_periods_and_anothers_between_is_counted_and_not_taken() -> None:
    parts = periods(
        [*SPRING.spans, Span(datetime(2024, 9, 1, tzinfo=UTC), datetime(2024, 10, 1, tzinfo=UTC))]
    )
    assert taken_at(("2024-04-01 10:00", "2024-09-02 10:00"), held=parts) == ([], 1)


def test_a_row_that_began_before_their_time_and_ended_after_it_is_counted_and_not_taken() -> None:
    assert taken_at(("2024-02-01 10:00", "2024-07-01 10:00"), ("2024-07-01 10:00", "2024-02-01 10:00")) == (
        [],
        2,
    )


@pytest.mark.parametrize("at", ["soon", 20240401, b"\xff", "2024-13-01 00:00", None])
def test_a_row_with_unreadable_times_is_counted_and_not_taken(at: object) -> None:
    assert taken_at((at, None)) == ([], 1)


def test_an_unreadable_time_does_not_matter_where_the_device_was_always_theirs() -> None:
    assert taken_at(("soon", None), held=ALWAYS) == ([0], 0)


def test_a_row_with_only_one_time_is_judged_by_it() -> None:
    assert taken_at((None, "2024-04-01 10:00"), (None, "2024-08-01 10:00")) == ([0], 0)


def test_two_owners_of_one_tablet_each_get_their_own_rows_and_none_twice() -> None:
    summer = ALWAYS.without(SPRING)
    times = [(f"2024-{month:02}-15 12:00", None) for month in range(1, 13)]
    hers, his = taken_at(*times)[0], taken_at(*times, held=summer)[0]
    assert (hers, sorted(map(str, [*hers, *his]))) == ([2, 3, 4], sorted(map(str, range(12))))


def test_two_links_to_one_device_join_their_times() -> None:
    twice = [Reached(TABLET, SPRING), Reached(TABLET, ALWAYS.without(SPRING))]
    rows: list[Row] = [("D-1", None, 1, "2024-08-01 10:00", None), ("D-1", None, 2, "2024-04-01 10:00", None)]
    assert len(collected(household(), twice, Chunk(rows))[0].chunk.rows) == 2


def test_a_temporary_identifier_is_not_asked_for_where_rows_have_no_time() -> None:
    timeless = kept(DEVICE)
    source = ChunksInMemory([("D-1", None, 1)])
    owned = ownership(timeless, [Reached(TABLET, SPRING)], (), {})
    assert list(collect(owned, cast(Snapshot, source))) == []
    assert source.asked == []
    assert ownership(timeless, [Reached(TABLET)], (), {}).selection.keys == (("D-1",),)


def test_a_row_outside_the_time_of_one_key_is_taken_by_another() -> None:
    both = kept(DEVICE, OWNER, valid_at=("at",), at=FieldMapping(column="at", zone="UTC"))
    row = ("D-1", None, "C-1", None, 1, "2024-08-01 10:00")
    found = collected(both, [Reached(TABLET, SPRING), C1], Chunk([row], 0), Chunk([row], 1))
    assert [len(one.chunk.rows) for one in found] == [0, 1]
    assert unattributed(found) == 0


@pytest.mark.parametrize(("at", "expected"), [("2024-04-01 10:00", ([1], 0)), ("2024-08-01 10:00", ([], 1))])
def test_a_key_that_proves_contradicts_only_at_a_time_when_it_was_not_theirs(
    at: str, expected: tuple[list[int], int]
) -> None:
    device = replace(DEVICE, proves=False)
    both = kept(device, OWNER, valid_at=("at",), at=FieldMapping(column="at", zone="UTC"))
    row = ("D-1", None, "C-1", None, 1, at)
    found = collected(both, [Reached(TABLET), replace(C1, periods=SPRING)], Chunk([row], 0))
    assert ([row[4] for one in found for row in one.chunk.rows], unattributed(found)) == expected


def test_a_row_that_nobody_can_attribute_by_two_keys_is_counted_once() -> None:
    other = replace(DEVICE, column="other")
    both = kept(DEVICE, other, valid_at=("at",), at=FieldMapping(column="at", zone="UTC"))
    row = ("D-1", None, "D-1", None, 1, None)
    found = collected(both, [Reached(TABLET, SPRING)], Chunk([row], 0), Chunk([row], 1))
    assert (taken(found), unattributed(found)) == ([], 1)


def test_times_are_read_in_the_zone_that_their_row_names() -> None:
    zoned = kept(DEVICE, valid_at=("at",), at=FieldMapping(column="at", zone_column="zone"))
    rows: list[Row] = [
        ("D-1", None, 1, "2024-06-01 05:00:00", "Asia/Tokyo"),
        ("D-1", None, 2, "2024-06-01 05:00:00", "America/New_York"),
        ("D-1", None, 3, "2024-05-01 05:00:00", "Nowhere/Nothing"),
    ]
    found = collected(zoned, [Reached(TABLET, SPRING)], Chunk(rows))
    assert ([row[2] for row in found[0].chunk.rows], unattributed(found)) == ([1], 1)
