"""Modules that most commands never use: imported when something of them is first asked for."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType
from typing import Final

LATER: Final = frozenset(
    {
        "collectors.sql_database.postgresql",  # with psycopg 90 ms and 25 MB
        "jsonschema",  # explains what was rejected: 80 ms and 14 MB
        "PIL.Image",  # of ReportLab, for pictures: 2 MB
        "sqlalchemy.dialects.postgresql.asyncpg",  # other drivers that SQLAlchemy imports beside ours: 1 MB
        "sqlalchemy.dialects.postgresql.pg8000",
        "sqlalchemy.dialects.postgresql.psycopg2",
        "sqlalchemy.dialects.sqlite.aiosqlite",
        "phonenumbers",  # for registers that compare by E.164: 10 ms
        "rich.progress",  # for terminals: 10 ms
    }
)


# Python before 3.11.8 loads such a module wrongly if two threads ask for it at once: what seals asks for none of them.
class _Later(MetaPathFinder):
    """Finds the modules of LATER, to be run at the first use of an attribute."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname in LATER else None
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def import_later() -> None:
    """Makes imports of these modules lazy in this process."""
    if not any(isinstance(finder, _Later) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Later())
