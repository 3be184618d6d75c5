"""Every screen in each language, width and colour; only in `make browsers`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.conformance.unpacked import package
from tests.renderers.opener.browsers.browser import Browser, keep_picture, until
from tests.renderers.opener.browsers.conftest import BROWSERS
from tests.renderers.opener.browsers.reader import Reader
from tests.renderers.opener.node import SOURCES
from tests.worlds import PASSPHRASE

pytestmark = pytest.mark.long

PACKAGES: Final = {"en": "demo", "de": "in_german", "fr": "in_french"}
WIDTHS: Final = {"wide": 1280, "narrow": 320}
SCREENS: Final = ("start", "overview", "dataset", "record", "search", "files")
AXE: Final = SOURCES / "node_modules" / "axe-core" / "axe.min.js"


COLOURS: Final = [(name, dark) for name in BROWSERS for dark in (False, True)]


@pytest.fixture(scope="module", params=COLOURS, ids=[f"{n}-{'dark' if d else 'light'}" for n, d in COLOURS])
def coloured(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser of a reader who prefers light or dark colours."""
    name, dark = request.param
    installed, start, _ = BROWSERS[name]
    if installed() is None or not AXE.exists():
        pytest.skip(f"{name} or axe-core is not installed")
    with start(tmp_path_factory.mktemp(name) / "profile", dark=dark) as browser:
        assert browser.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is dark
        yield browser


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", PACKAGES)
def test_axe_finds_nothing_on_any_screen(
    coloured: Browser, language: str, width: str, request: pytest.FixtureRequest
) -> None:
    coloured.resize(WIDTHS[width], 900)
    reader = Reader(coloured).comes()
    reader.speaks(language)
    wrong = []
    for screen in SCREENS:
        _show(reader, screen, package(PACKAGES[language]))
        keep_picture(coloured, f"{request.node.callspec.id}-{screen}")
        wrong += [f"{screen}: {each}" for each in _axe(coloured)]
        assert coloured.evaluate("document.documentElement.scrollWidth <= innerWidth"), screen
    assert wrong == []


def _show(reader: Reader, screen: str, made: Path) -> None:
    """Goes from the screen before to this one."""
    browser = reader.browser
    if screen == "overview":
        browser.pick(made)
        browser.type("textbox", "phrase", PASSPHRASE)
        browser.press("Escape", "Enter")
        reader.checked()
    elif screen == "dataset":
        _chooses(browser, "dataset:orders")
        until(lambda: any(any(row) for row in reader.cells()) or None, "rows")
    elif screen == "record":
        reader.opens_record(0)
    elif screen != "start":
        browser.press("Escape")
        _chooses(browser, screen)


def _chooses(browser: Browser, place: str) -> None:
    browser.evaluate(f"void document.querySelector('[data-go=\"{place}\"]').click()")


def _axe(browser: Browser) -> list[str]:
    """What axe finds by the rules of WCAG 2.2 AA: the rule, and the first element."""
    if not browser.evaluate("'axe' in globalThis"):
        browser.evaluate(f"void (() => {{ {AXE.read_text(encoding='utf-8')} }})()")
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = browser.evaluate(
        f"axe.run(document, {{runOnly: {json.dumps(rules)}}})"
        ".then((r) => r.violations.map(({id, nodes: [n]}) => `${id}: ${n.html.slice(0, 200)} ${n.failureSummary}`))"
    )
    assert isinstance(found, list)
    return found
