"""MariaDB tables with their rows on another server."""

import pytest
from sqlalchemy import make_url

from tests.collectors.sql_database.mariadb.database import MariadbDatabase, empty_mariadb


@pytest.fixture
def mariadb(mariadb_server: str) -> MariadbDatabase:
    return empty_mariadb(mariadb_server)


def test_only_a_federated_table_is_foreign(mariadb: MariadbDatabase) -> None:
    if not mariadb.rows(
        "SELECT 1 FROM information_schema.engines WHERE engine = 'FEDERATED' AND support <> 'NO'"
    ):
        pytest.skip("this server has no engine FEDERATED; INSTALL SONAME 'ha_federatedx' on it")
    mariadb.run("CREATE TABLE here (id INT PRIMARY KEY, note VARCHAR(9))")
    far = (
        make_url(mariadb.server)
        .set(drivername="mysql", database=mariadb.name)
        .render_as_string(hide_password=False)
    )
    mariadb.run(
        f"CREATE TABLE away (id INT PRIMARY KEY, note VARCHAR(9)) ENGINE=FEDERATED CONNECTION='{far}/here'"
    )
    held = mariadb.collector().describe()
    assert {table.name: table.is_foreign for table in held.tables} == {"away": True, "here": False}
