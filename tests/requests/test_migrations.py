"""Migrations lead from nothing to the tables of this program, and not past them."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from dsar_export.errors import DatabaseVersionError
from dsar_export.requests.database import open_database, reading, writing
from dsar_export.requests.metadata import METADATA
from dsar_export.requests.migrations import REVISIONS, VERSION_TABLE, require_current, revision, upgrade
from dsar_export.requests.migrations.upgrading import config
from dsar_export.requests.tables import REQUESTS
from dsar_export.requests.trail.table import TRAIL
from tests.requests.installations import founded_installation


def differences(connection: Connection) -> list[object]:
    assert TRAIL.metadata is REQUESTS.metadata is METADATA
    options = {"version_table": VERSION_TABLE, "compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), METADATA))


def constraints(connection: Connection) -> dict[str, set[object]]:
    """What Alembic does not compare: primary keys, and names."""
    found = inspect(connection)
    return {
        table: {
            found.get_pk_constraint(table)["name"],
            *found.get_pk_constraint(table)["constrained_columns"],
            *(key["name"] for key in found.get_foreign_keys(table)),
            *(unique["name"] for unique in found.get_unique_constraints(table)),
        }
        for table in METADATA.tables
    }


def test_the_revisions_are_those_of_the_scripts() -> None:
    scripts = ScriptDirectory.from_config(config()).walk_revisions()
    assert tuple(script.revision for script in scripts)[::-1] == REVISIONS


def test_an_upgraded_database_has_exactly_the_tables_of_the_program(new_url: str) -> None:
    engine = open_database(new_url)
    assert revision(engine) is None
    with writing(engine) as connection:
        upgrade(connection)
    with reading(engine) as connection:
        assert differences(connection) == []
        migrated = constraints(connection)
    with writing(engine) as connection:
        METADATA.drop_all(connection)
        METADATA.create_all(connection)
        assert constraints(connection) == migrated
    engine.dispose()


def test_an_upgrade_of_a_current_database_changes_nothing(new_url: str) -> None:
    engine = open_database(new_url)
    for _ in range(2):
        with writing(engine) as connection:
            upgrade(connection)
        require_current(engine)
    engine.dispose()


def test_an_upgrade_that_fails_leaves_nothing(new_url: str) -> None:
    engine = open_database(new_url)

    def fails() -> None:
        with writing(engine) as connection:
            upgrade(connection)
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert revision(engine) is None
    with reading(engine) as connection:
        assert inspect(connection).get_table_names() == []
    engine.dispose()


@pytest.mark.parametrize(
    ("held", "advice"),
    [
        ("9999", "upgraded by a newer program; install that version"),
        (None, "run `dsar-export database upgrade`"),
    ],
)
def test_a_database_of_another_version_is_refused(
    held: str | None, advice: str, new_url: str, key_path: Path
) -> None:
    installation = founded_installation(new_url, key_path)
    with writing(installation.engine) as connection:
        if held is None:
            connection.exec_driver_sql(f"DELETE FROM {VERSION_TABLE}")
        else:
            connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '{held}'")
    with pytest.raises(DatabaseVersionError, match=advice):
        require_current(installation.engine)
    if held is not None:
        with pytest.raises(DatabaseVersionError, match=advice):
            founded_installation(new_url, key_path)
        with pytest.raises(DatabaseVersionError, match=advice), writing(installation.engine) as connection:
            upgrade(connection)
    installation.engine.dispose()
