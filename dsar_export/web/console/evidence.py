"""The evidence about a request as a file, as text or JSON; that somebody took it is in the trail."""

import json
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from dsar_export.errors import WrongUseError
from dsar_export.language.letter_words import language_of_dates
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.evidence import write_evidence
from dsar_export.use_cases.evidence_json import evidence_json
from dsar_export.use_cases.evidence_text import evidence_lines
from dsar_export.use_cases.look_up import request_file
from dsar_export.web.console.one import OF_REQUEST
from dsar_export.web.console.rendering import Console, ForgedError, checked_form
from dsar_export.web.staff.routes import Route, Rule
from dsar_export.web.staff.signed import Signed
from dsar_export.wiring import parts_of

_TYPES: Final = {"json": "application/json", "text": "text/plain; charset=utf-8"}
_ENDS: Final = {"json": "json", "text": "txt"}


def evidence_routes(console: Console) -> tuple[Route, ...]:
    """A form: nothing that a browser loads ahead may leave an entry in the trail."""
    path = f"{console.base}/requests/{{reference}}/evidence"
    return (Route(path, "POST", _Evidence(console).file, Rule(OF_REQUEST, of_request=True)),)


@dataclass(frozen=True)
class _Evidence:
    console: Console

    async def file(self, request: Request, signed: Signed) -> Response:
        """POST /requests/REFERENCE/evidence"""
        place, reference = self.console.place, request.path_params["reference"]
        language = language_of_dates(self.console.words(request).language)
        try:
            form = (await checked_form(request, signed)).get("format", "text")
        except ForgedError:
            return self.console.forged(request, signed)

        def written() -> str:
            services = place.services()
            found = write_evidence(signed.desk, services, parts_of(), reference)
            if form == "json":
                return f"{json.dumps(evidence_json(found, language), indent=2)}\n"
            zone = zone_in(services.register, found.request.controller)
            return "".join(f"{line}\n" for line in evidence_lines(found, zone, language))

        try:
            await place.threads.look(lambda: request_file(signed.desk, reference))
        except WrongUseError:
            return self.console.missing(request, signed)
        try:
            if form not in _TYPES:
                raise WrongUseError(f"the field format is one of {', '.join(_TYPES)}")
            content = await place.threads.look(written)
        except WrongUseError as error:
            return self.console.refused(request, signed, error)
        headers = {"Content-Disposition": f'attachment; filename="{reference}-evidence.{_ENDS[form]}"'}
        return Response(content.encode(), media_type=_TYPES[form], headers=headers)
