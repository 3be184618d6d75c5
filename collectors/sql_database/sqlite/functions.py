"""Functions of ours that SQLite calls in statements."""

import re
from collections.abc import Callable
from typing import Final

from dsar_export.folding import folded
from dsar_export.model.comparison import Comparison, Match

OTHER_DIGITS: Final = "?"
_CASEFOLD: Final = Comparison(Match.CASEFOLD)
_WITH_POINT: Final = re.compile(rb"[0-9]+\.0")


def casefold(encoding: str) -> Callable[[object], bytes | None]:
    """A fold function for SQLite, whose lower() folds only ASCII. With bytes, undecodable text can't stop a scan."""
    ascii_is_ascii = encoding == "UTF-8"
    errors = "surrogateescape" if ascii_is_ascii else "surrogatepass"

    def fold(raw: object) -> bytes | None:
        if not isinstance(raw, bytes):
            return None
        if ascii_is_ascii and b"@" in raw and raw.isascii():
            # What `folded` does with such an address, in a third of the time: a scan without an index folds each row.
            return raw.decode("ascii").strip().lower().encode("ascii")
        return folded(raw.decode(encoding, errors), _CASEFOLD).encode("utf-8", errors)

    return fold


def digits(raw: object) -> str | None:
    """The digits of a text; a placeholder for a text that may have digits of other scripts, or is a float."""
    if not isinstance(raw, bytes):
        return None
    if _WITH_POINT.fullmatch(raw):
        return OTHER_DIGITS
    # In UTF-16 a digit is the same byte, next to a zero byte.
    return re.sub(rb"[^0-9]", b"", raw).decode("ascii") if raw.isascii() else OTHER_DIGITS
