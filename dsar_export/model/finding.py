"""A problem that `check` or `inspect` found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Where a problem is (a file, or a member of a package), at which key, what is wrong and what to do."""

    where: str
    key: str
    problem: str
    warning: bool = False
    """Worth fixing, but no reason to refuse an answer."""
