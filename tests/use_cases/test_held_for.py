"""What is held for a client is never read: the person is referred to the client, by name."""

import json
from pathlib import Path

import pytest

from dsar_export.errors import RegisterError
from dsar_export.wiring import build_collectors, register_in
from tests.worlds import World

SOURCE = """
[sources.client_shops]
kind = "sql_database"
url = "env:NOT_SET_ANYWHERE"
controllers = ["acme"]

[sources.client_shops.held_for]
what = "Orders in shops that we run for others"
client = "Shoes & Sons Ltd"
contact = "privacy@shoes.example.org"

[sources.main]"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path / "register")
    made.register_text = made.register_text.replace("\n[sources.main]", SOURCE, 1)
    return made.write([{"text": "one"}])


def test_the_package_names_the_client_and_where_to_ask(world: World) -> None:
    package = world.package()
    absences = json.loads(package.members["datapackage.json"])["dsar"]["not_here"]
    (held,) = [each for each in absences if each["what"] == "Orders in shops that we run for others"]
    assert held["why"] == (
        "We hold this for Shoes & Sons Ltd, as a processor, and copy nothing of it. "
        "Please ask there: privacy@shoes.example.org."
    )


def test_no_collector_is_built_for_it(world: World) -> None:
    assert build_collectors(register_in(world.folder)).keys() == {"main"}


@pytest.mark.parametrize("holder", ["dataset", "link"])
def test_nothing_may_read_it(world: World, holder: str) -> None:
    dataset = world.folder / "datasets" / "records.toml"
    register = world.folder / "register.toml"
    file = dataset if holder == "dataset" else register
    text = file.read_text(encoding="utf-8")
    head, links, tail = text.partition("[[links]]")
    changed = tail.replace('source = "main"', 'source = "client_shops"', 1) if links else tail
    first = head if links else head.replace('source = "main"', 'source = "client_shops"', 1)
    file.write_text(first + links + changed, encoding="utf-8")
    with pytest.raises(RegisterError, match=r"source: 'client_shops' is held for a client \(held_for\)"):
        register_in(world.folder)
