"""Downloads over HTTP: counted when they start, cut and resumed anywhere, ended when they must not go on."""

import hashlib
import random
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPResponse

import pytest

from dsar_export.delivery.blocks import BLOCK
from dsar_export.requests.download_links import LASTS
from dsar_export.requests.states import State
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.links import revoke
from dsar_export.use_cases.reissue import reissue
from dsar_export.web.sending import LOOKS_AGAIN
from tests.web.served import OWN_SITE, SECONDS, Served

CONTENT = random.Random(20).randbytes(3 * BLOCK + 4321)  # noqa: S311 # any bytes
LARGE = LOOKS_AGAIN * 4


@pytest.fixture(scope="module")
def package(shop: Served) -> str:
    """A request whose package for access has known bytes."""
    return shop.available(CONTENT)


@pytest.fixture(scope="module")
def download(shop: Served, package: str) -> str:
    """The path of a started download of it."""
    return shop.started(shop.link(package))


def test_a_download_has_all_bytes_and_says_what_they_are(shop: Served, package: str, download: str) -> None:
    answer = shop.get(download)
    assert answer.status == 200
    assert answer.body == CONTENT
    assert answer.headers["etag"] == f'"{hashlib.sha256(CONTENT).hexdigest()}"'
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert answer.headers["content-disposition"] == f'attachment; filename="{package}-access.zip"'


def test_head_says_the_same_without_opening_the_object(
    shop: Served, download: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, touched = shop.get(download).headers, list[object]()
    for use in ("read", "size"):
        monkeypatch.setattr(type(shop.store), use, lambda *given: touched.append(given))
    answer = shop.get(download, "HEAD", {"Range": "bytes=0-9"})
    assert (answer.status, answer.body, touched) == (200, b"", [])
    assert {n: v for n, v in answer.headers.items() if n != "date"} == {
        n: v for n, v in whole.items() if n != "date"
    }


@pytest.mark.parametrize("cut", [1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 7, len(CONTENT) - 1])
def test_a_download_that_was_cut_is_resumed_as_the_same_download(
    shop: Served, package: str, download: str, cut: int
) -> None:
    with closing(shop.connection()) as connection:
        connection.request("GET", download)
        got = connection.getresponse().read(cut)
    tag = f'"{hashlib.sha256(CONTENT).hexdigest()}"'
    rest = shop.get(download, headers={"Range": f"bytes={cut}-", "If-Range": tag})
    assert rest.status == 206
    assert rest.headers["content-range"] == f"bytes {cut}-{len(CONTENT) - 1}/{len(CONTENT)}"
    assert got + rest.body == CONTENT


def test_all_these_were_one_start(shop: Served) -> None:
    link = shop.link(shop.available(CONTENT))
    download = shop.started(link)
    for start in range(0, len(CONTENT), BLOCK // 2):
        assert shop.get(download, headers={"Range": f"bytes={start}-{start + 9}"}).status == 206
    assert "<dd>2</dd>" in shop.get(link).text


@pytest.mark.parametrize(
    ("headers", "status", "length"),
    [
        ({"Range": "bytes=-5"}, 206, 5),
        ({"Range": "bytes=0-1,9-10"}, 200, len(CONTENT)),
        ({"Range": "bytes=0-9", "If-Range": '"another"'}, 200, len(CONTENT)),
        ({"Range": f"bytes={len(CONTENT)}-"}, 416, 0),
        ({"If-None-Match": "*"}, 304, 0),
        ({"If-Match": '"another"'}, 412, 0),
    ],
)
def test_headers_are_answered_as_the_table_says(
    shop: Served, download: str, headers: dict[str, str], status: int, length: int
) -> None:
    answer = shop.get(download, headers=headers)
    assert (answer.status, len(answer.body)) == (status, length)
    if status == 416:
        assert answer.headers["content-range"] == f"bytes */{len(CONTENT)}"


def test_the_first_download_delivers_the_request(shop: Served) -> None:
    reference = shop.available()
    shop.started(shop.link(reference))
    assert shop.parcels.state(reference) is State.DELIVERED


def test_of_fifty_starts_at_once_three_count(shop: Served) -> None:
    link = shop.link(shop.available(CONTENT))
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: shop.post(f"{link}/download"), range(50)))
    assert sorted(answer.status for answer in answers) == [303] * 3 + [404] * 47


def open_download(shop: Served, path: str, receives: int = 4096) -> tuple[HTTPConnection, HTTPResponse]:
    """A reader with a small window, so that nearly nothing is sent before it reads."""
    connection = HTTPConnection("127.0.0.1", shop.port, timeout=SECONDS)
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
    plain.settimeout(SECONDS)
    plain.connect(("127.0.0.1", shop.port))
    connection.sock = plain
    connection.request("GET", path)
    return connection, connection.getresponse()


def free_again(shop: Served) -> bool:
    until = time.monotonic() + SECONDS
    while shop.place.slots.taken and time.monotonic() < until:
        time.sleep(0.01)
    return not shop.place.slots.taken


@pytest.fixture(scope="module")
def large(shop: Served) -> str:
    """A request with a package that takes several looks."""
    return shop.available(bytes(LARGE))


