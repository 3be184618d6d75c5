"""Classifies PostgreSQL's errors, by their SQLSTATE as far as they have one."""

from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from collectors.sql_database.dialect import Failure, Trouble
from collectors.sql_database.postgresql.obstacles import pooler_obstacle
from collectors.sql_database.postgresql.session import POOLED, is_pooled_by_statement

_UNFIT_CLASSES: Final = ("42", "22P02", "3F000", "0A000")
_LOST: Final = frozenset({"40001", "40P01", "57P01", "57P02", "57P03", "25P03", "25P04"})
_CONNECTION: Final = "08"
_NO_OBJECT: Final = (
    "a large object that a row refers to does not exist, or this role may not read it; GRANT SELECT ON LARGE OBJECT, "
    "or leave the column out"
)


def failure_of(error: SQLAlchemyError) -> Failure:
    """What kind of error it is, with a reason that contains no cell."""
    origin = error.orig if isinstance(error, DBAPIError) else None
    state = str(getattr(origin, "sqlstate", None) or "")
    if state.startswith(_UNFIT_CLASSES):
        return _unfit(state, str(getattr(getattr(origin, "diag", None), "message_primary", state)))
    if is_pooled_by_statement(str(origin)):
        return Failure(Trouble.POOLED, POOLED)
    if state == "57014":
        return Failure(Trouble.SLOW, Trouble.SLOW)
    invalidated = isinstance(error, DBAPIError) and error.connection_invalidated
    if state in _LOST or state.startswith(_CONNECTION) or invalidated:
        pooler = pooler_obstacle(origin) if state.startswith(_CONNECTION) else None
        reason = f"{Trouble.LOST} ({state or 'no state'})"
        return Failure(Trouble.LOST, pooler.replace("{url}", "the source's url") if pooler else reason)
    return Failure(Trouble.OTHER, state or type(origin or error).__name__)


def _unfit(state: str, text: str) -> Failure:
    if "large object" in text:  # the server's own text contains its number
        return Failure(Trouble.OTHER, _NO_OBJECT)
    if state != "42501":
        return Failure(Trouble.UNFIT, text)
    hidden = "row-level security" in text
    return Failure(Trouble.UNFIT, text, "Give the role BYPASSRLS" if hidden else "Grant SELECT on it")
