"""Masks values: a person can recognise their own, but nobody learns another person's."""

from typing import Final

_TOO_SHORT: Final = 3  # a text of this length or shorter is masked completely
_LONG: Final = 7  # from this length on, the last two characters are shown, to distinguish order numbers


def masked(value: str) -> str:
    """The first and last characters; both parts of an email address are masked: a domain may belong to one person."""
    name, at, domain = value.rpartition("@")
    return f"{_part(name)}@{_part(domain)}" if at else _part(value)


def masked_value(value: object) -> object:
    """Enough to see what kind of value it is; true, false and null say nothing of a person alone."""
    if value is None or isinstance(value, bool):
        return value
    return masked(value) if isinstance(value, str) else "…"


def _part(text: str) -> str:
    if len(text) <= _TOO_SHORT:
        return "…"
    return f"{text[0]}…{text[-2:] if len(text) >= _LONG else text[-1]}"
