"""Opens a request by a form, once, however often the form is sent."""

import asyncio
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dsar_export.errors import DsarExportError, RegisterError, RepeatedKeyError, StateError, WrongUseError
from dsar_export.language.catalogue import languages
from dsar_export.model.intake import Channel
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.model.request import Right
from dsar_export.use_cases.clocks import refuse_unfit_clocks
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.moments import moment_of
from dsar_export.use_cases.repeating import Reply, answered_once
from dsar_export.use_cases.services import known_controller
from dsar_export.use_cases.staff import controllers_where
from dsar_export.use_cases.take_in import Intake, take_in_group
from dsar_export.web.asking import Form
from dsar_export.web.console.intake_fields import choices_of, handed_on_in, identifiers_in, mandate_in
from dsar_export.web.console.rendering import Console, ForgedError, Page, checked_form, status_of
from dsar_export.web.console.typed import NOTHING_TYPED, Typed
from dsar_export.web.staff.routes import Route, Rule
from dsar_export.web.staff.signed import Signed

_RULE: Final = Rule(frozenset({Role.AGENT}))
_TRIES: Final = 20
"""How often the second sending of a form looks for the answer of the first."""
_PAUSE: Final = 0.25
"""Seconds between them."""
_LEAST_ID: Final = 20
"""Letters of what makes a form unlike any other."""
_NOT_ASKED: Final = frozenset({"csrf", "form"})


def opening_routes(console: Console) -> tuple[Route, ...]:
    """The form, and what it does; they come before the page of a request, whose path would fit too."""
    path, pages = f"{console.base}/requests/open", _Opening(console)
    return (Route(path, "GET", pages.page, _RULE), Route(path, "POST", pages.open, _RULE, own_page=True))


@dataclass(frozen=True)
class _Opening:
    console: Console

    async def page(self, request: Request, signed: Signed) -> Response:
        """GET /requests/open"""
        return await self._shown(request, signed, NOTHING_TYPED, None)

    async def open(self, request: Request, signed: Signed) -> Response:
        """POST /requests/open"""
        try:
            form = await checked_form(request, signed)
        except ForgedError:
            return self.console.forged(request, signed)
        try:
            reply = await self._answered(signed.desk, form)
        except (WrongUseError, RegisterError) as error:
            return await self._shown(request, signed, Typed("open", form), error)
        first = json.loads(reply.body)[0]
        return RedirectResponse(f"{self.console.base}/requests/{first}", HTTPStatus.SEE_OTHER)

    async def _answered(self, desk: Desk, form: Form) -> Reply:
        """What the form opened, now or when it was sent before; a second sending waits for the first."""
        place = self.console.place
        for _ in range(_TRIES):
            try:
                return await place.threads.look(lambda: _opened_once(desk, place.register(), form))
            except StateError:
                await asyncio.sleep(_PAUSE)
            except RepeatedKeyError:
                raise RepeatedKeyError(
                    "this form has opened a request already; look at the list before you send it again, which would "
                    "open another one"
                ) from None
        raise StateError(
            "this form was sent before, and nobody knows what came of it; look at the list whether the request is "
            "there, before you send it again"
        )

    async def _shown(
        self, request: Request, signed: Signed, typed: Typed, error: DsarExportError | None
    ) -> Response:
        """The form, after an error with what was typed."""
        place = self.console.place
        register = await place.threads.look(place.register)
        names = await place.threads.look(lambda: controllers_where(signed.desk, register, Role.AGENT))
        controllers = register.organisation.controllers
        # After a form that has opened something, whoever sends it again means another request.
        used = isinstance(error, StateError | RepeatedKeyError)
        return self.console.render(
            "open.html",
            Page(request, signed, "open_request", HTTPStatus.OK if error is None else status_of(error)),
            error=None if error is None else str(error),
            typed=typed,
            form_id=secrets.token_urlsafe() if used or not typed.get("form") else typed.get("form"),
            rights=list(Right),
            controllers=[(name, controllers[name].name) for name in names],
            channels=list(Channel),
            all_languages=languages(),
            choices=choices_of(register, names),
        )


def _opened_once(desk: Desk, register: Register, form: Form) -> Reply:
    """The references that the form opened."""
    key = form.get("form", "")
    if len(key) < _LEAST_ID:
        raise WrongUseError("the form is not whole; open its page again")
    asked = json.dumps({name: form.texts(name) for name in sorted(form.keys() - _NOT_ASKED)})

    def work() -> Reply:
        refuse_unfit_clocks(register)
        names = form.texts("controller")
        taken = take_in_group(desk, register, _intake(register, form, desk.clock()), names)
        return Reply(HTTPStatus.CREATED, json.dumps([each.reference for each in taken]))

    return answered_once(desk, key, f"open {asked}", work)


def _intake(register: Register, form: Form, now: datetime) -> Intake:
    """What arrived, by the clock of the controller that is named first."""
    controllers, rights = form.texts("controller"), form.texts("right")
    if not controllers:
        raise WrongUseError("no controller is ticked; tick who answers")
    if not set(rights) <= set(Right):
        raise WrongUseError(f"a right is one of {', '.join(Right)}")
    channel = form.get("channel", "")
    if channel not in list(Channel):
        raise WrongUseError(f"a channel is one of {', '.join(Channel)}")
    zone = ZoneInfo(known_controller(register, controllers[0]).time_zone)
    return Intake(
        tuple(map(Right, rights)),
        controllers[0],
        Channel(channel),
        moment_of(form.get("received", "").strip() or None, zone) or now,
        identifiers_in(form),
        form.get("language") or None,
        mandate_in(form, zone),
        handed_on_in(form, now),
        form.get("subject") or None,
    )
