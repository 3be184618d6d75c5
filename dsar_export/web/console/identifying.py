"""Who is behind the proven identifiers of a request: sought in the sources, masked; nothing is collected."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from dsar_export.errors import SourceUnreadableError, WrongUseError
from dsar_export.model.people import Role
from dsar_export.use_cases.identified import Verdict, groups_of, verdict_of
from dsar_export.use_cases.identify_person import Identification
from dsar_export.use_cases.identify_request import identify_request
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.possible_now import possible_now
from dsar_export.web.console.rendering import Console, ForgedError, Page, checked_form, status_of
from dsar_export.web.console.typed import NOTHING_TYPED
from dsar_export.web.staff.routes import Route, Rule
from dsar_export.web.staff.signed import Signed

IDENTIFYING: Final = Rule(frozenset({Role.AGENT}), of_request=True)
_EXAMPLES: Final = 3
"""Values that are shown of a group."""


def identifying_routes(console: Console) -> tuple[Route, ...]:
    """The page only asks: nothing that a browser loads ahead may read sources, or leave an entry in the trail."""
    path, pages = f"{console.base}/requests/{{reference}}/identify", _Identifying(console)
    return (
        Route(path, "GET", pages.page, IDENTIFYING),
        Route(path, "POST", pages.identify, IDENTIFYING, own_page=True),
    )


@dataclass(frozen=True)
class _Identifying:
    console: Console

    async def page(self, request: Request, signed: Signed) -> Response:
        """GET /requests/REFERENCE/identify"""
        return await self._shown(request, signed, None)

    async def identify(self, request: Request, signed: Signed) -> Response:
        """POST /requests/REFERENCE/identify"""
        try:
            await checked_form(request, signed)
        except ForgedError:
            return self.console.forged(request, signed)
        place, reference = self.console.place, request.path_params["reference"]
        try:
            await place.threads.look(lambda: request_file(signed.desk, reference))
        except WrongUseError:
            return self.console.missing(request, signed)
        try:
            found = await place.threads.finish(
                lambda: identify_request(signed.desk, place.services(), reference)
            )
        except (WrongUseError, SourceUnreadableError) as error:
            return await self._shown(request, signed, error)
        return await self._shown(request, signed, None, found)

    async def _shown(
        self,
        request: Request,
        signed: Signed,
        error: WrongUseError | SourceUnreadableError | None,
        found: Identification | None = None,
    ) -> Response:
        place, reference = self.console.place, request.path_params["reference"]
        try:
            file = await place.threads.look(lambda: request_file(signed.desk, reference))
        except WrongUseError:
            return self.console.missing(request, signed)
        return self.console.render(
            "identify.html",
            Page(request, signed, "identify_person", HTTPStatus.OK if error is None else status_of(error)),
            path=f"{self.console.base}/requests/{reference}",
            reference=reference,
            error=None if error is None else str(error),
            typed=NOTHING_TYPED,
            may_choose="choose" in possible_now(file.request.listed),
            found=None if found is None else _facts(found),
        )


def _facts(found: Identification) -> dict[str, Any]:
    verdict = verdict_of(found)
    return {
        "verdict": f"verdict_{verdict}",
        "why": found.ambiguous if verdict is Verdict.UNCERTAIN else None,
        "rows": [
            (kind, ", ".join(values[:_EXAMPLES]), max(0, len(values) - _EXAMPLES), *rest)
            for (kind, *rest), values in groups_of(found).items()
        ],
        "candidates": found.candidates,
    }
