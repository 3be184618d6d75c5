"""Connections to MariaDB and MySQL through PyMySQL: what the session is set to, and how cells arrive.

PyMySQL is not imported, for it need not be installed: SQLAlchemy loads it.
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
from dsar_export.errors import RegisterError

_CODEC: Final = "dsar_utf8"
# The server counts the reader's pauses too, so its own limit only ends what nobody reads any more.
_LONGEST: Final = 3600
_SESSION: Final[Mapping[str, str | int]] = {
    "time_zone": "+00:00",
    "sql_mode": "",  # quotation marks, backslashes and || mean the same everywhere
    "sql_select_limit": 18446744073709551615,  # a lower one would end a result without a word
    "group_concat_max_len": 1073741824,  # so would MySQL's 1024 signs
    "max_sort_length": 65536,  # signs beyond it do not count for the order
    "sql_auto_is_null": 0,  # with it, IS NULL finds the last row that was numbered
    "sort_buffer_size": 4194304,  # holds some of these
    "net_write_timeout": _LONGEST,
    "wait_timeout": 28800,  # other sources are read meanwhile
}
# A time in the other setting would hide what was written since in tables that keep their history.
_ONLY_MARIADBS: Final = f"max_statement_time = {_LONGEST}, SESSION system_versioning_asof = DEFAULT"
_ONLY_MYSQLS: Final = f"max_execution_time = {_LONGEST * 1000}"
_TRANSACTIONS: Final = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
TIMESTAMP: Final = 7
_MARIADBS: Final[Mapping[str, str | int]] = {
    "tx_isolation": "REPEATABLE-READ",
    "tx_read_only": 1,
    "in_transaction": 1,
    "system_versioning_asof": "DEFAULT",
}
_MYSQLS: Final = {"transaction_isolation": "REPEATABLE-READ", "transaction_read_only": 1}
_CHARSET: Final = "utf8mb4"
_TEXTS: Final = dict.fromkeys(
    ("character_set_client", "character_set_connection", "character_set_results"), _CHARSET
)

# What the URL may say beside; PyMySQL's other parameters change how cells arrive, or are ours.
_KEPT: Final = frozenset(
    {
        "unix_socket", "bind_address", "connect_timeout", "program_name", "init_command", "read_default_file",
        "read_default_group", "ssl_ca", "ssl_capath", "ssl_cert", "ssl_cipher", "ssl_key", "ssl_key_password",
        "ssl_check_hostname", "ssl_verify_cert", "ssl_verify_identity",
    }
)  # fmt: skip
_INSTALL: Final = "a source of MariaDB or MySQL needs a package more: pip install pymysql"
_INSTALL_RSA: Final = (
    "the server asks for a password in a way that needs a package more: pip install 'pymysql[rsa]'"
)


class _Cursor(Protocol):
    connection: object

    def execute(self, statement: str) -> object: ...
    def fetchone(self) -> tuple[Any, ...]: ...
    def fetchall_unbuffered(self) -> Iterable[tuple[object, ...]]: ...


class _Raw(Protocol):
    """A connection of PyMySQL."""

    encoding: str
    decoders: dict[int, Callable[[Any], object]]

    def cursor(self) -> _Cursor: ...


class SocketLimit:
    """The socket counts, for every answer that is waited for."""

    def restart(self) -> None: ...


def refuse_parameters(url: URL) -> None:
    """UrlError where the URL sets what this program sets itself, or what it does not keep."""
    for charset in url.normalized_query.get("charset", ()):
        if charset.lower() != _CHARSET:
            raise UrlError(f"charset: texts are always read as {_CHARSET}; remove it")
    for name in url.query.keys() - _KEPT - {"charset"}:
        instead = "; set the source's timeout instead" if name.endswith("_timeout") else ""
        raise UrlError(
            f"the parameter {name!r} is not kept: this program sets what it needs; remove it{instead}"
        )
    ours = {
        *_SESSION,
        *_MARIADBS,
        *_MYSQLS,
        *_TEXTS,
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
    """A read-only engine without a pool; RegisterError where PyMySQL is missing."""
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
    event.listen(engine, "before_cursor_execute", _keep_the_rest)
    event.listen(engine, "handle_error", _end_what_nobody_awaits)
    return engine


def read_back(connection: Connection) -> None:
    """Reads whether the session is set as `_prepare` did, and the transaction begun; UrlError where it is not."""
    mariadb = connection.dialect.is_mariadb  # type: ignore[attr-defined] # of the MySQL dialect
    wanted = {**_SESSION, **_TEXTS, **(_MARIADBS if mariadb else _MYSQLS)}
    cells = ", ".join(f"@@SESSION.{name}" for name in wanted)
    require_settings(wanted, connection.exec_driver_sql(f"SELECT {cells}").one())


def code_of(error: BaseException | None) -> int:
    """The number of an error, the server's or PyMySQL's own; 0 if it has none."""
    number = error.args[0] if error is not None and error.args else 0
    return number if isinstance(number, int) else 0


def timed_out(error: BaseException | None) -> bool:
    """Whether an answer did not come in time; PyMySQL calls that a lost connection, too."""
    return code_of(error) == 2013 and error is not None and isinstance(error.__context__, TimeoutError)


def _connect_parameters(url: URL, timeout: int) -> dict[str, str | int]:
    ours: dict[str, str | int] = {"charset": _CHARSET, "read_timeout": timeout, "write_timeout": timeout}
    usual: dict[str, str | int] = {"connect_timeout": min(timeout, 10), "program_name": "dsar-export"}
    return ours | {name: value for name, value in usual.items() if name not in url.query}


def _connect(dialect: Any, _record: object, arguments: Any, parameters: Any) -> object:
    try:
        return dialect.connect(*arguments, **parameters)
    except RuntimeError:  # PyMySQL's, of MySQL's own way to hash a password
        raise RegisterError(_INSTALL_RSA) from None


def _prepare(raw: _Raw, record: Any) -> None:
    raw.decoders = _DECODERS
    cursor = raw.cursor()
    cursor.execute("SELECT CONNECTION_ID(), VERSION()")
    record.info["id"], version = cursor.fetchone()
    own = _ONLY_MARIADBS if "MariaDB" in version else _ONLY_MYSQLS
    settings = [f"{name} = {value!r}" for name, value in _SESSION.items()] + [own]
    cursor.execute(f"SET {', '.join(f'SESSION {setting}' for setting in settings)}")
    cursor.execute(_TRANSACTIONS)
    raw.encoding = _CODEC


def _keep_the_rest(
    connection: Connection, cursor: _Cursor, _s: str, _p: object, context: Any, _many: object
) -> None:
    """PyMySQL throws the rest of a streamed result away when another statement is sent, without an error.

    So readings side by side cost memory here; an export reads one after the other.
    """
    before = connection.info.pop("streamed", None)
    if before is not None and before.connection is not None:
        before.fetchmany = _Rest(before, context.dialect.loaded_dbapi.Error).fetchmany
    if context.execution_options.get("stream_results"):
        connection.info["streamed"] = cursor


class _Rest:
    """The rows of a result that had not been fetched, and the error that ended it, if one did."""

    def __init__(self, cursor: _Cursor, errors: type[Exception]) -> None:
        self._rows: deque[tuple[object, ...]] = deque()
        self._error: Exception | None = None
        try:
            self._rows.extend(cursor.fetchall_unbuffered())
        except errors as error:
            _give_up(cursor)
            self._error = error

    def fetchmany(self, size: int) -> list[tuple[object, ...]]:
        if not self._rows and self._error is not None:
            raise self._error
        return [self._rows.popleft() for _ in range(min(size, len(self._rows)))]


def _give_up(cursor: object) -> None:
    """Otherwise PyMySQL reads on from a closed connection when the cursor is collected, and prints that it can't."""
    result = getattr(cursor, "_result", None)
    if result is not None:
        result.unbuffered_active = False


