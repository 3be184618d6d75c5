"""Names of tables, and the parts that they are made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsar_export.model.source import SourceDescription, Table
from dsar_export.model.table_name import name_parts, table_name

NOTES = ("crm", "notes")
DOTTED = ("crm.notes",)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("notes", ("notes",)),
        ("crm.notes", NOTES),
        ('crm."notes"', NOTES),
        ('"crm"."notes"', NOTES),
        ('"crm.notes"', DOTTED),
        ('my schema."a ""b"" c."', ("my schema", 'a "b" c.')),
        ("a.b.c", ("a", "b", "c")),
    ],
)
def test_a_name_is_taken_apart_at_the_dots_that_stand_in_no_quotes(name: str, parts: tuple[str, ...]) -> None:
    assert name_parts(name) == parts


@pytest.mark.parametrize("name", ['it"s', '"open', "a..b", ".a", 'a."b"c', ""])
def test_what_is_written_in_no_such_way_is_one_part_as_it_stands(name: str) -> None:
    assert name_parts(name) == (name,)


@given(st.lists(st.text(st.sampled_from('a."` '), min_size=1), min_size=1, max_size=3))
def test_every_name_is_taken_apart_into_the_parts_that_it_was_made_of(parts: list[str]) -> None:
    assert name_parts(table_name(*parts)) == tuple(parts)


def test_a_part_is_in_quotes_only_where_it_needs_them() -> None:
    assert table_name("crm", "notes") == "crm.notes"
    assert table_name("crm.notes") == '"crm.notes"'
    assert table_name('6" pipes') == '"6"" pipes"'


def test_a_source_knows_a_table_by_every_spelling_of_its_parts_and_by_no_other() -> None:
    both = (Table(table_name(*DOTTED), ("a",)), Table(table_name(*NOTES), ("b",)), Table("letters", ("c",)))
    held = SourceDescription(both, schema="public")
    assert [held.table(name) for name in ('"crm.notes"', "crm.notes", 'crm."notes"')] == [
        both[0],
        both[1],
        both[1],
    ]
    assert [held.table(name) for name in ("letters", '"letters"', "public.letters")] == [both[2]] * 3
    assert [held.table(name) for name in ("notes", "public.notes", '"public.letters"', "crm.letters")] == [
        None
    ] * 4
    assert held.own_names(['"public"."letters"', "nothing", "letters"]) == {"letters"}
