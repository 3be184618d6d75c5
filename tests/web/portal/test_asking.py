"""Somebody asks on the screens."""

from tests.web.portal.portals import Gate


def test_smoke(portal: Gate) -> None:
    for language in ("en", "de"):
        assert portal.browser(language).get("/ask").status == 200
    browser, reference = portal.proven()
    assert browser.get(f"/requests/{reference}").status == 200
