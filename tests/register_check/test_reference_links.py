"""A reference leads to rows that others may share: `check` refuses whatever would make it lead to other people."""

from pathlib import Path

import pytest

from dsar_export.errors import RegisterError
from dsar_export.register_check import check_register
from tests.homes import TO_ADDRESS, TO_CITY, change_dataset, world_of_homes, write_homes
from tests.worlds import SUBJECT, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return world_of_homes(tmp_path / "register")


def problems(of: World) -> list[str]:
    services = of.build()
    found = check_register(services.register, services.collectors, services.keys)
    return [f"{finding.key}: {finding.problem}" for finding in found if not finding.warning]


def refused(of: World, problem: str) -> bool:
    """Whether `check` finds it, and an export stops before it reads anything."""
    assert [p for p in problems(of) if problem in p], problems(of)
    with pytest.raises(RegisterError, match=problem):
        of.export(SUBJECT)
    return True


def test_a_register_with_references_is_accepted(world: World) -> None:
    assert problems(write_homes(world)) == []


def test_a_reference_to_the_subjects_kind_is_refused(world: World) -> None:
    world.register_text += TO_ADDRESS.replace('leads_to = "address_id"', 'leads_to = "customer_id"')
    assert refused(write_homes(world), "a reference can't lead to 'customer_id'")


@pytest.mark.parametrize("strength", ["strong", "weak"])
def test_a_link_that_goes_on_from_a_reference_is_refused(world: World, strength: str) -> None:
    world.register_text = world.register_text.replace(
        TO_CITY, TO_CITY.replace('"reference"', f'"{strength}"')
    )
    assert refused(write_homes(world), f"so no {strength} link can use it")


def test_a_strong_link_to_the_kind_of_a_reference_is_refused(world: World) -> None:
    world.register_text += TO_ADDRESS.replace('"reference"', '"strong"')
    assert refused(write_homes(world), "so no strong link can use it")


def test_nobody_is_asked_for_what_is_only_referred_to(world: World) -> None:
    world.register_text = 'supplied = ["address_id"]\n' + world.register_text
    assert refused(write_homes(world), "so nobody can be asked for it")


def test_a_reference_that_goes_on_over_other_peoples_rows_is_refused(world: World) -> None:
    over_people = TO_CITY.replace('"addresses"', '"customers"').replace("city", "branch")
    world.register_text += over_people
    write_homes(world)
    world.run("ALTER TABLE customers ADD COLUMN branch_id INTEGER")
    assert refused(world, "would lead over rows of other people")


def test_rows_that_share_a_reference_are_not_found_by_it(world: World) -> None:
    write_homes(world)
    world.run("ALTER TABLE records ADD COLUMN address_id INTEGER")
    for old, new in (
        ('table = "addresses"', 'table = "records"'),
        ('order_by = ["address_id"]', 'order_by = ["id"]'),
        ('column = "name"', 'column = "text"'),
    ):
        change_dataset(world, "addresses", old, new)
    assert refused(world, "would find other people's rows")


def test_rows_that_refer_to_a_referred_row_are_not_found_through_it(world: World) -> None:
    write_homes(world)
    world.run("CREATE TABLE rooms (id INTEGER PRIMARY KEY, address_id INTEGER, name TEXT)")
    change_dataset(world, "addresses", 'table = "addresses"', 'table = "rooms"')
    change_dataset(world, "addresses", 'order_by = ["address_id"]', 'order_by = ["id"]')
    step = '\nthrough = [{ column = "address_id", table = "addresses", key = "address_id" }]'
    change_dataset(world, "addresses", 'identifier = "address_id"', f'identifier = "address_id"{step}')
    assert refused(world, "finds the row that it is the key of, and no rows through that one")


def test_a_dataset_that_no_reachable_kind_refers_to_is_refused(world: World) -> None:
    world.register_text = world.register_text.replace(TO_ADDRESS, "")
    found = problems(write_homes(world))
    assert any("no strong link of controller 'acme' leads to 'city_id'" in p for p in found)


def test_a_query_may_join_what_its_rows_refer_to(world: World) -> None:
    world.dataset_text = world.dataset_text.replace(
        "purposes",
        'query = """SELECT r.*, a.name FROM records r JOIN customers c ON c.id = r.customer_id '
        'JOIN addresses a ON a.address_id = c.address_id WHERE r.customer_id IN :customer_id"""\nkey = "id"\n'
        'joins = { customers = "customer_id" }\npurposes',
    )
    found = problems(write_homes(world))
    assert not any("reads rows of people" in p for p in found), "\n".join(found)
