"""What a person's rows refer to is found from their own identifiers alone, and makes nobody known."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from dsar_export.errors import WrongUseError
from dsar_export.model.comparison import Strength
from dsar_export.model.identity import Identity
from dsar_export.model.request import Identifier
from tests.homes import TO_ADDRESS, world_of_homes, write_homes
from tests.identities.identifying import identity_of
from tests.identities.linked import C1, C2, SAM, held, span
from tests.worlds import World

HOME, OTHER_HOME, CITY = (
    Identifier("address_id", "1"),
    Identifier("address_id", "2"),
    Identifier("city_id", "7"),
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Sam and Robin share a home."""
    return write_homes(world_of_homes(tmp_path / "register"))


def identifiers(identity: Identity) -> Sequence[Identifier]:
    return sorted(reached.identifier for reached in identity.own)


def referred(identity: Identity) -> Sequence[Identifier]:
    return sorted(reached.identifier for reached in identity.referred)


def test_a_home_that_two_people_share_leads_to_neither_of_them(world: World) -> None:
    for somebody in (C1, SAM, C2):
        identity = identity_of(world, somebody)
        assert referred(identity) == [HOME, CITY]
        assert {i.kind for i in identifiers(identity)} == {"customer_id", "email"}
        assert len([i for i in identifiers(identity) if i.kind == "customer_id"]) == 1
        assert (identity.candidates, identity.shared) == (0, ())


def test_a_reference_says_from_what_and_over_which_table_it_was_found(world: World) -> None:
    found = {reached.identifier: reached for reached in identity_of(world, C1).known}
    assert (found[HOME].parent, found[HOME].over) == (C1, "main.customers")
    assert (found[CITY].parent, found[CITY].over) == (HOME, "main.addresses")
    assert {found[i].strength for i in (HOME, CITY)} == {Strength.REFERENCE}
    assert found[C1].strength is Strength.STRONG


def test_nobody_can_be_found_by_a_reference(world: World) -> None:
    for given in ([HOME], [C1, CITY]):
        with pytest.raises(WrongUseError, match="unknown kind of identifier"):
            identity_of(world, *given)


def test_a_reference_is_valid_as_long_as_what_led_to_it(tmp_path: Path) -> None:
    made = world_of_homes(tmp_path / "register")
    dated = TO_ADDRESS.replace(
        "strength", 'valid = { since = "since", until = "until", zone = "UTC" }\nstrength'
    )
    made.register_text = made.register_text.replace(TO_ADDRESS, dated)
    write_homes(made)
    for column, day in (("since", "2020-01-01"), ("until", "2021-01-01")):
        made.run(f"ALTER TABLE customers ADD COLUMN {column} TEXT")
        made.run(f"UPDATE customers SET {column} = '{day}T00:00:00Z'")
    identity = identity_of(made, C1)
    year = span("2020-01-01", "2021-01-01")
    assert [held(identity)[i] for i in (HOME, CITY)] == [year, year]


def test_an_identifier_that_leads_to_no_person_leads_to_what_its_rows_refer_to(tmp_path: Path) -> None:
    made = world_of_homes(tmp_path / "register")
    made.register_text += TO_ADDRESS.replace('given = "customer_id"', 'given = "email"').replace(
        '"id"', '"email"'
    )
    write_homes(made, [1, 2])
    made.run("INSERT INTO customers (email, address_id) VALUES ('guest@example.org', 2)")
    guest = Identifier("email", "guest@example.org")
    identity = identity_of(made, guest)
    assert identifiers(identity) == [guest]
    assert referred(identity) == [OTHER_HOME, CITY]


def test_another_persons_reference_is_not_followed_after_a_choice(tmp_path: Path) -> None:
    made = write_homes(world_of_homes(tmp_path / "register"), [1, 2], [7, 8])
    made.run("UPDATE customers SET email = 'sam@example.org'")
    assert referred(identity_of(made, SAM, chosen=["C-1"])) == [HOME, CITY]


def test_an_address_cycle_ends(tmp_path: Path) -> None:
    """An address within another, which is within the first."""
    made = world_of_homes(tmp_path / "register")
    made.register_text += (
        TO_ADDRESS.replace("customer_id", "address_id")
        .replace('"customers"', '"within"')
        .replace('leads_to_column = "address_id"', 'leads_to_column = "in_id"')
    )
    write_homes(made)
    made.run("CREATE TABLE within (id INTEGER PRIMARY KEY, in_id INTEGER)")
    made.run("INSERT INTO within VALUES (1, 2), (2, 1)")
    assert referred(identity_of(made, C1)) == [HOME, OTHER_HOME, CITY]
