"""Puts texts together that templates name; each name is one text's, and no method of a mapping."""

from collections.abc import Mapping
from types import MappingProxyType


def together(*kinds: Mapping[str, str]) -> Mapping[str, str]:
    """All texts by their names; ValueError for a name that two have, or that a template could not reach."""
    found: dict[str, str] = {}
    for kind in kinds:
        taken = (kind.keys() & found.keys()) | (kind.keys() & set(dir(found)))
        if taken:
            raise ValueError(f"names of texts that are taken: {', '.join(sorted(taken))}")
        found.update(kind)
    return MappingProxyType(found)
