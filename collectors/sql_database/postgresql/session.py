"""The settings of a PostgreSQL transaction, and those that a URL may add.

All of them are set in the transaction and read back: a pooler such as PgBouncer can be configured to drop the startup
parameter `options` silently, and shares a session among clients.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from psycopg.pq import Conninfo
from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError

from collectors.sql_database.dialect import UrlError, require_settings
from collectors.sql_database.obstacles import nearest_name

_SETTINGS: Final = {
    "row_security": "off",  # the server refuses to read, where a policy would silently hide rows
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "iso_8601",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "standard_conforming_strings": "on",  # so that a backslash in a register's query is a backslash
}
_TIMEOUT: Final = "statement_timeout"
# Set by the transaction's BEGIN and by the driver.
_TRANSACTION: Final = {
    "transaction_isolation": "repeatable read",
    "transaction_read_only": "on",
    "client_encoding": "UTF8",
}
_OURS: Final = frozenset(
    name.lower()
    for name in (
        *_SETTINGS, *_TRANSACTION, _TIMEOUT, "default_transaction_isolation", "default_transaction_read_only",
    )
)  # fmt: skip
_UTF8: Final = frozenset({"utf8", "unicode"})
_WORD: Final = re.compile(r"(?:\\.|[^\s\\])+")
_BY_STATEMENT: Final = "statement pooling"
POOLED: Final = (
    "the URL leads to a pooler that pools by statement, so there is no transaction to read in; configure it to pool by "
    "transaction or session (PgBouncer's pool_mode), or use the address of the server itself"
)


def refuse_parameters(url: URL) -> None:
    """UrlError if the URL has a parameter that this program sets itself, or that libpq does not know."""
    known = {default.keyword.decode() for default in Conninfo.get_defaults()}
    for name in url.query:
        if name not in known:
            raise UrlError(
                f"the parameter {name!r} is not one of libpq's; remove it{nearest_name(name, known)}"
            )
    for encoding in url.normalized_query.get("client_encoding", ()):
        if re.sub("[^a-z0-9]", "", encoding.lower()) not in _UTF8:
            raise UrlError("client_encoding: texts are always read as UTF-8; remove it")
    for name in options_of(url):
        if name in _OURS:
            instead = "; set the source's timeout instead" if name == _TIMEOUT else ""
            raise UrlError(f"options: {name} is set by this program itself; remove it{instead}")


def options_of(url: URL) -> Mapping[str, str]:
    """The settings in the URL's `options`, such as `-c search_path=crm`; UrlError if there is anything else."""
    words = [
        re.sub(r"\\(.)", r"\1", w) for o in url.normalized_query.get("options", ()) for w in _WORD.findall(o)
    ]
    settings: dict[str, str] = {}
    while words:
        word = words.pop(0)
        if word == "-c" and words:
            word += words.pop(0)
        name, is_set, value = re.sub("^(-c|--)", "", word).partition("=")
        if not word.startswith(("-c", "--")) or not is_set:
            raise UrlError(
                "options: only settings are supported, each as `-c name=value`; remove anything else"
            )
        settings[name.lower().replace("-", "_")] = value
    return settings


def server_of(url: URL) -> URL:
    """The URL to connect to: without `options`, which are set in the transaction."""
    return url.set(drivername="postgresql+psycopg").difference_update_query(["options"])


def connect_parameters(url: URL, timeout: int) -> dict[str, str | int | None]:
    """The connection parameters to add to those of the URL."""
    parameters: dict[str, str | int | None] = {
        "client_encoding": "utf8",
        # PgBouncer before 1.21 mixes up the prepared statements of its clients.
        "prepare_threshold": None,
    }
    usual: dict[str, str | int] = {"connect_timeout": min(timeout, 10), "application_name": "dsar-export"}
    return parameters | {name: value for name, value in usual.items() if name not in url.query}


def set_and_read_back(connection: Connection, options: Mapping[str, str], timeout: int) -> None:
    """Sets up the transaction and verifies it in a separate statement; UrlError if a setting is not in effect."""
    settings: dict[str, object] = {}
    for name, value in options.items():
        try:
            settings |= _set(connection, {name: value})
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            state = getattr(error.orig, "sqlstate", None)
            raise UrlError(
                f"options: the server does not allow {name} to be set in a transaction ({state}); remove it"
            ) from None
    settings |= _set(connection, {**_SETTINGS, _TIMEOUT: str(timeout * 1000)})
    wanted = settings | _TRANSACTION
    cells = ", ".join(f"pg_catalog.current_setting(%(n{n})s)" for n in range(len(wanted)))
    names = {f"n{n}": name for n, name in enumerate(wanted)}
    require_settings(wanted, connection.exec_driver_sql(f"SELECT {cells}", names).one())


def is_pooled_by_statement(message: str) -> bool:
    """Whether an error is from a PgBouncer that pools by statement, and so allows no transactions."""
    return _BY_STATEMENT in message


def _set(connection: Connection, settings: Mapping[str, str]) -> Mapping[str, object]:
    """Applies settings to this transaction, and returns their values as the server writes them."""
    cells = ", ".join(f"pg_catalog.set_config(%(n{n})s, %(v{n})s, true)" for n in range(len(settings)))
    parameters = {
        f"{k}{n}": text for n, pair in enumerate(settings.items()) for k, text in zip("nv", pair, strict=True)
    }
    values: Sequence[object] = connection.exec_driver_sql(f"SELECT {cells}", parameters).one()
    return dict(zip(settings, values, strict=True))
