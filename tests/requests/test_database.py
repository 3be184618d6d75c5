"""The database loses no update, keeps to its settings, and is readable by its owner only."""

import os
import stat
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError

from dsar_export.errors import DatabaseUnusableError, WrongUseError
from dsar_export.requests.database import open_database, reading, writing
from dsar_export.requests.installation import Installation
from dsar_export.requests.tables import INSTALLATION
from tests.requests.at_once import at_once
from tests.requests.installations import AT, founded_installation, opened

COUNT = """
from sqlalchemy import select, update
from dsar_export.requests.tables import INSTALLATION
counter = INSTALLATION.c.key == "counter"
for _ in range(25):
    with writing(engine) as connection:
        held = int(connection.scalar(select(INSTALLATION.c.value).where(counter)))
        connection.execute(update(INSTALLATION).where(counter).values(value=str(held + 1)))
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_four_processes_that_read_a_counter_and_then_write_it_lose_no_update(
    sqlite_url: str, key_path: Path
) -> None:
    installation = founded_installation(sqlite_url, key_path)
    with writing(installation.engine) as connection:
        connection.execute(insert(INSTALLATION).values(key="counter", value="0"))
    at_once(installation, 4, COUNT)
    with reading(installation.engine) as connection:
        assert connection.scalar(select(INSTALLATION.c.value).where(INSTALLATION.c.key == "counter")) == "100"
    installation.engine.dispose()


def test_a_write_that_fails_leaves_nothing(installation: Installation) -> None:
    def fails() -> None:
        with writing(installation.engine) as connection:
            connection.execute(insert(INSTALLATION).values(key="half", value="1"))
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    with reading(installation.engine) as connection:
        assert connection.scalar(select(INSTALLATION.c.value).where(INSTALLATION.c.key == "half")) is None


def test_who_only_reads_cannot_write_and_the_next_writer_can(installation: Installation) -> None:
    def writes_while_reading() -> None:
        with reading(installation.engine) as connection:
            connection.execute(update(INSTALLATION).values(value="other"))

    with pytest.raises((DatabaseUnusableError, DBAPIError)):
        writes_while_reading()
    with writing(installation.engine) as connection:
        connection.execute(update(INSTALLATION).where(INSTALLATION.c.key == "none").values(value="other"))


def test_a_reader_sees_one_moment(installation: Installation) -> None:
    opened(installation)
    with reading(installation.engine) as before:
        count = text("SELECT count(*) FROM requests")
        assert before.scalar(count) == 1
        opened(installation, "DSAR-20261102-00000002")
        assert before.scalar(count) == 1
    with reading(installation.engine) as after:
        assert after.scalar(count) == 2


def test_sqlite_keeps_the_settings_that_survive_a_power_cut(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    with writing(engine) as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_a_place_without_shared_memory_is_refused_because_wal_does_not_hold(tmp_path: Path) -> None:
    # This way of SQLite to the file locks like some network file systems do: without shared memory.
    engine = open_database(f"sqlite:///file:{tmp_path}/requests.db?vfs=unix-dotfile&uri=true")
    with pytest.raises(DatabaseUnusableError, match=r"journal_mode = WAL.*local disk, or use PostgreSQL"):
        engine.connect()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "requests.db"])
def test_a_url_that_leads_to_no_lasting_database_is_wrong_use(url: str) -> None:
    with pytest.raises(WrongUseError, match="DSAR_DATABASE_URL"):
        open_database(url)


def test_the_file_and_its_journals_are_for_their_owner_whatever_the_umask_is(sqlite_url: str) -> None:
    before = os.umask(0)
    try:
        engine = open_database(sqlite_url)
        with writing(engine) as connection:
            connection.exec_driver_sql("CREATE TABLE t (x)")
        folder = Path(str(engine.url.database)).parent
        assert {path.name: mode(path) for path in folder.iterdir()} == {
            "requests.db": 0o600,
            "requests.db-wal": 0o600,
            "requests.db-shm": 0o600,
        }
        assert mode(folder) == 0o700
        engine.dispose()
    finally:
        os.umask(before)


def test_in_a_folder_made_for_a_group_the_group_may_write_the_database(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    path.parent.mkdir()
    path.parent.chmod(0o2770)
    open_database(sqlite_url).dispose()
    assert mode(path) == 0o660


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseUnusableError, match="choose another folder"):
        open_database(f"sqlite:///{tmp_path}/file/requests.db")


def test_a_server_that_does_not_answer_is_an_error_without_its_address() -> None:
    engine = open_database("postgresql://dsar:swordfish@127.0.0.1:1/nowhere")
    with pytest.raises(DatabaseUnusableError) as caught, reading(engine):
        pytest.fail("it answered")
    assert "swordfish" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)


def test_an_error_of_the_database_shows_no_parameter(installation: Installation) -> None:
    def twice() -> None:
        with writing(installation.engine) as connection:
            for _ in range(2):
                connection.execute(insert(INSTALLATION).values(key="canary", value="canary"))

    with pytest.raises(DBAPIError) as caught:
        twice()
    assert "[SQL parameters hidden" in str(caught.value)


def test_times_are_whole_microseconds_on_both(installation: Installation) -> None:
    opened(installation)
    with reading(installation.engine) as connection:
        assert connection.scalar(text("SELECT received_at FROM requests")) == 1793611800123456
    assert AT.microsecond == 123456
