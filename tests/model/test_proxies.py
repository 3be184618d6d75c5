"""Which proxies are believed: those that somebody named, and never anybody."""

import pytest

from dsar_export.model.proxies import trusted_networks


@pytest.mark.parametrize(
    ("text", "networks"),
    [
        ("127.0.0.1", ("127.0.0.1/32",)),
        (" 10.0.0.5 , 10.0.0.0/24", ("10.0.0.5/32", "10.0.0.0/24")),
        ("10.0.0.0/8", ("10.0.0.0/8",)),
        ("::1,fd00::/8", ("::1/128", "fd00::/8")),
        ("2400:cb00::/32", ("2400:cb00::/32",)),
    ],
)
def test_addresses_and_networks_are_believed(text: str, networks: tuple[str, ...]) -> None:
    assert trusted_networks(text) == networks


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "10.0.0.1,*",
        "0.0.0.0/0",
        "::/0",
        "0.0.0.0/1,128.0.0.0/1",
        "0.0.0.0/2, 64.0.0.0/2",
        "2000::/3",
        ",".join(f"{number}.0.0.0/8" for number in range(256)),
        "::ffff:0:0/96",
        "::ffff:10.0.0.1",
        "",
        ",",
        "10.0.0.1,,10.0.0.2",
        "10.0.0.1,",
        "10.0.0.1/24",
        "proxy.example.org",
        "10.0.0.1:80",
    ],
)
def test_what_would_believe_anybody_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0\.5|X-Forwarded-For|empty|::ffff:"):
        trusted_networks(text)
