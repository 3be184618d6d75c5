"""A small world of people with homes: their rows refer to an address, and the address to a city."""

import json
from collections.abc import Sequence
from pathlib import Path

from tests.worlds import World

_LINK = """
[[links]]
given = "{given}"
leads_to = "{leads_to}"
source = "main"
table = "{table}"
given_column = "{given_column}"
leads_to_column = "{leads_to}"
strength = "reference"
"""
TO_ADDRESS = _LINK.format(given="customer_id", leads_to="address_id", table="customers", given_column="id")
TO_CITY = _LINK.format(given="address_id", leads_to="city_id", table="addresses", given_column="address_id")
_DATASET = """
name = "{name}"
schema = "{name}"
source = "main"
table = "{name}"
order_by = ["{key}"]
purposes = {{ service = "A6-1-b" }}
recipients = []
storage_period = "short"

[[subject_keys]]
column = "{key}"
identifier = "{key}"

[fields]
{key} = {{ column = "{key}" }}
name = {{ column = "name" }}
"""
_LEFT_OUT = 'left_out = { city_id = { reason = "copied_elsewhere", note = "a key" } }'
_KEYS = {"addresses": "address_id", "cities": "city_id"}


def world_of_homes(folder: Path) -> World:
    """Its register; nothing is written yet, so that a test can change it."""
    made = World(folder)
    made.register_text = made.register_text.replace('["records"]', '["records", "addresses", "cities"]')
    made.register_text += TO_ADDRESS + TO_CITY
    return made


def write_homes(
    of: World, homes: Sequence[int | None] = (1, 1), cities: Sequence[int | None] = (7, 7, 8)
) -> World:
    """Sam (C-1) and Robin (C-2) with the numbers of their homes, and the cities of the addresses 1, 2, …"""
    of.write([{"text": "Sam's"}], [{"text": "Robin's"}])
    of.run("ALTER TABLE customers ADD COLUMN address_id INTEGER")
    for number, home in enumerate(homes, start=1):
        of.run("UPDATE customers SET address_id = ? WHERE id = ?", home, f"C-{number}")
    of.run("CREATE TABLE addresses (address_id INTEGER PRIMARY KEY, name TEXT, city_id INTEGER)")
    of.run("CREATE TABLE cities (city_id INTEGER PRIMARY KEY, name TEXT)")
    for address, city in enumerate(cities, start=1):
        of.run("INSERT INTO addresses VALUES (?, ?, ?)", address, f"{address} High Street", city)
    for city in sorted({city for city in cities if city is not None}):
        of.run("INSERT INTO cities VALUES (?, ?)", city, f"City {city}")
    for name, key in _KEYS.items():
        left_out = _LEFT_OUT if name == "addresses" else ""
        (of.folder / "datasets" / f"{name}.toml").write_text(
            left_out + _DATASET.format(name=name, key=key), encoding="utf-8"
        )
        schema = of.folder / "schemas" / f"{name}.schema.json"
        schema.write_text(json.dumps(_schema(name, key)), encoding="utf-8")
    return of


def change_dataset(of: World, name: str, old: str, new: str) -> None:
    """Edits a written dataset's file."""
    path = of.folder / "datasets" / f"{name}.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def _schema(name: str, key: str) -> dict[str, object]:
    texts = {"title": "A field", "description": "Its content.", "x-origin": "provided"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": name.capitalize(),
        "description": "What rows refer to.",
        "type": "object",
        "additionalProperties": False,
        "required": [key],
        "properties": {key: {**texts, "type": "integer"}, "name": {**texts, "type": ["string", "null"]}},
    }
