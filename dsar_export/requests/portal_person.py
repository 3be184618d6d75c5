"""Who is at work where people use the portal: a person of the program's own, with a role where it is open."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert, select, update

from dsar_export.errors import WrongUseError
from dsar_export.model.people import Grant, Role
from dsar_export.requests.people import end_grants, grant, grants_at
from dsar_export.requests.tables import PEOPLE

PORTAL: Final = "web:portal"
"""No colleague's name has a colon, so nobody signs in as it, and nobody gives it a role."""


def open_at(connection: Connection, at: datetime) -> tuple[str, ...]:
    """The controllers where the portal is open."""
    held = grants_at(connection, at, role=Role.AGENT)
    return tuple(sorted({one.controller for one in held if one.person == PORTAL}))


def open_portal_at(connection: Connection, controller: str, at: datetime) -> None:
    """Opens the portal at a controller; WrongUseError if it is open there."""
    if controller in open_at(connection, at):
        raise WrongUseError(f"the portal is open at {controller} already; nothing was changed")
    if connection.scalar(select(PEOPLE.c.name).where(PEOPLE.c.name == PORTAL)) is None:
        connection.execute(insert(PEOPLE).values(name=PORTAL))
    connection.execute(update(PEOPLE).where(PEOPLE.c.name == PORTAL).values(disabled_at=None))
    grant(connection, Grant(PORTAL, controller, Role.AGENT, at))


def close_portal_at(connection: Connection, controller: str, at: datetime) -> None:
    """Closes it there; WrongUseError if it is not open."""
    if controller not in open_at(connection, at):
        raise WrongUseError(f"the portal is not open at {controller}; `dsar-export portal list` shows where")
    end_grants(connection, PORTAL, controller, Role.AGENT, at)
