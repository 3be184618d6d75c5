"""What becomes of the given identifiers: the person's for a time, shared, unused, or in the way of every answer."""

from pathlib import Path

import pytest

from dsar_export.errors import SubjectAmbiguousError
from dsar_export.model.identity import SharedIdentifiers, UndecidedRows
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

OTHER_COOKIE = Identifier("cookie", "k-2")
STORED = Identifier("email", "Sam@example.org")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return linked_world(tmp_path)


def ways(*given: Identifier, of: World) -> dict[Identifier, tuple[Identifier | None, str | None]]:
    return {reached.identifier: (reached.parent, reached.over) for reached in identity_of(of, *given).known}


# The way to each


def test_the_way_to_the_person_begins_at_the_given_identifier(world: World) -> None:
    write(world)
    assert ways(SAM, of=world)[C1] == (SAM, "main.customers")


def test_a_given_identifier_that_a_link_finds_too_has_the_way_of_the_link(world: World) -> None:
    write(world, devices=[("C-1", "D-1", None, None)])
    assert ways(C1, TABLET, of=world)[TABLET] == (C1, "main.devices")


def test_the_person_may_be_chosen_for_an_identifier_that_only_their_key_leads_to(world: World) -> None:
    write(world, devices=[("C-1", "D-1", None, None)])
    found = identity_of(world, TABLET, chosen=["C-1"])
    assert held(found) == {C1: ALWAYS, STORED: ALWAYS, TABLET: ALWAYS}


# Cookies that the person supplies, which lead to customers for a time


def supplied(world: World, *cookies: tuple[str, str, str | None, str | None]) -> World:
    world.register_text = world.register_text.replace(
        "datasets = [", 'supplied = ["cookie"]\ndatasets = [', 1
    )
    world.register_text += link("cookie", "customer_id", "cookies_of", VALID)
    write(world)
    world.run("CREATE TABLE cookies_of (cookie, customer_id, since, until)")
    for cookie in cookies:
        world.run("INSERT INTO cookies_of VALUES (?, ?, ?, ?)", *cookie)
    return world


def test_a_supplied_cookie_is_theirs_in_the_time_in_which_it_leads_to_nobody_else(world: World) -> None:
    supplied(world, ("k-1", "C-1", None, "2022-01-01 00:00"), ("k-1", "C-2", "2021-01-01 00:00", None))
    found = identity_of(world, C1, COOKIE, chosen=["C-1"])
    assert held(found)[COOKIE] == span(None, "2021-01-01")
    assert found.shared == ()


def test_a_supplied_cookie_is_theirs_in_the_times_of_all_their_keys(world: World) -> None:
    supplied(world, ("k-1", "C-1", None, "2020-01-01 00:00"), ("k-1", "C-2", "2022-01-01 00:00", None))
    found = held(identity_of(world, COOKIE, chosen=["C-1", "C-2"]))
    assert found[COOKIE] == span(None, "2020-01-01").joined(span("2022-01-01", None))


def test_supplied_cookies_that_always_lead_to_another_person_too_are_dropped_and_counted(
    world: World,
) -> None:
    cookies = [(cookie, customer, None, None) for cookie in ("k-1", "k-2") for customer in ("C-1", "C-2")]
    supplied(world, *cookies)
    found = identity_of(world, C1, COOKIE, OTHER_COOKIE, chosen=["C-1"])
    assert not {COOKIE, OTHER_COOKIE} & set(held(found))
    assert found.shared == (SharedIdentifiers("cookie", 2),)


def test_whoever_shares_a_device_of_the_person_does_not_share_their_cookie(world: World) -> None:
    world.register_text += link("device", "customer_id", "devices")
    supplied(world, ("k-1", "C-1", None, None))
    for customer in ("C-1", "C-2"):
        world.run("INSERT INTO devices VALUES (?, 'D-1', NULL, NULL)", customer)
    found = identity_of(world, C1, COOKIE, chosen=["C-1"])
    assert held(found)[COOKIE] == ALWAYS
    assert found.shared == (SharedIdentifiers("device", 1),)


