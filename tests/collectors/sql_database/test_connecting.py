"""A failure to connect names what is in the way and the next step, and never a value of the URL."""

import gc
import os
import socket
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from psycopg import OperationalError
from sqlalchemy import URL, make_url

from collectors.sql_database import SqlDatabase
from collectors.sql_database.obstacles import Obstacle
from collectors.sql_database.postgresql.obstacles import obstacle_to
from dsar_export.errors import RegisterError, SourceLostError, SourceUnreadableError
from tests.collectors.sources import PostgresDatabase, source
from tests.collectors.sql_database.mariadb.database import MariadbDatabase, empty_mariadb
from tests.replacing import replace
from tools.servers.pgbouncer import pgbouncer
from tools.servers.starting import free_ports, server_account

KEY = "sources.main.url"


@pytest.fixture
def mariadb(mariadb_server: str) -> MariadbDatabase:
    return empty_mariadb(mariadb_server)


def at(
    url: str, parts: Mapping[str, str | int] | None = None, folder: Path = Path(), timeout: int = 10
) -> SqlDatabase:
    """A collector at a URL with some parts replaced; those that are no part of a URL are its parameters."""
    made = make_url(url)
    changed = {name: str(value) for name, value in (parts or {}).items()}

    def part(name: str, kept: str | None) -> str | None:
        return changed.pop(name, kept)

    there = URL.create(
        made.drivername,
        part("username", made.username),
        part("password", made.password),
        part("host", made.host),
        int(changed.pop("port", made.port or 0)) or None,
        part("database", made.database),
        made.query,
    ).update_query_dict(changed)
    shown = there.render_as_string(hide_password=False)
    return SqlDatabase("main", replace(source(timeout=timeout), url=shown), folder)


def reason(collector: SqlDatabase, kind: type[Exception] = SourceUnreadableError) -> str:
    """Why no connection is made, without any value."""
    with pytest.raises(kind) as described:
        collector.describe()
    message = str(described.value)
    assert described.value.__cause__ is None
    assert described.value.__suppress_context__
    values = ("PRIVATE", "127.0.0.1", "localhost", "invalid", "reader", "nosuch", "dsar_", "/")
    assert not [v for v in values if v in message.replace("sqlite:////…", "")], message
    start = "source 'main' could not be read: connecting: "
    assert message.startswith(start)
    return message.removeprefix(start)


def expected(obstacle: Obstacle) -> str:
    return obstacle.replace("{url}", KEY)


def connected(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))


