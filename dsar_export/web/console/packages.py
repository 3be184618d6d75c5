"""Packages for staff who hand them over themselves: each as a download, and their passphrase, once."""

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Final

import structlog
from anyio import fail_after, from_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from dsar_export.errors import PackageUnreadableError, WrongUseError
from dsar_export.model.request import Right
from dsar_export.use_cases.fetch_one import fetch_one, may_go_on_fetching
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.reveal import revealed
from dsar_export.web.console.deeds.work import HANDING_OUT
from dsar_export.web.console.one import OnePages
from dsar_export.web.console.rendering import Console, ForgedError, Page, checked_form
from dsar_export.web.console.rules import RULES
from dsar_export.web.console.typed import Typed
from dsar_export.web.console.words.work import CROWDED, DAMAGED
from dsar_export.web.front import Front
from dsar_export.web.ranges import Part
from dsar_export.web.sending import Sending
from dsar_export.web.staff.routes import Route
from dsar_export.web.staff.signed import Signed
from dsar_export.web.words import Notice

_SENT_WITHIN: Final = 5.0
"""Seconds in which a browser takes the page with a passphrase; nobody else writes meanwhile."""
_log: Final = structlog.get_logger("dsar_export.web")


def package_routes(console: Console) -> tuple[Route, ...]:
    """Both only for whoever proved again who they are."""
    path, rule = f"{console.base}/requests/{{reference}}", HANDING_OUT
    pages = _Packages(console, OnePages(console, RULES))
    return (
        Route(f"{path}/packages/{{right}}", "GET", pages.download, rule),
        Route(f"{path}/reveal", "POST", pages.reveal, rule),
    )


def _is_asked_for(request: Request) -> bool:
    """Whether somebody followed a link of ours: it will stand in the trail that they have the package."""
    site, ahead = request.headers.get("sec-fetch-site", "none"), request.headers.get("sec-purpose", "")
    return request.method == "GET" and site in {"same-origin", "none"} and "prefetch" not in ahead


class _LeftError(Exception):
    """Whoever asked is not there any more."""


@dataclass(frozen=True)
class _Packages:
    console: Console
    one: OnePages

    async def download(self, request: Request, signed: Signed) -> Response:
        """GET /requests/REFERENCE/packages/RIGHT"""
        place, reference = self.console.place, str(request.path_params["reference"])
        try:
            await place.threads.look(lambda: request_file(signed.desk, reference))
            wanted = Right(request.path_params["right"])
        except (WrongUseError, ValueError):
            return self.console.missing(request, signed)
        if not _is_asked_for(request):
            return self.console.forged(request, signed)
        notice = partial(self._notice, request, signed)
        if not place.slots.is_free(Front.client(request)):
            return await notice(Notice.CROWDED)
        try:
            found = await place.threads.start(lambda: fetch_one(signed.desk, reference, wanted))
        except WrongUseError as error:
            return self.console.refused(request, signed, error)
        except PackageUnreadableError as error:
            _log.error("package damaged", reference=reference, reason=type(error).__name__)
            return await notice(Notice.DAMAGED)
        fields = {
            "Content-Type": "application/zip",
            "Content-Length": str(found.size),
            "Content-Disposition": f'attachment; filename="{found.file_name}"',
        }
        return Sending(
            found,
            Part(HTTPStatus.OK, 0, found.size),
            fields,
            lambda: signed.lasts() and may_go_on_fetching(signed.desk, found),
            place.threads,
            place.slots,
            notice,
        )

    async def _notice(self, request: Request, signed: Signed, notice: Notice) -> Response:
        text = CROWDED if notice is Notice.CROWDED else DAMAGED
        page = Page(request, signed, "not_possible", HTTPStatus.SERVICE_UNAVAILABLE)
        return self.console.render("refused.html", page, error=self.console.words(request).phrase(text))

    async def reveal(self, request: Request, signed: Signed) -> Response:
        """POST /requests/REFERENCE/reveal"""
        reference = request.path_params["reference"]
        try:
            await checked_form(request, signed)
        except ForgedError:
            return self.console.forged(request, signed)
        try:
            await self.console.place.threads.look(lambda: request_file(signed.desk, reference))
        except WrongUseError:
            return self.console.missing(request, signed)
        return _Reveals(self.console, self.one, request, signed)


@dataclass
class _Reveals(Response):
    """Sends the page with the passphrase while it could still be kept: if nobody is there to read it, it is."""

    console: Console
    one: OnePages
    request: Request
    signed: Signed

    def __post_init__(self) -> None:
        super().__init__()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            last = await self.console.place.threads.look(lambda: self._reveal(send))
        except WrongUseError as error:
            page = await self.one.shown(self.request, self.signed, error, Typed("reveal"))
            await page(scope, receive, send)
        except (_LeftError, TimeoutError):
            _log.warning("passphrase not revealed", reference=self._reference, reason="left")
        else:
            await send({"type": "http.response.body", "body": last, "more_body": False})

    @property
    def _reference(self) -> str:
        return str(self.request.path_params["reference"])

    def _reveal(self, send: Send) -> bytes:
        """The last byte of the page, which is whole only once the trail has that it was shown."""
        path = f"{self.console.base}/requests/{self._reference}"
        with revealed(self.signed.desk, self._reference) as passphrase:
            words = passphrase.split("-")
            parts = [*(f"{word}-" for word in words[:-1]), words[-1]]
            title = Page(self.request, self.signed, "your_passphrase_is")
            page = self.console.render("revealed.html", title, path=path, parts=parts)
            body = bytes(page.body)
            from_thread.run(self._send, page, body[:-1], send)
        return body[-1:]

    async def _send(self, page: Response, body: bytes, send: Send) -> None:
        """Sends it to somebody who is there before and after it."""
        with fail_after(_SENT_WITHIN):
            await self._refuse_left()
            await send(
                {"type": "http.response.start", "status": page.status_code, "headers": page.raw_headers}
            )
            await send({"type": "http.response.body", "body": body, "more_body": True})
            await self._refuse_left()

    async def _refuse_left(self) -> None:
        if await self.request.is_disconnected():
            raise _LeftError
