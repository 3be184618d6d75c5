"""A letter about a request: first to be read, then as PDF or into the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dsar_export.errors import WrongUseError
from dsar_export.language.catalogue import languages, texts
from dsar_export.language.letter_words import reference_line
from dsar_export.model.letter import Letter, LetterKind
from dsar_export.use_cases.letter_matter import Given
from dsar_export.use_cases.letters import (
    LetterOrder,
    letter_for,
    letter_kind,
    mailed_letter,
    previewed_letter,
)
from dsar_export.use_cases.look_up import request_file
from dsar_export.web.console.deeds.deed import EITHER
from dsar_export.web.console.rendering import Console, ForgedError, Page, checked_form, status_of
from dsar_export.web.console.words.letters import LANGUAGES
from dsar_export.web.console.words.wording import Wording
from dsar_export.web.staff.routes import Route, Rule
from dsar_export.web.staff.signed import Signed
from dsar_export.wiring import build_letter_renderer

FIELDS: Final = ("kind", "language", "text", "on")
WRITING: Final = Rule(EITHER, of_request=True)


def letter_routes(console: Console) -> tuple[Route, ...]:
    """Reading is no writing: only what leaves the page, as a file or as mail, stands in the trail."""
    path, pages = f"{console.base}/requests/{{reference}}/letter", _Letters(console)
    return (
        Route(path, "GET", pages.page, WRITING),
        Route(path, "POST", pages.preview, WRITING),
        Route(f"{path}/pdf", "POST", pages.file, WRITING),
        Route(f"{path}/mail", "POST", pages.mail, WRITING),
    )


@dataclass(frozen=True)
class _Letters:
    console: Console

    async def page(self, request: Request, signed: Signed) -> Response:
        """GET /requests/REFERENCE/letter"""
        asked = request.query_params
        typed = {name: asked.get(name, "") for name in FIELDS}
        # A question is written first, and a text belongs into no address.
        ready = typed["kind"] not in {"", LetterKind.QUESTION}
        return await self._shown(request, signed, {**typed, "text": ""}, ready=ready)

    async def preview(self, request: Request, signed: Signed) -> Response:
        """POST /requests/REFERENCE/letter"""
        try:
            return await self._shown(request, signed, await checked_form(request, signed))
        except ForgedError:
            return self.console.forged(request, signed)

    async def file(self, request: Request, signed: Signed) -> Response:
        """POST /requests/REFERENCE/letter/pdf"""
        place, reference = self.console.place, request.path_params["reference"]
        try:
            fields = await checked_form(request, signed)
        except ForgedError:
            return self.console.forged(request, signed)

        def drawn() -> tuple[LetterKind, bytes]:
            letter = letter_for(signed.desk, place.register(), reference, _order(fields))
            return letter.kind, build_letter_renderer().render(letter)

        try:
            kind, content = await place.threads.look(drawn)
        except WrongUseError as error:
            return await self._shown(request, signed, fields, error)
        name = f"{reference}-{kind.value}.pdf"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type="application/pdf", headers=headers)

    async def mail(self, request: Request, signed: Signed) -> Response:
        """POST /requests/REFERENCE/letter/mail"""
        place, reference = self.console.place, request.path_params["reference"]
        try:
            fields = await checked_form(request, signed)
        except ForgedError:
            return self.console.forged(request, signed)
        try:
            await place.threads.look(
                lambda: mailed_letter(signed.desk, place.services(), reference, _order(fields))
            )
        except WrongUseError as error:
            return await self._shown(request, signed, fields, error)
        return RedirectResponse(f"{self.console.base}/requests/{reference}", HTTPStatus.SEE_OTHER)

    async def _shown(
        self,
        request: Request,
        signed: Signed,
        typed: Mapping[str, str],
        error: WrongUseError | None = None,
        *,
        ready: bool = True,
    ) -> Response:
        """The form with what was typed, and the letter as it would be written."""
        place, reference = self.console.place, request.path_params["reference"]
        wording = Wording(self.console.words(request))
        try:
            await place.threads.look(lambda: request_file(signed.desk, reference))
        except WrongUseError:
            return self.console.missing(request, signed)
        letter: Letter | None = None
        if ready and error is None:
            try:
                letter = await place.threads.look(
                    lambda: previewed_letter(signed.desk, place.register(), reference, _order(typed))
                )
            except WrongUseError as refusal:
                error = refusal
        return self.console.render(
            "letter.html",
            Page(request, signed, "letter", HTTPStatus.OK if error is None else status_of(error)),
            path=f"{self.console.base}/requests/{reference}",
            reference=reference,
            letter=letter,
            reference_line="" if letter is None else reference_line(letter, texts(letter.language)),
            error=None if error is None else str(error),
            typed={name: typed.get(name, "") for name in FIELDS},
            kinds=[(kind.value, wording.term("letter_kinds", kind)) for kind in LetterKind],
            languages=[(code, wording.words.phrase(LANGUAGES.get(code, code))) for code in languages()],
        )


def _order(fields: Mapping[str, str]) -> LetterOrder:
    """What the form asks for; WrongUseError."""
    kind, language = letter_kind(fields.get("kind", "")), fields.get("language", "").strip()
    # As browsers send it, a text has line ends of two characters.
    text = fields.get("text", "").replace("\r\n", "\n").strip()
    return LetterOrder(kind, language or None, Given(text or None, _day(fields.get("on", "").strip())))


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise WrongUseError("a day has the form 2026-05-31; correct it") from None
