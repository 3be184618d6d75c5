"""The outbox as staff see it: what waits, what was sent, what came back."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dsar_export.delivery.mail_notification import notification_in
from dsar_export.errors import WrongUseError
from dsar_export.language.zones import moment_text
from dsar_export.model.mail import NOT_SENT, MailState
from dsar_export.model.register import Register
from dsar_export.requests.outbox import ListedMail
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.post import mails_here, note_bounce
from dsar_export.web.console.readers import POSTING
from dsar_export.web.console.rendering import Console, ForgedError, Page, checked_form, status_of
from dsar_export.web.console.words.letters import LETTERS
from dsar_export.web.console.words.wording import Wording
from dsar_export.web.staff.routes import Route, Rule
from dsar_export.web.staff.signed import Signed

_POSTERS: Final = Rule(POSTING)
_MOST: Final = 500
"""Mails on the page; the newest of them."""


@dataclass(frozen=True)
class MailRow:
    """One mail: its state and codes, never its text or address."""

    reference: str
    kind: str
    state: str
    queued: str
    attempts: int
    mail_id: str
    look_at: bool


def mail_routes(console: Console) -> tuple[Route, ...]:
    """The page, and the form for a notification that a mail came back."""
    path, pages = f"{console.base}/mail", _MailPages(console)
    return (
        Route(path, "GET", pages.page, _POSTERS),
        Route(f"{path}/bounced", "POST", pages.bounced, _POSTERS),
    )


@dataclass(frozen=True)
class _MailPages:
    console: Console

    async def page(self, request: Request, signed: Signed) -> Response:
        """GET /mail"""
        return await self._shown(request, signed)

    async def bounced(self, request: Request, signed: Signed) -> Response:
        """POST /mail/bounced"""
        try:
            fields = await checked_form(request, signed)
        except ForgedError:
            return self.console.forged(request, signed)
        typed = fields.get("notification", "")
        try:
            found = notification_in(typed.encode())
            await self.console.place.threads.look(lambda: note_bounce(signed.desk, found))
        except WrongUseError as error:
            return await self._shown(request, signed, error, typed)
        return RedirectResponse(f"{self.console.base}/mail", HTTPStatus.SEE_OTHER)

    async def _shown(
        self, request: Request, signed: Signed, error: WrongUseError | None = None, typed: str = ""
    ) -> Response:
        place, wording = self.console.place, Wording(self.console.words(request))
        try:
            found = await place.threads.look(lambda: mails_here(signed.desk))
        except WrongUseError as refusal:
            return self.console.refused(request, signed, refusal)
        register = await place.threads.look(place.register)
        newest = sorted(found, key=lambda mail: mail.created_at, reverse=True)
        return self.console.render(
            "mail.html",
            Page(request, signed, "mail", HTTPStatus.OK if error is None else status_of(error)),
            error=None if error is None else str(error),
            typed=typed,
            rows=[_row(mail, register, wording) for mail in newest[:_MOST]],
            waiting=sum(mail.state is MailState.WAITING for mail in found),
            unsent=sum(mail.state in NOT_SENT for mail in found),
            left_off=max(0, len(found) - _MOST),
        )


def _row(mail: ListedMail, register: Register, wording: Wording) -> MailRow:
    state = wording.term("mail_states", mail.state)
    if mail.state is MailState.PERHAPS_SENT and mail.ended_at is None:
        state = wording.words.phrase(LETTERS["tried_once_more"], state=state)
    return MailRow(
        mail.reference or "",
        wording.term("mail_kinds", mail.kind),
        state if mail.failure is None else f"{state} ({mail.failure})",
        moment_text(mail.created_at, zone_in(register, mail.controller)),
        mail.attempts,
        mail.mail_id,
        mail.state in NOT_SENT,
    )
