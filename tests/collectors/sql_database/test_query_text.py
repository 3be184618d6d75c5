"""Whether a query names its columns, or takes whatever a table has."""

import pytest

from collectors.sql_database.query_text import takes_every_column


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM t",
        "select\n  distinct *\nFROM t",
        "SELECT t.*, p.name AS name FROM t",
        "SELECT p.name, t . * FROM t",
        'SELECT p.name, "T".* FROM t',
        "SELECT id FROM (SELECT * FROM t) AS t",
    ],
)
def test_a_star_takes_every_column(query: str) -> None:
    assert takes_every_column(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id, price * 2 AS doubled FROM t",
        "SELECT id, count(*) AS n FROM t",
        "SELECT id, '.*' AS pattern FROM t -- SELECT *",
        'SELECT id AS "t.*" FROM t /* , * */',
    ],
)
def test_other_stars_take_none(query: str) -> None:
    assert not takes_every_column(query)
