"""Only transitions.py changes or erases a request's row, only open_request makes one: so no state is ever skipped."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    file
    for package in ("dsar_export", "collectors", "renderers")
    for file in (ROOT / package).rglob("*.py")
    if "migrations" not in file.parts  # those are written for one revision, and reviewed as such
)
TABLE = "REQUESTS"
WRITES = {"update", "insert", "delete"}
SQL = re.compile(
    r"\b(update|insert\s+into|delete\s+from|replace\s+into|merge\s+into)\s+[\"`\[]?requests\b", re.IGNORECASE
)
ALLOWED = {
    "dsar_export/requests/transitions.py": {"update", "delete"},
    "dsar_export/requests/requests.py": {"insert"},
}


def writes(source: str) -> set[str]:
    """The ways in which a module writes the table of requests: SQLAlchemy's, by either spelling, and SQL as text.

    A table under another name is found too, because giving it another name counts as a write.
    """
    found = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]) if (
                name in WRITES and names_the_table(first)
            ):
                found.add(name)
            case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in WRITES and names_the_table(
                value
            ):
                found.add(name)
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value) if names_the_table(value):
                found.add("alias")
            case ast.ImportFrom(names=names) if any(n.name == TABLE and n.asname for n in names):
                found.add("alias")
            case ast.Constant(value=str(text)) if (statement := SQL.search(text)) is not None:
                found.add(statement[1].split()[0].lower())
            case _:
                pass
    return found


def names_the_table(node: ast.expr) -> bool:
    """Whether it is the table, by its name, an attribute of its module, or a look-up in the metadata."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name == TABLE
        case ast.Subscript(slice=ast.Constant(value="requests")):
            return True
    return False


def test_the_row_of_a_request_is_written_in_two_places_only() -> None:
    found = {
        str(file.relative_to(ROOT)): written
        for file in SOURCES
        if (written := writes(file.read_text(encoding="utf-8")))
    }
    assert found == ALLOWED


@pytest.mark.parametrize(
    ("source", "way"),
    [
        ("update(REQUESTS).values(state='approved')", "update"),
        ("sa.update(tables.REQUESTS)", "update"),
        ("REQUESTS.update()", "update"),
        ("insert(REQUESTS)", "insert"),
        ("METADATA.tables['requests'].delete()", "delete"),
        ("connection.exec_driver_sql('UPDATE requests SET state = ?')", "update"),
        ("text('update\\n requests set state = 1')", "update"),
        ("text(f'INSERT OR IGNORE INTO x; insert into \"requests\" values ({x})')", "insert"),
        ("table = REQUESTS", "alias"),
        ("table: Table = tables.REQUESTS", "alias"),
        ("from dsar_export.requests.tables import REQUESTS as R", "alias"),
    ],
)
def test_every_way_to_write_it_is_found(source: str, way: str) -> None:
    assert writes(source) == {way}


@pytest.mark.parametrize(
    "source",
    [
        "select(REQUESTS.c.state)",
        "update(HOUSE).values(state=1)",
        "insert(IDENTIFIERS)",
        "values.update(REQUESTS.c)",
        "known = select(REQUESTS.c.reference)",
        "'update the requests'",
    ],
)
def test_other_tables_and_reads_are_not_mistaken_for_it(source: str) -> None:
    assert writes(source) == set()
