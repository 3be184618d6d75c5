"""Compares a stored cell with the codes of a code table, however the database writes numbers."""

import re
from collections.abc import Mapping
from typing import Final

_NUMBER: Final = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?")


def code_of(cell: object) -> str:
    """A cell as a code: its text, or hexadecimal for bytes."""
    return bytes(cell).hex() if isinstance(cell, bytes | memoryview) else str(cell)


def as_number(code: str) -> str | None:
    """A number without redundant zeros: 7.00 and 7.0 become 7. None for any other text, such as 07."""
    found = _NUMBER.fullmatch(code)
    if found is None:
        return None
    sign, whole, fraction = found[1], found[2], (found[3] or "").rstrip("0")
    return f"{sign}{whole}.{fraction}" if fraction else whole if whole == "0" else f"{sign}{whole}"


def by_number(meanings: Mapping[str, object]) -> Mapping[str, object]:
    """The meanings of numeric codes, by `as_number`; a number whose spellings differ in meaning is left out."""
    found: dict[str, object] = {}
    disputed = set[str]()
    for code, meaning in meanings.items():
        number = as_number(code)
        if number is not None and found.setdefault(number, meaning) != meaning:
            disputed.add(number)
    return {number: meaning for number, meaning in found.items() if number not in disputed}