@contextmanager
def answering(reply: bytes) -> Iterator[int]:
    """The port of a listener that reads once, replies, and closes, which is no database."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def answer() -> None:
            while True:
                try:
                    there, _ = listener.accept()
                except OSError:
                    return
                with closing(there), suppress(OSError):
                    there.settimeout(0.2)  # MariaDB's client waits for the server to begin
                    with suppress(TimeoutError):
                        there.recv(100)
                    there.sendall(reply)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=5)


# PostgreSQL


@pytest.mark.parametrize(
    ("parts", "obstacle"),
    [
        ({"host": "private.invalid"}, Obstacle.NAME),
        ({"port": free_ports(1)[0]}, Obstacle.PORT),
        ({"port": free_ports(1)[0], "host": "localhost"}, Obstacle.PORT),
        ({"password": "PRIVATE"}, Obstacle.ROLE),
        ({"password": ""}, Obstacle.ROLE),
        ({"username": "nosuch", "password": "PRIVATE"}, Obstacle.ROLE),
        ({"database": "nosuch"}, Obstacle.DATABASE),
        ({"database": "SSL PRIVATE"}, Obstacle.DATABASE),
        ({"sslmode": "require"}, Obstacle.NO_TLS),
        ({"sslmode": "verify-full"}, Obstacle.NO_TLS),
        ({"channel_binding": "require"}, Obstacle.NO_TLS),
        ({"target_session_attrs": "standby"}, Obstacle.KIND_OF_SERVER),
        ({"host": "/PRIVATE"}, Obstacle.SOCKET),
    ],
    ids=lambda value: None if isinstance(value, dict) else value.name,
)
def test_a_failure_to_connect_to_postgresql_names_what_is_in_the_way(
    pg: PostgresDatabase, parts: Mapping[str, str | int], obstacle: Obstacle
) -> None:
    assert reason(at(pg.reader, parts)) == expected(obstacle)
    with pytest.raises(SourceUnreadableError) as opened:
        at(pg.reader, parts).snapshot().__enter__()
    assert str(opened.value).endswith(expected(obstacle))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sslmode", "PRIVATE"),
        ("connect_timeout", "PRIVATE"),
        ("keepalives_idle", "PRIVATE"),
        ("service", "PRIVATE"),
    ],
)
def test_a_parameter_with_a_wrong_value_is_named(pg: PostgresDatabase, name: str, value: str) -> None:
    message = reason(at(pg.reader, {name: value}))
    assert message == f"the value of the parameter {name} is not valid; correct it in {KEY}".replace(
        "invalid", ""
    )


@pytest.mark.parametrize(
    ("url", "name", "meant"),
    [
        ("postgresql://u:PRIVATE@h/d", "sslmod", "sslmode"),
        ("mariadb://u:PRIVATE@h/d", "ssl_cert_ca", "ssl_cert"),
        ("postgresql://u:PRIVATE@h/d", "zzzzzz", None),
    ],
)
def test_an_unknown_parameter_is_named_with_the_one_that_was_meant(
    url: str, name: str, meant: str | None
) -> None:
    with pytest.raises(RegisterError) as caught:
        at(url, {name: "PRIVATE"})
    message = str(caught.value)
    assert message.startswith(f"{KEY}: the parameter {name!r} is not")
    assert message.endswith("remove it" if meant is None else f"remove it, or correct it to {meant}")
    assert "PRIVATE" not in message


def test_a_role_that_may_not_connect_is_no_role_that_may_not_log_in(pg: PostgresDatabase) -> None:
    role = f"{pg.role}_other"
    pg.run(f"CREATE ROLE {role} PASSWORD 'PRIVATE'")
    try:
        there = {"username": role, "password": "PRIVATE"}
        assert reason(at(pg.reader, there)) == expected(Obstacle.ROLE)
        pg.run(f"ALTER ROLE {role} LOGIN")
        assert reason(at(pg.reader, there)) == expected(Obstacle.GRANT)
        pg.run(f"ALTER ROLE {role} CONNECTION LIMIT 0")
        pg.run(f"GRANT CONNECT ON DATABASE {make_url(pg.url).database} TO {role}")
        assert reason(at(pg.reader, there)) == expected(Obstacle.FULL)
    finally:
        pg.run(f"REVOKE CONNECT ON DATABASE {make_url(pg.url).database} FROM {role}")
        pg.run(f"DROP ROLE {role}")


@pytest.mark.parametrize(
    ("reply", "obstacle"),
    [
        (b"S" + b"no handshake " * 9, Obstacle.TLS),
        (b"HTTP/1.1 400 PRIVATE", Obstacle.CLOSED),
        (b"", Obstacle.CLOSED),
        (b"\x05\0\0\0\x0aabcd", Obstacle.CLOSED),
    ],
)
def test_another_kind_of_server_is_found(reply: bytes, obstacle: Obstacle) -> None:
    with answering(reply) as port:
        assert reason(at("postgresql://u:PRIVATE@127.0.0.1/d", {"port": port})) == expected(obstacle)
        with pytest.raises((SourceUnreadableError, SourceLostError)) as caught:
            at("mariadb://u:PRIVATE@127.0.0.1/d", {"port": port}).describe()
    assert str(caught.value).endswith(expected(Obstacle.CLOSED))


def test_a_server_that_keeps_silent_is_not_waited_for_without_an_end() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = int(listener.getsockname()[1])
        for kind in ("postgresql", "mariadb"):
            collector = at(f"{kind}://u:PRIVATE@127.0.0.1/d", {"port": port}, timeout=2)
            with pytest.raises((SourceUnreadableError, SourceLostError)) as caught:
                collector.describe()
            assert str(caught.value).endswith(expected(Obstacle.TIMEOUT))


@pytest.mark.parametrize(
    ("text", "obstacle"),
    [
        (
            'FATAL:  no pg_hba.conf entry for host "PRIVATE", user "a", database "b", no encryption',
            Obstacle.RULE,
        ),
        ('FATAL:  pg_hba.conf rejects connection for host "PRIVATE", SSL encryption', Obstacle.RULE),
        ("FATAL:  the database system is starting up", Obstacle.STARTING),
        ("FATAL:  sorry, too many clients already", Obstacle.FULL),
        ('root certificate file "PRIVATE" does not exist', Obstacle.FILE),
        ("SSL error: certificate verify failed", Obstacle.TLS),
        ('server certificate for "PRIVATE" does not match host name "PRIVATE"', Obstacle.TLS),
        (
            "FATAL:  server login has been failing, try again later (server_login_retry)",
            Obstacle.POOLER_LOGIN,
        ),
        ("FATAL:  unsupported startup parameter: PRIVATE", Obstacle.POOLER_PARAMETER),
        ('FATAL:  database "PRIVATE" is disabled', Obstacle.POOLER_PAUSED),
        ("FATAL:  das Passwort von PRIVATE ist falsch", Obstacle.UNKNOWN),
        ('FATAL:  role "no such database" does not exist', Obstacle.ROLE),
    ],
)
def test_other_texts_of_servers_and_poolers_are_recognised(text: str, obstacle: Obstacle) -> None:
    assert (
        obstacle_to(OperationalError(f"connection failed: connection to server failed: {text}")) == obstacle
    )


# A pooler


@pytest.mark.parametrize(
    ("parts", "obstacle"),
    [
        ({"username": "nosuch"}, Obstacle.ROLE),
        ({"password": "PRIVATE"}, Obstacle.ROLE),
        ({"database": "nosuch"}, Obstacle.DATABASE),
        ({"sslmode": "require"}, Obstacle.NO_TLS),
    ],
    ids=lambda value: None if isinstance(value, dict) else value.name,
)
def test_a_pooler_names_what_is_in_the_way_too(
    pg: PostgresDatabase, parts: Mapping[str, str | int], obstacle: Obstacle
) -> None:
    with pgbouncer(pg.reader) as url:
        assert reason(at(url, parts)) == expected(obstacle)


def test_a_poolers_own_reasons_are_named(pg: PostgresDatabase) -> None:
    with pgbouncer(pg.reader, databases="another") as url:
        assert reason(at(url)) == expected(Obstacle.DATABASE)
    with (
        pgbouncer(pg.reader, max_client_conn="1") as url,
        connected(url),
    ):
        assert reason(at(url)) == expected(Obstacle.FULL)
    with (
        pgbouncer(pg.reader, default_pool_size="1", query_wait_timeout="1") as url,
        connected(url) as busy,
    ):
        busy.execute("SELECT 1")
        assert reason(at(url), SourceLostError) == expected(Obstacle.POOLER_BUSY)


# MariaDB


@pytest.mark.parametrize(
    ("parts", "obstacle"),
    [
        ({"host": "private.invalid"}, Obstacle.NAME),
        ({"host": "private..invalid"}, Obstacle.NAME),
        ({"port": free_ports(1)[0]}, Obstacle.PORT),
        ({"password": "PRIVATE"}, Obstacle.ROLE_OR_TLS),
        ({"password": "\U0001f600"}, Obstacle.CHARACTERS),
        ({"username": "nosuch"}, Obstacle.ROLE_OR_TLS),
        ({"database": "nosuch"}, Obstacle.GRANT_OR_DATABASE),
        ({"ssl_ca": "/PRIVATE"}, Obstacle.FILE),
        ({"bind_address": "192.0.2.1"}, Obstacle.ADDRESS),
        ({"init_command": "PRIVATE("}, Obstacle.COMMAND),
    ],
    ids=lambda value: value.name if isinstance(value, Obstacle) else None,
)
def test_a_failure_to_connect_to_mariadb_names_what_is_in_the_way(
    mariadb: MariadbDatabase, parts: Mapping[str, str | int], obstacle: Obstacle
) -> None:
    assert reason(at(mariadb.reader, parts)) == expected(obstacle)


def test_a_socket_of_mariadb_that_is_not_there_is_named(mariadb: MariadbDatabase) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # PyMySQL leaves its end to be collected
        assert reason(at(mariadb.reader, {"unix_socket": "/PRIVATE"})) == expected(Obstacle.SOCKET)
        gc.collect()


def test_a_timeout_that_is_not_a_number_is_a_fault_of_the_url(mariadb: MariadbDatabase) -> None:
    message = reason(at(mariadb.reader, {"connect_timeout": "PRIVATE"}))
    assert message == f"a parameter is not of the kind that it must be; correct it in {KEY}"


def test_tls_that_mariadb_lacks_is_named(mariadb: MariadbDatabase) -> None:
    authorities = Path("/etc/ssl/certs/ca-certificates.crt")
    if not authorities.exists():
        pytest.skip("this machine has no file with certificates of authorities")
    assert reason(at(mariadb.reader, {"ssl_ca": str(authorities), "ssl_verify_cert": "true"})) == expected(
        Obstacle.NO_TLS
    )


def test_a_database_that_is_not_there_is_named_to_an_account_that_may_use_all(
    mariadb: MariadbDatabase,
) -> None:
    assert reason(at(mariadb.server, {"database": "nosuch"})) == expected(Obstacle.DATABASE)


@pytest.mark.parametrize(
    ("change", "undo", "obstacle"),
    [
        ("ACCOUNT LOCK", "ACCOUNT UNLOCK", Obstacle.LOCKED),
        ("REQUIRE SSL", "REQUIRE NONE", Obstacle.ROLE_OR_TLS),
        ("WITH MAX_CONNECTIONS_PER_HOUR 1", "WITH MAX_CONNECTIONS_PER_HOUR 0", Obstacle.FULL),
    ],
)
def test_what_an_account_of_mariadb_may_not_do_is_named(
    mariadb: MariadbDatabase, change: str, undo: str, obstacle: Obstacle
) -> None:
    account = f"`{mariadb.account}`@`%`"
    mariadb.run(f"ALTER USER {account} {change}")
    try:
        if obstacle is Obstacle.FULL:
            mariadb.collector().describe()
        assert reason(mariadb.collector()) == expected(obstacle)
    finally:
        mariadb.run(f"ALTER USER {account} {undo}")


# SQLite


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("missing.db", f"there is no file with the name in {KEY}; correct it: "),
        ("missing/main.db", f"there is no file with the name in {KEY}; correct it: "),
        ("folder", f"{KEY} names a folder; name a file in it"),
        ("text.db", f"the file of {KEY} is no SQLite database, or it is encrypted; "),
        ("damaged.db", f"the file of {KEY} is no SQLite database, or it is encrypted; "),
    ],
)
def test_a_file_that_cannot_be_opened_is_explained(name: str, beginning: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.db").write_text("PRIVATE " * 200, encoding="utf-8")
    (tmp_path / "damaged.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 2000)
    assert reason(at(f"sqlite:///{name}", folder=tmp_path)).startswith(beginning)


@pytest.mark.parametrize(
    ("mode", "beginning"),
    [
        ((0o000, 0o755), f"this user may not read the file of {KEY}; "),
        ((0o644, 0o000), f"this user may not enter the folder of the file of {KEY}; "),
    ],
)
def test_a_file_that_this_user_may_not_read_is_explained(
    mode: tuple[int, int], beginning: str, own_temp: Path
) -> None:
    folder = own_temp / "folder"
    folder.mkdir()
    (folder / "main.db").write_bytes(b"")
    (folder / "main.db").chmod(mode[0])
    folder.chmod(mode[1])
    account = server_account()  # root may read everything
    if account.user is not None:
        os.seteuid(account.user)
    try:
        assert reason(at("sqlite:///main.db", folder=folder)).startswith(beginning)
    finally:
        if account.user is not None:
            os.seteuid(0)
        folder.chmod(0o755)
