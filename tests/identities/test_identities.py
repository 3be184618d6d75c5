"""Messy identities: links of a time, weak links, recycled and shared addresses, choices, supplied cookies, hashes."""

from pathlib import Path

import pytest

from dsar_export.errors import RegisterError, SubjectAmbiguousError, WrongUseError
from dsar_export.model.identity import SharedIdentifiers
from dsar_export.model.periods import ALWAYS
from dsar_export.model.request import Identifier
from tests.identities.identifying import identity_of
from tests.identities.linked import (
    C1,
    C2,
    COOKIE,
    PHONE,
    SAM,
    TABLET,
    VALID,
    held,
    link,
    linked_world,
    span,
    write,
)
from tests.worlds import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return linked_world(tmp_path)


# Links of a time


def test_a_link_holds_from_its_day_until_its_other_day(world: World) -> None:
    write(
        world,
        devices=[
            ("C-1", "D-1", "2024-01-01 00:00", "2024-06-01 00:00"),
            ("C-1", "D-2", "2025-01-01 00:00", None),
        ],
    )
    found = held(identity_of(world, C1))
    assert found[C1] == ALWAYS
    assert found[TABLET] == span("2024-01-01", "2024-06-01")
    assert found[PHONE] == span("2025-01-01", None)


def test_a_time_without_an_end_may_be_written_as_postgresql_writes_it(world: World) -> None:
    write(
        world,
        devices=[
            ("C-1", "D-1", "-infinity", "2024-06-01 00:00"),
            ("C-1", "D-2", "2025-01-01 00:00", "infinity"),
        ],
        cookies=[
            ("D-1", "k-1", "-infinity", "infinity"),
            ("D-1", "k-2", "infinity", None),
            ("D-1", "k-3", None, "-infinity"),
        ],
    )
    found = held(identity_of(world, C1))
    assert found[TABLET] == found[COOKIE] == span(None, "2024-06-01")
    assert found[PHONE] == span("2025-01-01", None)
    assert not [i for i in found if i.value in {"k-2", "k-3"}]


def test_a_source_that_compares_more_loosely_than_the_register_is_an_error(world: World) -> None:
    write(world)
    world.run("DROP TABLE devices")
    world.run("CREATE TABLE devices (customer_id TEXT COLLATE NOCASE, device TEXT, since TEXT, until TEXT)")
    world.run("INSERT INTO devices VALUES ('c-1', 'D-1', NULL, NULL)")
    with pytest.raises(RegisterError, match="more loosely than 'exact'"):
        identity_of(world, C1)


def test_along_a_chain_an_identifier_is_theirs_while_every_link_holds(world: World) -> None:
    write(
        world,
        devices=[("C-1", "D-1", "2024-01-01 00:00", "2024-06-01 00:00")],
        cookies=[
            ("D-1", "k-1", "2024-03-01 00:00", "2024-09-01 00:00"),
            ("D-1", "k-2", "2024-07-01 00:00", None),
        ],
    )
    found = held(identity_of(world, C1))
    assert found[COOKIE] == span("2024-03-01", "2024-06-01")
    assert Identifier("cookie", "k-2") not in found  # the tablet was another's by then


def test_two_ways_to_one_identifier_join_their_times(world: World) -> None:
    write(
        world,
        devices=[("C-1", "D-1", None, "2024-01-01 00:00"), ("C-1", "D-1", "2024-06-01 00:00", None)],
    )
    expected = span(None, "2024-01-01").joined(span("2024-06-01", None))
    assert held(identity_of(world, C1))[TABLET] == expected


def test_dated_links_in_a_circle_come_to_an_end(world: World) -> None:
    world.register_text += link("cookie", "device", "cookies", VALID)
    write(
        world,
        devices=[("C-1", "D-1", "2024-01-01 00:00", "2024-06-01 00:00")],
        cookies=[("D-1", "k-1", "2024-02-01 00:00", None), ("D-2", "k-1", None, "2024-04-01 00:00")],
    )
    found = held(identity_of(world, C1))
    assert found[COOKIE] == span("2024-02-01", "2024-06-01")
    assert found[PHONE] == span("2024-02-01", "2024-04-01")


@pytest.mark.parametrize(("unit", "per_second"), [("epoch_seconds", 1), ("epoch_milliseconds", 1000)])
def test_times_of_a_link_may_be_counted_since_1970(world: World, unit: str, per_second: int) -> None:
    since, until = 1_704_067_200 * per_second, 1_717_200_000 * per_second
    world.register_text = world.register_text.replace('zone = "UTC"', f'unit = "{unit}"')
    write(world, devices=[("C-1", "D-1", since, until)])
    assert held(identity_of(world, C1))[TABLET] == span("2024-01-01", "2024-06-01")


