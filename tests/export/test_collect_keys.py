"""Keys without proof, which another key may contradict; and rows of a key that a query leaves out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast

import pytest

from dsar_export.errors import SourceUnreadableError
from dsar_export.export.collect import Collected, collect, ownership, rows_of_key
from dsar_export.interfaces import Snapshot
from dsar_export.model.comparison import Match
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.identity import Reached
from dsar_export.model.periods import NEVER
from dsar_export.model.place import JoinedOwner
from dsar_export.model.request import Identifier
from dsar_export.model.source import Chunk, Selection
from dsar_export.model.subject_key import SubjectKey
from tests.export.rows import ChunksInMemory, dataset
from tests.replacing import replace as replace_in

ACCOUNT = SubjectKey(column="account", identifier="account")
DEVICE = SubjectKey(column="device", identifier="device", proves=False)
COOKIE = SubjectKey(column="cookie", identifier="cookie")
SUBJECT = [Reached(Identifier("account", "A-1")), Reached(Identifier("device", "D-1"))]
VISITS = replace(
    dataset(), subject_keys=(ACCOUNT, DEVICE), fields={"record_id": FieldMapping(column="id")}, valid_at=()
)
GUEST = Identifier("account", "guest")


def visits(
    account: object, *, found_by: int = 1, keys: tuple[SubjectKey, ...] = (ACCOUNT, DEVICE)
) -> Collected:
    """A visit with the subject's device, in which this account was logged in."""
    owned = ownership(replace(VISITS, subject_keys=keys), SUBJECT, (), {}, supplied=("cookie",))
    owned = replace(owned, nobody=lambda identifier: identifier == GUEST)
    rows = [(account, None, "D-1", None, 1)]
    (collected,) = collect(owned, cast(Snapshot, ChunksInMemory(Chunk(rows, found_by))))
    return collected


@pytest.mark.parametrize("account", [None, "", "guest"])
def test_a_visit_with_the_subjects_device_and_nobodys_account_is_theirs(account: object) -> None:
    found = visits(account)
    assert (len(found.chunk.rows), found.unattributed) == (1, 0)


@pytest.mark.parametrize("account", ["A-2", "Guest", "guest ", 7])
def test_a_visit_in_which_somebody_else_was_logged_in_is_counted_and_not_taken(account: object) -> None:
    found = visits(account)
    assert (len(found.chunk.rows), found.unattributed, found.returned) == (0, 1, 1)


def test_whether_an_account_is_nobodys_is_asked_for_its_own_kind() -> None:
    asked: list[Identifier] = []

    def nobody(identifier: Identifier) -> bool:
        asked.append(identifier)
        return False

    owned = replace(ownership(VISITS, SUBJECT, (), {}), nobody=nobody)
    list(collect(owned, cast(Snapshot, ChunksInMemory(Chunk([("A-2", None, "D-1", None, 1)], 1)))))
    assert asked == [Identifier("account", "A-2")]


def test_a_key_that_proves_makes_a_row_the_subjects_whatever_another_names() -> None:
    proving = replace(DEVICE, proves=True)
    found = visits("A-2", keys=(ACCOUNT, proving))
    assert (len(found.chunk.rows), found.unattributed) == (1, 0)


def test_a_kind_that_the_person_supplied_proves_nothing() -> None:
    subject = [Reached(Identifier("cookie", "k-1"))]
    both = replace(VISITS, subject_keys=(ACCOUNT, COOKIE))
    for supplied, taken in (("cookie",), 0), ((), 1):
        owned = ownership(both, subject, (), {}, supplied=supplied)
        rows = [("A-2", None, "k-1", None, 1)]
        (found,) = collect(owned, cast(Snapshot, ChunksInMemory(Chunk(rows, 1))))
        assert (len(found.chunk.rows), found.unattributed) == (taken, 1 - taken)


# What is asked for


SPELLED = ("00FF" * 8, "AB-1", "00ff" * 8)


@pytest.mark.parametrize(
    ("key", "asked"),
    [
        (ACCOUNT, tuple(sorted(SPELLED))),
        (replace(ACCOUNT, match=Match.CASEFOLD), ("00ff" * 8, "ab-1")),
        (replace(ACCOUNT, match=Match.E164, region="GB"), ()),
    ],
)
def test_only_an_exact_key_is_asked_for_each_spelling_as_read(
    key: SubjectKey, asked: tuple[str, ...]
) -> None:
    subject = [Reached(Identifier("account", text)) for text in SPELLED]
    assert ownership(replace(VISITS, subject_keys=(key,)), subject, (), {}).selection.keys == (asked,)


def test_joined_owners_are_compared_with_identifiers_of_their_kinds_that_are_always_the_subjects() -> None:
    owner = JoinedOwner(column="owner", identifier="email")
    of = replace_in(VISITS, subject_keys=(ACCOUNT,), query="SELECT 1", key="id", joins={"others": owner})
    dated = Reached(Identifier("email", "old@example.org"), NEVER)
    subject = [*SUBJECT, Reached(Identifier("email", "00FF" * 8)), dated]
    assert ownership(of, subject, (), {}).others == {Identifier("email", "00ff" * 8)}


class Lost(ChunksInMemory):
    """A source whose network breaks off."""

    def chunks(self, selection: Selection) -> Iterator[Chunk]:
        yield from super().chunks(selection)
        raise ConnectionResetError


def test_a_source_that_breaks_off_is_named_with_the_dataset_and_what_happened() -> None:
    with pytest.raises(SourceUnreadableError) as caught:
        list(collect(ownership(VISITS, SUBJECT, (), {}), cast(Snapshot, Lost())))
    assert str(caught.value) == "source 'main' could not be read: dataset 'records': ConnectionResetError"


# Rows of a key


class Counting(ChunksInMemory):
    """A snapshot that counts the rows of a dataset's own table, by the cells that identify their owner."""

    def __init__(self, *counted: tuple[tuple[object, ...], int]) -> None:
        super().__init__()
        self.counted = counted

    def counts(self, selection: Selection) -> Iterator[tuple[tuple[object, ...], int]]:
        self.asked.append(selection)
        yield from self.counted


BY_COMPANY = replace(ACCOUNT, tenant_column="company")


def rows_found(of: Sequence[Reached], *counted: tuple[tuple[object, ...], int]) -> tuple[int, Counting]:
    source = Counting(*counted)
    payments = replace_in(VISITS, subject_keys=(BY_COMPANY,), query="SELECT 1", key="id")
    owned = ownership(payments, of, ("uk",), {}, other_tenants=("fr",))
    return rows_of_key(owned, cast(Snapshot, source)), source


def test_the_rows_of_a_key_are_those_of_the_subject_at_the_company_that_answers() -> None:
    counted = (
        (("A-1", "uk"), 3),
        (("A-1", "fr"), 10),
        (("A-1", None), 20),
        (("A-2", "uk"), 40),
        (("A-1", "uk"), 4),
    )
    found, source = rows_found(SUBJECT, *counted)
    assert found == 7
    (asked,) = source.asked
    assert (asked.keys, asked.tenants) == ((("A-1",),), ("uk",))


def test_without_an_identifier_no_row_of_a_key_is_even_counted() -> None:
    found, source = rows_found(SUBJECT[1:], (("A-1", "uk"), 3))
    assert (found, source.asked) == (0, [])
