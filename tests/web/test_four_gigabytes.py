"""A package over 4 GiB, from the export to the reader's browser: in slices, on each side. Only in `make browsers`.

It needs 12 GB of a real disk, and some minutes.
"""

import base64
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
import pyzipper
from sqlalchemy import update

from dsar_export.requests.database import writing
from dsar_export.requests.tables import PACKAGES
from tests.renderers.opener.browsers import chromium
from tests.renderers.opener.browsers.browser import Browser, peak_megabytes, reset_peaks, until
from tests.renderers.opener.browsers.reader import Reader
from tests.use_cases.reached import reached_register
from tests.web.processes import Serving, serving
from tests.worlds import SUBJECT, World

pytestmark = pytest.mark.long
GIGABYTES: Final = float(os.environ.get("PACKAGE_GIB", "4"))
ZIP64: Final = int(GIGABYTES * (1 << 30))
DATASETS: Final = 14
"""Each of them has all rows."""
LETTERS: Final = 8_000
ROWS: Final = int(ZIP64 * 1.1 / DATASETS / 2 / (LETTERS * 0.76))
"""Their letters say nothing, so deflate leaves three quarters; JSON and CSV have each of them."""
PIECE: Final = 1 << 20
PATIENCE: Final = 600


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """On a disk, as memory has no room for it."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("LARGE_FOLDER", "/var/tmp")) as name:  # noqa: S108 # no secret
        yield Path(name)


@pytest.fixture(scope="module")
def package(folder: Path) -> Path:
    """What `dsar-export export` makes of a person with many long texts."""
    world = World(folder / "register").write([])
    noise = random.Random(64)  # noqa: S311 # invented data
    world.insert(
        "C-1", ({"text": base64.b64encode(noise.randbytes(LETTERS * 3 // 4)).decode()} for _ in range(ROWS))
    )
    datasets = folder / "register" / "datasets"
    text = (datasets / "records.toml").read_text(encoding="utf-8")
    names = ["records", *(f"records_{number}" for number in range(2, DATASETS + 1))]
    for name in names[1:]:
        named = text.replace('name = "records"', f'name = "{name}"')
        (datasets / f"{name}.toml").write_text(named, encoding="utf-8")
    register = folder / "register" / "register.toml"
    whole = register.read_text(encoding="utf-8")
    register.write_text(
        whole.replace('datasets = ["records"]', f"datasets = {json.dumps(names)}"), encoding="utf-8"
    )
    return exported(folder)


def exported(folder: Path) -> Path:
    """Runs the command as a user types it, and prints what it took."""
    command = [
        sys.executable,
        "-m",
        "dsar_export",
        "export",
        str(folder / "register"),
        "--out",
        str(folder / "out"),
    ]
    command += ["--controller", "acme", "--right", "access", "--identifiers-file", "-", "--json"]
    command += [
        "--verified-by",
        "tests",
        "--evidence",
        "seen",
        "--write-passphrase",
        str(folder / "passphrase"),
    ]
    begun = time.monotonic()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stdin is not None
        process.stdin.write(SUBJECT)
        process.stdin.close()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    (made,) = (folder / "out").glob("*.zip")
    assert made.stat().st_size > ZIP64
    seconds, peak = time.monotonic() - begun, used.ru_maxrss / 1000
    sys.stdout.write(
        f"\n{made.stat().st_size:,} bytes built in {seconds:.0f} s, peak {peak:.0f} MB a process\n"
    )
    return made


@pytest.fixture(scope="module")
def passphrase(package: Path) -> str:
    return (package.parent.parent / "passphrase").read_text(encoding="ascii").strip()


@pytest.fixture
def running(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    monkeypatch.setattr("tests.web.served.SECONDS", PATIENCE)
    place = folder / "serving"
    place.mkdir()
    with serving(place, reached_register(place / "register"), {}) as made:
        yield made


def test_it_is_served_cut_and_resumed_in_little_memory(running: Serving, package: Path) -> None:
    shop = running.served
    reference, size = shop.available(), package.stat().st_size
    with package.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    name, served_file = f"{reference}.large.zip", running.log.parent / "packages" / f"{reference}.large.zip"
    os.link(package, served_file)
    with writing(shop.desk.engine) as connection:
        row = update(PACKAGES).where(PACKAGES.c.reference == reference)
        connection.execute(row.values(file=name, sha256=digest, size=size))
    link, before, begun = shop.link(reference), running.peak(), time.monotonic()
    download = shop.started(link)
    started, found, at = time.monotonic() - begun, hashlib.sha256(), 0
    cut = ZIP64 + 12_345
    for end in (cut, size):
        with closing(shop.connection()) as connection:
            connection.request("GET", download, headers={"Range": f"bytes={at}-"})
            answer = connection.getresponse()
            assert answer.headers["Content-Range"] == f"bytes {at}-{size - 1}/{size}"
            while at < end and (piece := answer.read(min(PIECE, end - at))):
                found.update(piece)
                at += len(piece)
    assert (at, found.hexdigest()) == (size, digest)
    seconds, grown = time.monotonic() - begun, running.peak() - before
    sys.stdout.write(
        f"\ncompared in {started:.1f} s, sent in two parts, cut at {cut:,}, after {seconds:.1f} s; {grown:,} kB more\n"
    )
    assert grown < 60 << 10


def test_another_program_reads_what_lies_beyond(package: Path, passphrase: str) -> None:
    with pyzipper.AESZipFile(package) as opened:
        opened.setpassword(passphrase.encode("ascii"))
        hashes = dict(
            reversed(line.split("  ", 1)) for line in opened.read("manifest-sha256.txt").decode().splitlines()
        )
        far = max(
            (info for info in opened.infolist() if info.filename in hashes),
            key=lambda info: info.header_offset,
        )
        assert far.header_offset > ZIP64
        found = hashlib.sha256()
        with opened.open(far) as member:
            while piece := member.read(PIECE):
                found.update(piece)
        assert found.hexdigest() == hashes[far.filename]


@pytest.fixture
def browser(folder: Path) -> Iterator[Browser]:
    if chromium.installed() is None:
        pytest.skip("chromium is not installed")
    with chromium.started(folder / "profile") as started:
        yield started


def test_a_browser_opens_and_checks_it(browser: Browser, package: Path, passphrase: str) -> None:
    reader = Reader(browser).comes()
    reset_peaks(browser)
    begun = time.monotonic()
    reader.tries(package, passphrase)
    assert until(reader.verdict, "a verdict", PATIENCE) == "complete"
    seconds = time.monotonic() - begun
    browser.evaluate(f"void document.querySelector('[data-go=\"dataset:records_{DATASETS}\"]').click()")
    until(lambda: any(any(row) for row in reader.cells()) or None, "rows of the last table", PATIENCE)
    peak = peak_megabytes(browser)
    sys.stdout.write(
        f"\nchecked by {browser.name} in {seconds:.0f} s, peak {peak:,} MB of the page's process\n"
    )
    assert peak < 1_000 + package.stat().st_size / 1e6  # it keeps the JSON of each table
