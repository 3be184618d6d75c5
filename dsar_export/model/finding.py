"""Something that was found wanting."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Where it is (a file, or a member of a package), at which key, and what is wrong and to be done."""

    where: str
    key: str
    problem: str
    warning: bool = False
    """Worth mending, and no reason not to answer."""
