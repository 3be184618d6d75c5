"""Every screen in each language, width and colour; only in `make browsers`."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.conformance.unpacked import package
from tests.renderers.opener.browsers import chromium
from tests.renderers.opener.browsers.browser import Browser, keep, keep_picture, until
from tests.renderers.opener.browsers.chromium import Chromium
from tests.renderers.opener.browsers.conftest import BROWSERS
from tests.renderers.opener.browsers.faults import AXE, faults
from tests.renderers.opener.browsers.reader import Reader
from tests.worlds import PASSPHRASE

pytestmark = pytest.mark.long

PACKAGES: Final = {"en": "demo", "de": "in_german", "fr": "in_french"}
WIDTHS: Final = {"wide": 1280, "narrow": 320}
SCREENS: Final = ("start", "overview", "dataset", "record", "search", "files")
CONTROLS: Final = {
    "button",
    "link",
    "textbox",
    "searchbox",
    "combobox",
    "grid",
    "columnheader",
    "dialog",
    "img",
}
FRAME: Final = ("banner", "main", "heading", "button")
ROLES: Final = {
    "start": {*FRAME, "combobox", "form"},
    "overview": {*FRAME, "navigation", "combobox", "list"},
    "dataset": {*FRAME, "navigation", "grid", "row", "columnheader", "gridcell", "button"},
    "record": {"dialog", "heading", "button"},
    "search": {*FRAME, "search", "searchbox"},
    "files": {*FRAME, "list"},
}
PRINTED: Final = {
    "start": ("Your data is in here",),
    "overview": ("Acme Outdoor Ltd", "Complete and unchanged", "alex.fielding@example.org"),
    "events": ("How you used our website and app",),
    "dataset": ("Your orders", "Order number", "A printed page has only the rows that the table showed."),
    "record": ("Order number", "The number of the order.", "What belongs to it", "Your payments"),
    "files": ("report.pdf",),
}
FEW: Final = 4
OVERVIEW: Final = 8
DATASETS: Final = {"dataset": "orders", "events": "usage_events"}


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
        wrong += [f"{screen}: {each}" for each in faults(coloured)]
        assert coloured.evaluate("document.documentElement.scrollWidth <= innerWidth"), screen
    assert wrong == []


@pytest.fixture(scope="module")
def chromium_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """Chromium, which can print, force colours, and show what programs that read aloud are given."""
    if chromium.installed() is None:
        pytest.skip("chromium is not installed")
    with chromium.started(tmp_path_factory.mktemp("chromium") / "profile") as browser:
        yield browser


def test_every_control_has_a_name_and_a_role_for_programs_that_read_aloud(chromium_browser: Chromium) -> None:
    reader = Reader(chromium_browser).comes()
    for screen in SCREENS:
        _show(reader, screen, package("demo"))
        nodes = [
            (each["role"]["value"], each.get("name", {}).get("value", "")) for each in chromium_browser.tree()
        ]
        lines = [f"{role} {name!r}\n" for role, name in nodes if role not in {"StaticText", "InlineTextBox"}]
        keep(f"tree-{screen}.txt", "".join(lines).encode())
        assert {role for role, _ in nodes} >= ROLES[screen], screen
        assert [role for role, name in nodes if role in CONTROLS and not name.strip()] == [], screen


def test_each_screen_is_printed_on_a_few_pages(chromium_browser: Chromium, tmp_path: Path) -> None:
    reader = Reader(chromium_browser).comes()
    for screen, texts in PRINTED.items():
        _show(reader, screen, package("demo"))
        file = tmp_path / f"{screen}.pdf"
        file.write_bytes(chromium_browser.printed())
        printed = subprocess.run(
            ["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True
        ).stdout
        keep(f"print-{screen}.pdf", file.read_bytes())
        assert [text for text in texts if text not in printed] == [], screen
        assert printed.count("\f") <= (OVERVIEW if screen == "overview" else FEW), screen


def test_forced_colours_leave_every_screen_readable(chromium_browser: Chromium) -> None:
    chromium_browser.force_colours()
    reader = Reader(chromium_browser).comes()
    for screen in SCREENS:
        _show(reader, screen, package("demo"))
        keep_picture(chromium_browser, f"forced-{screen}")
        assert faults(chromium_browser) == [], screen


def _show(reader: Reader, screen: str, made: Path) -> None:
    """Goes from the screen before to this one."""
    browser = reader.browser
    if screen == "overview":
        browser.pick(made)
        browser.type("textbox", "phrase", PASSPHRASE)
        browser.press("Escape", "Enter")
        reader.checked()
    elif screen in DATASETS:
        _chooses(browser, f"dataset:{DATASETS[screen]}")
        until(lambda: any(any(row) for row in reader.cells()) or None, "rows")
    elif screen == "record":
        reader.opens_record(0)
        # While it slides in, its colours are half transparent.
        until(lambda: browser.evaluate("document.getAnimations().length === 0"), "a record that stands still")
    elif screen != "start":
        browser.press("Escape")
        _chooses(browser, screen)


def _chooses(browser: Browser, place: str) -> None:
    browser.evaluate(f"void document.querySelector('[data-go=\"{place}\"]').click()")
