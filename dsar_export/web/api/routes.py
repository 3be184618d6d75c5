"""Which address of the API does what; each names its scope in the use case that it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from dsar_export.use_cases.api_requests import link_for, list_for, open_for, read_for
from dsar_export.use_cases.api_tokens import Caller, caller_of
from dsar_export.use_cases.repeating import Reply, answered_once
from dsar_export.web.api.problems import PROBLEM_JSON
from dsar_export.web.api.shapes import (
    REFERENCE,
    ChosenRequests,
    OpenRequest,
    ShownLinks,
    ShownRequest,
    ShownRequests,
)
from dsar_export.web.clients import who_asks
from dsar_export.web.limits import Limits
from dsar_export.web.place import Place

_bearer: Final = HTTPBearer(auto_error=False, description="A token of `dsar-export api-token add`.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
Reference = Annotated[str, Path(pattern=REFERENCE)]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="Whoever asks the same again by the same key within 24 hours gets the same answer.",
    ),
]
_WRONG: Final = (400, 401, 403, 404, 408, 409, 413, 422, 429, 503)


def problems(*left_out: int) -> dict[int | str, dict[str, object]]:
    """The errors of a call for the OpenAPI document, without those that it can't have."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {PROBLEM_JSON: {"schema": schema}}}
        for status in _WRONG
        if status not in left_out
    }


@dataclass(frozen=True)
class Requests:
    """Answers about requests."""

    place: Place
    limits: Limits

    async def caller(self, request: Request, given: Credentials) -> Caller:
        """Who asks; 401 without a token that counts, and 429 for one that asks too often."""
        place = self.place
        found = None
        if given is not None:
            found = await place.threads.look(lambda: caller_of(place.desk(), given.credentials))
        address = "" if request.client is None else request.client.host
        wait = self.limits.wait(f"address {who_asks(address)}" if found is None else found.desk.person.name)
        if wait is not None:
            raise HTTPException(429, "too many requests; wait, then try again", {"Retry-After": str(wait)})
        if found is None:
            raise HTTPException(
                401, "no token, or one that does not count; ask for another", {"WWW-Authenticate": "Bearer"}
            )
        return found

    async def answer(
        self, caller: Caller, key: str | None, asked: str, work: Callable[[], Reply]
    ) -> Response:
        """What was asked for, once for each key."""
        reply = await self.place.threads.look(lambda: answered_once(caller.desk, key, asked, work))
        return Response(reply.body, reply.status, media_type="application/json")


def add_routes(router: APIRouter, requests: Requests) -> None:
    """Adds the addresses, which lie below that of the version."""
    place = requests.place
    Known = Annotated[Caller, Depends(requests.caller)]  # noqa: N806 # a type

    @router.post("/requests", status_code=201, response_model=ShownRequest, responses=problems(404))
    async def open_request(caller: Known, wanted: OpenRequest, key: Key = None) -> Response:
        """Opens a request; needs `requests:open`."""

        def work() -> Reply:
            opened = open_for(caller, place.register(), wanted.intake(caller.desk.clock()))
            return Reply(201, ShownRequest.of(opened).model_dump_json())

        return await requests.answer(caller, key, f"open {wanted.model_dump_json()}", work)

    @router.get("/requests", responses=problems(404, 409))
    async def list_requests(caller: Known, chosen: Annotated[ChosenRequests, Query()]) -> ShownRequests:
        """The requests of the token's controllers, those that have not ended unless states are named; needs
        `requests:read`."""
        states, page = frozenset(chosen.state), (chosen.after, chosen.limit + 1)
        found = await place.threads.look(
            lambda: list_for(caller, place.register(), states, chosen.right, page)
        )
        shown = [ShownRequest.of(each) for each in found[: chosen.limit]]
        return ShownRequests(requests=shown, next=shown[-1].reference if len(found) > chosen.limit else None)

    @router.get("/requests/{reference}", responses=problems(409))
    async def read_request(caller: Known, reference: Reference) -> ShownRequest:
        """Where a request stands; needs `requests:read`."""
        found = await place.threads.look(lambda: read_for(caller, place.register(), reference))
        return ShownRequest.of(found)

    @router.post("/requests/{reference}/link", response_model=ShownLinks, responses=problems())
    async def make_link(caller: Known, reference: Reference, key: Key = None) -> Response:
        """Makes a link to each package, and revokes earlier ones; needs `requests:deliver`."""

        def work() -> Reply:
            return Reply(200, ShownLinks.of(link_for(caller, reference)).model_dump_json())

        return await requests.answer(caller, key, f"link {reference}", work)
