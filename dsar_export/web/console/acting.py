"""What staff do with a request: each a form that posts, and leads back to the request."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dsar_export.errors import WrongUseError
from dsar_export.use_cases.look_up import request_file
from dsar_export.web.console.deeds.complaints import COMPLAINTS
from dsar_export.web.console.deeds.deciding import DECIDING
from dsar_export.web.console.deeds.deed import Asked, Deed
from dsar_export.web.console.one import OnePages
from dsar_export.web.console.rendering import Console, ForgedError, checked_form
from dsar_export.web.staff.routes import Answer, Route
from dsar_export.web.staff.signed import Signed

_DEEDS: Final[Mapping[str, Deed]] = MappingProxyType({**DECIDING, **COMPLAINTS})


def acting_routes(console: Console) -> tuple[Route, ...]:
    """One path for each thing to do."""
    path, pages = f"{console.base}/requests/{{reference}}", _Acts(console, OnePages(console))
    return tuple(
        Route(f"{path}/{name}", "POST", pages.answer(name, deed), deed.rule) for name, deed in _DEEDS.items()
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
            await place.threads.look(lambda: deed.do(Asked(signed.desk, place, reference, fields)))
        except WrongUseError as error:
            return await self.one.shown(request, signed, error, {"action": name, **fields})
        return RedirectResponse(f"{self.console.base}/requests/{reference}", HTTPStatus.SEE_OTHER)
