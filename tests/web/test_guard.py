"""What holds for every answer: strict headers, known names, forms of our own pages, and small ones."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dsar_export.web.asking import LARGEST_FORM
from tests.web.conftest import parcels_in
from tests.web.served import OWN_SITE, Answer, Served, served

STRICT = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow",
    "x-frame-options": "DENY",
}


@pytest.fixture(scope="module")
def link(shop: Served) -> str:
    return shop.link(shop.available())


def test_every_answer_has_strict_headers_and_no_cookie(shop: Served, link: str) -> None:
    answers = [
        *(shop.get(path) for path in (link, f"{link}/code", "/again", "/l/x", "/", "/health/live")),
        shop.get(shop.started(link)),
        shop.post(f"{link}/download", {"Sec-Fetch-Site": "cross-site"}),
        shop.get(link, headers={"Host": "elsewhere.example.org"}),
        shop.get(link, "PUT"),
    ]
    for answer in answers:
        assert {n: v for n, v in answer.headers.items() if n in STRICT} == STRICT
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "form-action 'self'; frame-ancestors 'none'; base-uri 'none'" in policy
        assert not {"set-cookie", "server", "strict-transport-security"} & answer.headers.keys()


@pytest.mark.parametrize(
    "host", ["elsewhere.example.org", "127.0.0.1.example.org", "", "a@127.0.0.1.example.org", "["]
)
def test_a_host_that_is_not_known_is_refused(shop: Served, link: str, host: str) -> None:
    answer = shop.get(link, headers={"Host": host})
    assert answer.status == 421
    assert "Acme" not in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({}, 303),  # curl
        ({"Origin": "null"}, 303),  # older browsers, as our pages name no referrer
        ({"Origin": "http://localhost"}, 403),
        ({"Origin": "https://elsewhere.example.org"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403),
    ],
)
def test_a_form_of_another_site_is_refused(shop: Served, headers: dict[str, str], status: int) -> None:
    link = shop.link(shop.available())
    assert shop.post(f"{link}/download", headers).status == status
    assert ("<dd>2</dd>" if status == 303 else "<dd>3</dd>") in shop.get(link).text


def test_a_form_from_our_own_origin_counts(shop: Served) -> None:
    link = shop.link(shop.available())
    assert shop.post(f"{link}/download", {"Origin": f"http://127.0.0.1:{shop.port}"}).status == 303


@pytest.mark.parametrize("path", ["/again", "{link}/download", "{link}/passphrase"])
def test_a_long_form_is_refused(shop: Served, link: str, path: str) -> None:
    answer = shop.post(path.format(link=link), reference="x" * LARGEST_FORM)
    assert answer.status == 413
    with closing(shop.connection()) as connection:
        chunks = (b"x" * 1000 for _ in range(10))
        headers = {**OWN_SITE, "Transfer-Encoding": "chunked"}
        connection.request("POST", path.format(link=link), chunks, headers, encode_chunked=True)
        assert connection.getresponse().status == 413


def test_a_form_that_does_not_come_is_answered_in_time(
    shop: Served, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dsar_export.web.asking.FORM_WITHIN", 0.2)
    with closing(shop.connection()) as connection:
        connection.putrequest("POST", f"{link}/passphrase")
        connection.putheader("Content-Length", "100")
        connection.endheaders(b"code=1")
        answer = connection.getresponse()
        assert answer.status == 408
        assert b"took too long" in answer.read()


def test_whoever_connects_and_asks_nothing_is_left(shop: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dsar_export.web.protocol._ASKS_WITHIN", 0.2)
    with closing(socket.create_connection(("127.0.0.1", shop.port), 10)) as silent:
        silent.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        begun = time.monotonic()
        assert silent.recv(1) == b""
    assert time.monotonic() - begun < 10


def test_a_fault_shows_nobody_anything(shop: Served, link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError("PRIVATE")

    monkeypatch.setattr("dsar_export.web.links.offered", fails)
    answer = shop.get(link)
    assert answer.status == 500
    assert "PRIVATE" not in answer.text
    assert "We cannot answer just now" in answer.text
    line = shop.logged("request failed")
    assert line["exception"] == "ZeroDivisionError"
    assert "PRIVATE" not in str(line)
    assert link.rpartition("/")[2] not in str(line)


@pytest.fixture(scope="module")
def proxied(reached: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Behind a proxy on this machine, below a path."""
    parcels = parcels_in(tmp_path_factory.mktemp("proxied"), reached)
    with served(
        parcels,
        opener=b"<!doctype html><title>opener</title>",
        web_url="https://privacy.example.org/answers",
        trusted_proxies="127.0.0.1",
        downloads_per_client=1,
    ) as made:
        yield made
    parcels.office.installation.engine.dispose()


def through(proxied: Served, path: str) -> Answer:
    headers = {"Host": "privacy.example.org", "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}
    return proxied.get(path, headers=headers)


def test_behind_a_proxy_pages_lie_below_the_path_of_the_setting(proxied: Served) -> None:
    link = proxied.link(proxied.available())
    page = through(proxied, link)
    assert page.status == 200
    assert f'action="/answers{link}/download"' in page.text
    assert 'href="/answers/open.html"' in page.text
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    assert 'href="/answers/again"' in through(proxied, "/l/x").text
    headers = {**OWN_SITE, "Host": "privacy.example.org"}
    assert proxied.post(f"{link}/download", headers).headers["location"].startswith("/answers/d/")


def test_the_opener_is_served_as_it_is(proxied: Served) -> None:
    answer = proxied.get("/open.html")
    assert answer.body == b"<!doctype html><title>opener</title>"
    assert answer.headers["content-security-policy"] == "frame-ancestors 'none'"


def test_each_client_of_a_proxy_counts_for_itself(proxied: Served) -> None:
    slots = proxied.place.slots
    with slots.one("192.0.2.1") as taken:
        assert taken
        headers = {**OWN_SITE, "Host": "privacy.example.org"}
        link = proxied.link(proxied.available())
        for client, status in (("192.0.2.1", 429), ("203.0.113.9, 192.0.2.1", 429), ("192.0.2.2", 303)):
            answer = proxied.post(f"{link}/download", {**headers, "X-Forwarded-For": client})
            assert answer.status == status, client


def test_without_the_setting_nobody_is_believed(shop: Served, link: str) -> None:
    answer = shop.get(link, headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"})
    assert "strict-transport-security" not in answer.headers
    assert re.search(r"<dd>\d</dd>", answer.text)
