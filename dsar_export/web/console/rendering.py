"""Renders the console's pages, and answers what a use case refuses."""

from dataclasses import dataclass
from hmac import compare_digest
from http import HTTPStatus
from typing import Any, Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from dsar_export.errors import (
    DsarExportError,
    NotPermittedError,
    RegisterError,
    SourceUnreadableError,
    StaleError,
    StateError,
    WrongUseError,
)
from dsar_export.language.catalogue import Texts, texts
from dsar_export.web.asking import Form, form_of, language_of
from dsar_export.web.console.readers import MENU
from dsar_export.web.console.words.named import console_texts, state_texts
from dsar_export.web.console.words.wording import Wording
from dsar_export.web.place import Place
from dsar_export.web.policy import own_file, policy_of, source_of
from dsar_export.web.staff.signed import Signed

LARGEST_FORM: Final = 64 * 1024
"""Bytes; reasons and notes are a few pages at most."""
MOST_FIELDS: Final = 1000
"""A mandate may name each dataset of a large register."""


class ForgedError(Exception):
    """A form did not bring back what its page gave it."""


@dataclass(frozen=True)
class Page:
    """One page for one reader."""

    request: Request
    signed: Signed | None
    """None on the page where somebody signs in."""
    title: str
    """The name of the text, or what stands there itself."""
    status: HTTPStatus = HTTPStatus.OK
    follows: bool = False
    """Whether it has the one script, which shows how far the work on a request is."""


class Console:
    """All pages of the console; `base` is the path below which they lie, such as `/staff`."""

    def __init__(self, place: Place, base: str) -> None:
        self.place = place
        self.base = base
        loaders = [PackageLoader("dsar_export.web.console"), PackageLoader("dsar_export.web")]
        self._templates = Environment(
            loader=ChoiceLoader(loaders), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._style = own_file("dsar_export.web.console", "console.css")
        self._script = own_file("dsar_export.web.console", "progress.js")
        self._policy = policy_of(source_of(self._style))
        self._following = policy_of(source_of(self._style), source_of(self._script))

    def words(self, request: Request) -> Texts:
        return texts(language_of(request, ()))

    def render(self, template: str, page: Page, **shown: Any) -> HTMLResponse:
        words = self.words(page.request)
        named = console_texts(words)
        text = self._templates.get_template(template).render(
            language=words.language,
            title=named.get(page.title, page.title),
            signed=page.signed,
            base=self.base,
            menu=[]
            if page.signed is None
            else [(p, named[n]) for p, n, roles in MENU if roles & page.signed.roles],
            style=self._style,
            script=self._script if page.follows else "",
            w=named,
            states=state_texts(words),
            wording=Wording(words),
            **{"here": page.request.url.path, **shown},
        )
        policy = self._following if page.follows else self._policy
        return HTMLResponse(text, page.status, {"Content-Security-Policy": policy})

    def missing(self, request: Request, signed: Signed) -> Response:
        """The one page for a request that does not exist, and for one of another controller."""
        return self.render("missing.html", Page(request, signed, "missing", HTTPStatus.NOT_FOUND))

    def forged(self, request: Request, signed: Signed | None) -> Response:
        """A page for a form of another session."""
        return self.render("forged.html", Page(request, signed, "forged", HTTPStatus.FORBIDDEN))

    def crowded(self, request: Request, signed: Signed | None, wait: int) -> Response:
        """A page for whoever asks too often, with the seconds to wait."""
        page = Page(request, signed, "too_often", HTTPStatus.TOO_MANY_REQUESTS)
        answer = self.render("crowded.html", page)
        answer.headers["Retry-After"] = str(wait)
        return answer

    def refused(self, request: Request, signed: Signed, error: WrongUseError) -> Response:
        """A page that shows why something is not possible."""
        return self.render(
            "refused.html", Page(request, signed, "not_possible", status_of(error)), error=str(error)
        )


def status_of(error: DsarExportError) -> HTTPStatus:
    """403 without the role, 409 where the request has gone on, 422 for what was typed, 503 for a silent source."""
    match error:
        case NotPermittedError():
            return HTTPStatus.FORBIDDEN
        case StateError() | StaleError():
            return HTTPStatus.CONFLICT
        case SourceUnreadableError() | RegisterError():
            return HTTPStatus.SERVICE_UNAVAILABLE
        case _:
            return HTTPStatus.UNPROCESSABLE_ENTITY


async def checked_form(request: Request, signed: Signed) -> Form:
    """The fields of a form of this session; ForgedError for one of elsewhere."""
    fields = await form_of(request, LARGEST_FORM, MOST_FIELDS)
    if not compare_digest(fields.get("csrf", "").encode(), signed.csrf.encode()):
        raise ForgedError
    return fields
