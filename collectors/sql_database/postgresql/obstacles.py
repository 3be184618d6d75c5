"""Classifies failures to connect to PostgreSQL. libpq reports most of them only as text, which contains values."""

import os
import re
from collections.abc import Sequence
from typing import Final

from psycopg.errors import ConnectionTimeout

from collectors.sql_database.obstacles import OBSTACLES_BY_NUMBER, Obstacle, wrong_parameter

_PARAMETER: Final = re.compile(
    r"invalid (?P<a>\w+) value: |bad value for (?P<b>\w+): |for connection option \"(?P<c>\w+)\"|"
    r"(?P<service>definition of service)"
)
_QUOTED: Final = re.compile(r'"[^"]*"')
# PgBouncer's own reasons, which it may give at the first statement too.
_POOLER: Final[Sequence[tuple[str, Obstacle]]] = (
    (r"no such database", Obstacle.DATABASE),
    (r"no such user|SASL authentication failed", Obstacle.ROLE),
    (r"server login (has been )?fail|server_login_retry|cannot connect to server", Obstacle.POOLER_LOGIN),
    (r"query_wait_timeout|client_login_timeout", Obstacle.POOLER_BUSY),
    (r"no more connections allowed", Obstacle.FULL),
    (r"unsupported startup parameter", Obstacle.POOLER_PARAMETER),
    (r"is (disabled|paused)|does not allow connections", Obstacle.POOLER_PAUSED),
)
_SERVER: Final[Sequence[tuple[str, Obstacle]]] = (
    (r"failed to resolve host|could not translate host name", Obstacle.NAME),
    (r"no pg_hba\.conf entry|pg_hba\.conf rejects", Obstacle.RULE),
    (r"too many (connections|clients)|connection slots are reserved", Obstacle.FULL),
    (r"authentication failed|no password supplied|not permitted to log in|role \"\" does not", Obstacle.ROLE),
    (r"permission denied for database", Obstacle.GRANT),
    (r"database \"\" does not exist", Obstacle.DATABASE),
    (r"starting up|shutting down|recovery mode|not (yet|currently) accepting", Obstacle.STARTING),
    (r"not in hot standby|is in hot standby|read-only", Obstacle.KIND_OF_SERVER),
    (r"root certificate file|certificate file|private key file", Obstacle.FILE),
    (r"does not support SSL|SSL not in use", Obstacle.NO_TLS),
    (r"invalid response to SSL negotiation", Obstacle.CLOSED),
    (r"SSL|TLS|certificate", Obstacle.TLS),
    (r"timeout expired", Obstacle.TIMEOUT),
    (r"closed the connection unexpectedly|expected authentication request", Obstacle.CLOSED),
)


def obstacle_to(error: BaseException | None) -> str:
    """Why no connection was made."""
    if isinstance(error, ConnectionTimeout):
        return Obstacle.TIMEOUT
    text = str(error)
    if (found := _PARAMETER.search(text)) is not None:
        return wrong_parameter(next(name for name in (*found.groups()[:3], "service") if name is not None))
    text = _QUOTED.sub('""', text)  # a name in it may read like a reason
    for number, obstacle in OBSTACLES_BY_NUMBER.items():
        if f"failed: {os.strerror(number)}" in text:
            return obstacle
    return _first(text, (*_POOLER, *_SERVER)) or Obstacle.UNKNOWN


def pooler_obstacle(error: BaseException | None) -> Obstacle | None:
    """A pooler's own reason for an error; None if it gives none that is known."""
    return _first(_QUOTED.sub('""', str(error)), _POOLER)


def _first(text: str, reasons: Sequence[tuple[str, Obstacle]]) -> Obstacle | None:
    return next((obstacle for pattern, obstacle in reasons if re.search(pattern, text)), None)