def _end_what_nobody_awaits(context: ExceptionContext) -> None:
    """Without this the server would go on with a statement whose reader has left."""
    _give_up(getattr(context.execution_context, "cursor", None))
    if context.connection is None or context.engine is None or not timed_out(context.original_exception):
        return
    number = context.connection.info["id"]
    # It may have ended meanwhile, or the server may take no other connection.
    with suppress(SQLAlchemyError, context.dialect.loaded_dbapi.Error):
        other = context.engine.raw_connection()
        try:
            other.cursor().execute(f"KILL {number:d}")
        finally:
            other.close()


def _bits(cell: bytes) -> int:
    return int.from_bytes(cell, "big")


def _instant(cell: str) -> str:
    """A TIMESTAMP is a moment, which the session shows in UTC, but for its zero that is none."""
    return cell if cell.startswith("0000") else f"{cell}+00:00"


# By the protocol's numbers of types. All others stay text, or bytes, as a Python value would lose something: digits
# of a decimal number, fractions of a second, days that no calendar has such as 0000-00-00, times beyond a day.
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
    """The server lets halves of UTF-16 pairs into its texts, which are no UTF-8."""
    return codecs.CodecInfo(_encode, _decode, name=_CODEC) if name == _CODEC else None


codecs.register(_codec)
