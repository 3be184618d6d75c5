"""Connections to MariaDB and MySQL through PyMySQL: the session's settings, and how cells are decoded.

PyMySQL is not imported here, because it need not be installed: SQLAlchemy loads it.
"""

import codecs
import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, Final, Protocol

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from collectors.sql_database.dialect import UrlError, require_settings
from collectors.sql_database.obstacles import nearest_name
from dsar_export.errors import RegisterError

_CODEC: Final = "dsar_utf8"
# The server counts our pauses between fetches too, so its limit is only for statements that nobody reads any more.
_LONGEST_STATEMENT: Final = 3600
_SESSION: Final[Mapping[str, str | int]] = {
    "time_zone": "+00:00",
    "sql_mode": "",  # quotation marks, backslashes and || mean the same everywhere
    "sql_select_limit": 18446744073709551615,  # a lower limit would cut off results without an error
    "group_concat_max_len": 1073741824,  # so would MySQL's default of 1024 characters
    "max_sort_length": 65536,  # characters beyond it are ignored when sorting
    "sql_auto_is_null": 0,  # otherwise IS NULL finds the row with the last auto-increment number
    "sort_buffer_size": 4194304,  # room for a few sort keys of that length
    "net_write_timeout": _LONGEST_STATEMENT,
    "wait_timeout": 28800,  # other sources are read in the meantime
}
# A time in system_versioning_asof would hide all later changes in tables that keep row versions.
_MARIADB_ONLY: Final = f"max_statement_time = {_LONGEST_STATEMENT}, SESSION system_versioning_asof = DEFAULT"
_MYSQL_ONLY: Final = f"max_execution_time = {_LONGEST_STATEMENT * 1000}"
_TRANSACTIONS: Final = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
TIMESTAMP: Final = 7
_MARIADB_TRANSACTION: Final[Mapping[str, str | int]] = {
    "tx_isolation": "REPEATABLE-READ",
    "tx_read_only": 1,
    "in_transaction": 1,
    "system_versioning_asof": "DEFAULT",
}
_MYSQL_TRANSACTION: Final = {"transaction_isolation": "REPEATABLE-READ", "transaction_read_only": 1}
_CHARSET: Final = "utf8mb4"
_CHARACTER_SETS: Final = dict.fromkeys(
    ("character_set_client", "character_set_connection", "character_set_results"), _CHARSET
)

# The parameters that a URL may have. PyMySQL's other parameters change how cells arrive, or are set here.
_ALLOWED_PARAMETERS: Final = frozenset(
    {
        "unix_socket", "bind_address", "connect_timeout", "program_name", "init_command", "read_default_file",
        "read_default_group", "ssl_ca", "ssl_capath", "ssl_cert", "ssl_cipher", "ssl_key", "ssl_key_password",
        "ssl_check_hostname", "ssl_verify_cert", "ssl_verify_identity",
    }
)  # fmt: skip
_INSTALL: Final = "a MariaDB or MySQL source needs one more package: pip install pymysql"
_INSTALL_RSA: Final = (
    "the server's password authentication needs one more package: pip install 'pymysql[rsa]'"
)


class _Cursor(Protocol):
    connection: object

    def execute(self, statement: str) -> object: ...
    def fetchone(self) -> tuple[Any, ...]: ...
    def fetchall_unbuffered(self) -> Iterable[tuple[object, ...]]: ...


class _Raw(Protocol):
    """A PyMySQL connection."""

    encoding: str
    decoders: dict[int, Callable[[Any], object]]

    def cursor(self) -> _Cursor: ...


class SocketLimit:
    """Does nothing: the socket's timeout limits every wait for a response."""

    def restart(self) -> None: ...


def refuse_parameters(url: URL) -> None:
    """UrlError if the URL has a parameter that this program sets itself or does not support."""
    for charset in url.normalized_query.get("charset", ()):
        if charset.lower() != _CHARSET:
            raise UrlError(f"charset: texts are always read as {_CHARSET}; remove it")
    for name in url.query.keys() - _ALLOWED_PARAMETERS - {"charset"}:
        instead = "; set the source's timeout instead" if name.endswith("_timeout") else ""
        raise UrlError(
            f"the parameter {name!r} is not supported: this program sets what it needs; remove it"
            f"{instead or nearest_name(name, _ALLOWED_PARAMETERS)}"
        )
    ours = {
        *_SESSION,
        *_MARIADB_TRANSACTION,
        *_MYSQL_TRANSACTION,
        *_CHARACTER_SETS,
        "names",
        "character",
        "charset",
        "isolation",
        "transaction",
    }
    for command in url.normalized_query.get("init_command", ()):
        for name in sorted(ours.intersection(re.findall(r"\w+", command.lower()))):
            raise UrlError(f"init_command: {name} is set by this program itself; remove it")


def open_engine(url: URL, timeout: int) -> Engine:
    """A read-only engine without a pool; RegisterError if PyMySQL is not installed."""
    try:
        engine = create_engine(
            url.set(drivername="mysql+pymysql"),
            poolclass=NullPool,
            hide_parameters=True,
            connect_args=_connect_parameters(url, timeout),
        )
    except ModuleNotFoundError:
        raise RegisterError(_INSTALL) from None
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "before_cursor_execute", _buffer_unread_rows)
    event.listen(engine, "handle_error", _kill_if_timed_out)
    return engine


def read_back(connection: Connection) -> None:
    """Verifies the settings made by `_prepare` and that the transaction has begun; UrlError otherwise."""
    mariadb = connection.dialect.is_mariadb  # type: ignore[attr-defined] # of the MySQL dialect
    wanted = {**_SESSION, **_CHARACTER_SETS, **(_MARIADB_TRANSACTION if mariadb else _MYSQL_TRANSACTION)}
    cells = ", ".join(f"@@SESSION.{name}" for name in wanted)
    require_settings(wanted, connection.exec_driver_sql(f"SELECT {cells}").one())