@pytest.mark.parametrize("times", [("SECRET", None), (None, "SECRET"), ("2024-01-01 00:00", "SECRET")])
def test_an_unreadable_time_of_a_link_is_a_register_error(
    world: World, times: tuple[str | None, str | None]
) -> None:
    write(world, devices=[("C-1", "D-1", *times)])
    with pytest.raises(
        RegisterError, match=r"'customer_id' to 'device' over main.devices .*zone or unit"
    ) as caught:
        identity_of(world, C1)
    assert "SECRET" not in str(caught.value)


def test_each_identifier_has_its_parent_and_the_table_of_its_link(world: World) -> None:
    write(world, devices=[("C-1", "D-1", None, None)], cookies=[("D-1", "k-1", None, None)])
    ways = {r.identifier: (r.parent, r.over) for r in identity_of(world, C1).known}
    assert ways[C1] == (None, None)
    assert ways[TABLET] == (C1, "main.devices")
    assert ways[COOKIE] == (TABLET, "main.cookies")


# Another's time


def test_a_household_tablet_belongs_to_each_person_in_their_own_time_without_asking(world: World) -> None:
    write(
        world,
        devices=[("C-1", "D-1", None, "2024-06-01 00:00"), ("C-2", "D-1", "2024-06-01 00:00", None)],
    )
    hers, his = identity_of(world, C1), identity_of(world, C2)
    assert held(hers)[TABLET] == span(None, "2024-06-01")
    assert held(his)[TABLET] == span("2024-06-01", None)
    assert (hers.candidates, hers.shared, his.shared) == (0, (), ())


def test_a_tablet_that_two_people_had_at_the_same_time_is_ambiguous_and_lists_candidates(
    world: World,
) -> None:
    write(
        world,
        devices=[("C-1", "D-1", None, "2024-06-01 00:00"), ("C-2", "D-1", "2024-05-01 00:00", None)],
    )
    with pytest.raises(SubjectAmbiguousError, match="match 2 customer_id values") as caught:
        identity_of(world, C1)
    assert caught.value.candidates == ("C-1", "C-2")
    assert str(caught.value) == (
        "the identifiers match 2 customer_id values, possibly 2 people. No data was read. "
        "Ask the person which one is theirs and pass it with --choose"
    )


def test_the_chosen_person_loses_the_time_in_which_an_identifier_was_also_another_persons(
    world: World,
) -> None:
    write(
        world,
        devices=[
            ("C-1", "D-1", None, "2024-06-01 00:00"),
            ("C-2", "D-1", "2024-05-01 00:00", None),
            ("C-1", "D-2", None, None),
        ],
    )
    chosen = identity_of(world, C1, chosen=["C-1"])
    assert held(chosen)[TABLET] == span(None, "2024-05-01")
    assert held(chosen)[PHONE] == ALWAYS
    assert C2 not in held(chosen)
    assert (chosen.candidates, chosen.shared) == (2, (SharedIdentifiers("device", 1),))


def test_an_identifier_that_was_always_another_persons_too_is_dropped_and_counted(world: World) -> None:
    write(world, devices=[("C-1", "D-1", None, None), ("C-2", "D-1", None, None)])
    chosen = identity_of(world, C1, chosen=["C-1"])
    assert TABLET not in held(chosen)
    assert chosen.shared == (SharedIdentifiers("device", 1),)


def shared_address(world: World) -> World:
    write(world)
    world.run("UPDATE customers SET email = 'SAM@example.org' WHERE id = 'C-2'")
    return world


def test_a_shared_address_is_ambiguous_and_choosing_one_person_leaves_it_out(world: World) -> None:
    shared_address(world)
    with pytest.raises(SubjectAmbiguousError) as caught:
        identity_of(world, SAM)
    assert caught.value.candidates == ("C-1", "C-2")
    chosen = identity_of(world, SAM, chosen=["C-2"])
    assert set(held(chosen)) == {C2}
    assert chosen.candidates == 2
    assert {shared.kind for shared in chosen.shared} == {"email"}


def test_choosing_both_keys_treats_them_as_one_person_and_drops_nothing(world: World) -> None:
    both = identity_of(shared_address(world), SAM, chosen=["C-1", "C-2"])
    assert {C1, C2, SAM} <= set(held(both))
    assert set(held(both).values()) == {ALWAYS}
    assert (both.candidates, both.shared) == (2, ())


