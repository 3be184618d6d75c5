"""Progress in a real browser: the one script shows what happens, loads the page at the end, and loses nothing typed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Error

from dsar_export.model.work import Position, Task, WorkStep
from dsar_export.requests.database import writing
from dsar_export.requests.work import begin_try, show_sign
from tests.renderers.opener.browsers import chromium
from tests.renderers.opener.browsers.browser import Browser, keep_picture, text_of, until, until_text
from tests.renderers.opener.browsers.faults import AXE, faults
from tests.use_cases.parcels import Parcels
from tests.use_cases.workbenches import Workplace
from tests.web.console.conftest import House
from tests.web.console.consoles import BASE

MARKUP = "(() => { try { document.body.innerHTML = '<b>x</b>'; return false } catch { return true } })()"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if chromium.installed() is None or not AXE.exists():
        pytest.skip("chromium or axe-core is not installed")
    with chromium.started(tmp_path_factory.mktemp("chromium") / "profile") as started:
        yield started


def opened(browser: Browser, house: House, reference: str) -> None:
    browser.open(f"http://127.0.0.1:{house.port}{BASE}/requests/{reference}")


def anew(browser: Browser) -> bool | None:
    """Whether the page is another one than that with the progress; None while the browser is on its way there."""
    try:
        return (
            browser.evaluate("document.querySelector('h1 + dl') && !document.querySelector('#progress')")
            is True
        )
    except Error:
        return None


def read_some(house: House, reference: str) -> None:
    """As a worker does it that is in the middle of a dataset."""
    with writing(house.office.installation.engine) as connection:
        begin_try(connection, reference, Task.COLLECT, house.office.now)
        show_sign(connection, reference, Position(WorkStep.READ, "records", 1200), house.office.now)


def test_the_page_shows_what_happens_and_comes_anew_when_it_has_ended(house: House, browser: Browser) -> None:
    place = Workplace(house.office)
    reference = place.asked()
    browser.resize(320, 900)
    opened(browser, house, reference)
    assert faults(browser) == []
    assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth")
    opened(browser, house, reference)
    until_text(browser, "collect, asked by ada: waits for a worker")
    read_some(house, reference)
    until_text(browser, "collect, asked by ada: rows are read", "records, 1,200 rows")
    keep_picture(browser, "progress-320")
    assert browser.evaluate(MARKUP)
    house.office.collect("ada", reference)
    until(lambda: anew(browser), "the page as it is after the work")
    assert "in review" in text_of(browser)
    assert browser.evaluate("document.querySelector('script')") is None


def test_what_somebody_types_is_still_there_when_the_work_has_ended(house: House, browser: Browser) -> None:
    reference = Workplace(house.office).asked()
    opened(browser, house, reference)
    browser.click("button", "Write a note")
    browser.type("textbox", "Note", "typed meanwhile")
    house.office.collect("ada", reference)
    until_text(browser, "This has ended. The request is now: in review. Load the page again.")
    assert browser.evaluate("document.querySelector('#note-note').value") == "typed meanwhile"


def test_nothing_is_wrong_with_a_page_that_has_packages_links_and_a_hold(
    house: House, parcels: Parcels, browser: Browser
) -> None:
    reference = parcels.ready()
    parcels.send(reference)
    house.visitor("ray").post(f"/requests/{reference}/hold", until="2031-01-01", reason="a dispute")
    browser.resize(320, 900)
    opened(browser, house, reference)
    assert (
        browser.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        is None
    )
    assert faults(browser) == []
    assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth")
    browser.resize(1280, 1600)
    keep_picture(browser, "packages-1280")