# Identifiers of somebody else


def test_what_is_not_the_chosen_persons_is_counted_as_unused(world: World) -> None:
    write(world, devices=[("C-2", "D-1", None, None), ("C-2", "D-2", None, None)])
    robin = Identifier("email", "robin@example.org")
    found = identity_of(world, C1, TABLET, PHONE, robin, chosen=["C-1"])
    assert found.unused == (("device", 2), ("email", 1))
    assert set(held(found)) == {C1, STORED}


def test_without_a_choice_what_is_not_the_persons_stops_everything_with_the_next_step(world: World) -> None:
    write(world)
    with pytest.raises(SubjectAmbiguousError) as caught:
        identity_of(world, C1, TABLET)
    assert str(caught.value) == (
        "a given 'device' does not belong to the person found. No data was read. "
        "Leave it out, or make it a separate request"
    )


# Addresses of a time


def addresses(world: World, *customers: tuple[str, str, str | None, str | None]) -> World:
    """Customers with addresses, each for a time."""
    world.register_text = world.register_text.replace('match = "casefold"', f'match = "casefold"\n{VALID}')
    reverse = 'given_column = "id"\nleads_to_column = "email"\n'
    world.register_text = world.register_text.replace(reverse, reverse + VALID + "\n")
    write(world)
    world.run("DROP TABLE customers")
    world.run("CREATE TABLE customers (id TEXT, email TEXT, since TEXT, until TEXT)")
    for customer in customers:
        world.run("INSERT INTO customers VALUES (?, ?, ?, ?)", *customer)
    return world


def test_the_persons_own_key_is_theirs_at_all_times_and_their_address_is_not(world: World) -> None:
    addresses(world, ("C-1", "Sam@example.org", "2023-01-01 00:00", None))
    assert held(identity_of(world, SAM)) == {
        C1: ALWAYS,
        STORED: span("2023-01-01", None),
        SAM: span("2023-01-01", None),
    }


def test_an_address_is_theirs_as_it_was_typed_while_they_have_it_in_any_spelling(world: World) -> None:
    addresses(
        world,
        ("C-1", "Sam@example.org", None, "2020-01-01 00:00"),
        ("C-1", "SAM@example.org", "2022-01-01 00:00", None),
    )
    assert held(identity_of(world, SAM))[SAM] == span(None, "2020-01-01").joined(span("2022-01-01", None))


def test_a_device_from_before_the_given_address_is_another_persons_too_if_they_had_it_then(
    world: World,
) -> None:
    addresses(
        world,
        ("C-1", "Sam@example.org", "2023-01-01 00:00", None),
        ("C-2", "robin@example.org", None, None),
    )
    for customer in ("C-1", "C-2"):
        world.run("INSERT INTO devices VALUES (?, 'D-1', NULL, '2020-01-01 00:00')", customer)
    found = identity_of(world, SAM)
    assert TABLET not in held(found)
    assert found.shared == (SharedIdentifiers("device", 1),)


# Rows that may lead to nobody


def test_rows_that_lead_to_an_undecided_value_are_counted_with_and_without_a_person(world: World) -> None:
    write(world)
    for address in ("sam@example.org", "Sam@example.org", "kim@example.org"):
        world.run("INSERT INTO customers VALUES (?, ?)", f"NEW {address}", address)

    def undecided(identifier: Identifier) -> bool:
        return identifier.value.startswith("NEW")

    def rows(of: Identifier) -> tuple[UndecidedRows, ...]:
        return identity_of(world, of, undecided=undecided).undecided

    assert rows(SAM) == (UndecidedRows("main", "customers", "id", 2),)
    assert rows(Identifier("email", "kim@example.org")) == (UndecidedRows("main", "customers", "id", 1),)
    assert rows(C2) == ()
