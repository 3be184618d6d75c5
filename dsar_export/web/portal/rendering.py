"""Renders the portal's pages in the look of the pages of links: on the server, without a script."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dsar_export.language.catalogue import languages
from dsar_export.model.controller import Controller
from dsar_export.web.pages import address_link
from dsar_export.web.place import Place
from dsar_export.web.policy import own_file, policy_of, source_of
from dsar_export.web.portal.routes import Visitor
from dsar_export.web.portal.words.named import portal_texts
from dsar_export.web.words import page_texts

_NAMES: Final = {"de": "Deutsch", "en": "English", "fr": "Français"}
"""Each language as its readers call it."""


@dataclass(frozen=True)
class Page:
    """One page for one reader."""

    request: Request
    visitor: Visitor
    title: str
    """The name of the text."""
    status: HTTPStatus = HTTPStatus.OK
    controller: Controller | None = None
    """Whom it concerns, if that is settled."""


@dataclass(frozen=True)
class _Shown:
    language: str
    title: str
    sender: str
    contacts: list[tuple[str, str]]


class Portal:
    """All pages of the portal."""

    def __init__(self, place: Place, *, secure: bool) -> None:
        self.place = place
        self.secure = secure
        loaders = [PackageLoader("dsar_export.web.portal"), PackageLoader("dsar_export.web")]
        self._templates = Environment(
            loader=ChoiceLoader(loaders), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._style = own_file("dsar_export.web", "page.css") + own_file(
            "dsar_export.web.portal", "portal.css"
        )
        self._script = own_file("dsar_export.web.portal", "portal.js")
        self._policy = policy_of(source_of(self._style))
        self._live = policy_of(source_of(self._style), source_of(self._script))

    def render(self, template: str, page: Page, **shown: Any) -> HTMLResponse:
        visitor = page.visitor
        reader = visitor.reader
        if page.controller is not None:
            reader = replace(reader, controllers=(page.controller,))
        contact = "" if reader.only is None else reader.only.contact
        words = {**page_texts(reader.words, contact, ""), **portal_texts(reader.words, contact)}
        sender = "" if reader.only is None else reader.only.name
        contacts = [(each.name, each.contact) for each in reader.controllers]
        text = self._templates.get_template(template).render(
            page=_Shown(reader.language, words.get(page.title, page.title), sender, contacts),
            w=words,
            style=self._style,
            script=self._script,
            base="",
            address=address_link,
            csrf="" if visitor.visiting is None else visitor.visiting.csrf,
            visit=visitor.visiting is not None,
            reference=visitor.reference,
            language_name=_NAMES.get(reader.language, reader.language),
            switch=[(code, _NAMES.get(code, code)) for code in languages()],
            **{"here": page.request.url.path, **shown},
        )
        return HTMLResponse(
            text, page.status, {"Content-Security-Policy": self._live if shown.get("live") else self._policy}
        )

    def plain(self, request: Request, visitor: Visitor, name: str, status: HTTPStatus) -> HTMLResponse:
        """A page with a heading, and a sentence of the same name."""
        return self.render("plain.html", Page(request, visitor, name, status), sentence=f"{name}_is")


def see(path: str, visitor: Visitor, **query: str) -> Response:
    """Leads on to a page, in the same language."""
    named = urlencode({"lang": visitor.reader.language, **query})
    return RedirectResponse(f"{path}?{named}", HTTPStatus.SEE_OTHER)
