"""Where people may use the portal: administrators open and close it, controller by controller."""

from dataclasses import replace

from dsar_export.model.people import Person, Role
from dsar_export.model.register import Register
from dsar_export.requests.people import EVERY_CONTROLLER
from dsar_export.requests.portal_person import PORTAL, close_portal_at, open_at, open_portal_at
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.services import known_controller


def open_portal(desk: Desk, register: Register, controller: str) -> None:
    """Lets people ask a controller in the portal from now on."""
    known_controller(register, controller)
    with desk.acting() as act:
        act.require(EVERY_CONTROLLER, Role.ADMINISTRATOR)
        open_portal_at(act.connection, controller, act.at)
        act.append("open_portal", None, controller, {"person": PORTAL})


def close_portal(desk: Desk, controller: str) -> None:
    """Lets nobody in any more, also those who follow a request; what they asked stays."""
    with desk.acting() as act:
        act.require(EVERY_CONTROLLER, Role.ADMINISTRATOR)
        close_portal_at(act.connection, controller, act.at)
        act.append("close_portal", None, controller, {"person": PORTAL})


def open_controllers(desk: Desk) -> tuple[str, ...]:
    """The controllers where it is open now."""
    with desk.looking() as act:
        return open_at(act.connection, act.at)


def portal_desk(desk: Desk) -> Desk:
    """The desk at which people are at work in the portal."""
    return replace(desk, person=Person(PORTAL, None))
