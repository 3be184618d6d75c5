"""Links lead to an address that nobody on the way can read along."""

import pytest

from dsar_export.errors import WrongUseError
from dsar_export.settings import Settings
from dsar_export.wiring.web_url import web_url_in


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (None, None),
        ("https://privacy.example.org", "https://privacy.example.org"),
        ("https://privacy.example.org:8443/dsar/", "https://privacy.example.org:8443/dsar"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
    ],
)
def test_an_address_of_pages(url: str | None, found: str | None) -> None:
    assert web_url_in(Settings(web_url=url)) == found


@pytest.mark.parametrize(
    "url",
    [
        "http://privacy.example.org",
        "http://127.0.0.1.example.org",
        "http://localhost@example.org",
        "https://user:word@example.org",
        "https://example.org/?a=b",
        "https://example.org/#a",
        "https://",
        "https://[::1",
        "https://example.org:port",
        "https://example.org/a b\n",
        "https://ex\u00e4mple.org",
        "ftp://localhost",
        "privacy.example.org",
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(WrongUseError, match="DSAR_WEB_URL") as caught:
        web_url_in(Settings(web_url=url))
    assert "word" not in str(caught.value)
