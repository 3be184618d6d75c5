"""The console in browsers: nothing that axe finds, nothing beside a narrow window, all of it by the keyboard.

In `make test` each page once in Chromium; `make browsers` shows all in three languages, wide, narrow and at 400 %.
"""

import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from dsar_export.web.place import Place
from tests.renderers.opener.browsers.browser import Browser, keep_picture
from tests.renderers.opener.browsers.conftest import BROWSERS
from tests.renderers.opener.browsers.faults import AXE, faults
from tests.requests.installations import founded_installation
from tests.use_cases.offices import Office, quick_services
from tests.web.console.consoles import BASE, served_console
from tests.web.console.walking import Seen, every_page
from tests.web.framing import framed
from tests.web.test_pages import LANGUAGES

NARROW, WIDE, ZOOMED = (320, 800), (1280, 900), (320, 256)
CONTROLS = (
    "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, "
    '[tabindex="0"]\')]'
    ".filter((e) => e.checkVisibility())"
)
FOCUS = (
    f"(() => {{ const e = document.activeElement; const s = getComputedStyle(e); "
    f"return [{CONTROLS}.indexOf(e), s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2, "
    "document.hasFocus()]; })()"
)


def shown_in() -> list[object]:
    """One browser in light colours, and all others in `make browsers`."""
    return [
        pytest.param(
            (name, dark),
            id=f"{name}-{'dark' if dark else 'light'}",
            marks=[] if (name, dark) == ("chromium", False) else [pytest.mark.long],
        )
        for name in BROWSERS
        for dark in (False, True)
    ]


class Named:
    """Who looks, and in which language, stands in front of the path, as a browser sends no headers of ours."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = re.fullmatch(r"/as-(\w+)-(\w+)(/.*)", scope.get("path", ""))
        if found is not None:
            mine = [
                (b"x-person", found[1].encode()),
                (b"x-proven", b"yes"),
                (b"accept-language", found[2].encode()),
            ]
            kept = [pair for pair in scope["headers"] if pair[0] != b"accept-language"]
            scope = {**scope, "path": found[3], "raw_path": found[3].encode(), "headers": [*kept, *mine]}
        await self.app(scope, receive, send)


class Site:
    """The console of an office with a few requests, for a browser."""

    def __init__(self, port: int, place: Place, reference: str) -> None:
        self.address, self.pages = f"http://127.0.0.1:{port}", list(every_page(place, reference))

    def open(self, browser: Browser, seen: Seen, language: str, size: tuple[int, int]) -> None:
        browser.resize(*size)
        browser.open(f"{self.address}/as-{seen.name}-{language}{BASE}{seen.path}")


@pytest.fixture(scope="module")
def site(reached: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("console")
    made = founded_installation(f"sqlite:///{folder / 'requests.db'}", folder / "keys.json")
    office = Office(made, quick_services(reached), folder / "state", folder / "anchor.json")
    office.opened("ada", "email=sam@example.org")
    reference = office.verified()
    office.collect("ada", reference)
    with served_console(office, reached, around=lambda app: Named(framed(app))) as (port, place):
        yield Site(port, place, reference)
    made.engine.dispose()


@pytest.fixture(scope="module", params=shown_in())
def browser(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser of a reader who prefers light or dark colours."""
    name, dark = request.param
    installed, start, debian = BROWSERS[name]
    if installed() is None or not AXE.exists():
        pytest.skip(f"{name} (Debian: {debian}) or axe-core is not installed")
    with start(tmp_path_factory.mktemp(name) / f"profile-{secrets.token_hex(4)}", dark=dark) as started:
        yield started


def looked_at(browser: Browser, site: Site, seen: Seen, language: str, size: tuple[int, int]) -> list[str]:
    """What is wrong with a page."""
    site.open(browser, seen, language, size)
    dark = browser.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    name = re.sub(r"\W+", "-", re.sub(r"DSAR-\w+-\w+", "one", seen.path)).strip("-")
    keep_picture(
        browser, f"console-{browser.name}-{'dark' if dark else 'light'}-{language}-{name}-{size[0]}x{size[1]}"
    )
    found = faults(browser)
    if browser.evaluate("document.documentElement.lang") != language:
        found.append("it is in another language")
    if browser.evaluate("getComputedStyle(document.querySelector('h1')).fontWeight") != "600":
        found.append("the policy leaves the style out")
    if not browser.evaluate("document.documentElement.scrollWidth <= innerWidth"):
        found.append("something is beside the window")
    return [f"{language} {seen.path} {size}: {each}" for each in found]


def test_nothing_is_wrong_with_a_page_in_a_narrow_window(browser: Browser, site: Site) -> None:
    assert [
        each
        for number, seen in enumerate(site.pages)
        for each in looked_at(browser, site, seen, LANGUAGES[number % len(LANGUAGES)], NARROW)
    ] == []


@pytest.mark.long
@pytest.mark.parametrize("size", [NARROW, WIDE, ZOOMED], ids=["narrow", "wide", "zoomed"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wrong_with_any_page(
    browser: Browser, site: Site, language: str, size: tuple[int, int]
) -> None:
    assert [each for seen in site.pages for each in looked_at(browser, site, seen, language, size)] == []


def by_keyboard(browser: Browser, site: Site, seen: Seen) -> list[str]:
    """What the Tab key does not reach in the order of the page, and where one does not see the focus."""
    site.open(browser, seen, "en", WIDE)
    count = browser.evaluate(f"{CONTROLS}.length")
    assert isinstance(count, int)
    reached: list[int] = []
    wrong: list[str] = []
    for _ in range(count * 2 + 8):  # a field of a date takes the key more than once
        browser.press("Tab")
        found = browser.evaluate(FOCUS)
        assert isinstance(found, list)
        if found[0] < 0 or (reached and found[0] < reached[-1]):
            break
        # Firefox without a screen gives its window no focus, and then shows none.
        if not found[1] and (found[2] or browser.name == "chromium"):
            wrong.append(f"{seen.path}: no focus to see at {found[0]}")
        reached += [found[0]] if found[0] not in reached else []
    return wrong if reached == list(range(count)) else [*wrong, f"{seen.path}: {reached} of {count}"]


def test_the_tab_key_reaches_all_in_order_and_one_sees_where_it_is(browser: Browser, site: Site) -> None:
    shown = [seen for seen in site.pages if seen.path.count("/") < 3 and "?" not in seen.path]
    assert [each for seen in shown for each in by_keyboard(browser, site, seen)] == []
