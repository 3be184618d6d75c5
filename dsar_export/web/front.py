"""What all pages share: where they lie, for whom they are, and what comes after an answer."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from dsar_export.errors import DsarExportError
from dsar_export.web.asking import language_of
from dsar_export.web.pages import Pages, Reader
from dsar_export.web.place import Place
from dsar_export.web.words import Notice


@dataclass
class Front:
    """One for the process."""

    place: Place
    pages: Pages
    base: str
    """The path below which everything lies; empty, or with a slash in front."""

    async def notice(self, request: Request, notice: Notice) -> Response:
        """A page that is the same for everybody with the same browser."""
        return self.pages.notice(await self.anybody(request), notice)

    async def anybody(self, request: Request) -> Reader:
        """A reader of whom no link says anything."""
        try:
            register = await self.place.threads.look(self.place.register)
        except DsarExportError:
            return Reader(language_of(request, ()))
        controllers = tuple(register.organisation.controllers.values())
        return Reader(language_of(request, [each.language for each in controllers]), controllers)

    def later(self, work: Callable[[], None] | None) -> BackgroundTask:
        """What is done after the answer: some work, or none."""
        return self.place.later.task(work)

    @staticmethod
    def client(request: Request) -> str:
        return "" if request.client is None else request.client.host
