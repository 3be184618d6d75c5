"""Every row must be the subject's by a column of its own table before any row of its chunk goes on."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import cast

import pytest

from dsar_export.errors import OwnershipError, RegisterError
from dsar_export.export.collect import collect, ownership
from dsar_export.interfaces import Snapshot
from dsar_export.model.comparison import Match
from dsar_export.model.identity import Reached
from dsar_export.model.request import Identifier
from dsar_export.model.source import Chunk
from dsar_export.model.subject_key import Step, SubjectKey
from tests.export.rows import ChunksInMemory, dataset, row
from tests.replacing import replace as replace_in

KEY = SubjectKey(column="customer_id", identifier="customer_id")
SUBJECT = frozenset({Identifier("customer_id", "C-1"), Identifier("email", "sam@example.org")})


def collected(
    source: ChunksInMemory, subject: frozenset[Identifier] = SUBJECT, *, match: Match = Match.EXACT
) -> Iterator[Chunk]:
    key = SubjectKey(column="customer_id", identifier="customer_id", match=match)
    owned = ownership(replace(dataset(), subject_keys=(key,)), [Reached(i) for i in sorted(subject)], (), {})
    for one in collect(owned, cast(Snapshot, source)):
        assert one.unattributed == 0
        yield one.chunk


def test_the_subjects_chunks_pass_unchanged_and_in_order() -> None:
    chunks = ([row(number=1), row(number=2)], [row(number=3)])
    assert [list(c.rows) for c in collected(ChunksInMemory(*chunks))] == [list(c) for c in chunks]


@pytest.mark.parametrize("owner", ["C-2", "c-1", "C-10", "C-1 ", "", None, 1, b"C-1", "sam@example.org"])
def test_somebody_elses_row_stops_the_export(owner: object) -> None:
    stream = collected(ChunksInMemory([row(number=1)], [row(number=2), row(owner, number=3)]))
    assert list(next(stream).rows) == [row(number=1)]
    with pytest.raises(OwnershipError):
        next(stream)


def test_a_chunk_with_a_strangers_row_is_not_passed_on_at_all() -> None:
    stream = collected(ChunksInMemory([*(row() for _ in range(249)), row("C-2")]))
    with pytest.raises(OwnershipError):
        next(stream)
    assert list(stream) == []


def test_the_error_names_what_to_correct_and_contains_no_value() -> None:
    with pytest.raises(OwnershipError) as caught:
        list(collected(ChunksInMemory([row("C-SECRET", text="PRIVATE")])))
    message = str(caught.value)
    for named in ("'records'", "'main'", "records.customer_id", "datasets/records.toml"):
        assert named in message
    assert not [value for value in ("SECRET", "PRIVATE", "C-1", "sam@") if value in message]
    assert isinstance(caught.value, RegisterError)


def test_the_error_says_what_to_correct_and_where() -> None:
    with pytest.raises(OwnershipError) as caught:
        list(collected(ChunksInMemory([row("C-2")])))
    assert str(caught.value) == (
        "dataset 'records': source 'main' returned a row that is not the subject's by records.customer_id; "
        "the export was stopped. Correct the key or subject_keys in datasets/records.toml, "
        "or write the identifier exactly as the source has it"
    )


def refused(**changes: object) -> str:
    """The error for a stranger's row of a dataset with these changes."""
    of = replace_in(dataset(), **changes)
    owned = ownership(of, [Reached(Identifier("customer_id", "C-1"))], (), {})
    with pytest.raises(OwnershipError) as caught:
        list(collect(owned, cast(Snapshot, ChunksInMemory([row("C-2")]))))
    return str(caught.value)


def test_the_error_names_the_query_where_there_is_one() -> None:
    corrected = (
        "Correct the query (it must return the columns of key and order_by unchanged), key or subject_keys"
    )
    assert corrected in refused(query="SELECT 1", key="id")


def test_the_error_names_the_table_that_has_the_key() -> None:
    first, last = Step(column="a", table="orders", key="id"), Step(column="b", table="customers", key="id")
    assert "by orders.customer_id;" in refused(subject_keys=(replace(KEY, through=(first,)),))
    assert "by customers.customer_id;" in refused(subject_keys=(replace(KEY, through=(first, last)),))


def test_casefold_takes_every_spelling_and_nothing_else() -> None:
    subject = frozenset({Identifier("customer_id", "Straße@Example.org")})
    spelled = [row("STRAẞE@example.ORG"), row("straße@example.org ")]
    assert len(list(collected(ChunksInMemory(spelled), subject, match=Match.CASEFOLD))) == 1
    with pytest.raises(OwnershipError):
        list(collected(ChunksInMemory([row("strasse@example.org")]), subject, match=Match.CASEFOLD))


def test_a_whole_number_in_the_source_matches_the_identifier_with_the_same_digits() -> None:
    subject = frozenset({Identifier("customer_id", "42")})
    assert len(list(collected(ChunksInMemory([row(42)]), subject))) == 1


ONE = frozenset({Identifier("customer_id", "1")})


@pytest.mark.parametrize("rows", [(1, 1.0), (1.0, 1), (Decimal("1.00"), 1, "1")])
def test_numbers_that_are_equal_are_one_key_however_they_are_stored(rows: tuple[object, ...]) -> None:
    source = ChunksInMemory([row(owner, number=n) for n, owner in enumerate(rows)])
    assert [len(chunk.rows) for chunk in collected(source, ONE)] == [len(rows)]


@pytest.mark.parametrize("rows", [(1, True), (1, "1.0"), (1, "01"), ("1", 1.5)])
def test_what_only_looks_like_the_number_is_another_key(rows: tuple[object, ...]) -> None:
    with pytest.raises(OwnershipError):
        list(collected(ChunksInMemory([row(owner, number=n) for n, owner in enumerate(rows)]), ONE))


def test_without_an_identifier_of_the_datasets_kind_the_source_is_not_even_read() -> None:
    source = ChunksInMemory([row("C-2")])
    assert list(collected(source, frozenset({Identifier("email", "C-2")}))) == []
    assert source.asked == []
