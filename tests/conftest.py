"""What tests of several folders share."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mariadb import mariadb_server as started_mariadb
from tests.postgres import PostgresServer, postgres_server
from tests.servers import server_account, temp_folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server, one for every worker that has a test that asks for it."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[str]:
    """The URL of a MariaDB server, one for every worker that has a test that asks for it."""
    with started_mariadb() as url:
        yield url


@pytest.fixture
def own_temp(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary things that is open to everybody, as the machine's is; and no server given."""
    folder = Path(tempfile.mkdtemp(dir=temp_folder(server_account())))
    folder.chmod(0o1777)
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.delenv("TEST_POSTGRES_URL", raising=False)
    monkeypatch.delenv("TEST_MARIADB_URL", raising=False)
    yield folder
    shutil.rmtree(folder)
