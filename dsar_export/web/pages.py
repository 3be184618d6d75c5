"""Renders pages: on the server, as text and one style sheet, without a script and without anything from elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from dsar_export.language.catalogue import Texts, texts
from dsar_export.model.controller import Controller
from dsar_export.model.delivery import PassphraseWay
from dsar_export.model.mail import is_one_address
from dsar_export.use_cases.downloads import Offer
from dsar_export.web.policy import own_file, source_of
from dsar_export.web.words import Notice, facts, notice_texts, other_programs, page_texts, steps

_EXAMPLE: Final = "DSAR-20261102-K7M2Q9XA"
_STATUS: Final = {
    Notice.GONE: HTTPStatus.NOT_FOUND,
    Notice.CROWDED: HTTPStatus.TOO_MANY_REQUESTS,
    Notice.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    Notice.DAMAGED: HTTPStatus.SERVICE_UNAVAILABLE,
    Notice.CROSS_SITE: HTTPStatus.FORBIDDEN,
    Notice.TOO_MUCH: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Notice.LATE: HTTPStatus.REQUEST_TIMEOUT,
}
_RETRY: Final = {Notice.CROWDED: "60", Notice.UNAVAILABLE: "300"}


@dataclass(frozen=True)
class Reader:
    """For whom a page is: in which language, and who answers."""

    language: str
    controllers: Sequence[Controller] = ()
    """The one whose package it is, or all where no link says which."""

    @property
    def words(self) -> Texts:
        found = texts(self.language)
        return found.under(self.controllers[0].country) if self.controllers else found

    @property
    def only(self) -> Controller | None:
        return self.controllers[0] if len(self.controllers) == 1 else None


@dataclass(frozen=True)
class _Page:
    language: str
    title: str
    sender: str
    contacts: Sequence[tuple[str, str]]


class Pages:
    """All pages; `base` is the path below which they lie."""

    def __init__(self, base: str, *, opener: bool) -> None:
        self._base = base
        self._opener = opener
        self._templates = Environment(
            loader=PackageLoader("dsar_export.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
        )
        self._style = own_file("dsar_export.web", "page.css")
        self.style_source = source_of(self._style)
        """What a content security policy calls the one style sheet."""

    def link(self, reader: Reader, here: str, offer: Offer) -> HTMLResponse:
        zone = reader.controllers[0].time_zone
        shown: dict[str, Any] = {
            "facts": facts(reader.words, offer, zone),
            "steps": steps(reader.words, opener=self._opener),
            "other_programs": other_programs(reader.words),
            "ways": [way.value for way in offer.passphrase_ways if way is not PassphraseWay.LOGIN],
        }
        return self._page("link.html", reader, "answer", here=here, **shown)

    def code(self, reader: Reader, here: str, *, counts: bool = True, wrong: bool = False) -> HTMLResponse:
        """`counts` says whether the link does; if not, the page is the same for any."""
        status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
        shown = {"counts": counts, "wrong": wrong}
        return self._page("code.html", reader, "enter_code", status=status, here=here, **shown)

    def passphrase(self, reader: Reader, here: str, passphrase: str) -> HTMLResponse:
        words = passphrase.split("-")
        parts = [*(f"{word}-" for word in words[:-1]), words[-1]]
        return self._page("passphrase.html", reader, "your_passphrase", here=here, parts=parts)

    def again(self, reader: Reader, *, asked: bool) -> HTMLResponse:
        return self._page("again.html", reader, "lost_link", asked=asked)

    def notice(self, reader: Reader, notice: Notice) -> HTMLResponse:
        title, *paragraphs = notice_texts(reader.words, notice)
        again = notice is Notice.GONE
        made = self._page("notice.html", reader, title, paragraphs=paragraphs, again=again)
        made.status_code = _STATUS[notice]
        if notice in _RETRY:
            made.headers["Retry-After"] = _RETRY[notice]
        return made

    def _page(
        self,
        template: str,
        reader: Reader,
        title: str,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        **shown: Any,
    ) -> HTMLResponse:
        contact = reader.only.contact if reader.only is not None else ""
        words = page_texts(reader.words, contact, _EXAMPLE)
        sender = "" if reader.only is None else reader.only.name
        contacts = [(each.name, each.contact) for each in reader.controllers]
        page = _Page(reader.language, words.get(title, title), sender, contacts)
        text = self._templates.get_template(template).render(
            page=page,
            w=words,
            style=self._style,
            base=self._base,
            opener=self._opener,
            address=address_link,
            **shown,
        )
        return HTMLResponse(text, status)


def address_link(contact: str) -> Markup:
    """An address of mail as something to click; whatever else it is, as it stands."""
    if not (is_one_address(contact) and contact.isascii()):
        return Markup.escape(contact)
    return Markup('<a href="mailto:{0}">{0}</a>').format(contact)
