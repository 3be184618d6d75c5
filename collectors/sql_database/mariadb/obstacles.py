"""Classifies failures to connect to MariaDB or MySQL, by the numbers of the server and of PyMySQL."""

from typing import Final

from sqlalchemy import URL

from collectors.sql_database.obstacles import Obstacle, obstacle_of

_NUMBERS: Final = {
    1040: Obstacle.FULL,
    1044: Obstacle.GRANT_OR_DATABASE,
    1045: Obstacle.ROLE_OR_TLS,
    1049: Obstacle.DATABASE,
    1053: Obstacle.STARTING,
    1129: Obstacle.MACHINE,
    1130: Obstacle.MACHINE,
    1203: Obstacle.FULL,
    1226: Obstacle.FULL,
    1251: Obstacle.AUTHENTICATION,
    1698: Obstacle.ROLE_OR_TLS,
    1820: Obstacle.LOCKED,
    1862: Obstacle.LOCKED,
    2005: Obstacle.NAME,
    2006: Obstacle.CLOSED,
    2013: Obstacle.CLOSED,
    2026: Obstacle.TLS,
    2059: Obstacle.AUTHENTICATION,
    2061: Obstacle.AUTHENTICATION,
    3118: Obstacle.LOCKED,
    3159: Obstacle.NEEDS_TLS,
    4151: Obstacle.LOCKED,
}
_NO_CONNECTION: Final = 2003
_TLS: Final = 2026
_WITHOUT_TLS: Final = "doesn't support"


def obstacle_to(error: BaseException | None, code: int, url: URL) -> str:
    """Why no connection was made; `code` is the error's number, or 0."""
    if code == _NO_CONNECTION or not code:
        return _without_a_server(getattr(error, "original_exception", None) or error, url)
    if error is not None and isinstance(error.__context__, TimeoutError):
        return Obstacle.TIMEOUT
    if code == _TLS and error is not None and _WITHOUT_TLS in str(error.args[-1]):
        return Obstacle.NO_TLS
    if code not in _NUMBERS and "init_command" in url.query:
        return Obstacle.COMMAND
    return _NUMBERS.get(code, Obstacle.UNKNOWN)


def _without_a_server(cause: BaseException | None, url: URL) -> str:
    """Why no server answered, or none that speaks the protocol."""
    if isinstance(cause, FileNotFoundError | PermissionError) and "unix_socket" not in url.query:
        return Obstacle.FILE
    if isinstance(cause, ValueError) and not isinstance(cause, UnicodeError):
        return "a parameter is not of the kind that it must be; correct it in {url}"
    # Of an answer that is not the protocol's, PyMySQL makes an error without a number.
    return obstacle_of(cause) or Obstacle.CLOSED if cause is not None else Obstacle.UNKNOWN
