"""Modules that most commands never use, or not before their end: imported when something of them is first asked for."""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from threading import RLock
from types import ModuleType
from typing import Any, Final

# None of them may be imported by a module of its own first (`import package.module`): it would be run twice.
LATER: Final = frozenset(
    {
        "collectors.sql_database.mariadb",  # 4 ms and 1 MB
        "collectors.sql_database.postgresql",  # with psycopg 90 ms and 25 MB
        "collectors.sql_database.sqlite",  # 4 ms and 1 MB
        "dsar_export.language.formats",  # with most of Babel 10 ms and 1 MB
        "jsonschema",  # explains what was rejected: 80 ms and 14 MB
        "PIL.Image",  # of ReportLab, for pictures: 2 MB
        "uharfbuzz",  # for scripts whose letters depend on their neighbours: 6 ms and 4 MB
        "sqlalchemy.dialects.postgresql.asyncpg",  # other drivers that SQLAlchemy imports beside ours: 1 MB
        "sqlalchemy.dialects.postgresql.pg8000",
        "sqlalchemy.dialects.postgresql.psycopg2",
        "sqlalchemy.dialects.sqlite.aiosqlite",
        "renderers.report_pdf.drawing",  # with ReportLab 8 MB, which rows have until then
        "renderers.report_pdf.sections.content",
        "phonenumbers",  # for registers that compare by E.164: 10 ms
        "rich.progress",  # for terminals: 10 ms
    }
)
_RUNNING: Final = RLock()


class _Unread(ModuleType):
    """A module that is run at the first use of an attribute.

    The standard library's is run by a second `import` already, as that asks each module for its `__spec__`.
    """

    def __getattribute__(self, name: str) -> object:
        if name != "__spec__":
            _run(self)
        return ModuleType.__getattribute__(self, name)


class _Later:
    """Finds the modules of LATER, and loads them without running them."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname in LATER else None
        if spec is not None and spec.loader is not None:
            spec.loader = _Unrun(spec.loader)  # type: ignore[assignment] # a Loader by what it does
        return spec


class _Unrun:
    """Loads a module but for its run, which is left to the loader that it has from then on."""

    def __init__(self, loader: Any) -> None:  # to import importlib.abc for its name takes 5 ms
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> Any:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__loader__ = module.__spec__.loader = self._loader
        module.__class__ = _Unread


def _run(module: ModuleType) -> None:
    # A second thread that asks while the module runs may miss a name of it.
    with _RUNNING:
        spec = object.__getattribute__(module, "__spec__")
        if object.__getattribute__(module, "__class__") is _Unread:
            module.__class__ = ModuleType
            try:
                spec.loader.exec_module(module)
            except BaseException:
                module.__class__ = _Unread  # who asks again is told why, too
                raise


def import_later() -> None:
    """Makes imports of these modules lazy in this process."""
    if not any(isinstance(finder, _Later) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Later())