def code_of(error: BaseException | None) -> int:
    """An error's number, from the server or PyMySQL; 0 if it has none."""
    number = error.args[0] if error is not None and error.args else 0
    return number if isinstance(number, int) else 0


def timed_out(error: BaseException | None) -> bool:
    """Whether a response timed out, which PyMySQL also reports as a lost connection."""
    return code_of(error) == 2013 and error is not None and isinstance(error.__context__, TimeoutError)


def _connect_parameters(url: URL, timeout: int) -> dict[str, str | int]:
    ours: dict[str, str | int] = {"charset": _CHARSET, "read_timeout": timeout, "write_timeout": timeout}
    usual: dict[str, str | int] = {"connect_timeout": min(timeout, 10), "program_name": "dsar-export"}
    return ours | {name: value for name, value in usual.items() if name not in url.query}


def _connect(dialect: Any, _record: object, arguments: Any, parameters: Any) -> object:
    try:
        return dialect.connect(*arguments, **parameters)
    except RuntimeError:  # PyMySQL's, if MySQL's password hashing needs the package that is missing
        raise RegisterError(_INSTALL_RSA) from None


def _prepare(raw: _Raw, record: Any) -> None:
    raw.decoders = _DECODERS
    cursor = raw.cursor()
    cursor.execute("SELECT CONNECTION_ID(), VERSION()")
    record.info["id"], version = cursor.fetchone()
    own = _MARIADB_ONLY if "MariaDB" in version else _MYSQL_ONLY
    settings = [f"{name} = {value!r}" for name, value in _SESSION.items()] + [own]
    cursor.execute(f"SET {', '.join(f'SESSION {setting}' for setting in settings)}")
    cursor.execute(_TRANSACTIONS)
    raw.encoding = _CODEC


def _buffer_unread_rows(
    connection: Connection, cursor: _Cursor, _s: str, _p: object, context: Any, _many: object
) -> None:
    """Keeps the unread rows of a streamed result, which PyMySQL silently discards when another statement is sent.

    So interleaved reads cost memory. An export reads one statement after the other.
    """
    before = connection.info.pop("streamed", None)
    if before is not None and before.connection is not None:
        before.fetchmany = _UnreadRows(before, context.dialect.loaded_dbapi.Error).fetchmany
    if context.execution_options.get("stream_results"):
        connection.info["streamed"] = cursor


class _UnreadRows:
    """The rows of a result that were not fetched yet, and the error that ended it, if any."""

    def __init__(self, cursor: _Cursor, errors: type[Exception]) -> None:
        self._rows: deque[tuple[object, ...]] = deque()
        self._error: Exception | None = None
        try:
            self._rows.extend(cursor.fetchall_unbuffered())
        except errors as error:
            _mark_as_read(cursor)
            self._error = error

    def fetchmany(self, size: int) -> list[tuple[object, ...]]:
        if not self._rows and self._error is not None:
            raise self._error
        return [self._rows.popleft() for _ in range(min(size, len(self._rows)))]


def _mark_as_read(cursor: object) -> None:
    """Stops PyMySQL from reading on when the cursor is garbage-collected, which fails on a closed connection."""
    result = getattr(cursor, "_result", None)
    if result is not None:
        result.unbuffered_active = False


def _kill_if_timed_out(context: ExceptionContext) -> None:
    """Kills a statement that timed out; otherwise the server would continue it although nobody reads it."""
    _mark_as_read(getattr(context.execution_context, "cursor", None))
    if context.connection is None or context.engine is None or not timed_out(context.original_exception):
        return
    _kill(context.connection, "KILL")


def kill_query(connection: Connection) -> None:
    """Ends the statement that runs on a connection, from any thread; the connection stays."""
    _kill(connection, "KILL QUERY")


def _kill(connection: Connection, command: str) -> None:
    # It may have ended in the meantime, or the server may accept no other connection.
    with suppress(SQLAlchemyError, connection.dialect.loaded_dbapi.Error):
        number = connection.info["id"]
        other = connection.engine.raw_connection()
        try:
            other.cursor().execute(f"{command} {number:d}")
        finally:
            other.close()


def _bits(cell: bytes) -> int:
    return int.from_bytes(cell, "big")


def _instant(cell: str) -> str:
    """A TIMESTAMP with its offset: the session shows it in UTC. The zero value is not a moment and gets none."""
    return cell if cell.startswith("0000") else f"{cell}+00:00"


# By the protocol's type numbers. All other types stay text or bytes, because a Python value would lose something:
# digits of a decimal number, fractions of a second, dates such as 0000-00-00, times beyond a day.
_DECODERS: Final[dict[int, Callable[[Any], object]]] = {
    **dict.fromkeys((1, 2, 3, 8, 9), int),
    **dict.fromkeys((4, 5), float),
    TIMESTAMP: _instant,
    16: _bits,
}


def _encode(text: str, errors: str = "strict") -> tuple[bytes, int]:
    return codecs.utf_8_encode(text, errors)


def _decode(raw: Any, errors: str = "strict") -> tuple[str, int]:  # noqa: ARG001 # never strict
    return codecs.utf_8_decode(raw, "surrogateescape", True)  # noqa: FBT003 # positional only


def _codec(name: str) -> codecs.CodecInfo | None:
    """Finds our codec by name: UTF-8 that decodes any bytes, because the server accepts surrogates in its texts."""
    return codecs.CodecInfo(_encode, _decode, name=_CODEC) if name == _CODEC else None


codecs.register(_codec)
