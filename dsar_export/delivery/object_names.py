"""The names that objects of any store may have."""

import re
from typing import Final

from dsar_export.errors import WrongUseError

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")


def is_object_name(name: str) -> bool:
    """Whether it stays in its store, and is no name of something unfinished."""
    return _NAME.fullmatch(name) is not None


def require_object_name(name: str) -> None:
    if not is_object_name(name):
        raise WrongUseError(
            "an object's name has letters, digits, '.', '_' and '-', in parts separated by '/'"
        )
