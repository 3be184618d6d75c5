"""What a command makes once, in its own process, is made once by processes that run many commands."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from pkgutil import resolve_name
from typing import Final

import pytest
from sqlalchemy import URL, Compiled, Connection, Dialect, Engine, create_engine, event, inspect

from dsar_export.requests import database, installation, migrations
from dsar_export.requests.tables import REQUESTS

_MADE: Final = (
    "typer.main.get_command",  # the options of all commands
    "dsar_export.register.files.TypeAdapter",  # what validates the files of a register
)
_CHANGES: Final = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE")


@contextmanager
def made_once() -> Iterator[None]:
    """Within the block all is kept: for thousands of commands and registers it would take most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        for place in _MADE:
            patch.setattr(place, cache(resolve_name(place)))
        patch.setattr(installation, "upgrade", _Tables())
        patch.setattr(database, "create_engine", partial(_engine, _Statements()))
        yield


class _Tables:
    """The tables of a new database: migrations make the first of its kind, and others by the same statements."""

    def __init__(self) -> None:
        self._statements: dict[str, list[str]] = {}

    def __call__(self, connection: Connection) -> None:
        kind, found = connection.dialect.name, inspect(connection)
        if found.has_table(migrations.VERSION_TABLE):
            migrations.upgrade(connection)
        elif kind not in self._statements:
            self._statements[kind] = _recorded(connection)
        else:
            are_there = found.has_table(REQUESTS.name)  # in a database that was kept
            for statement in self._statements[kind]:
                if not are_there or migrations.VERSION_TABLE in statement:
                    connection.exec_driver_sql(statement)


def _recorded(connection: Connection) -> list[str]:
    """Runs the migrations; all statements by which they change anything."""
    statements: list[str] = []

    def executed(*given: object) -> None:
        statement, parameters = str(given[2]), given[3]
        if statement.lstrip().startswith(_CHANGES):
            assert not parameters, "would be repeated without them"
            statements.append(statement)

    event.listen(connection, "before_cursor_execute", executed)
    migrations.upgrade(connection)
    event.remove(connection, "before_cursor_execute", executed)
    return statements


class _Statements(dict[tuple[object, ...], Compiled]):
    """Compiled statements of all engines for databases of a kind; each engine has a dialect of its own in its keys."""

    def get(self, key: tuple[object, ...], default: object = None, /) -> Compiled | None:  # type: ignore[override] # as SQLAlchemy asks
        assert default is None
        return super().get(_of_any_engine(key))

    def __setitem__(self, key: tuple[object, ...], made: Compiled) -> None:
        super().__setitem__(_of_any_engine(key), made)


def _of_any_engine(key: tuple[object, ...]) -> tuple[object, ...]:
    dialect, *others = key
    assert isinstance(dialect, Dialect)
    return (dialect.name, *others)


def _engine(statements: _Statements, url: URL, **options: object) -> Engine:
    engine = create_engine(url, **options)
    engine.update_execution_options(compiled_cache=statements)
    return engine
