"""Getting the answer: how large it is and how it is opened, before a button leads to the page of a link."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dsar_export.errors import TooOftenError, WrongUseError
from dsar_export.language.formats import file_size
from dsar_export.language.letter_words import language_of_dates, right_words
from dsar_export.model.controller import Controller
from dsar_export.model.delivery import PassphraseWay
from dsar_export.model.request import Right
from dsar_export.use_cases.portal_getting import ToGet, link_here
from dsar_export.web.pages import Reader
from dsar_export.web.portal.rendering import Portal, see
from dsar_export.web.portal.routes import Route, Rule, Visitor
from dsar_export.web.portal.shown import dated
from dsar_export.web.words import other_programs, steps


def getting_routes(portal: Portal) -> tuple[Route, ...]:
    """The button that leads to a link."""
    pages = GettingPages(portal)
    return (Route("/requests/{reference}/get", "POST", pages.get, Rule.PROVEN),)


@dataclass(frozen=True)
class GettingPages:
    """Only the button has an effect, and a link is made for nobody but a visit that has proven the request."""

    portal: Portal

    async def get(self, _: Request, visitor: Visitor) -> Response:
        """POST /requests/REFERENCE/get"""
        found = await self.portal.place.threads.look(lambda: _made(visitor))
        if found.startswith("/"):
            return RedirectResponse(found, HTTPStatus.SEE_OTHER)
        return see(f"/requests/{visitor.reference}", visitor, done=found)


def getting_of(
    found: ToGet | None, reader: Reader, company: Controller | None, *, opener: bool
) -> dict[str, Any] | None:
    """What the page of a request shows of its packages; None if there are none to get."""
    if found is None:
        return None
    words = reader.words
    ours = dated(words) if company is None else dated(words).under(company.country)
    return {
        "packages": [
            (
                package.right.value,
                right_words(package.right, ours),
                "" if package.size is None else file_size(package.size, language_of_dates(words.language)),
            )
            for package in found.packages
        ],
        "ways": [f"get_by_{way.value}" for way in found.ways if way is not PassphraseWay.LOGIN],
        "opener": opener,
        "steps": steps(words, opener=False),
        "other_programs": other_programs(words),
    }


def _made(visitor: Visitor) -> str:
    """The path of the link, or the name of a text that says what prevents it."""
    wanted, held = visitor.text("right"), visitor.visiting
    if held is None or wanted not in list(Right):
        return "get_not_now"
    try:
        return link_here(visitor.desk, held, visitor.reference, Right(wanted))
    except TooOftenError:
        return "get_too_often"
    except WrongUseError:
        return "get_not_now"
