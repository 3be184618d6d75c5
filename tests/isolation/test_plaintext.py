"""No plaintext ever touches a disk: every file that an export leaves is searched for a marker from the data."""

import os
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from dsar_export.model.outcome import Record
from dsar_export.model.package import Document, Member, PackageContents
from tests.cli.commands import LIMIT, Finished, dsar, export_arguments, files_below, packages
from tests.cli.slow_world import MARKER, incompressible_rows, running_export, slow_world
from tests.worlds import SUBJECT, World, open_package, without_documents

LONG = f"{MARKER}-long " * 60_000  # about a megabyte, longer than any buffer that it passes


class Folders:
    """The folders to which a process writes by default."""

    def __init__(self, root: Path) -> None:
        self.all = {name: root / name for name in ("tmp", "home", "here")}
        for folder in self.all.values():
            folder.mkdir()

    @property
    def here(self) -> Path:
        return self.all["here"]

    @property
    def environment(self) -> Mapping[str, str]:
        tmp, home = str(self.all["tmp"]), str(self.all["home"])
        named = dict.fromkeys(("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"), tmp)
        return {**named, "HOME": home, "XDG_CACHE_HOME": home, "XDG_CONFIG_HOME": home}

    def plaintext(self, world: World) -> list[Path]:
        """Every file with the marker in its name or contents, except the source itself."""
        searched = files_below(*self.all.values(), world.folder, *([world.out] if world.out.exists() else []))
        return [path for path in searched if path != world.database and _contains_marker(path)]


def _contains_marker(path: Path) -> bool:
    mark = MARKER.encode()
    marks = (mark, MARKER.encode("utf-16-le"), MARKER.encode("utf-16-be"))
    if mark in os.fsencode(path.name):
        return True
    return path.is_file() and any(found in path.read_bytes() for found in marks)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


@pytest.fixture
def world(tmp_path: Path) -> World:
    rows: list[dict[str, object]] = [
        *incompressible_rows(300),
        {"text": LONG},
        {"text": MARKER, "phone": MARKER, "raw": MARKER.encode(), "details": f'{{"{MARKER}": "{MARKER}"}}'},
        {"text": f"kept beside {MARKER}", "whole": MARKER, "at": MARKER, "day": MARKER, "amount": MARKER},
    ]
    return World(tmp_path / "register").write(rows, [{"text": MARKER}])


def exported(world: World, folders: Folders, *more: object, stdin: str = SUBJECT) -> Finished:
    command = [*export_arguments(world.folder, world.out), *more]
    return dsar(*command, stdin=stdin, cwd=folders.here, env=folders.environment)


def test_the_search_finds_the_marker_where_it_is(world: World, folders: Folders) -> None:
    (folders.here / "careless").write_text(MARKER, encoding="utf-8")
    (folders.here / f"name-{MARKER}").touch()
    assert len(folders.plaintext(world)) == 2
    assert _contains_marker(world.database)


def test_after_success_no_file_and_no_output_holds_plaintext(world: World, folders: Folders) -> None:
    passphrase = folders.here / "passphrase.txt"
    done = exported(world, folders, "--write-passphrase", passphrase)
    assert done.code == 0
    assert folders.plaintext(world) == []
    assert MARKER not in done.out + done.err
    assert files_below(*folders.all.values()) == sorted([*folders.all.values(), passphrase][3:])
    (package,) = packages(world.out)
    opened = open_package(package, passphrase.read_text(encoding="ascii").strip())
    assert MARKER.encode() in opened.members["data/json/records.json"]
    assert MARKER.encode() in opened.members["data/nonconforming/records.json"]
    report = PdfReader(BytesIO(opened.members["report.pdf"]))
    assert any(MARKER in page.extract_text() for page in report.pages)


class ReportOfEveryRow:
    """Reads every row again and calls `look` at each row."""

    def __init__(self, look: Callable[[], object]) -> None:
        self._look = look

    def documents(self, contents: PackageContents, members: Sequence[Member]) -> Iterable[Document]:
        return [Document("rows.txt", self._rows(contents.records("records")), "text/plain")]

    def _rows(self, records: Iterable[Record]) -> Iterator[bytes]:
        for record in records:
            self._look()
            yield f"{record['text']}\n".encode()


