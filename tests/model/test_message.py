"""A message is English by itself, and can be looked up in other languages by its text."""

import ast
from collections.abc import Iterator
from pathlib import Path

from dsar_export.model.message import Message

ROOT = Path(__file__).parents[2]
SOURCES = [p for folder in ("dsar_export", "collectors", "renderers") for p in (ROOT / folder).rglob("*.py")]


def marked(file: ast.Module) -> set[str]:
    """The constants of a file whose text is marked for translation where it is written."""
    return {
        node.target.id
        for node in file.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name)
        if node.value.func.id == "message" and isinstance(node.value.args[0], ast.Constant)
    }


def messages() -> Iterator[tuple[ast.Call, set[str]]]:
    """Every place that creates a message, with the constants of its file that are marked."""
    for path in SOURCES:
        file = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(file):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Message":
                yield node, marked(file)


def test_a_message_reads_as_english_with_its_values() -> None:
    assert str(Message("rows: {count}; not copied", (("count", "3"),))) == "rows: 3; not copied"
    assert f"gap: {Message('Cut off.')}" == "gap: Cut off."


def test_what_looks_like_a_placeholder_in_a_value_stays_as_it_is() -> None:
    assert str(Message("{table} is new", (("table", "'{count}'"),))) == "'{count}' is new"


def test_every_message_is_written_out_where_it_is_made_so_that_it_can_be_extracted() -> None:
    made = list(messages())
    assert made
    for call, constants in made:
        text = call.args[0]
        if isinstance(text, ast.Name) and text.id in constants:
            continue
        assert isinstance(text, ast.Constant), ast.unparse(call)
        assert isinstance(text.value, str), ast.unparse(call)
