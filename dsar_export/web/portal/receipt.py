"""The receipt at the end of a request, as a page and a PDF, without any data: no identifier, no value, no count."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from dsar_export.language.catalogue import Texts
from dsar_export.language.formats import full_date
from dsar_export.language.law_words import ground_law
from dsar_export.language.letter_words import complaint_words, language_of_dates, rights_words, sender_lines
from dsar_export.model.controller import Controller
from dsar_export.model.letter import Letter, LetterKind
from dsar_export.model.register import Register
from dsar_export.requests.states import State
from dsar_export.use_cases.evidence_outcomes import DraftEvidence
from dsar_export.use_cases.portal_following import Followed
from dsar_export.use_cases.portal_receipt import kept_until, refused_on
from dsar_export.web.portal.following import FollowingPages
from dsar_export.web.portal.rendering import Page, see
from dsar_export.web.portal.routes import Route, Rule, Visitor
from dsar_export.web.portal.shown import dated, gap_sentence, title_of
from dsar_export.web.portal.words import receipt as texts
from dsar_export.web.portal.words.asking import ALSO
from dsar_export.wiring import build_letter_renderer

_KINDS: Final = {State.REFUSED: LetterKind.REFUSAL}


def receipt_routes(following: FollowingPages) -> tuple[Route, ...]:
    """The receipt of a request that a visit has proven."""
    pages, path = ReceiptPages(following), "/requests/{reference}/receipt"
    return (
        Route(path, "GET", pages.page, Rule.PROVEN),
        Route(f"{path}.pdf", "GET", pages.file, Rule.PROVEN),
    )


@dataclass(frozen=True)
class ReceiptPages:
    """Before a request is answered or has ended, they lead back to it."""

    following: FollowingPages

    async def page(self, request: Request, visitor: Visitor) -> Response:
        """GET /requests/REFERENCE/receipt"""
        about = await self.following.look(visitor)
        letter = await self._letter(visitor, *about)
        if letter is None:
            return see(f"/requests/{visitor.reference}", visitor)
        return self.following.shown(
            "receipt.html", Page(request, visitor, "receipt"), about, paragraphs=letter.paragraphs
        )

    async def file(self, _: Request, visitor: Visitor) -> Response:
        """GET /requests/REFERENCE/receipt.pdf"""
        letter = await self._letter(visitor, *await self.following.look(visitor))
        if letter is None:
            return see(f"/requests/{visitor.reference}", visitor)
        threads = self.following.portal.place.threads
        content = await threads.start(lambda: build_letter_renderer().render(letter))
        headers = {"Content-Disposition": f'attachment; filename="{visitor.reference}-receipt.pdf"'}
        return Response(content, media_type="application/pdf", headers=headers)

    async def _letter(self, visitor: Visitor, register: Register, seen: Followed) -> Letter | None:
        listed = seen.request.listed
        company = register.organisation.controllers.get(listed.controller)
        if not seen.is_at_its_end or company is None:
            return None
        found = await self.following.content(visitor, seen)
        look = self.following.portal.place.threads.look
        refused = await look(lambda: refused_on(visitor.desk, visitor.reference))
        until = kept_until(company, listed, visitor.desk.clock())
        words = dated(visitor.reader.words).under(company.country)
        named = _Named(seen, register, company, words)
        law = "" if refused is None else ground_law(refused, company.country, words)
        paragraphs = (*named.asked(), *named.answered(found, law), *named.ways(until))
        language = visitor.reader.language
        return Letter(
            kind=_KINDS.get(listed.state, LetterKind.DELIVERY),
            language=language,
            sender=sender_lines(company, language),
            date=named.written(visitor.desk.clock().astimezone(seen.zone).date()),
            reference=listed.reference,
            subject=words.phrase(texts.SUBJECT, reference=listed.reference),
            paragraphs=tuple(paragraphs),
        )


@dataclass(frozen=True)
class _Named:
    """One request, for one reader."""

    seen: Followed
    register: Register
    company: Controller
    words: Texts

    def written(self, day: date) -> str:
        return full_date(day, language_of_dates(self.words.language))

    def asked(self) -> Iterator[str]:
        listed, phrase = self.seen.request.listed, self.words.phrase
        received = self.written(listed.received_at.astimezone(self.seen.zone).date())
        rights = rights_words(listed.rights, self.words)
        yield phrase(texts.ASKED, received=received, controller=self.company.name, rights=rights)
        also = [phrase(ALSO[each.right]) for each in self.seen.request.subject.handed_on]
        if also:
            yield phrase(texts.ALSO_ASKED, what="; ".join(also))

    def answered(self, found: DraftEvidence | None, law: str) -> Iterator[str]:
        state, answered_at, phrase = self.seen.request.listed.state, self.seen.answered_at, self.words.phrase
        if answered_at is not None:
            yield phrase(texts.ANSWERED, answered=self.written(answered_at.astimezone(self.seen.zone).date()))
        if state in texts.ENDS:
            yield phrase(texts.ENDS[state])
        elif answered_at is None:
            yield phrase(texts.NOTHING)
        if law and state is State.REFUSED:
            yield phrase(texts.LAW, law=law)
        if answered_at is not None and state is not State.EXPIRED:
            yield from self._content(found)

    def ways(self, until: date) -> Iterator[str]:
        company, phrase = self.company, self.words.phrase
        complaint = complaint_words(company, self.words)
        yield phrase(texts.AGAIN)
        yield phrase(texts.COMPLAIN, contact=company.contact, until=self.written(until))
        authority, when = company.authority, complaint["authority_when"]
        yield phrase(texts.AUTHORITY, authority=authority.name, url=authority.url, when=when)
        yield complaint["court"]
        yield phrase(texts.WITHOUT_DATA)

    def _content(self, found: DraftEvidence | None) -> Iterator[str]:
        counted = () if found is None else found.outcomes
        outcomes = [outcome for each in counted for outcome in each.outcomes]
        if not outcomes:
            yield self.words.phrase(texts.REPORT)
            return
        gaps = (gap_sentence(gap, self.register, self.words) for each in counted for gap in each.gaps)
        outside = (name for each in counted for name in each.not_covered)
        lists = (
            (texts.SEARCHED, self._titles(outcome.dataset for outcome in outcomes)),
            (texts.LEFT_OUT, self._titles(outcome.dataset for outcome in outcomes if outcome.withheld)),
            (texts.NOT_READ, list(dict.fromkeys(gaps))),
            (texts.OUTSIDE, self._titles(outside)),
        )
        for text, shown in lists:
            if shown:
                yield self.words.phrase(text, what="\n".join(f"\u2013 {each}" for each in shown))

    def _titles(self, names: Iterable[str]) -> list[str]:
        return [title_of(name, self.register, self.words) for name in dict.fromkeys(names)]
