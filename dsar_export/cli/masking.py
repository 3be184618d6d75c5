"""Identifiers as they may be shown: enough to recognise one's own, not to learn another's."""

from typing import Final

_TOO_SHORT: Final = 3  # of these characters or fewer, nothing is shown
_LONG: Final = 7  # from here on two of the last ones, so that order numbers can be told apart


def masked(value: str) -> str:
    """The first and the last characters; of an address, those of both its parts: a domain may be one person's."""
    name, at, domain = value.rpartition("@")
    return f"{_part(name)}@{_part(domain)}" if at else _part(value)


def _part(text: str) -> str:
    if len(text) <= _TOO_SHORT:
        return "…"
    return f"{text[0]}…{text[-2:] if len(text) >= _LONG else text[-1]}"
