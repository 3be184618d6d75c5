"""How far the work on a request is, as it happens."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from dsar_export.errors import DsarExportError
from dsar_export.use_cases.api_requests import progress_for
from dsar_export.use_cases.api_tokens import Caller, still_counts
from dsar_export.web.api.problems import problem
from dsar_export.web.api.routes import Reference, Requests, problems
from dsar_export.web.progress_stream import EVENT_STREAM, PACE, Pace, Seen, Watching, watching_slots

_FULL: Final = "too many watch; read the request instead, or try again later"


def add_progress_routes(router: APIRouter, requests: Requests, pace: Pace = PACE) -> None:
    """Adds the stream."""
    Known = Annotated[Caller, Depends(requests.caller)]  # noqa: N806 # a type
    slots, place = watching_slots(), requests.place
    events = {"description": "Server-sent events", "content": {EVENT_STREAM: {"schema": {"type": "string"}}}}

    @router.get(
        "/requests/{reference}/progress",
        response_class=Response,
        responses={200: events, **problems(409)},
    )
    async def watch_request(caller: Known, reference: Reference) -> Response:
        """Server-sent events while workers are at work on a request: `state`, `attempt`, `dataset`, `records`. The last
        one is called `end`; after ten minutes the stream ends without it, so ask again. Needs `requests:read`."""
        await place.threads.look(lambda: progress_for(caller, reference))

        async def look() -> Seen | None:
            try:
                return await place.threads.watch(lambda: _seen(caller, reference))
            except DsarExportError:
                return None

        full = problem(HTTPStatus.SERVICE_UNAVAILABLE, _FULL, {"Retry-After": "60"})
        return Watching(caller.desk.person.name, look, slots, full, pace)


def _seen(caller: Caller, reference: str) -> Seen | None:
    if not still_counts(caller):
        return None
    found = progress_for(caller, reference)
    data = {
        "state": found.state,
        "attempt": found.attempt,
        "dataset": found.dataset,
        "records": found.records,
    }
    return Seen(data, found.goes_on, None if found.goes_on else "end")
