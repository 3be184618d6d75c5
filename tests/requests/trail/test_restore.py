"""A trail passes after dump and restore, on the same database or another one."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, make_url, select

from dsar_export.requests.trail import Fault, prune
from dsar_export.requests.trail.table import CHECKPOINT, TRAIL
from tests.requests.trail.trails import (
    KEY,
    NOON,
    TrailDatabase,
    happening,
    postgres_engine,
    sqlite_engine,
    trail_in,
)
from tools.servers.postgres import PostgresServer, installed


def sqlite_file(trail: TrailDatabase) -> Path:
    return Path(str(trail.engine.url.database))


def lived_in(trail: TrailDatabase) -> None:
    """Fills a trail, prunes it, and goes on."""
    trail.fill(5)
    with trail.engine.begin() as connection:
        prune(connection, KEY, NOON + 2_000_000)
    trail.append(happening(details={"ledger": "ab" * 32, "gaps": 2}), happening(reference=None))


def dumped(old: Path, new: Path) -> None:
    with closing(sqlite3.connect(old)) as database, closing(sqlite3.connect(new)) as restored:
        restored.executescript("\n".join(database.iterdump()))


def backed_up(old: Path, new: Path) -> None:
    with closing(sqlite3.connect(old)) as database, closing(sqlite3.connect(new)) as restored:
        database.backup(restored)


def client(program: str, url: str, *options: str, stdin: bytes = b"") -> bytes:
    """Runs one of PostgreSQL's own programs."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    command: list[str | Path] = [installed() / "bin" / program, *options, plain]
    return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout


def copied(old: TrailDatabase, new: TrailDatabase) -> None:
    with old.engine.begin() as source, new.engine.begin() as target:
        for table in (TRAIL, CHECKPOINT):
            target.execute(insert(table), [dict(row) for row in source.execute(select(table)).mappings()])
    shutil.copy(old.anchor, new.anchor)


@pytest.mark.parametrize("restore", [dumped, backed_up])
def test_it_passes_after_dump_and_restore_of_sqlite(
    on_sqlite: TrailDatabase, tmp_path: Path, restore: object
) -> None:
    lived_in(on_sqlite)
    assert callable(restore)
    restore(sqlite_file(on_sqlite), tmp_path / "restored.db")
    anchor = on_sqlite.anchor.read_bytes()
    with trail_in(sqlite_engine(tmp_path / "restored.db"), tmp_path) as restored:
        restored.anchor.write_bytes(anchor)
        assert (restored.verify().passed, restored.verify().entries) == (True, 5)
        restored.fill(1)
        assert restored.verify().entries == 6


def test_it_passes_after_pg_dump_and_restore(
    on_postgres: TrailDatabase, postgres: PostgresServer, tmp_path: Path
) -> None:
    lived_in(on_postgres)
    with postgres.database("restored") as url:
        dump = client("pg_dump", on_postgres.engine.url.render_as_string(hide_password=False))
        client("psql", url, "--quiet", "--set=ON_ERROR_STOP=1", stdin=dump)
        with trail_in(postgres_engine(url), tmp_path) as restored:
            restored.anchor.write_bytes(on_postgres.anchor.read_bytes())
            assert (restored.verify().passed, restored.verify().entries) == (True, 5)
            restored.fill(1)
            assert restored.verify().entries == 6


@pytest.mark.parametrize("to_postgres", [True, False])
def test_it_passes_after_its_rows_were_copied_to_the_other_database(
    on_sqlite: TrailDatabase, on_postgres: TrailDatabase, *, to_postgres: bool
) -> None:
    old, new = (on_sqlite, on_postgres) if to_postgres else (on_postgres, on_sqlite)
    lived_in(old)
    copied(old, new)
    assert (new.verify().passed, new.verify().entries) == (True, 5)
    new.fill(1)
    assert new.verify().entries == 6


def test_an_older_copy_is_found(on_sqlite: TrailDatabase, tmp_path: Path) -> None:
    on_sqlite.fill(3)
    backed_up(sqlite_file(on_sqlite), tmp_path / "older.db")
    on_sqlite.fill(2)
    anchor = on_sqlite.anchor.read_bytes()
    with trail_in(sqlite_engine(tmp_path / "older.db"), tmp_path) as older:
        older.anchor.write_bytes(anchor)
        assert (older.verify().fault, older.verify().number) == (Fault.CUT_OFF, 4)
        assert "an older database was restored" in older.verify().sentence
