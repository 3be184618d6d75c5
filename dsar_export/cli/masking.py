"""Masks identifiers: a person can recognise their own, but nobody learns another person's."""

from typing import Final

_TOO_SHORT: Final = 3  # a text of this length or shorter is masked completely
_LONG: Final = 7  # from this length on, the last two characters are shown, to distinguish order numbers


def masked(value: str) -> str:
    """The first and last characters; both parts of an email address are masked: a domain may belong to one person."""
    name, at, domain = value.rpartition("@")
    return f"{_part(name)}@{_part(domain)}" if at else _part(value)


def _part(text: str) -> str:
    if len(text) <= _TOO_SHORT:
        return "…"
    return f"{text[0]}…{text[-2:] if len(text) >= _LONG else text[-1]}"