def test_while_a_report_reads_the_rows_again_no_file_holds_plaintext(
    world: World, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folders.here)
    monkeypatch.setattr(tempfile, "tempdir", str(folders.all["tmp"]))
    found: list[list[Path]] = []
    services = without_documents(world.build())
    documents = [
        ReportOfEveryRow(lambda: found.append(folders.plaintext(world))),
        *services.renderers.documents,
    ]
    world.services = replace(services, renderers=replace(services.renderers, documents=documents))

    package = world.package()

    texts = [str(record["text"]) for record in package.json()]
    assert package.members["rows.txt"].decode().splitlines() == texts
    assert found == [[]] * len(texts)
    assert sum(MARKER in text for text in texts) > 300
    assert folders.plaintext(world) == []


def test_after_a_dry_run_no_file_and_no_output_holds_plaintext(world: World, folders: Folders) -> None:
    done = exported(world, folders, "--dry-run")
    assert done.code == 0
    assert files_below(*folders.all.values()) == []
    assert MARKER not in done.out + done.err


def test_after_a_failure_halfway_no_file_and_no_output_holds_plaintext(
    world: World, folders: Folders
) -> None:
    with world.database.open("r+b") as file:
        file.seek(world.database.stat().st_size // 2)
        file.write(os.urandom(16 * 1024))
    done = exported(world, folders)
    assert done.code == 3
    assert folders.plaintext(world) == []
    assert MARKER not in done.out + done.err


def test_after_sigkill_halfway_no_file_and_no_output_holds_plaintext(
    tmp_path: Path, folders: Folders
) -> None:
    world = slow_world(tmp_path / "register")
    with running_export(world, cwd=folders.here, env=folders.environment) as running:
        running.kill()
        out, err = running.communicate(timeout=LIMIT)
    assert [path for path in files_below(world.out) if path.is_file() and path.stat().st_size]
    assert folders.plaintext(world) == []
    assert MARKER not in out + err


def test_a_source_with_a_write_ahead_log_is_not_changed_and_not_copied(
    world: World, folders: Folders
) -> None:
    with closing(sqlite3.connect(world.database)) as database:
        database.execute("PRAGMA journal_mode = WAL")
    before = world.database.read_bytes()
    assert exported(world, folders).code == 0
    assert world.database.read_bytes() == before
    assert folders.plaintext(world) == []


def test_identifiers_of_a_running_export_stand_in_no_list_of_processes(
    tmp_path: Path, folders: Folders
) -> None:
    if not Path("/proc/self/cmdline").exists():
        pytest.skip("this system has no /proc")
    world = slow_world(tmp_path / "register")
    with running_export(world, cwd=folders.here) as running:
        for file in ("cmdline", "environ", "comm"):
            shown = Path(f"/proc/{running.pid}/{file}").read_bytes()
            assert SUBJECT.partition("=")[2].encode() not in shown


def test_a_big_order_without_an_index_is_sorted_without_a_file(tmp_path: Path, folders: Folders) -> None:
    """SQLite sorts in temporary files without a name, so open files are watched too."""
    if not Path("/proc/self/fd").exists():
        pytest.skip("this system has no /proc")
    world = slow_world(tmp_path / "register", turns=1)
    # Columns without an index, and more rows than a cache can hold.
    file = world.folder / "datasets" / "records.toml"
    text = file.read_text(encoding="utf-8")
    text = text.replace('order_by = ["customer_id", "id"]', 'order_by = ["customer_id", "text", "id"]')
    file.write_text(text, encoding="utf-8")
    world.run("DROP INDEX records_order")
    world.insert("C-1", incompressible_rows(20_000))

    with (
        watched(folders.all["tmp"]) as seen,
        running_export(world, cwd=folders.here, env=folders.environment) as running,
    ):
        while running.poll() is None:
            seen.update(_open_files(running.pid))
            time.sleep(0.005)
        running.communicate(timeout=LIMIT)
    assert running.returncode == 0
    assert world.database.stat().st_size > 20_000_000
    assert any(name.endswith("main.db") for name in seen)
    allowed = (str(world.folder), str(world.out))
    written = [name for name in seen if "etilqs" in name or str(folders.all["tmp"]) in name]
    assert written == []
    assert [n for n in seen if "(deleted)" in n and not n.startswith(allowed)] == []


@contextmanager
def watched(folder: Path) -> Iterator[set[str]]:
    """The names of all files that appear in a folder during the block, even briefly."""
    seen: set[str] = set()
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            seen.update(str(path) for path in folder.iterdir())
            time.sleep(0.002)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _open_files(pid: int) -> Sequence[str]:
    names = []
    for link in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            names.append(str(link.readlink()))
        except OSError:  # closed meanwhile
            continue
    return names
