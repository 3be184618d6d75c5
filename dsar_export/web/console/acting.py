"""What staff do with a request: each a form that posts, and leads back to the request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dsar_export.errors import WrongUseError
from dsar_export.model.clock import Ground
from dsar_export.model.people import Role
from dsar_export.model.refusal import AbuseProof, Refusal
from dsar_export.model.register import Register
from dsar_export.use_cases import decide, due, refusing
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.look_up import request_file
from dsar_export.web.console.one import OnePages
from dsar_export.web.console.rendering import Console, ForgedError, checked_form
from dsar_export.web.staff.routes import Answer, Route, Rule
from dsar_export.web.staff.signed import Signed

_AGENT: Final = frozenset({Role.AGENT})
_REVIEWER: Final = frozenset({Role.REVIEWER})
_EITHER: Final = _AGENT | _REVIEWER


@dataclass(frozen=True)
class Asked:
    """What a form asks for."""

    desk: Desk
    register: Register
    reference: str
    fields: Mapping[str, str]

    def text(self, name: str) -> str:
        """A text that must be there; WrongUseError."""
        if found := self.fields.get(name, "").strip():
            return found
        raise WrongUseError(f"the field {name} is empty; write something")


Deed = Callable[[Asked], object]


def _approve(asked: Asked) -> None:
    decide.approve(asked.desk, asked.register, asked.reference)


def _send_back(asked: Asked) -> None:
    decide.send_back(asked.desk, asked.reference, asked.text("reason"))


def _accept_gap(asked: Asked) -> None:
    decide.accept_gap(asked.desk, asked.register, asked.reference, asked.text("source"), asked.text("reason"))


def _refuse(asked: Asked) -> None:
    code = asked.text("ground")
    ground = refusing.ground_of(code, asked.desk.clock())
    objective, subjective = (asked.fields.get(name, "") for name in ("objective", "subjective"))
    proof = (
        AbuseProof(objective, subjective) if ground.proof_by_two_people or objective or subjective else None
    )
    refusing.refuse(asked.desk, asked.reference, Refusal(code, asked.text("reason"), proof))


def _confirm_refusal(asked: Asked) -> None:
    refusing.confirm_refusal(asked.desk, asked.reference)


def _withdraw_refusal(asked: Asked) -> None:
    refusing.withdraw_refusal(asked.desk, asked.reference, asked.text("reason"))


def _assign(asked: Asked) -> None:
    decide.assign(asked.desk, asked.reference, asked.text("assignee"))


def _note(asked: Asked) -> None:
    decide.note(asked.desk, asked.reference, asked.text("note"))


def _extend(asked: Asked) -> None:
    due.extend(asked.desk, asked.register, asked.reference, asked.text("reason"))


def _pause(asked: Asked) -> None:
    ground = asked.text("ground")
    if ground not in list(Ground):
        raise WrongUseError(f"the field ground is one of {', '.join(Ground)}")
    due.pause(asked.desk, asked.register, asked.reference, Ground(ground))


def _resume(asked: Asked) -> None:
    due.resume(asked.desk, asked.register, asked.reference)


def _cancel(asked: Asked) -> None:
    decide.cancel(asked.desk, asked.reference)


def _close(asked: Asked) -> None:
    decide.close(asked.desk, asked.reference)


_DEEDS: Final[Mapping[str, tuple[Deed, Rule]]] = MappingProxyType(
    {
        "approve": (_approve, Rule(_REVIEWER, of_request=True, proven=True)),
        "send-back": (_send_back, Rule(_REVIEWER, of_request=True)),
        "accept-gap": (_accept_gap, Rule(_REVIEWER, of_request=True)),
        "refuse": (_refuse, Rule(_REVIEWER, of_request=True)),
        "confirm-refusal": (_confirm_refusal, Rule(_REVIEWER, of_request=True)),
        "withdraw-refusal": (_withdraw_refusal, Rule(_REVIEWER, of_request=True)),
        "assign": (_assign, Rule(_EITHER, of_request=True)),
        "note": (_note, Rule(_EITHER, of_request=True)),
        "extend": (_extend, Rule(_EITHER, of_request=True)),
        "pause": (_pause, Rule(_EITHER, of_request=True)),
        "resume": (_resume, Rule(_EITHER, of_request=True)),
        "cancel": (_cancel, Rule(_AGENT, of_request=True)),
        "close": (_close, Rule(_AGENT, of_request=True)),
    }
)


def acting_routes(console: Console) -> tuple[Route, ...]:
    """One path for each thing to do."""
    path, pages = f"{console.base}/requests/{{reference}}", _Acts(console, OnePages(console))
    return tuple(
        Route(f"{path}/{name}", "POST", pages.answer(name, deed), rule)
        for name, (deed, rule) in _DEEDS.items()
    )


@dataclass(frozen=True)
class _Acts:
    console: Console
    one: OnePages

    def answer(self, name: str, deed: Deed) -> Answer:
        async def answered(request: Request, signed: Signed) -> Response:
            return await self._do(request, signed, name, deed)

        return answered

    async def _do(self, request: Request, signed: Signed, name: str, deed: Deed) -> Response:
        place, reference = self.console.place, request.path_params["reference"]
        try:
            fields = await checked_form(request, signed)
        except ForgedError:
            return self.console.forged(request, signed)
        try:
            await place.threads.look(lambda: request_file(signed.desk, reference))
        except WrongUseError:
            return self.console.missing(request, signed)
        try:
            await place.threads.look(lambda: deed(Asked(signed.desk, place.register(), reference, fields)))
        except WrongUseError as error:
            return await self.one.shown(request, signed, error, {"action": name, **fields})
        return RedirectResponse(f"{self.console.base}/requests/{reference}", HTTPStatus.SEE_OTHER)
