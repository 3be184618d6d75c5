"""Whether this process lives and its database answers, for a supervisor."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dsar_export.errors import DsarExportError
from dsar_export.use_cases.downloads import offered
from dsar_export.web.front import Front

LIVE: Final = "/health/live"
READY: Final = "/health/ready"


@dataclass(frozen=True)
class Health:
    """Answers as a worker does."""

    front: Front

    async def live(self, _: Request) -> Response:
        return JSONResponse({"live": True})

    async def ready(self, _: Request) -> Response:
        """503 if the database or the register does not answer."""
        place = self.front.place
        try:
            await place.threads.look(lambda: offered(place.desk(), place.register(), ""))
        except DsarExportError as error:
            unready = {"ready": False, "reason": type(error).__name__}
            return JSONResponse(unready, HTTPStatus.SERVICE_UNAVAILABLE)
        return JSONResponse({"ready": True, "downloads": place.slots.taken})
