"""Processes that run side by side end together: each looks whether the one that started them is still there."""

import os
from typing import Final

BESIDE: Final = "DSAR_BESIDE"
"""The variable with the process id of whoever started several of our processes; not a setting."""


def starter() -> int | None:
    """The process that started this one beside others; None if it runs for itself."""
    found = os.environ.get(BESIDE, "")
    return int(found) if found.isascii() and found.isdigit() else None


def is_gone(process: int) -> bool:
    """Whether there is no such process any more."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # the number is another account's process now
        return True
    return False
