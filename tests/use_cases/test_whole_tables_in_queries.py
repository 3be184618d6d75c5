"""A query may take all columns of a table; one that is new in it is not dropped silently."""

from pathlib import Path

import pytest

from dsar_export.errors import RegisterError
from tests.described import FIELDS, KINDS, SAM, STAR, Described, described_shop

on_each_database = pytest.mark.parametrize("made", KINDS, indirect=True)
DESK = '{ column = "desk_name", type = "string" }'
NEW = "column 'floor' is not in the register yet, so it was not copied"


@pytest.fixture
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Described:
    """The tickets, by a query that takes all of their columns and the name of the desk."""
    return described_shop(request, tmp_path, {**FIELDS, "desk": DESK}, STAR)


@on_each_database
def test_all_columns_of_a_table_and_one_of_another_are_read(made: Described) -> None:
    assert made.shop.findings() == []
    (record,) = made.shop.package(SAM).json("tickets")
    assert list(record) == [*FIELDS, "desk"]
    assert (record["id"], record["subject"], record["desk"]) == (10, "A tent", "Front desk")
    assert made.shop.gaps(SAM) == []


@on_each_database
def test_a_new_column_of_the_own_table_is_undecided(made: Described) -> None:
    made.run("ALTER TABLE tickets ADD COLUMN secret INTEGER")
    (found,) = made.shop.findings()
    assert "tickets.toml: fields: column tickets.secret is not mapped to any field" in found
    assert "column 'secret' is not in the register yet, so it was not copied" in made.shop.gaps(SAM)


@on_each_database
def test_a_new_column_of_a_joined_table_is_undecided_unless_it_is_left_out(made: Described) -> None:
    made.shop.change("datasets/tickets.toml", "d.name AS desk_name", "d.name AS desk_name, d.floor AS floor")
    (found,) = made.shop.findings()
    assert "tickets.toml: query: column 'floor' of the query is not mapped to any field" in found
    assert made.shop.gaps(SAM) == [NEW]
    left_out = '[left_out]\nfloor = { reason = "not_personal", note = "n" }\n'
    made.shop.change("datasets/tickets.toml", "[left_out]\n", left_out)
    assert made.shop.findings() == []
    assert made.shop.gaps(SAM) == []
    made.shop.change("datasets/tickets.toml", "floor = {", "flor = {")
    assert any("left_out" in line and "'flor'" in line for line in made.shop.findings())


@on_each_database
def test_a_column_that_a_query_computes_needs_its_type(made: Described) -> None:
    made.shop.change("datasets/tickets.toml", 'column = "desk_name", type = "string"', 'column = "desk_name"')
    problem = "fields.desk.type: the source does not say what this column holds"
    assert any(problem in line for line in made.shop.findings())
    with pytest.raises(RegisterError, match=problem):
        made.shop.export(SAM)
