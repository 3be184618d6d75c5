"""Pages in browsers: nothing that axe finds, nothing beside a narrow window, in three languages, light and dark.

In `make test` a few of them in Chromium; `make browsers` shows all of them in each browser.
"""

import threading
import time
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Scope

from dsar_export.settings import Settings
from dsar_export.web.guard import LOOPBACK, Guard
from dsar_export.web.pages import Pages
from dsar_export.web.serving import server_of
from tests.renderers.opener.browsers.browser import Browser, keep_picture
from tests.renderers.opener.browsers.conftest import BROWSERS
from tests.renderers.opener.browsers.faults import AXE, faults
from tests.web.framing import framed
from tests.web.served import SECONDS
from tests.web.test_pages import LANGUAGES, pages

SHORT = (
    *((language, "link") for language in LANGUAGES),
    ("de", "wrong"),
    ("fr", "passphrase"),
    ("en", "again"),
    ("fr", "gone"),
)
"""What each run of the tests looks at."""
STYLED = "getComputedStyle(document.querySelector('.sheet')).borderTopWidth"


def browsers() -> list[object]:
    every = [(name, dark) for name in BROWSERS for dark in (False, True)]
    return [
        pytest.param(
            (name, dark),
            id=f"{name}-{'dark' if dark else 'light'}",
            marks=[] if name == "chromium" else [pytest.mark.long],
        )
        for name, dark in every
    ]


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Every page in each language, with the headers of the server."""
    made = {language: pages(language) for language in LANGUAGES}

    async def answer(request: Request) -> Response:
        return made[request.path_params["language"]][request.path_params["name"]]

    async def cross_site(_: Scope) -> Response:
        return PlainTextResponse("cross site")

    app = Starlette(routes=[Route("/{language}/{name}", answer)])
    guard = Guard(app, LOOPBACK, Pages("", opener=True).style_source, cross_site)
    server = server_of(framed(guard), Settings().model_copy(update={"web_port": 0}))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + SECONDS
    while not server.started:
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(SECONDS)


@pytest.fixture(scope="module", params=browsers())
def browser(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser of a reader who prefers light or dark colours."""
    name, dark = request.param
    installed, start, debian = BROWSERS[name]
    if installed() is None or not AXE.exists():
        pytest.skip(f"{name} (Debian: {debian}) or axe-core is not installed")
    with start(tmp_path_factory.mktemp(name) / "profile", dark=dark) as started:
        yield started


def looked_at(browser: Browser, site: str, place: tuple[str, str], width: int) -> list[str]:
    """What is wrong with the page of a language and name."""
    language, name = place
    browser.resize(width, 900)
    browser.open(f"{site}/{language}/{name}")
    colours = "dark" if browser.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
    keep_picture(browser, f"{browser.name}-{colours}-{language}-{name}-{width}")
    found = faults(browser)
    if browser.evaluate(STYLED) != "4px":
        found.append("the policy leaves the style out")
    if not browser.evaluate("document.documentElement.scrollWidth <= innerWidth"):
        found.append("something is beside the window")
    return [f"{language}, {name}, {width}: {each}" for each in found]


def test_nothing_is_wrong_with_a_page_in_a_narrow_window(browser: Browser, site: str) -> None:
    assert [each for place in SHORT for each in looked_at(browser, site, place, 320)] == []


@pytest.mark.long
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wrong_with_any_page(browser: Browser, site: str, language: str, width: int) -> None:
    assert [
        each for name in pages(language) for each in looked_at(browser, site, (language, name), width)
    ] == []
