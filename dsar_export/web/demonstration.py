"""The pages of a demo: the codes of now, and its outbox. They are there in `demo --web` alone, by no setting."""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Final

import pyotp
from starlette.requests import Request
from starlette.responses import Response

from dsar_export.demo.office import AGENT, colleagues_in
from dsar_export.model.people import Person
from dsar_export.use_cases.post import send_waiting
from dsar_export.web.console.rendering import Console, Page
from dsar_export.web.place import Place
from dsar_export.web.staff.mounting import STAFF_PATH
from dsar_export.wiring.mail import sender_in

DEMO_PATH: Final = "/demo"
_MOST: Final = 50
_LINK: Final = re.compile(r"http://127\.0\.0\.1:\d+/[^\s<>\"]+")
Answer = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class ShownMail:
    """One mail of the outbox, as its recipient would read it."""

    recipient: str
    subject: str
    text: str
    links: tuple[str, ...]


def demo_routes(place: Place, folder: Path) -> tuple[tuple[str, str, Answer], ...]:
    """Path, method and answer of each page of the demo in a folder."""
    pages = _DemoPages(Console(place, STAFF_PATH), folder)
    return (DEMO_PATH, "GET", pages.codes), (f"{DEMO_PATH}/outbox", "GET", pages.outbox)


@dataclass(frozen=True)
class _DemoPages:
    console: Console
    folder: Path

    async def codes(self, request: Request) -> Response:
        """GET /demo"""
        found = [(each, pyotp.TOTP(each.totp_secret).now()) for each in colleagues_in(self.folder)]
        return self.console.render("demo.html", Page(request, None, "demo"), colleagues=found)

    async def outbox(self, request: Request) -> Response:
        """GET /demo/outbox; here the postman comes whenever somebody looks."""
        mails = await self.console.place.threads.finish(self._mails)
        return self.console.render("demo_outbox.html", Page(request, None, "demo_outbox"), mails=mails)

    def _mails(self) -> list[ShownMail]:
        settings, desk = self.console.place.settings, self.console.place.desk()
        sender = sender_in(settings)
        if sender is None or settings.outbox_folder is None:
            return []
        send_waiting(replace(desk, person=Person(AGENT, None)), sender, _MOST)
        return list(_newest(settings.outbox_folder))


def _newest(folder: Path) -> Iterator[ShownMail]:
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[:_MOST]:
        mail = message_from_bytes(file.read_bytes(), policy=default)
        body = mail.get_body(("plain",))
        text = "" if body is None else str(body.get_content())
        yield ShownMail(str(mail["To"]), str(mail["Subject"]), text, tuple(_LINK.findall(text)))
