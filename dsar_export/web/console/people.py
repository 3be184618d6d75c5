"""Who works here, and what each may do; administrators give and end roles."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dsar_export.errors import WrongUseError
from dsar_export.model.people import Grant, Role
from dsar_export.model.register import Register
from dsar_export.requests.people import EVERY_CONTROLLER
from dsar_export.use_cases import staff
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.services import known_controller
from dsar_export.web.console.rendering import Console, ForgedError, Page, checked_form
from dsar_export.web.staff.routes import Answer, Route, Rule
from dsar_export.web.staff.signed import Signed

_ANY: Final = frozenset(Role)
_ADMINISTRATOR: Final = Rule(frozenset({Role.ADMINISTRATOR}), proven=True)
_Deed = Callable[[Desk, Register, Mapping[str, str]], None]


def people_routes(console: Console) -> tuple[Route, ...]:
    """The list, and what administrators do."""
    path, pages = f"{console.base}/people", _People(console)
    return (
        Route(path, "GET", pages.page, Rule(_ANY)),
        Route(f"{path}/give-role", "POST", pages.answer(_give), _ADMINISTRATOR),
        Route(f"{path}/end-role", "POST", pages.answer(_end), _ADMINISTRATOR),
        Route(f"{path}/disable", "POST", pages.answer(_disable), _ADMINISTRATOR),
    )


@dataclass(frozen=True)
class _People:
    console: Console

    async def page(self, request: Request, signed: Signed) -> Response:
        """GET /people"""
        place = self.console.place
        found = await place.threads.look(lambda: staff.colleagues(signed.desk))
        register = await place.threads.look(place.register)
        held = {
            one.role for person, grants in found for one in grants if person.name == signed.desk.person.name
        }
        return self.console.render(
            "people.html",
            Page(request, signed, "people"),
            rows=found,
            roles=[role.value for role in Role],
            controllers=[*register.organisation.controllers, EVERY_CONTROLLER],
            administers=Role.ADMINISTRATOR in held,
        )

    def answer(self, deed: _Deed) -> Answer:
        async def answered(request: Request, signed: Signed) -> Response:
            place = self.console.place
            try:
                fields = await checked_form(request, signed)
                await place.threads.look(lambda: deed(signed.desk, place.register(), fields))
            except ForgedError:
                return self.console.forged(request, signed)
            except WrongUseError as error:
                return self.console.refused(request, signed, error)
            return RedirectResponse(f"{self.console.base}/people", HTTPStatus.SEE_OTHER)

        return answered


def _give(desk: Desk, register: Register, fields: Mapping[str, str]) -> None:
    controller = fields.get("controller", "")
    if controller != EVERY_CONTROLLER:
        known_controller(register, controller)
    staff.give_role(desk, Grant(fields.get("name", ""), controller, _role(fields), desk.clock()))


def _end(desk: Desk, _: Register, fields: Mapping[str, str]) -> None:
    staff.end_role(desk, fields.get("name", ""), fields.get("controller", ""), _role(fields))


def _disable(desk: Desk, _: Register, fields: Mapping[str, str]) -> None:
    staff.disable_colleague(desk, fields.get("name", ""))


def _role(fields: Mapping[str, str]) -> Role:
    if (named := fields.get("role", "")) not in list(Role):
        raise WrongUseError(f"a role is one of {', '.join(Role)}")
    return Role(named)
