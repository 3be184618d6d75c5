"""People who share a home get it with their own data, are not taken for each other, and get nothing of each other's."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.homes import world_of_homes, write_homes
from tests.worlds import SUBJECT, OpenPackage, World, without_documents

pytestmark = pytest.mark.usefixtures("one_salt")


def sams(of: World, *identifiers: str) -> OpenPackage:
    """Sam's package: an export that had to ask would raise."""
    return of.package(*(identifiers or (SUBJECT,)))


def names(package: OpenPackage, dataset: str) -> list[object]:
    return [row["name"] for row in package.json(dataset)]


def test_two_people_share_a_home_and_one_asks(tmp_path: Path) -> None:
    package = sams(write_homes(world_of_homes(tmp_path / "register")))
    assert names(package, "addresses") == ["1 High Street"]
    assert names(package, "cities") == ["City 7"]
    assert [row["text"] for row in package.json()] == ["Sam's"]
    assert not any(b"Robin" in member or b"robin" in member for member in package.members.values())
    identity = json.loads(package.members["datapackage.json"])["dsar"]["identity"]
    assert identity["candidates"] == 0
    assert identity["shared"] == []
    assert {each["kind"] for each in identity["identifiers"]} == {"customer_id", "email"}
    assert [(each["kind"], each["value"]) for each in identity["references"]] == [
        ("address_id", "1"),
        ("city_id", "7"),
    ]


homes = st.lists(st.sampled_from([None, 1, 2, 3]), min_size=2, max_size=2)
cities = st.lists(st.sampled_from([None, 7, 8]), min_size=3, max_size=3)


@settings(max_examples=25, deadline=None)
@given(homes, cities, st.sampled_from([("email=sam@example.org",), ("customer_id=C-1",)]))
def test_whoever_lives_where_everybody_gets_their_own_home_and_nothing_of_others(
    lives: list[int | None], lies: list[int | None], asked: tuple[str, ...]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = write_homes(world_of_homes(Path(folder) / "register"), lives, lies)
        made.services = without_documents(made.build())
        package = sams(made, *asked)
    home = lives[0]
    city = None if home is None else lies[home - 1]
    assert names(package, "addresses") == ([] if home is None else [f"{home} High Street"])
    assert names(package, "cities") == ([] if city is None else [f"City {city}"])
    assert [row["text"] for row in package.json()] == ["Sam's"]
    assert not any(b"obin" in member for member in package.members.values())
