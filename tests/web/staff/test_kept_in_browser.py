"""In a real browser: a session ends in the middle of a form, and nothing that was typed is lost."""

from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Error

from dsar_export.requests.sessions import IDLE
from dsar_export.use_cases.accounts import make_account
from tests.renderers.opener.browsers import chromium
from tests.renderers.opener.browsers.browser import Browser, keep_picture, until
from tests.renderers.opener.browsers.faults import AXE, faults
from tests.web.staff.test_doors import PASSWORD, House, housed
from tests.web.staff.test_kept_forms import NOW, notes


@pytest.fixture(scope="module")
def house(reached: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with housed(reached, tmp_path_factory.mktemp("browsers")) as made:
        made.secrets["ada"] = make_account(made.office.desk("fay"), "ada", PASSWORD).totp_secret
        yield made


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if chromium.installed() is None:
        pytest.skip("chromium is not installed")
    with chromium.started(tmp_path_factory.mktemp("chromium") / "profile") as started:
        yield started


def enters(browser: Browser, house: House) -> None:
    """Somebody fills in the door that is shown."""
    house.office.now += NOW
    browser.type("textbox", "Your name", "ada")
    browser.type("textbox", "Password", PASSWORD)
    browser.type("textbox", "Code of six digits", pyotp.TOTP(house.secrets["ada"]).at(house.office.now))
    browser.click("button", "Sign in")


def shows(browser: Browser, heading: str) -> None:
    def shown() -> bool | None:
        try:
            return browser.evaluate("document.querySelector('h1')?.textContent") == heading or None
        except Error:  # one page is leaving for the next
            return None

    until(shown, heading)


def looked_at(browser: Browser, name: str) -> list[str]:
    """What is wrong with a page in a narrow window."""
    browser.resize(320, 900)
    keep_picture(browser, f"{browser.name}-{name}-320")
    beside = not browser.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return [*(faults(browser) if AXE.exists() else []), *(["beside the window"] if beside else [])]


def test_a_note_of_several_lines_comes_through_the_door_as_it_was_typed(
    house: House, browser: Browser
) -> None:
    reference = house.office.opened("ada", "email=sam@example.org")
    site = f"http://127.0.0.1:{house.port}/staff"
    browser.open(f"{site}/sign-in")
    enters(browser, house)
    shows(browser, "What waits for me")
    browser.open(f"{site}/requests/{reference}")
    browser.click("button", "Write a note")
    browser.type("textbox", "Note", '"Zoë" & <b>Sam</b>\n\nsecond part')
    house.office.now += IDLE
    browser.press("Tab", "Enter")
    shows(browser, "Sign in")
    assert looked_at(browser, "door") == []
    enters(browser, house)
    shows(browser, "Your form was not sent yet")
    assert looked_at(browser, "kept-form") == []
    assert notes(house, reference) == []
    browser.click("button", "Send it now")
    shows(browser, reference)
    assert notes(house, reference) == ['"Zoë" & <b>Sam</b>\r\n\r\nsecond part']
