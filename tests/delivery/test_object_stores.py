"""Every store keeps objects completely or not at all, and replaces none: the one contract, on a folder and on S3."""

import secrets
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Final

import pytest
import trustme

from dsar_export.delivery.folder_store import FolderStore
from dsar_export.delivery.s3_place import S3Login, s3_place
from dsar_export.delivery.s3_store import S3Store, open_s3
from dsar_export.errors import AlreadyStoredError, StoreUnusableError, WrongUseError
from dsar_export.interfaces import ObjectStore
from tools.servers.seaweedfs import BUCKET, S3Server

SECRET = "SECRET-MARKER"
STREAMED = 72
"""Megabytes: enough for a difference, and written in a second."""
NEVER = "https://198.51.100.1"


def login(s3: S3Server, *, secret: str | None = None, endpoint: str | None = None) -> S3Login:
    return S3Login(
        endpoint or s3.endpoint, None, s3.access_key_id, secret or s3.secret_access_key, allow_http=True
    )


def s3_store(s3: S3Server, bucket: str = BUCKET, **other: str) -> S3Store:
    """A store below a prefix of its own."""
    return open_s3(s3_place(f"s3://{bucket}/{secrets.token_hex(8)}", "DSAR_DRAFT_STORE", login(s3, **other)))


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """An empty store of each kind in turn."""
    if request.param == "folder":
        return FolderStore(tmp_path / "store")
    return s3_store(request.getfixturevalue("s3"))


def test_an_object_is_read_in_ranges(store: ObjectStore) -> None:
    store.put("R-1/1/data/orders", [b"abc", b"def"])
    assert store.size("R-1/1/data/orders") == 6
    assert store.read("R-1/1/data/orders", 2, 3) == b"cde"
    assert store.read("R-1/1/data/orders", 5, 9) == b"f"
    assert store.read("R-1/1/data/orders", 6, 9) == b""


def test_an_object_may_be_empty(store: ObjectStore) -> None:
    store.put("empty", [])
    assert (store.size("empty"), store.read("empty", 0, 9), store.names("")) == (0, b"", ["empty"])


def test_an_object_is_never_replaced(store: ObjectStore, tmp_path: Path) -> None:
    finished = tmp_path / "finished"
    finished.write_bytes(b"third")
    store.put("R-1/1/a", [b"first"])
    with pytest.raises(AlreadyStoredError, match="stored already"):
        store.put("R-1/1/a", [b"second"])
    with pytest.raises(AlreadyStoredError, match="stored already"):
        store.adopt("R-1/1/a", finished)
    assert store.read("R-1/1/a", 0, 9) == b"first"
    assert store.names("") == ["R-1/1/a"]
    assert finished.read_bytes() == b"third"


@pytest.mark.parametrize("size", [1, 12 << 20])
def test_an_error_while_writing_leaves_nothing(store: ObjectStore, size: int) -> None:
    """Whether it comes before the first part is full, or after parts were sent."""

    def pieces() -> Iterator[bytes]:
        yield bytes(size)
        raise ValueError("the source ended")

    with pytest.raises(ValueError, match="the source ended"):
        store.put("R-1/1/a", pieces())
    assert store.names("") == []


def test_a_finished_file_is_taken_over(store: ObjectStore, tmp_path: Path) -> None:
    finished, content = tmp_path / "finished", secrets.token_bytes(6 << 20)
    finished.write_bytes(content)
    store.adopt("R-1.zip", finished)
    assert store.read("R-1.zip", 0, len(content) + 1) == content
    assert not finished.exists()
    assert store.place("R-1.zip").endswith("/R-1.zip")


def test_names_are_listed_by_their_beginning_and_deleted_once_or_twice(store: ObjectStore) -> None:
    for name in ("R-1/1/a", "R-1/2/a", "R-12/1/a", "R-1.zip"):
        store.put(name, [b"x"])
    assert store.names("R-1/") == ["R-1/1/a", "R-1/2/a"]
    assert store.names("R-1") == ["R-1.zip", "R-1/1/a", "R-1/2/a", "R-12/1/a"]
    store.delete("R-1/1/a")
    store.delete("R-1/1/a")
    assert store.names("R-1/") == ["R-1/2/a"]
    store.sweep(lambda _: False)
    assert store.names("R-1/") == ["R-1/2/a"]


def test_a_missing_object_is_named(store: ObjectStore) -> None:
    store.put("R-1/1/a", [b"x"])
    with pytest.raises(FileNotFoundError):
        store.read("R-1/1/b", 0, 1)
    with pytest.raises(FileNotFoundError):
        store.size("R-1/1/b")
    assert store.names("R-2/") == []


@pytest.mark.parametrize("name", ["../a", "/a", "a/../b", "", "a//b", "a/.hidden", "a\\b", "a\n"])
def test_a_name_stays_in_the_store(store: ObjectStore, name: str) -> None:
    with pytest.raises(WrongUseError, match="an object's name"):
        store.put(name, [b"x"])
    with pytest.raises(WrongUseError, match="an object's name"):
        store.delete(name)


