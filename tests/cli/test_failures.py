"""After any failure the command has the right exit code, names the failure and leaves nothing behind."""

import ctypes
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from importlib.metadata import distribution
from pathlib import Path

import pytest

from dsar_export.errors import SourceUnreadableError
from dsar_export.wiring import build_services
from tests.cli.commands import (
    COMMAND,
    LIMIT,
    ExportHere,
    dsar,
    export_arguments,
    files_below,
    in_this_process,
    packages,
)
from tests.cli.slow_world import MARKER, add_timeout, incompressible_rows, running_export, slow_world
from tests.worlds import SUBJECT, SilentProgress, World

ROWS = 3000


class CountingProgress(SilentProgress):
    """Remembers how many rows passed."""

    rows = 0

    def advanced(self, rows: int) -> None:
        self.rows += rows


def left(world: World, passphrase: Path) -> list[Path]:
    """What an export that failed has left: nothing, if all is well."""
    return [*files_below(world.out), *([passphrase] if passphrase.exists() else [])]


# Sources


def _missing(database: Path) -> None:
    database.unlink()


def _text(database: Path) -> None:
    database.write_text("no database at all " * 1000, encoding="utf-8")


def _folder(database: Path) -> None:
    database.unlink()
    database.mkdir()


def _halfway(database: Path) -> None:
    size = database.stat().st_size
    with database.open("r+b") as file:
        file.seek(size * 3 // 5)
        file.write(os.urandom(size // 20))


def _truncated(database: Path) -> None:
    with database.open("r+b") as file:
        file.truncate(database.stat().st_size * 3 // 5)


@contextmanager
def locked(database: Path) -> Iterator[None]:
    with closing(sqlite3.connect(database)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@pytest.mark.parametrize("damage", [_missing, _text, _folder, _halfway, _truncated, None])
def test_a_source_that_cannot_be_read_is_named_with_its_datasets_and_nothing_is_left(
    damage: Callable[[Path], None] | None, tmp_path: Path, export_here: ExportHere
) -> None:
    world = World(tmp_path / "register").write(incompressible_rows(ROWS))
    add_timeout(world, 1)
    if damage is not None:
        damage(world.database)
    passphrase = tmp_path / "passphrase.txt"
    with locked(world.database) if damage is None else nullcontext():
        done = export_here(world.folder, world.out, "--write-passphrase", passphrase)
    assert (done.code, done.out) == (3, "")
    assert "'main'" in done.err
    assert "records" in done.err
    assert MARKER not in done.err
    assert left(world, passphrase) == []


def test_a_source_that_is_lost_midway_is_exit_code_3_in_a_process_of_its_own(tmp_path: Path) -> None:
    world = World(tmp_path / "register").write(incompressible_rows(ROWS))
    _halfway(world.database)
    passphrase = tmp_path / "passphrase.txt"
    command = [*export_arguments(world.folder, world.out), "--write-passphrase", passphrase]
    done = dsar(*command, stdin=SUBJECT)
    assert (done.code, done.out) == (3, "")
    assert left(world, passphrase) == []


def test_a_source_damaged_halfway_is_read_up_to_there_and_still_makes_no_package(tmp_path: Path) -> None:
    world = World(tmp_path / "register").write(incompressible_rows(ROWS))
    _halfway(world.database)
    progress = CountingProgress()
    world.services = build_services(world.folder, progress)
    with pytest.raises(SourceUnreadableError, match="dataset 'records'"):
        world.export()
    assert 0 < progress.rows < ROWS
    assert files_below(world.out) == []


def test_a_statement_that_takes_too_long_is_stopped(tmp_path: Path, export_here: ExportHere) -> None:
    world = slow_world(tmp_path / "register", turns=5 * 10**7, slow=1, timeout=1)
    passphrase = tmp_path / "passphrase.txt"
    begun = time.monotonic()
    done = export_here(world.folder, world.out, "--write-passphrase", passphrase)
    assert time.monotonic() - begun < 20
    assert done.code == 3
    assert "'main'" in done.err
    assert "'records'" in done.err
    assert "too long" in done.err
    assert left(world, passphrase) == []


def test_a_statement_may_stop_before_its_first_row_too(tmp_path: Path, export_here: ExportHere) -> None:
    world = slow_world(tmp_path / "register", turns=5 * 10**7, quick=0, slow=1, timeout=1)
    done = export_here(world.folder, world.out)
    assert done.code == 3
    assert "too long" in done.err
    assert files_below(world.out) == []


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("ALTER TABLE records RENAME COLUMN phone TO telephone", "phone"),
        ("ALTER TABLE records DROP COLUMN amount", "amount"),
        ("ALTER TABLE records RENAME TO old_records", "records"),
    ],
)
def test_a_column_renamed_since_the_register_was_written_is_found_by_export_and_check(
    change: str, name: str, tmp_path: Path, export_here: ExportHere, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(tmp_path / "register").write(incompressible_rows(3))
    world.run(change)
    passphrase = tmp_path / "passphrase.txt"
    for dry in ((), ("--dry-run",)):
        done = export_here(world.folder, world.out, "--write-passphrase", passphrase, *dry)
        assert (done.code, done.out) == (2, "")
        assert "'records'" in done.err
        assert re.search(rf"no such (column|table): \S*{name}\b|no (column|table) '{name}'", done.err)
        assert left(world, passphrase) == []
    checked = in_this_process(capsys, "check", world.folder)
    assert checked.code == 1
    assert f"'{name}'" in checked.err


# Disks


def file_size_limit(size: int) -> Callable[[], None]:
    """No file of the child may grow beyond `size`: what a full disk does, without filling one."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


# JSON and CSV take about 160 kB each, the package both.
@pytest.mark.parametrize("size", [10, 8192, 100_000, 250_000], ids=["passphrase", "part", "parts", "package"])
def test_a_full_disk_is_exit_code_6_and_nothing_is_left(size: int, tmp_path: Path) -> None:
    world = World(tmp_path / "register").write(incompressible_rows(250))
    passphrase = tmp_path / "passphrase.txt"
    command = [*export_arguments(world.folder, world.out), "--write-passphrase", passphrase]
    done = dsar(*command, stdin=SUBJECT, before=file_size_limit(size))
    assert (done.code, done.out) == (6, "")
    assert str(tmp_path) in done.err
    assert MARKER not in done.err
    assert left(world, passphrase) == []


def test_a_full_disk_stops_the_demo_with_exit_code_6(tmp_path: Path) -> None:
    done = dsar("demo", "--events", 100, cwd=tmp_path, before=file_size_limit(50_000))
    assert (done.code, done.out) == (6, "")
    assert packages(tmp_path / "demo" / "packages") == []


def not_even_root() -> None:
    """Takes from a child of root the right to write where the mode of a folder forbids it."""
    if sys.platform == "linux" and os.geteuid() == 0:
        drop, dac_override = 24, 1  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE of the kernel's headers
        ctypes.CDLL(None).prctl(drop, dac_override, 0, 0, 0)


@pytest.mark.parametrize("below", ["", "new/er"])
def test_a_folder_that_may_not_be_written_to_is_named(below: str, tmp_path: Path) -> None:
    world = World(tmp_path / "register").write(incompressible_rows(3))
    locked_folder = tmp_path / "locked"
    locked_folder.mkdir(mode=0o500)
    passphrase = tmp_path / "passphrase.txt"
    command = [*export_arguments(world.folder, locked_folder / below), "--write-passphrase", passphrase]
    done = dsar(*command, stdin=SUBJECT, before=not_even_root)
    assert (done.code, done.out) == (6, "")
    assert str(locked_folder) in done.err
    assert "permission" in done.err
    assert files_below(locked_folder) == []
    assert not passphrase.exists()


def test_a_file_in_place_of_the_folder_is_named_and_untouched(
    tmp_path: Path, export_here: ExportHere
) -> None:
    world = World(tmp_path / "register").write(incompressible_rows(3))
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        done = export_here(world.folder, out)
        assert done.code == 6
        assert str(out) in done.err
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


# Signals


@pytest.mark.parametrize(
    ("number", "times"),
    [(signal.SIGINT, 1), (signal.SIGTERM, 1), (signal.SIGHUP, 1), (signal.SIGINT, 3)],
)
def test_a_signal_in_the_middle_of_an_export_leaves_nothing(
    number: signal.Signals, times: int, tmp_path: Path
) -> None:
    world = slow_world(tmp_path / "register")
    passphrase = tmp_path / "passphrase.txt"
    with running_export(world, "--write-passphrase", passphrase) as running:
        assert not passphrase.exists()  # it comes with the package, not before
        for _ in range(times):
            running.send_signal(number)
        out, err = running.communicate(timeout=LIMIT)
    assert (running.returncode, out) == (128 + number, "")
    assert "interrupted" in err
    assert "Traceback" not in err
    assert MARKER not in err
    assert left(world, passphrase) == []


def test_an_export_started_to_outlive_its_terminal_does(tmp_path: Path) -> None:
    """`nohup` ignores SIGHUP for the command that it starts."""
    world = slow_world(tmp_path / "register", turns=1000)
    with running_export(world, before=_ignore_hangup) as running:
        running.send_signal(signal.SIGHUP)
        running.communicate(timeout=LIMIT)
    assert running.returncode == 0
    assert len(packages(world.out)) == 1


def _ignore_hangup() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def test_what_sigkill_leaves_is_no_package_and_the_next_run_sweeps_it(
    tmp_path: Path, export_here: ExportHere
) -> None:
    world = slow_world(tmp_path / "register")
    passphrase = tmp_path / "passphrase.txt"
    with running_export(world, "--write-passphrase", passphrase) as running:
        running.kill()
        running.wait(LIMIT)
    assert not passphrase.exists()  # it would open what is left
    remains = [path for path in files_below(world.out) if path.is_file()]
    assert any(path.stat().st_size for path in remains)
    assert packages(world.out) == []
    for path in remains:
        assert MARKER.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0 or path.parent.stat().st_mode & 0o077 == 0

    shutil.rmtree(world.folder)
    world.dataset_text = World(world.folder).dataset_text
    world.write(incompressible_rows(3))
    (world.out / "mine.txt").write_text("mine", encoding="utf-8")
    assert export_here(world.folder, world.out).code == 0
    handed_over = [world.out / "open.html", *packages(world.out)]
    assert files_below(world.out) == sorted([world.out / "mine.txt", *handed_over])


def test_an_export_that_still_runs_is_not_swept_by_another(tmp_path: Path, export_here: ExportHere) -> None:
    world = slow_world(tmp_path / "register", turns=1000)
    quick = World(tmp_path / "quick").write(incompressible_rows(3))
    with running_export(world) as running:
        running.send_signal(signal.SIGSTOP)
        assert export_here(quick.folder, world.out).code == 0
        running.send_signal(signal.SIGCONT)
        running.communicate(timeout=LIMIT)
    assert running.returncode == 0
    assert len(packages(world.out)) == 2
    assert len(files_below(world.out)) == len(["open.html", *packages(world.out)])


# Faults that nobody foresaw

_FAULTY_RENDERER = """
    class Faulty:
        mediatype = "application/json"

        def path(self, dataset):
            return f"data/json/{dataset}.json"

        def stream(self, schema):
            return self

        cells_changed = 0

        def head(self):
            return b"["

        def rows(self, records, lines):
            try:
                raise KeyError(records[0]["text"])
            except KeyError as error:
                raise ValueError(f"can't render {records}") from error

        def tail(self):
            return b"]"
"""


@pytest.mark.parametrize("rows", [3, ROWS])
def test_the_text_of_an_error_that_nobody_foresaw_is_not_shown(rows: int, tmp_path: Path) -> None:
    """A renderer that quotes the data, installed over the built-in one in place of the distribution."""
    world = World(tmp_path / "register").write(incompressible_rows(rows))
    site = tmp_path / "site"
    metadata = site / "dsar_export-0.1.0.dist-info"
    metadata.mkdir(parents=True)
    (site / "faulty_renderer.py").write_text(textwrap.dedent(_FAULTY_RENDERER), encoding="utf-8")
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: dsar-export\nVersion: 0.1.0\n")
    points = distribution("dsar-export").read_text("entry_points.txt")
    assert points is not None
    points = points.replace("renderers.records.json_array:JsonArray", "faulty_renderer:Faulty")
    (metadata / "entry_points.txt").write_text(points, encoding="utf-8")
    path = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))
    passphrase = tmp_path / "passphrase.txt"

    command = [*export_arguments(world.folder, world.out), "--write-passphrase", passphrase]
    done = dsar(*command, stdin=SUBJECT, env={"PYTHONPATH": path})
    assert done.code == 70
    assert "ValueError" in done.err
    assert "faulty_renderer.py" in done.err
    assert MARKER not in done.out + done.err
    assert left(world, passphrase) == []


# Output that can't be written


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="writes to /dev/full, which Linux has")
@pytest.mark.parametrize("more", [(), ("--json",), ("--write-passphrase", "passphrase.txt")])
def test_a_package_whose_passphrase_could_not_be_shown_is_deleted(
    more: tuple[str, ...], tmp_path: Path
) -> None:
    world = World(tmp_path / "register").write(incompressible_rows(3))
    command = [*COMMAND, *export_arguments(world.folder, world.out), *more]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, cwd=tmp_path, input=SUBJECT.encode(), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode not in {0, 1}
    assert b"Traceback" not in done.stderr
    assert left(world, tmp_path / "passphrase.txt") == []


def test_a_closed_standard_input_is_wrong_use(tmp_path: Path) -> None:
    world = World(tmp_path / "register").write(incompressible_rows(3))
    command = [*COMMAND, *export_arguments(world.folder, world.out)]
    done = subprocess.run(
        ["sh", "-c", '"$@" <&-', "sh", *command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "standard input is closed" in done.stderr


@pytest.mark.parametrize("stray", ["secret@example.org", "--secret@example.org"])
def test_a_stray_word_is_not_repeated(stray: str, tmp_path: Path) -> None:
    done = dsar(stray, cwd=tmp_path)
    assert done.code == 2
    assert "secret" not in done.err
    assert "--help" in done.err