@pytest.mark.parametrize("choice", ["C-9", "c-1", "C-3", ""])
def test_choosing_a_key_that_is_not_a_candidate_is_wrong_use_and_names_nobody(
    world: World, choice: str
) -> None:
    shared_address(world)
    world.run("INSERT INTO customers VALUES ('C-3', 'other@example.org')")
    with pytest.raises(WrongUseError) as caught:
        identity_of(world, SAM, chosen=["C-1", choice])
    assert (
        str(caught.value) == "--choose names a key that is not a candidate. No data was read. Check the key"
    )


def test_choosing_where_there_is_only_one_is_the_same_as_not_choosing(world: World) -> None:
    write(world)
    assert held(identity_of(world, SAM, chosen=["C-1"])) == held(identity_of(world, SAM))


def recycled(world: World) -> World:
    """An address that was another customer's until 2023, and is Sam's since."""
    world.register_text = world.register_text.replace('match = "casefold"', f'match = "casefold"\n{VALID}')
    reverse = 'given_column = "id"\nleads_to_column = "email"\n'
    world.register_text = world.register_text.replace(reverse, reverse + VALID + "\n")
    write(world)
    for column in ("since", "until"):
        world.run(f"ALTER TABLE customers ADD COLUMN {column} TEXT")
    world.run("UPDATE customers SET since = '2023-01-01 00:00' WHERE id = 'C-1'")
    world.run("UPDATE customers SET email = 'sam@example.org', until = '2023-01-01 00:00' WHERE id = 'C-2'")
    return world


def test_a_recycled_address_alone_is_ambiguous_because_its_time_is_unknown(world: World) -> None:
    with pytest.raises(SubjectAmbiguousError) as caught:
        identity_of(recycled(world), SAM)
    assert caught.value.candidates == ("C-1", "C-2")


def test_a_recycled_address_belongs_to_each_customer_in_their_own_time(world: World) -> None:
    recycled(world)
    assert held(identity_of(world, C1))[Identifier("email", "Sam@example.org")] == span("2023-01-01", None)
    assert held(identity_of(world, C2))[SAM] == span(None, "2023-01-01")
    chosen = held(identity_of(world, SAM, chosen=["C-1"]))
    assert chosen[Identifier("email", "Sam@example.org")] == chosen[SAM] == span("2023-01-01", None)


# An identifier of another time


def given_up(world: World) -> World:
    """An address that Robin gave up in 2023, and that no customer has since."""
    recycled(world)
    world.run("UPDATE customers SET email = 'robin@example.org' WHERE id = 'C-2'")
    return world


ROBIN = Identifier("email", "robin@example.org")


def test_an_address_that_was_given_up_is_ambiguous_even_if_no_customer_has_it_now(world: World) -> None:
    with pytest.raises(SubjectAmbiguousError) as caught:
        identity_of(given_up(world), ROBIN)
    assert caught.value.candidates == ("C-2",)
    assert str(caught.value) == (
        "the identifiers were this person's only at another time and may be someone else's today. No data was read. "
        "Ask for a current identifier, or find out who is asking and pass their key with --choose"
    )


def test_confirming_the_only_candidate_is_recorded_as_a_decision(world: World) -> None:
    found = identity_of(given_up(world), ROBIN, chosen=["C-2"])
    assert found.candidates == 1
    assert held(found)[ROBIN] == span(None, "2023-01-01")


def test_a_current_identifier_given_with_it_makes_it_unambiguous(world: World) -> None:
    assert identity_of(given_up(world), ROBIN, C2).candidates == 0


# One key in several spellings


def two_spellings(world: World) -> World:
    """A customer number with two spellings, in a register that treats both as equal."""
    reverse = 'given = "customer_id"\n'
    world.register_text = world.register_text.replace(reverse, reverse + 'match = "casefold"\n', 1)
    write(world)
    world.run("INSERT INTO customers (id, email) VALUES ('c-1', 'Sam@example.org')")
    return world


def test_two_spellings_of_one_number_are_one_person(world: World) -> None:
    found = identity_of(two_spellings(world), SAM)
    assert {C1, Identifier("customer_id", "c-1")} <= set(held(found))
    assert found.candidates == 0


def test_choosing_one_spelling_chooses_the_person(world: World) -> None:
    two_spellings(world)
    world.run("UPDATE customers SET email = 'SAM@example.org' WHERE id = 'C-2'")
    with pytest.raises(SubjectAmbiguousError, match="match 2 customer_id values"):
        identity_of(world, SAM)
    for choice in ("C-1", "c-1"):
        found = identity_of(world, SAM, chosen=[choice])
        assert found.candidates == 2
        assert {C1, Identifier("customer_id", "c-1")} <= set(held(found))
        assert C2 not in held(found)
