"""Writes docs/openapi.json, by which the API is held to its promise; refuses to take anything away from it."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from dsar_export.settings import Settings
from dsar_export.web.api.app import api_app
from dsar_export.web.place import Place

FILE: Final = Path(__file__).parents[1] / "docs" / "openapi.json"
_TEXTS: Final = frozenset({"description", "summary", "title"})
"""What people read: no part of the promise."""


def document() -> str:
    """The document of the API as it is."""
    return json.dumps(api_app(Place(Settings())).openapi(), indent=1, sort_keys=True) + "\n"


def taken_away(before: object, now: object, at: str = "") -> Iterator[str]:
    """Where something that was promised is gone or means something else, and where more is required."""
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        for name, value in before.items():
            if name in _TEXTS and isinstance(value, str):
                continue
            if name in now:
                yield from taken_away(value, now[name], f"{at}/{name}")
            else:
                yield f"{at}/{name}"
        if isinstance(more := now.get("required"), Sequence) and "required" not in before:
            yield from (f"{at}/required/{name}" for name in more)
    elif isinstance(before, list) and isinstance(now, list):
        if at.endswith("/required"):
            yield from (f"{at}/{name}" for name in {*before} ^ {*now})
        else:
            yield from (f"{at}/{number}" for number, each in enumerate(before) if each not in now)
    elif before != now:
        yield at


def main() -> int:
    """Writes the file unless that would break the promise."""
    made = document()
    if FILE.exists() and (gone := sorted(taken_away(json.loads(FILE.read_text()), json.loads(made)))):
        sys.stderr.write("\n".join(["this breaks the promise of docs/api.md:", *gone, ""]))
        return 1
    FILE.write_text(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
