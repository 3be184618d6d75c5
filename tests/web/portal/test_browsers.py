"""The portal in a browser: a journey at the width of a telephone, without a script, and nothing that axe finds."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Error

from tests.renderers.opener.browsers import chromium
from tests.renderers.opener.browsers.browser import Browser, keep_picture, until
from tests.renderers.opener.browsers.faults import AXE, faults
from tests.web.portal.portals import Gate


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if chromium.installed() is None or not AXE.exists():
        pytest.skip("chromium (Debian: chromium) or axe-core is not installed")
    with chromium.started(tmp_path_factory.mktemp("chromium") / "profile") as started:
        yield started


def wrong_with(browser: Browser, name: str, width: int) -> list[str]:
    """What is wrong with the page that is shown."""
    browser.resize(width, 800)
    keep_picture(browser, f"portal-{name}-{width}")
    found = faults(browser)
    if not browser.evaluate("document.documentElement.scrollWidth <= innerWidth"):
        found.append("something is beside the window")
    if browser.evaluate("document.querySelectorAll('h1').length") != 1:
        found.append("it has not one heading")
    return [f"{name}, {width}: {each}" for each in found]


def looked_at(browser: Browser, name: str) -> list[str]:
    return [each for width in (360, 1280) for each in wrong_with(browser, name, width)]


def sent(browser: Browser, form: str) -> None:
    """Presses the first button of a form, and waits for the next page."""
    button = f"document.querySelector('form[action=\"{form}\"] button')"
    browser.evaluate(f"void (globalThis.before = true, setTimeout(() => {button}.click()))")
    until(lambda: is_there(browser), form)


def is_there(browser: Browser) -> bool:
    """Whether another page is shown whole."""
    try:
        return browser.evaluate("!globalThis.before && document.readyState === 'complete'") is True
    except Error:  # between two pages there is none
        return False


def test_a_journey_from_asking_to_following(browser: Browser, portal: Gate) -> None:
    found, site = [], f"http://127.0.0.1:{portal.port}"
    browser.open(f"{site}/ask?lang=de")
    found += looked_at(browser, "ask")
    browser.evaluate("void document.querySelector('[value=access]').click()")
    sent(browser, "/ask/you")
    sent(browser, "/ask/check")
    found += looked_at(browser, "who-wrong")
    browser.evaluate("void (document.querySelector('#id-customer_id').value = 'C-30')")
    sent(browser, "/ask/check")
    found += looked_at(browser, "check")
    sent(browser, "/ask/send")
    found += looked_at(browser, "prove")
    reference = str(browser.evaluate("location.pathname")).split("/")[2]
    before = len(portal.mails(0))
    sent(browser, f"/requests/{reference}/code")
    found += looked_at(browser, "code")
    code = portal.mails(before + 1)[-1].code
    browser.evaluate(f"void (document.querySelector('#code').value = '{code}')")
    sent(browser, f"/requests/{reference}/prove")
    found += looked_at(browser, "request")
    for name in ("question", "complaint", "withdraw"):
        browser.open(f"{site}/requests/{reference}/{name}?lang=fr")
        found += looked_at(browser, name)
    browser.open(f"{site}/follow?lang=fr&lost=1")
    found += looked_at(browser, "follow")
    assert found == []
    assert browser.evaluate("document.cookie") == ""
