"""Compares a stored cell with the codes of a code table, however they write numbers and booleans."""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from dsar_export.model.booleans import boolean

Form = TypeVar("Form")

_NUMBER: Final = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?")


def code_of(cell: object) -> str:
    """A cell as a code: its text, hexadecimal for bytes, `true` or `false` for a boolean."""
    if isinstance(cell, bytes | memoryview):
        return bytes(cell).hex()
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def as_number(code: str) -> str | None:
    """A number without redundant zeros: 7.00 and 7.0 become 7. None for any other text, such as 07."""
    found = _NUMBER.fullmatch(code)
    if found is None:
        return None
    sign, whole, fraction = found[1], found[2], (found[3] or "").rstrip("0")
    return f"{sign}{whole}.{fraction}" if fraction else whole if whole == "0" else f"{sign}{whole}"


def by_number(meanings: Mapping[str, object]) -> Mapping[str, object]:
    """The meanings of numeric codes, by `as_number`; a number whose spellings differ in meaning is left out."""
    return _by_form(as_number, meanings)


def by_boolean(meanings: Mapping[str, object]) -> Mapping[bool, object]:
    """The meanings of codes that spell a boolean; one whose spellings differ in meaning is left out."""
    return _by_form(boolean, meanings)


def _by_form(form_of: Callable[[str], Form | None], meanings: Mapping[str, object]) -> Mapping[Form, object]:
    found: dict[Form, object] = {}
    disputed = set[Form]()
    for code, meaning in meanings.items():
        form = form_of(code)
        if form is not None and found.setdefault(form, meaning) != meaning:
            disputed.add(form)
    return {form: meaning for form, meaning in found.items() if form not in disputed}
