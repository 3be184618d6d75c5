"""The text of a register's query as SQLAlchemy reads it: only its one parameter is one."""

import re
from collections.abc import Sequence
from typing import Final

_COMMENT: Final = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_QUOTED: Final = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|(\$\w*\$).*?\1|""" + _COMMENT.pattern, re.DOTALL
)
_EVERY_COLUMN: Final = re.compile(r"(?:\bselect\s+(?:(?:all|distinct)\s+)?|[,.]\s*)\*", re.IGNORECASE)
_END: Final = re.compile(r"[;\s]*\Z")
_WORD: Final = re.compile(r"\w+")
# As SQLAlchemy's text() finds parameters, and colons that are escaped.
_PARAMETER: Final = re.compile(r"(?<![:\w\\]):(\w+)(?![:\w])")
_ESCAPED: Final = re.compile(r"\\(:\w*)(?![:\w])")


def query_text(query: str) -> str:
    """The query with its parameters, and other colons escaped; without semicolons and comments at its end.

    A line end follows, so that the statement around it does not become part of a comment.
    """
    query = _without_end(_ESCAPED.sub(r"\\\\\1", query))
    quoted = _quoted(query)

    def kept(found: re.Match[str]) -> str:
        return rf"\{found[0]}" if _is_inside(found.start(), quoted) or found[1][0].isdigit() else found[0]

    return _PARAMETER.sub(kept, query) + "\n"


def takes_every_column(query: str) -> bool:
    """Whether it returns whatever columns a table has, as `SELECT c.*` does."""
    quoted = _quoted(query)
    return any(not _is_inside(found.start(), quoted) for found in _EVERY_COLUMN.finditer(query))


def folded_names(query: str, reason: str) -> Sequence[str]:
    """The unquoted names of a query that the database's reason has in lower case: PostgreSQL reads them so."""
    quoted, mentioned = _quoted(query), set(_WORD.findall(reason))
    words = {found[0] for found in _WORD.finditer(query) if not _is_inside(found.start(), quoted)}
    return sorted(word for word in words - mentioned if word.lower() in mentioned)


def _quoted(query: str) -> Sequence[range]:
    """Where texts, quoted names and comments stand."""
    return [range(*found.span()) for found in _QUOTED.finditer(query)]


def _is_inside(place: int, quoted: Sequence[range]) -> bool:
    return any(place in span for span in quoted)


def _without_end(query: str) -> str:
    for found in reversed(list(_QUOTED.finditer(query))):
        if _COMMENT.fullmatch(found[0]) is None or _END.match(query, found.end()) is None:
            break
        query = query[: found.start()]
    return _END.sub("", query)
