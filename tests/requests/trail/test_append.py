"""Entries form one line, however many append."""

import hashlib
import hmac
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import text

from dsar_export.errors import TrailBrokenError, WrongUseError
from dsar_export.requests.trail import append
from tests.requests.trail.trails import KEY, NOON, TrailDatabase, happening

ROOT = Path(__file__).parents[3]


def test_each_mac_covers_the_mac_before_and_the_canonical_entry(database: TrailDatabase) -> None:
    database.append(
        happening(details={"version": 3, "state": "approved"}), happening(at=NOON + 1, reference=None)
    )
    start = hashlib.sha256(b"dsar-export trail 1").digest()
    first = (
        b'{"action":"approve","actor":"ann","at":1793620800000000,"controller":"acme",'
        b'"details":{"state":"approved","version":3},"number":1,"reason_code":null,'
        b'"reference":"DSAR-20261102-ABCD2345"}'
    )
    second = json.dumps(
        {**json.loads(first), "at": NOON + 1, "details": {}, "number": 2, "reference": None},
        sort_keys=True, separators=(",", ":"),
    ).encode()  # fmt: skip
    one = hmac.digest(KEY, start + first, "sha256")
    two = hmac.digest(KEY, one + second, "sha256")
    assert database.rows("SELECT number, mac FROM trail ORDER BY number") == [(1, one.hex()), (2, two.hex())]


def test_both_databases_hold_the_same(on_sqlite: TrailDatabase, on_postgres: TrailDatabase) -> None:
    on_sqlite.fill(3)
    on_postgres.fill(3)
    query = "SELECT * FROM trail ORDER BY number"
    assert on_sqlite.rows(query) == on_postgres.rows(query)


def test_50_that_append_at_once_make_one_line(database: TrailDatabase) -> None:
    ready = Barrier(50)

    def one(n: int) -> int:
        with database.engine.connect() as connection:
            ready.wait(timeout=60)
            with connection.begin():
                return append(connection, KEY, happening(details={"page": n})).number

    with ThreadPoolExecutor(50) as pool:
        numbers = sorted(pool.map(one, range(50)))
    assert numbers == list(range(1, 51))
    database.advance()
    verdict = database.verify()
    assert (verdict.sentence, verdict.entries, verdict.behind) == (
        "50 entries, each follows the one before", 50, 0
    )  # fmt: skip


def test_processes_that_append_at_once_make_one_line(database: TrailDatabase) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    code = "import sys; from tests.requests.trail.trails import fill_from_here; fill_from_here(*sys.argv[1:])"
    started = [
        subprocess.Popen([sys.executable, "-c", code, url, database.anchor], cwd=ROOT) for _ in range(3)
    ]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    assert (database.verify().passed, database.verify().entries, database.verify().behind) == (True, 60, 0)


def test_a_transaction_that_is_rolled_back_leaves_no_gap(database: TrailDatabase) -> None:
    database.fill(1)
    with database.engine.connect() as connection, connection.begin() as transaction:
        append(connection, KEY, happening())
        transaction.rollback()
    database.fill(1)
    assert database.verify().entries == 2


def test_a_transaction_may_append_several(database: TrailDatabase) -> None:
    with database.engine.begin() as connection:
        assert [append(connection, KEY, happening()).number for _ in range(3)] == [1, 2, 3]
    assert database.verify().behind == 3


def test_nobody_takes_a_turn_on_postgres_before_the_one_before_has_committed(
    on_postgres: TrailDatabase,
) -> None:
    with on_postgres.engine.connect() as connection, connection.begin():
        append(connection, KEY, happening())
        with on_postgres.engine.begin() as other:
            held = other.scalar(text("SELECT pg_try_advisory_xact_lock(28274360040321644)"))
    assert held is False


def test_nothing_is_appended_to_a_damaged_entry(database: TrailDatabase) -> None:
    database.fill(2)
    database.run("UPDATE trail SET mac = 'x' WHERE number = 2")
    with pytest.raises(TrailBrokenError, match="entry 2 of the trail is damaged"):
        database.fill(1)


def test_a_short_key_is_refused(database: TrailDatabase) -> None:
    with database.engine.begin() as connection, pytest.raises(WrongUseError, match="32 bytes"):
        append(connection, KEY[:31], happening())