@pytest.mark.parametrize("ends", [revoke, reissue], ids=["revoked", "reissued"])
def test_a_download_that_may_not_go_on_breaks_off_and_its_page_explains(
    shop: Served, ends: Callable[[Desk, str], object]
) -> None:
    reference = shop.available(bytes(LARGE))
    download = shop.started(shop.link(reference))
    connection, answer = open_download(shop, download)
    with closing(connection):
        answer.read(10_000)
        ends(shop.desk, reference)
        with pytest.raises((HTTPException, ConnectionError)):
            answer.read()
    assert free_again(shop)
    assert shop.logged("download", reference=reference)["end"] in {"revoked", "unreadable"}
    again = shop.get(download)
    assert again.status == 404
    assert "made anew since" in again.text


def test_a_reader_that_leaves_frees_its_slot_and_a_slow_one_gets_all(shop: Served, large: str) -> None:
    download = shop.started(shop.link(large))
    connection, answer = open_download(shop, download)
    with closing(connection):
        answer.read(1000)
        assert shop.place.slots.taken == 1
    assert free_again(shop)
    assert shop.logged("download", end="left")["bytes"] < LARGE
    connection, answer = open_download(shop, download)
    with closing(connection):
        assert len(answer.read(1000)) == 1000
        time.sleep(0.2)
        rest = answer.read()
    assert len(rest) == LARGE - 1000
    assert free_again(shop)


def test_a_reader_that_takes_nothing_is_cut_off(
    shop: Served, large: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dsar_export.web.sending.STALLED", 0.2)
    connection, answer = open_download(shop, shop.started(shop.link(large)))
    with closing(connection):
        answer.read(1000)
        assert free_again(shop)
        with pytest.raises((HTTPException, ConnectionError)):
            answer.read()


def test_a_package_that_was_changed_is_refused_before_its_first_byte(shop: Served) -> None:
    reference = shop.available()
    link = shop.link(reference)
    file = shop.package(reference).file
    assert file is not None
    whole = shop.store.read(file, 0, 10**9)
    shop.store.delete(file)
    shop.store.put(file, [whole[:-1] + bytes([whole[-1] ^ 1])])
    answer = shop.post(f"{link}/download")
    assert answer.status == 503
    assert "The package is damaged" in answer.text
    assert "privacy@example.org" in answer.text
    assert "<dd>3</dd>" in shop.get(link).text
    shop.store.delete(file)
    assert "The package is damaged" in shop.post(f"{link}/download").text


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "one bit": lambda whole: whole[:-5] + bytes([whole[-5] ^ 1]) + whole[-4:],
    "cut off": lambda whole: whole[: 3 * BLOCK + 9],
    "another order": lambda whole: whole[:BLOCK] + whole[2 * BLOCK :] + whole[BLOCK : 2 * BLOCK],
}


@pytest.mark.parametrize("how", CHANGES)
def test_a_package_that_is_changed_during_a_download_is_sent_no_further_than_it_is_whole(
    shop: Served, how: str
) -> None:
    reference = shop.available(CONTENT)
    download, file = shop.started(shop.link(reference)), str(shop.package(reference).file)
    shop.store.delete(file)
    shop.store.put(file, [CHANGES[how](CONTENT)])
    refused = shop.get(download, headers={"Range": f"bytes={3 * BLOCK + 5}-"})
    assert (refused.status, "The package is damaged" in refused.text) == (503, True)
    assert "content-range" not in refused.headers
    assert shop.get(download, headers={"Range": f"bytes=7-{BLOCK - 1}"}).body == CONTENT[7:BLOCK]
    assert shop.get(download, "HEAD").status == 200  # which opens nothing
    with closing(shop.connection()) as connection:
        connection.request("GET", download)
        with pytest.raises((HTTPException, ConnectionError)):
            connection.getresponse().read()
    line = shop.logged("download", reference=reference, status=200)
    assert (line["bytes"], line["end"]) == (BLOCK if how == "another order" else 3 * BLOCK, "unreadable")
    assert shop.package(reference).damaged_at is not None
    assert shop.parcels.actions(reference).count("package_damaged") == 1
    shop.store.delete(file)
    missing = shop.get(download)
    assert (missing.status, "The package is damaged" in missing.text) == (503, True)
    shop.store.put(file, [CONTENT])  # from a backup
    assert shop.get(download).body == CONTENT


def test_only_its_own_name_belongs_to_a_download(shop: Served, download: str) -> None:
    assert shop.get(download.replace("-access.zip", "-portability.zip")).status == 404
    assert shop.get(download.rpartition("/")[0]).status == 404


def test_a_download_ends_with_the_link(shop: Served) -> None:
    download, before = shop.started(shop.link(shop.available(CONTENT))), shop.parcels.office.now
    try:
        shop.parcels.set_clock(LASTS)
        assert shop.get(download).status == 404
        assert shop.get(download, "HEAD").status == 404
    finally:
        shop.parcels.office.now = before
    assert shop.get(download).status == 200


@pytest.fixture(scope="module")
def narrow(shop: Served) -> Iterator[Served]:
    """The same site, where one client has one download at once."""
    shop.place.slots.per_client = 1
    yield shop
    shop.place.slots.per_client = 200


def test_a_client_has_so_many_downloads_at_once_and_the_next_try_does_not_count(
    narrow: Served, large: str
) -> None:
    link = narrow.link(large)
    connection, answer = open_download(narrow, narrow.started(link))
    with closing(connection):
        answer.read(1000)
        refused = narrow.post(f"{link}/download")
        assert (refused.status, refused.headers["retry-after"]) == (429, "60")
        assert "Too many downloads" in refused.text
        assert "<dd>2</dd>" in narrow.get(link).text
    assert free_again(narrow)
    assert narrow.post(f"{link}/download", OWN_SITE).status == 303
