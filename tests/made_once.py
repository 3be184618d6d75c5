"""What a command makes once, in its own process, is made once by processes that run many commands."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pkgutil import resolve_name
from typing import Final

import pytest

_MADE: Final = (
    "typer.main.get_command",  # the options of all commands
    "dsar_export.register.files.TypeAdapter",  # what validates the files of a register
)


@contextmanager
def made_once() -> Iterator[None]:
    """Within the block both are kept: for thousands of commands and registers they would take most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        for place in _MADE:
            patch.setattr(place, cache(resolve_name(place)))
        yield
