"""The built-in dataset schemas, as data, and the loader of schema files."""

import json
from collections.abc import Mapping
from pathlib import Path

BUILT_IN = Path(__file__).parent
SUFFIX = ".schema.json"


def find_schema(name: str, folder: Path) -> Path | None:
    """The file of a schema: the register's own `schemas` folder first, then the built-in ones."""
    places = (folder / "schemas", BUILT_IN)
    return next((f for place in places if (f := place / f"{name}{SUFFIX}").is_file()), None)


def is_own_schema(name: str, folder: Path) -> bool:
    """Whether a schema is in the register's own folder."""
    return (folder / "schemas" / f"{name}{SUFFIX}").is_file()


def schema_names(folder: Path) -> list[str]:
    """The names that `find_schema` would find."""
    places = (folder / "schemas", BUILT_IN)
    return sorted({f.name.removesuffix(SUFFIX) for place in places for f in place.glob(f"*{SUFFIX}")})


def read_schema(path: Path) -> Mapping[str, object]:
    """A schema's document; ValueError where it is no JSON object."""
    document = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(document, dict):
        raise ValueError("must be a JSON object")
    return document
