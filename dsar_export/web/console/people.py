"""Who works here, and what each may do; administrators add colleagues, and give and end roles."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dsar_export.errors import WrongUseError
from dsar_export.model.people import Grant, Role
from dsar_export.model.register import Register
from dsar_export.requests.people import EVERY_CONTROLLER
from dsar_export.use_cases import staff
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.moments import end_of
from dsar_export.web.asking import Form
from dsar_export.web.console.intake_fields import choices_of, identifiers_in
from dsar_export.web.console.readers import ANYBODY
from dsar_export.web.console.rendering import Console, ForgedError, Page, checked_form, status_of
from dsar_export.web.console.typed import NOTHING_TYPED, Typed
from dsar_export.web.staff.routes import Answer, Route, Rule
from dsar_export.web.staff.signed import Signed

_ADMINISTRATOR: Final = Rule(frozenset({Role.ADMINISTRATOR}), proven=True)
_MOST_DIGITS: Final = 9
_Deed = Callable[[Desk, Register, Form], None]


def people_routes(console: Console) -> tuple[Route, ...]:
    """The list, and what is done there."""
    path, pages = f"{console.base}/people", _People(console)
    deeds = (
        Route(f"{path}/{name}", "POST", pages.answer(name, deed), rule)
        for name, (deed, rule) in _DEEDS.items()
    )
    return (Route(path, "GET", pages.page, Rule(ANYBODY)), *deeds)


@dataclass(frozen=True)
class _People:
    console: Console

    async def page(self, request: Request, signed: Signed) -> Response:
        """GET /people"""
        return await self._shown(request, signed)

    def answer(self, name: str, deed: _Deed) -> Answer:
        async def answered(request: Request, signed: Signed) -> Response:
            place = self.console.place
            try:
                form = await checked_form(request, signed)
            except ForgedError:
                return self.console.forged(request, signed)
            try:
                await place.threads.look(lambda: deed(signed.desk, place.register(), form))
            except WrongUseError as error:
                return await self._shown(request, signed, error, Typed(name, form))
            return RedirectResponse(f"{self.console.base}/people", HTTPStatus.SEE_OTHER)

        return answered

    async def _shown(
        self,
        request: Request,
        signed: Signed,
        error: WrongUseError | None = None,
        typed: Typed = NOTHING_TYPED,
    ) -> Response:
        """The list; after an error with what was typed."""
        place, me = self.console.place, signed.desk.person.name
        found = await place.threads.look(lambda: staff.colleagues(signed.desk))
        register = await place.threads.look(place.register)
        held = {one.role for person, grants in found for one in grants if person.name == me}
        controllers = register.organisation.controllers
        return self.console.render(
            "people.html",
            Page(request, signed, "people", HTTPStatus.OK if error is None else status_of(error)),
            path=f"{self.console.base}/people",
            error=None if error is None else str(error),
            typed=typed,
            me=me,
            rows_of_people=[
                (person, [(one, _last_day(register, one)) for one in grants]) for person, grants in found
            ],
            roles=[role.value for role in Role],
            controllers=[*controllers, EVERY_CONTROLLER],
            choices=choices_of(register, controllers),
            administers=Role.ADMINISTRATOR in held,
        )


def _last_day(register: Register, one: Grant) -> str:
    zone = zone_in(register, one.controller)
    return "" if one.until is None else f"{one.until.astimezone(zone):%Y-%m-%d}"


def _add(desk: Desk, _: Register, form: Form) -> None:
    number = form.get("uid", "").strip()
    if not (number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS):
        raise WrongUseError("the user account is a number, as `id -u` prints it")
    staff.add_colleague(desk, form.get("name", "").strip(), int(number))


def _own(desk: Desk, register: Register, form: Form) -> None:
    staff.state_own_identifiers(desk, register, form.get("name", ""), identifiers_in(form))


def _give(desk: Desk, register: Register, form: Form) -> None:
    controller, datasets, role = form.get("controller", ""), form.texts("dataset"), _role(form)
    if controller != EVERY_CONTROLLER:
        staff.refuse_unknown_limits(register, controller, datasets)
    until = end_of(form.get("until", "").strip() or None, zone_in(register, controller))
    staff.give_role(desk, Grant(form.get("name", ""), controller, role, desk.clock(), until, datasets))


def _end(desk: Desk, _: Register, form: Form) -> None:
    staff.end_role(desk, form.get("name", ""), form.get("controller", ""), _role(form))


def _disable(desk: Desk, _: Register, form: Form) -> None:
    staff.disable_colleague(desk, form.get("name", ""))


def _role(form: Form) -> Role:
    if (named := form.get("role", "")) not in list(Role):
        raise WrongUseError(f"a role is one of {', '.join(Role)}")
    return Role(named)


_DEEDS: Final[Mapping[str, tuple[_Deed, Rule]]] = MappingProxyType(
    {
        "add": (_add, _ADMINISTRATOR),
        "own": (_own, Rule(ANYBODY, proven=True)),
        "give-role": (_give, _ADMINISTRATOR),
        "end-role": (_end, _ADMINISTRATOR),
        "disable": (_disable, _ADMINISTRATOR),
    }
)
"""Everybody states their own identifiers; the use case asks for an administrator for anybody else's."""
