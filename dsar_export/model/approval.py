"""How a package is approved before it is built."""

from enum import StrEnum


class ApprovalPolicy(StrEnum):
    """How a package is approved, by controller and right; the strictest comes first."""

    FOUR_EYES = "four_eyes"
    """By a reviewer who had no part in it."""
    ONE_PERSON = "one_person"
    """By any reviewer."""
    AUTOMATIC = "automatic"
    """By the program, for portability of a person who proved who they are by a code or a login, without gaps, rows kept
    beside or rows kept back; otherwise by any reviewer."""
