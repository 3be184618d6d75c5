"""Downloads, the long form: a hundred large ones at once, and a package over 4 GiB. `make chaos` runs it."""

import hashlib
import os
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import update

from dsar_export.requests.database import writing
from dsar_export.requests.tables import PACKAGES
from tests.use_cases.reached import reached_register
from tests.web.processes import Serving, serving

pytestmark = pytest.mark.long
LARGE = 100_000_000
AT_ONCE = 100
ZIP64 = (4 << 30) + (200 << 20)
PIECE = 1 << 20


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Serving]:
    with serving(tmp_path, reached_register(tmp_path / "register"), {}) as made:
        yield made


def stored(running: Serving, file: Path) -> str:
    """A request whose package is this file, which is moved into the store."""
    shop = running.served
    reference = shop.available()
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    size, name = file.stat().st_size, f"{reference}.large.zip"
    shop.store.adopt(name, file)
    with writing(shop.desk.engine) as connection:
        row = update(PACKAGES).where(PACKAGES.c.reference == reference)
        connection.execute(row.values(file=name, sha256=digest, size=size))
    return reference


def read(running: Serving, path: str, start: int, length: int | None = None) -> "hashlib._Hash":
    """Hashes what a download has from a position, and perhaps leaves after so many bytes."""
    found = hashlib.sha256()
    with closing(running.served.connection()) as connection:
        connection.request("GET", path, headers={"Range": f"bytes={start}-"})
        answer = connection.getresponse()
        while (length is None or length > 0) and (piece := answer.read(min(PIECE, length or PIECE))):
            found.update(piece)
            length = None if length is None else length - len(piece)
    return found


def test_a_hundred_downloads_of_a_hundred_megabytes_at_once_take_little_memory(
    running: Serving, tmp_path: Path
) -> None:
    file = tmp_path / "large"
    with file.open("wb") as out:
        for _ in range(LARGE // PIECE):
            out.write(os.urandom(PIECE))
    reference = stored(running, file)
    shop = running.served
    digest = shop.package(reference).sha256
    link = shop.link(reference, most=AT_ONCE)
    downloads = [shop.started(link) for _ in range(AT_ONCE)]
    before, found = running.peak(), []
    threads = [
        threading.Thread(target=lambda path=path: found.append(read(running, path, 0).hexdigest()))
        for path in downloads
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    grown = running.peak() - before
    print(f"\n{AT_ONCE} downloads of {LARGE / 1e6:.0f} MB at once: {before} kB, then {grown} kB more")  # noqa: T201
    assert found == [digest] * AT_ONCE
    assert grown < 150 << 10


def test_a_package_over_four_gigabytes_is_sent_resumed_and_opened(running: Serving, tmp_path: Path) -> None:
    file = tmp_path / "zip64"
    with zipfile.ZipFile(file, "w") as package, package.open("large", "w", force_zip64=True) as member:
        for number in range(ZIP64 // PIECE):
            member.write(number.to_bytes(8, "big") * (PIECE // 8))
    reference = stored(running, file)
    shop = running.served
    download = shop.started(shop.link(reference))
    package_row = shop.package(reference)
    size = package_row.size or 0
    assert size > 4 << 30
    cut, received = (4 << 30) + 12_345, tmp_path / "received"
    before = running.peak()
    with received.open("wb") as out:
        for start, end in ((0, cut), (cut, size)):
            with closing(shop.connection()) as connection:
                connection.request("GET", download, headers={"Range": f"bytes={start}-"})
                answer = connection.getresponse()
                assert answer.headers["Content-Range"] == f"bytes {start}-{size - 1}/{size}"
                while out.tell() < end and (piece := answer.read(min(PIECE, end - out.tell()))):
                    out.write(piece)
    with received.open("rb") as content:
        assert hashlib.file_digest(content, "sha256").hexdigest() == package_row.sha256
    with zipfile.ZipFile(received) as opened, opened.open("large") as member:
        member.seek(ZIP64 - PIECE)
        assert int.from_bytes(member.read(8), "big") == ZIP64 // PIECE - 1
    print(f"\n{size} bytes, cut at {cut} and resumed: {running.peak() - before} kB more")  # noqa: T201
    assert running.peak() - before < 60 << 10