_STREAMED: Final = """
import os, re, sys
from pathlib import Path
from dsar_export.delivery.s3_place import S3Login, s3_place
from dsar_export.delivery.s3_store import open_s3
address, endpoint, key, secret, megabytes = sys.argv[1:]
login = S3Login(endpoint, None, key, secret, allow_http=True)
store, status = open_s3(s3_place(address, "DSAR_DRAFT_STORE", login)), Path("/proc/self/status")
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text())[1]) >> 10
store.put("warm-up", [os.urandom(1 << 20)])
before = peak()
store.put("large", (os.urandom(1 << 20) for _ in range(int(megabytes))))
at = 0
while piece := store.read("large", at, 4 << 20):
    at += len(piece)
assert at == int(megabytes) << 20
print(before, peak())
"""


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="Linux says how much memory was used at most"
)
def test_no_object_in_s3_is_held_in_memory(s3: S3Server) -> None:
    """Fresh bytes, because those of one object that is written again and again take no memory."""
    address = f"s3://{BUCKET}/{secrets.token_hex(8)}"
    arguments = [address, s3.endpoint, s3.access_key_id, s3.secret_access_key, str(STREAMED)]
    done = subprocess.run(
        [sys.executable, "-c", _STREAMED, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    before, peak = map(int, done.stdout.split())
    assert peak - before < STREAMED * 2 // 3, (before, peak)


ATTEMPTS = {
    "put": lambda store: store.put("R/1/a", [b"x"]),
    "a long put": lambda store: store.put("R/1/a", [bytes(6 << 20), bytes(6 << 20)]),
    "read": lambda store: store.read("R/1/a", 0, 1),
    "size": lambda store: store.size("R/1/a"),
    "names": lambda store: store.names(""),
    "delete": lambda store: store.delete("R/1/a"),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ({"secret": SECRET}, "refuses the access key ("),
        ({"bucket": "another"}, "there is no such bucket at 127.0.0.1:"),
        ({"endpoint": "http://127.0.0.1:9"}, "127.0.0.1:9 does not answer; correct AWS_ENDPOINT_URL"),
    ],
)
def test_whatever_is_wrong_with_s3_is_one_line_with_the_next_step(
    s3: S3Server, wrong: dict[str, str], advice: str, attempt: str
) -> None:
    store = s3_store(s3, **wrong)
    with pytest.raises(StoreUnusableError) as raised:
        ATTEMPTS[attempt](store)
    text = str(raised.value)
    assert text.startswith(f"s3://{wrong.get('bucket', BUCKET)}/")
    assert advice in text
    assert "\n" not in text
    assert not any(secret in text for secret in (SECRET, s3.access_key_id, s3.secret_access_key, "http://"))


def test_a_certificate_that_nobody_trusts_is_named(s3: S3Server) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            with suppress(OSError):
                while True:
                    here, _ = listening.accept()
                    with here, suppress(OSError), context.wrap_socket(here, server_side=True):
                        pass

        Thread(target=answer, daemon=True).start()
        endpoint = f"https://127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(StoreUnusableError, match="your authority's file in SSL_CERT_FILE"):
            s3_store(s3, endpoint=endpoint).size("R/1/a")
        listening.shutdown(socket.SHUT_RDWR)


def test_a_login_is_never_shown(s3: S3Server) -> None:
    store = s3_store(s3, secret=SECRET)
    shown = repr(store.at)
    assert not any(secret in shown for secret in (SECRET, s3.access_key_id, s3.endpoint))


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        (S3Login("http://s3.example.org"), "DSAR_S3_ALLOW_HTTP=true"),
        (S3Login(f"https://user:{SECRET}@s3.example.org"), "without a user or a path"),
        (S3Login(f"https://s3.example.org/?{SECRET}"), "without a user or a path"),
        (S3Login(f"https://s3.example.org:{SECRET}"), "without a user or a path"),
        (S3Login(SECRET), "https://host:port"),
        (S3Login(NEVER, None, "key"), "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY go together"),
    ],
)
def test_a_setting_that_can_not_be_right_is_refused_without_being_quoted(given: S3Login, advice: str) -> None:
    with pytest.raises(WrongUseError, match=advice) as raised:
        open_s3(s3_place("s3://bucket/prefix", "DSAR_DRAFT_STORE", given))
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize(
    "address", ["s3://", "s3://UPPER/x", "gs://bucket", f"s3://key:{SECRET}@bucket", "s3://bucket/a/../b"]
)
def test_a_wrong_address_is_refused_without_being_quoted(address: str) -> None:
    with pytest.raises(
        WrongUseError, match="DSAR_DRAFT_STORE is a folder, or has the form s3://bucket/prefix"
    ):
        s3_place(address, "DSAR_DRAFT_STORE", S3Login())


def test_a_prefix_is_as_it_is_written_or_there_is_none() -> None:
    written = ("s3://bucket", "s3://bucket/", "s3://bucket/a/b", "s3://bucket/a/b/")
    places = [s3_place(address, "DSAR_DRAFT_STORE", S3Login()) for address in written]
    assert [place.address for place in places] == ["s3://bucket"] * 2 + ["s3://bucket/a/b"] * 2
