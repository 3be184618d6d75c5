"""Fixtures for tests in several folders."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

from dsar_export.sealing.part import new_salt
from tests.collectors.sources import PostgresDatabase, SqliteDatabase
from tests.in_memory import folders_in_memory
from tests.kept_databases import KeptDatabase
from tests.made_once import made_once
from tests.sites import Site, site_in
from tools.servers.mariadb import mariadb_server as started_mariadb
from tools.servers.postgres import PostgresServer, postgres_server, select_only_role
from tools.servers.seaweedfs import S3Server, s3_server
from tools.servers.starting import server_account, temp_folder

# Each edit of `make mutants` must meet the same examples, or its verdict would change from run to run.
settings.register_profile("mutants", derandomize=True, max_examples=50)


def pytest_configure() -> None:
    folders_in_memory()


@pytest.fixture(scope="session", autouse=True)
def _made_once() -> Iterator[None]:
    with made_once():
        yield


@pytest.fixture
def one_salt(monkeypatch: pytest.MonkeyPatch) -> None:
    """One salt for all members, because deriving keys for each is half of the work on a small package.

    For tests of what a package holds. Those of how it is sealed take new salts.
    """
    salt = new_salt()
    monkeypatch.setattr("dsar_export.sealing.writer.new_salt", lambda: salt)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server; each worker starts its own when a test first needs it."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def kept_database(postgres: PostgresServer) -> Iterator[KeptDatabase]:
    """A database for one test after another, in each of which an installation is founded."""
    kept = KeptDatabase(postgres)
    yield kept
    kept.drop()


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A site with a database of each kind in turn."""
    with ExitStack() as stack:
        url = None
        if request.param == "postgresql":
            kept: KeptDatabase = request.getfixturevalue("kept_database")
            url = stack.enter_context(kept.database())
        yield stack.enter_context(site_in(tmp_path, url))


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[str]:
    """The URL of a MariaDB server; each worker starts its own when a test first needs it."""
    # At each connection PyMySQL reads all authorities of the system, although without ssl_ca it checks no certificate.
    with pytest.MonkeyPatch.context() as patch, started_mariadb() as url:
        patch.setenv("SSL_CERT_FILE", os.devnull)
        yield url


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    """An S3 server with one bucket; each worker starts its own when a test first needs it."""
    with s3_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres: PostgresServer) -> Iterator[PostgresDatabase]:
    """One database for all tests of a worker; creating one per test would take most of the time."""
    with postgres.database("collectors") as url:
        yield PostgresDatabase(url, select_only_role(url))


@pytest.fixture
def empty_postgres(postgres_url: PostgresDatabase) -> PostgresDatabase:
    role = postgres_url.role
    for (schema,) in postgres_url.rows(
        "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
    ):
        postgres_url.run(f"DROP SCHEMA {schema} CASCADE")
    postgres_url.run("CREATE SCHEMA public")
    postgres_url.run(f"GRANT USAGE ON SCHEMA public TO {role}")
    postgres_url.run(f"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {role}")
    return postgres_url


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> SqliteDatabase:
    made = SqliteDatabase(tmp_path / "source")
    made.folder.mkdir()
    return made


@pytest.fixture
def own_temp(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder that everybody may write to, like the system's own, and no test server configured."""
    folder = Path(tempfile.mkdtemp(dir=temp_folder(server_account())))
    folder.chmod(0o1777)
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.delenv("TEST_POSTGRES_URL", raising=False)
    monkeypatch.delenv("TEST_MARIADB_URL", raising=False)
    yield folder
    shutil.rmtree(folder)
