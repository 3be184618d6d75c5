"""Moments of requests are a server's own, where several machines may work on them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from dsar_export.requests import server_clock
from dsar_export.requests.database import open_database
from dsar_export.requests.server_clock import ServerClock
from tools.servers.postgres import PostgresServer


@pytest.fixture
def engine(postgres: PostgresServer) -> Iterator[Engine]:
    with postgres.database("clock") as url:
        engine = open_database(url)
        yield engine
        engine.dispose()


def test_the_clock_is_the_servers_and_goes_on_without_asking(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = ServerClock(engine)
    first = clock()
    with engine.connect() as connection:
        now = connection.scalar(text("SELECT clock_timestamp()"))
    assert abs(now - clock()) < timedelta(milliseconds=100)
    monkeypatch.setattr(server_clock, "reading", None)  # asking again would fail
    assert first < clock() < first + timedelta(seconds=20)


def test_a_clock_of_this_machine_that_is_wrong_changes_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = ServerClock(engine)
    first = clock()
    monkeypatch.setattr("time.time", lambda: 0.0)
    assert first < clock() < datetime.now(UTC) + timedelta(minutes=5)


def test_it_asks_again_after_half_a_minute(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = ServerClock(engine)
    clock()
    asked_at, since = clock._asked or (None, 0.0)
    clock._asked = (datetime(2020, 1, 1, tzinfo=UTC), since)
    assert clock().year == 2020
    clock._asked = (datetime(2020, 1, 1, tzinfo=UTC), since - 31)
    assert clock() >= (asked_at or datetime.now(UTC))
