"""The pages of a link: what it offers, its download, and the passphrase. Only a button has an effect."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dsar_export.errors import PackageUnreadableError
from dsar_export.use_cases.downloads import Download, Offer, download, may_go_on, offered, start_download
from dsar_export.use_cases.link_mail import LINK_PATH
from dsar_export.use_cases.passphrase_code import (
    Revealed,
    accept_passphrase_code,
    finish_passphrase_code,
    revealed_by_code,
)
from dsar_export.web.asking import form_of, same_time
from dsar_export.web.front import Front
from dsar_export.web.pages import Reader
from dsar_export.web.ranges import Asked, Part, part_of
from dsar_export.web.sending import Sending
from dsar_export.web.words import Notice

DOWNLOAD_PATH: Final = "/d/"
_log: Final = structlog.get_logger("dsar_export.web")


@dataclass(frozen=True)
class LinkPages:
    """Answers below `/l/` and `/d/`."""

    front: Front

    async def page(self, request: Request) -> Response:
        """GET /l/TOKEN"""
        async with same_time():
            offer = await self._offer(request)
            if offer is None:
                return await self.front.notice(request, Notice.GONE)
            return self.front.pages.link(self._reader(offer), self._here(request), offer)

    async def start(self, request: Request) -> Response:
        """POST /l/TOKEN/download"""
        await form_of(request)
        place = self.front.place
        if not place.slots.is_free(self.front.client(request)):
            return await self.front.notice(request, Notice.CROWDED)
        async with same_time():
            token, offer = request.path_params["token"], await self._offer(request)
            if offer is None:
                return await self.front.notice(request, Notice.GONE)
            reader = self._reader(offer)
            try:
                started = await place.threads.start(lambda: start_download(place.desk(), token))
            except (PackageUnreadableError, FileNotFoundError) as error:
                _log.error("package damaged", reference=offer.reference, reason=type(error).__name__)
                return self.front.pages.notice(reader, Notice.DAMAGED)
            if started is None:
                return await self.front.notice(request, Notice.GONE)
            name = f"{offer.reference}-{offer.right}.zip"
            target = f"{self.front.base}{DOWNLOAD_PATH}{quote(started)}/{quote(name)}"
            return RedirectResponse(target, HTTPStatus.SEE_OTHER)

    async def code_page(self, request: Request) -> Response:
        """GET /l/TOKEN/code"""
        async with same_time():
            return await self._code(request)

    async def send_code(self, request: Request) -> Response:
        """POST /l/TOKEN/code: the work comes after the answer."""
        await form_of(request)
        place, token = self.front.place, request.path_params["token"]
        async with same_time():
            asked = await place.threads.look(
                lambda: accept_passphrase_code(place.desk(), place.register(), token)
            )
            later = (
                None
                if asked is None
                else partial(finish_passphrase_code, place.desk(), place.services, asked)
            )
            return RedirectResponse(
                f"{self._here(request)}/code", HTTPStatus.SEE_OTHER, background=self.front.later(later)
            )

    async def passphrase(self, request: Request) -> Response:
        """POST /l/TOKEN/passphrase"""
        fields, here = await form_of(request), self._here(request)
        async with same_time():
            token, code = request.path_params["token"], fields.get("code", "")
            shown = await self.front.place.threads.look(lambda: self._revealed(here, token, code))
            return shown or await self._code(request, wrong=True)

    async def file(self, request: Request) -> Response:
        """GET and HEAD /d/DOWNLOAD/NAME.zip"""
        place, started = self.front.place, request.path_params["started"]
        found = await place.threads.look(lambda: download(place.desk(), started))
        if found is None or request.path_params["name"] != found.file_name:
            async with same_time():
                return await self.front.notice(request, Notice.GONE)
        part = _part(request, found)
        fields = _fields(found, part)
        if request.method == "HEAD" or not part.length:
            return Response(status_code=part.status, headers=fields)
        goes_on: Callable[[], bool] = lambda: may_go_on(place.desk(), started)  # noqa: E731 # for a thread
        notice = partial(self.front.notice, request)
        return Sending(found, part, fields, goes_on, place.threads, place.slots, notice)

    def _revealed(self, here: str, token: str, code: str) -> Response | None:
        """The page is made while the passphrase could still be kept; whoever has left by then must ask again."""
        with revealed_by_code(self.front.place.desk(), token, code) as revealed:
            if revealed is None:
                return None
            reader = self._reader(revealed)
            return self.front.pages.passphrase(reader, here, revealed.passphrase)

    async def _code(self, request: Request, *, wrong: bool = False) -> Response:
        """The page for a code; the same for whatever link that does not count: one that is used up may reveal yet."""
        offer = await self._offer(request)
        reader = await self.front.anybody(request) if offer is None else self._reader(offer)
        return self.front.pages.code(reader, self._here(request), counts=offer is not None, wrong=wrong)

    async def _offer(self, request: Request) -> Offer | None:
        place, token = self.front.place, request.path_params["token"]
        return await place.threads.look(lambda: offered(place.desk(), place.register(), token))

    def _reader(self, found: Offer | Revealed) -> Reader:
        return Reader(found.language, (self.front.place.controller(found.controller),))

    def _here(self, request: Request) -> str:
        return f"{self.front.base}{LINK_PATH}{quote(request.path_params['token'])}"


def _part(request: Request, found: Download) -> Part:
    headers = request.headers
    names = ("range", "if-range", "if-match", "if-none-match")
    asked = Asked(*(headers.getlist(name) for name in names))
    return part_of(asked, _tag(found), found.size, get=request.method == "GET")


def _fields(found: Download, part: Part) -> dict[str, str]:
    fields = {"Accept-Ranges": "bytes", "ETag": _tag(found)}
    match part.status:
        case HTTPStatus.NOT_MODIFIED:
            return fields
        case HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return fields | {"Content-Range": f"bytes */{found.size}"}
        case HTTPStatus.PARTIAL_CONTENT:
            fields["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{found.size}"
    return fields | {
        "Content-Type": "application/zip",
        "Content-Length": str(part.length),
        "Content-Disposition": f'attachment; filename="{found.file_name}"',
    }


def _tag(found: Download) -> str:
    return f'"{found.sha256}"'
