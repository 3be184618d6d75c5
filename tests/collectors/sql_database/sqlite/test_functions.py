"""What SQLite compares in a statement is what the assertion of ownership compares, whatever the text."""

import pytest

from collectors.sql_database.sqlite.functions import casefold
from dsar_export.folding import folded
from dsar_export.model.comparison import Comparison, Match

TEXTS = (
    "Anna.Miller@Example.ORG",
    "  anna@example.org\t\n",
    "\x1canna@example.org\x1f",
    "\x85anna@example.org",
    "@",
    " @ ",
    "DEADBEEFDEADBEEF@EXAMPLE.ORG",
    "urn:uuid:0F8FAD5B-D9CB-469F-A165-70867728950E",
    "DEADBEEF DEADBEEF",
    "J\u00f6rg@m\u00fcller.example.org",
    "\u1e9e@example.org",
    "Anna Miller",
    "\x00@\x00",
    " ",
    "",
)


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le", "UTF-16be"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_folded_in_a_statement_as_it_is_outside(text: str, encoding: str) -> None:
    shown = casefold(encoding)(text.encode(encoding))
    assert shown == folded(text, Comparison(Match.CASEFOLD)).encode()


def test_what_is_no_text_is_equal_to_nothing() -> None:
    assert casefold("UTF-8")(None) is None
    assert casefold("UTF-8")(7) is None
