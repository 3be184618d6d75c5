"""`dsar-export identify`: the graph of identifiers, masked, before anything is exported."""

import re
from pathlib import Path

import pytest

from dsar_export.use_cases.masking import masked
from tests.cli.commands import Finished, dsar, files_below, in_this_process
from tests.homes import world_of_homes, write_homes
from tests.worlds import World

SAM, ROBIN, NOBODY = "email=sam.fielding@example.org", "email=robin@example.org", "email=nobody@example.org"
NUMBER = "customer-10042"
WEAK = """
[[links]]
given = "customer_id"
leads_to = "customer_id"
source = "main"
table = "households"
given_column = "customer"
leads_to_column = "neighbour"
strength = "weak"
"""
ORDERS = (
    WEAK.replace('leads_to = "customer_id"', 'leads_to = "order"')
    .replace("households", "orders")
    .replace('strength = "weak"', "")
    .replace('"customer"', '"customer_id"')
    .replace('"neighbour"', '"order_number"')
)
DATED = 'leads_to_column = "email"\nvalid = { since = "since", until = "until", zone = "UTC" }'
FULL_VALUES = (NUMBER, "customer-20077", "sam.fielding", "Sam.Fielding", "robin@", "PRIVATE")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Sam has an address for a year; a neighbour lives at the same door."""
    made = World(tmp_path / "register")
    made.register_text = made.register_text.replace('leads_to_column = "email"', DATED) + WEAK
    made.write([{"text": "PRIVATE"}], [{"text": "PRIVATE"}])
    made.run("ALTER TABLE customers ADD COLUMN since")
    made.run("ALTER TABLE customers ADD COLUMN until")
    made.run("CREATE TABLE households (customer, neighbour)")
    made.run("INSERT INTO households VALUES (?, 'customer-20077')", NUMBER)
    made.run(
        "UPDATE customers SET id = ?, email = 'Sam.Fielding@example.org', since = '2020-01-02 00:00:00', "
        "until = '2021-03-04 00:00:00' WHERE id = 'C-1'",
        NUMBER,
    )
    made.run("UPDATE customers SET id = 'customer-20077' WHERE id = 'C-2'")
    made.run("UPDATE records SET customer_id = ? WHERE customer_id = 'C-1'", NUMBER)
    return made


def identify(world: World, capsys: pytest.CaptureFixture[str], *more: object, stdin: str = SAM) -> Finished:
    command = ("identify", world.folder, "--controller", "acme", "--identifiers-file", "-")
    return in_this_process(capsys, *command, *more, stdin=stdin)


def test_the_table_shows_every_identifier_masked_with_its_way_and_its_time(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    done = identify(world, capsys)
    assert done.code == 0
    lines = [re.split(r"\s{2,}", line.strip()) for line in done.out.splitlines()]
    assert ["identifier", "value", "from", "over", "strength", "since", "until"] in lines
    assert ["customer_id", "c…42", "email", "main.customers", "strong"] in lines
    dated = [
        "email",
        "S…ng@e…rg",
        "customer_id",
        "main.customers",
        "strong",
        "2020-01-02",
        "2021-03-04",
    ]
    assert dated in lines
    assert "one person is behind these identifiers" in done.out


def test_json_is_one_object_with_the_same(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    done = identify(world, capsys, "--json")
    assert (done.code, done.json["people"]) == (0, 1)
    identifiers = done.json["identifiers"]
    assert isinstance(identifiers, list)
    assert {frozenset(one) for one in identifiers} == {
        frozenset({"kind", "values", "count", "from", "over", "strength", "since", "until"})
    }
    given = identifiers[0]
    assert (given["kind"], given["values"], given["from"]) == ("email", ["s…ng@e…rg"], "given")
    assert [one["since"] for one in identifiers if one["values"] == ["S…ng@e…rg"]] == ["2020-01-02"]


def test_a_weak_link_is_shown_as_weak_and_makes_nobody_one_more_person(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    done = identify(world, capsys, "--json")
    identifiers = done.json["identifiers"]
    assert isinstance(identifiers, list)
    (weak,) = [one for one in identifiers if one["strength"] == "weak"]
    assert (weak["kind"], weak["values"], weak["over"]) == ("customer_id", ["c…77"], "main.households")
    assert done.json["people"] == 1


def test_what_the_persons_row_refers_to_is_shown_as_a_reference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = write_homes(world_of_homes(tmp_path / "homes"))
    done = identify(made, capsys, "--json", stdin="email=sam@example.org")
    identifiers = done.json["identifiers"]
    assert isinstance(identifiers, list)
    assert (done.code, done.json["people"]) == (0, 1)
    assert [
        (one["kind"], one["from"], one["over"]) for one in identifiers if one["strength"] == "reference"
    ] == [
        ("address_id", "customer_id", "main.customers"),
        ("city_id", "address_id", "main.addresses"),
    ]
    assert "reference" in identify(made, capsys, stdin="email=sam@example.org").out


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_no_full_value_is_shown_anywhere_whoever_is_asked_for(
    more: tuple[str, ...], world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    for given in (SAM, ROBIN, f"customer_id={NUMBER}", f"{SAM}\n{ROBIN}", NOBODY):
        done = identify(world, capsys, *more, stdin=given)
        for value in (*FULL_VALUES, "nobody@"):
            assert value not in done.out + done.err


@pytest.mark.parametrize(
    ("given", "code", "message"),
    [
        (SAM, 0, "one person is behind these identifiers"),
        (f"{SAM}\n{ROBIN}", 4, "2 people are behind these identifiers; an export stops and asks"),
        (NOBODY, 5, "nobody is behind these identifiers"),
    ],
)
def test_the_exit_code_is_that_of_an_export(
    given: str, code: int, message: str, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    done = identify(world, capsys, stdin=given)
    assert done.code == code
    assert message in done.out
    people = {0: 1, 4: 2, 5: 0}[code]
    again = identify(world, capsys, "--json", stdin=given)
    assert (again.code, again.json["people"]) == (code, people)


def test_many_identifiers_that_were_found_alike_are_one_line(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    (world.folder / "register.toml").write_text(world.register_text + ORDERS, encoding="utf-8")
    world.run("CREATE TABLE orders (customer_id, order_number)")
    for number in range(33):
        world.run("INSERT INTO orders VALUES (?, ?)", NUMBER, f"order-{1000 + number}")
    done = identify(world, capsys)
    assert done.out.count("main.orders") == 1
    assert " and 30 more" in done.out
    identifiers = identify(world, capsys, "--json").json["identifiers"]
    assert isinstance(identifiers, list)
    (orders,) = [one for one in identifiers if one["kind"] == "order"]
    assert (len(orders["values"]), orders["count"]) == (3, 33)


@pytest.mark.parametrize(
    ("statement", "given", "code", "message"),
    [
        (
            "DELETE FROM records",
            SAM,
            5,
            "one person is behind these identifiers, but nothing is held under them",
        ),
        ("DELETE FROM customers", f"customer_id={NUMBER}", 0, "one person is behind these identifiers"),
    ],
)
def test_it_shows_whether_an_export_would_find_anything(
    statement: str, given: str, code: int, message: str, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.run(statement)
    done = identify(world, capsys, stdin=given)
    assert (done.code, message in done.out) == (code, True)


def test_two_customers_with_one_address_are_two_people(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.run("UPDATE customers SET email = 'sam.fielding@example.org' WHERE id = 'customer-20077'")
    done = identify(world, capsys, "--json")
    assert (done.code, done.json["people"]) == (4, 2)


@pytest.mark.parametrize("given", ["", "emial=secret@example.org", "secret@example.org"])
def test_a_text_that_is_not_an_identifier_is_wrong_use_and_not_echoed(
    given: str, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    done = identify(world, capsys, stdin=given)
    assert (done.code, done.out) == (2, "")
    assert "secret" not in done.err


def test_a_source_that_cannot_be_read_is_exit_code_3(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.database.unlink()
    assert identify(world, capsys).code == 3


def test_nothing_is_written_anywhere(world: World, tmp_path: Path) -> None:
    before = files_below(tmp_path)
    command = ("identify", world.folder, "--controller", "acme", "--identifiers-file", "-", "--json")
    assert dsar(*command, stdin=SAM, cwd=tmp_path).code == 0
    assert files_below(tmp_path) == before


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("sam.fielding@example.org", "s…ng@e…rg"),
        ("sam@example.org", "…@e…rg"),
        ("C-1", "…"),
        ("+447700900123", "+…23"),
        ("", "…"),
        ("a@b@example.org", "…@e…rg"),
    ],
)
def test_a_masked_value_shows_its_ends_only(value: str, shown: str) -> None:
    assert masked(value) == shown
