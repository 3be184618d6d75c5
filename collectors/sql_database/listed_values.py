"""The values that a column may have, where a CHECK constraint lists them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from dsar_export.model.source import ColumnFacts

_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^']|'')*')
    | (?P<name>"(?:[^"]|"")+"|`(?:[^`]|``)+`|\[[^\W\d]\w*\])
    | (?P<number>-?[0-9]+(?:\.[0-9]+)?)
    | (?P<word>[^\W\d]\w*)
    | (?P<cast>::\s*[a-z_]+(?:\ [a-z]+)*(?:\([0-9, ]+\))?(?:\[\])?)
    | (?P<sign>.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_DROPPED: Final = frozenset("()[],")
_LITERALS: Final = frozenset({"text", "number"})
_EQUALS: Final = (("sign", "="),)
_LISTINGS: Final = ((("word", "in"),), (*_EQUALS, ("word", "any"), ("word", "array")), _EQUALS)


def with_listed_values(facts: Mapping[str, ColumnFacts], clause: str) -> Mapping[str, ColumnFacts]:
    """The facts of the one column whose values a constraint lists; empty for any other constraint.

    Understands `c IN ('a', 'b')`, `c = 'a'` and `c = ANY (ARRAY['a', 'b'])`, also with `OR c IS NULL`.
    """
    written = [token for token in _tokens(clause) if token[1] not in _DROPPED]
    tokens = _without_null(written[1:] if written[:1] == [("word", "check")] else written)
    values = _values(tokens)
    column = next((name for name in facts if values and name.lower() == tokens[0][1].lower()), None)
    return {} if column is None else {column: replace(facts[column], values=values)}


def _values(tokens: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The literals that follow a column and one of the ways to list them; a single one may follow `=`."""
    for listing in _LISTINGS:
        end = 1 + len(listing)
        found = tokens[end:]
        if tuple(tokens[1:end]) == listing and found and all(kind in _LITERALS for kind, _ in found):
            return tuple(value for _, value in found) if listing != _EQUALS or len(found) == 1 else ()
    return ()


def literals(declared: str) -> tuple[str, ...]:
    """The texts in a declaration such as `enum('a','b')`."""
    return tuple(value for kind, value in _tokens(declared) if kind == "text")


def _tokens(clause: str) -> Iterator[tuple[str, str]]:
    """The tokens with their kind: words in lower case, texts and names without their quotation marks, no casts."""
    for found in _TOKEN.finditer(clause):
        kind = str(found.lastgroup)
        token = found[kind]
        if kind == "text":
            yield kind, token[1:-1].replace("''", "'")
        elif kind == "name":
            yield "word", token[1:-1]
        elif kind == "word" and clause[found.end() : found.end() + 1] == "'":
            continue  # the character set of a text: _utf8mb4'a'
        elif kind != "cast":
            yield kind, token.lower() if kind == "word" else token


def _without_null(tokens: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """The tokens without `OR c IS NULL` at either end, which only repeats that the column is nullable."""
    null = [("word", "is"), ("word", "null")]
    if tokens[-2:] == null and len(tokens) > 4 and tokens[-4] == ("word", "or") and tokens[-3] == tokens[0]:
        return tokens[:-4]
    if tokens[1:3] == null and len(tokens) > 5 and tokens[3] == ("word", "or") and tokens[4] == tokens[0]:
        return tokens[4:]
    return tokens
