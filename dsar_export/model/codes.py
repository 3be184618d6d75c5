"""When a stored cell is one of a table's codes, however a database writes a number."""

import re
from collections.abc import Mapping
from typing import Final

_NUMBER: Final = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?")


def code_of(cell: object) -> str:
    """A cell as the code that it is: its text; bytes are hexadecimal."""
    return bytes(cell).hex() if isinstance(cell, bytes | memoryview) else str(cell)


def as_number(code: str) -> str | None:
    """A number without the zeros that say nothing: 7.00 and 7.0 are 7. None for any other text, such as 07."""
    found = _NUMBER.fullmatch(code)
    if found is None:
        return None
    sign, whole, fraction = found[1], found[2], (found[3] or "").rstrip("0")
    return f"{sign}{whole}.{fraction}" if fraction else whole if whole == "0" else f"{sign}{whole}"


def by_number(meanings: Mapping[str, object]) -> Mapping[str, object]:
    """What codes that are numbers mean, where all that are the same number mean the same."""
    found: dict[str, object] = {}
    disputed = set[str]()
    for code, meaning in meanings.items():
        number = as_number(code)
        if number is not None and found.setdefault(number, meaning) != meaning:
            disputed.add(number)
    return {number: meaning for number, meaning in found.items() if number not in disputed}
