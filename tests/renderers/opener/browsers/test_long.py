"""Large packages, and every screen in each language, width and colour; only in `make browsers`."""

import json
import os
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from dsar_export.demo import write_organisation
from tests.conformance.unpacked import DEMO_PERSON, exported, package
from tests.renderers.opener.browsers.browser import Browser, peak_megabytes, until, until_text
from tests.renderers.opener.browsers.conftest import BROWSERS
from tests.renderers.opener.browsers.reader import Reader
from tests.renderers.opener.node import SOURCES
from tests.worlds import PASSPHRASE, World

pytestmark = pytest.mark.long

EVENTS: Final = "How you used our website and app"
PACKAGES: Final = {"en": "demo", "de": "in_german", "fr": "in_french"}
WIDTHS: Final = {"wide": 1280, "narrow": 320}
SCREENS: Final = ("start", "overview", "dataset", "record", "search", "files")
AXE: Final = SOURCES / "node_modules" / "axe-core" / "axe.min.js"


@cache
def large(folder: Path, events: int) -> Path:
    """The demo person with so many events."""
    register = folder / str(events) / "register"
    write_organisation(register, events=events)
    return exported(World(register), DEMO_PERSON)


@pytest.mark.parametrize("events", [200_000, 1_000_000])
def test_a_large_package_is_shown_checked_searched_and_scrolled_to_its_end(
    reader: Reader, folder: Path, events: int
) -> None:
    made = large(folder, events)
    figures: dict[str, float] = {}
    begun = time.monotonic()

    def noted(what: str) -> None:
        figures[what] = round(time.monotonic() - begun, 2)

    reader.comes().tries(made)
    begun = time.monotonic()
    until_text(reader.browser, "Your profile", seconds=120)
    reader.goes("Your profile")
    until(lambda: any(any(row) for row in reader.cells()) or None, "the first table", 120)
    noted("first table, s")
    assert until(reader.verdict, "a verdict", 300) == "complete"
    noted("checked, s")
    figures["page's process, MB"] = peak_megabytes(reader.browser)
    reader.goes(EVENTS)
    reader.column("Event number")
    reader.browser.evaluate("document.querySelector('#records').focus()")
    last = f"[...document.querySelectorAll('#records [role=row]')].some((row) => row.ariaRowIndex == {events + 2})"
    reader.browser.evaluate("void (document.querySelector('#records').scrollTop = 1e9)")
    until(lambda: reader.browser.evaluate(last), "the last row", 60)
    begun = time.monotonic()
    assert "Found:" in reader.searches("alex.fielding")
    noted("first search, s")
    sys.stdout.write(f"\n{reader.browser.name}, {events:,} events: {json.dumps(figures)}\n")


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
        _picture(coloured, f"{request.node.callspec.id}-{screen}")
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


def _picture(browser: Browser, name: str) -> None:
    """Keeps a screenshot where PICTURES says."""
    folder = os.environ.get("PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}.png").write_bytes(browser.screenshot())
