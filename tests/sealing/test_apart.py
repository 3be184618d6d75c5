"""Many rows are rendered by another process: with the same members and errors, and it always ends."""

import fcntl
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import orjson
import pytest

from dsar_export.errors import InternalError, NotWritableError, WrongUseError
from dsar_export.model.outcome import RecordLines
from dsar_export.model.package import MemberRole
from dsar_export.sealing.apart.parent import FEW_BYTES, render_apart, seal_apart
from dsar_export.sealing.apart.wire import Made
from dsar_export.sealing.members import Rendered, Rendering
from dsar_export.sealing.writer import Sealer
from tests.export.rows import released, row, schema
from tests.sealing.odd_renderers import Odd
from tests.sealing.test_members import RECORDS
from tests.worlds import PASSPHRASE

LIMIT = 60  # seconds, more than anything here needs


def chunks(number: int = 3) -> Iterator[RecordLines]:
    """Chunks with rows kept beside and with cells that are changed in CSV."""
    for first in range(0, 50 * number, 50):
        rows = (row(number=first + n, text=f"={n} " + "ü" * 1000) for n in range(49))
        yield released(*rows, row(number=first + 49, whole="x")).lines


def odd(folder: Path, does: str = "") -> Rendering:
    return Rendering([*RECORDS.renderers, Odd(folder / "note", does)], "records", schema())


def note(folder: Path) -> dict[str, object]:
    noted = orjson.loads((folder / "note").read_bytes())
    assert isinstance(noted, dict)
    return noted


def sealer(folder: Path) -> Sealer:
    (folder / "w").mkdir()
    return Sealer(folder / "w", PASSPHRASE)


def apart(folder: Path, does: str = "") -> Made:
    return render_apart(odd(folder, does), chunks(), sealer(folder))


def assert_gone(folder: Path) -> None:
    """There was another process, and it has ended: its lock is free."""
    assert note(folder)["process"] != os.getpid()
    with (folder / "note").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_another_process_makes_the_same_members_in_the_same_order(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    here = Sealer(tmp_path / "here", PASSPHRASE)
    rendered = RECORDS.render(chunks(), here)
    made, parts = render_apart(RECORDS, chunks(), sealer(tmp_path))
    assert [part.member for part in parts] == [part.member for part in here.parts]
    assert {part.member.role for part in parts} > {MemberRole.NONCONFORMING, MemberRole.RECORDS}
    assert made == rendered == Rendered(records=3 * 49, nonconforming=3, cells_changed=3 * 49)
    assert all(part.file.stat().st_size == part.sealed_size for part in parts)


def test_it_has_ended_when_the_members_are_there(tmp_path: Path) -> None:
    apart(tmp_path)
    assert_gone(tmp_path)


def test_neither_passphrase_nor_data_is_in_its_arguments_or_environment(tmp_path: Path) -> None:
    apart(tmp_path)
    noted = str(note(tmp_path))
    assert PASSPHRASE not in noted
    assert "ü" not in noted


def test_it_imports_nothing_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "orjson.py").write_text("raise SystemExit('a stranger')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert len(apart(tmp_path)[1]) == 5


@pytest.mark.parametrize("where", ["few", "many"])
def test_few_rows_are_sealed_in_this_process_and_many_in_another(where: str, tmp_path: Path) -> None:
    number = 2 if where == "few" else FEW_BYTES // 50_000
    sealing = sealer(tmp_path)
    rendered = seal_apart(odd(tmp_path), chunks(number), sealing)
    assert (note(tmp_path)["process"] == os.getpid()) == (where == "few")
    assert rendered == Rendered(49 * number, number, 49 * number)
    assert [part.member.path for part in sealing.parts][-1] == "data/schemas/records.schema.json"
    assert len(sealing.parts) == 5
    assert sum(1 for _ in sealing.records("records")) == 49 * number


def test_many_rows_kept_beside_are_sealed_in_another_process_too(tmp_path: Path) -> None:
    beside = RecordLines([], b"", b'{"row":1,"record":{"text":"%b"}}\n' % (b"x" * FEW_BYTES))
    seal_apart(odd(tmp_path), iter([beside]), sealer(tmp_path))
    assert_gone(tmp_path)


def test_a_renderer_that_reads_stdin_loses_no_row(tmp_path: Path) -> None:
    rendered, _ = apart(tmp_path, "read")
    assert rendered.records == 3 * 49


def test_what_a_renderer_prints_or_logs_is_discarded(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert len(apart(tmp_path, "print")[1]) == 5
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("does", "error", "message"),
    [
        (
            "fail",
            InternalError,
            r"^a renderer failed: ValueError in odd_renderers.py, line \d+; nothing was",
        ),
        ("refuse", WrongUseError, "^choose another renderer$"),
        ("fill the disk", OSError, "No space left on device"),
        ("end", InternalError, "EOFError in odd_renderers.py"),
        (
            "exit",
            InternalError,
            r"^dataset 'records': the process that seals it, .*, ended with code 3; .*\. Please report this line$",
        ),
        ("exit as if all were well", InternalError, "ended with code 0; nothing was handed over"),
        (
            "die",
            NotWritableError,
            r"'records': the process that seals it was ended by signal 9; .* Check whether .*, and export again$",
        ),
    ],
)
def test_an_error_in_the_other_process_is_raised_in_this_one(
    does: str, error: type[Exception], message: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=message) as raised:
        apart(tmp_path, does)
    assert type(raised.value) is error
    assert_gone(tmp_path)


def test_an_error_is_raised_even_if_endless_chunks_would_follow(tmp_path: Path) -> None:
    with pytest.raises(InternalError):
        render_apart(odd(tmp_path, "fail"), chunks(10**6), sealer(tmp_path))


def test_chunks_that_break_off_end_it_without_a_part(tmp_path: Path) -> None:
    sealing = sealer(tmp_path)

    def breaking_off() -> Iterator[RecordLines]:
        yield from chunks(FEW_BYTES // 50_000)
        _wait_for(tmp_path / "note")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seal_apart(odd(tmp_path), breaking_off(), sealing)
    assert_gone(tmp_path)
    assert sealing.parts == ()


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="this system does not show a process's memory"
)
def test_its_memory_does_not_grow_with_rows(tmp_path: Path) -> None:
    peaks = []
    for times in (200, 2000):  # 20 and 200 MB of JSON
        (folder := tmp_path / str(times)).mkdir()
        render_apart(odd(folder, "note its memory"), list(chunks(1)) * times, sealer(folder))
        peak = re.search(r"VmHWM:\s+(\d+) kB", (folder / "memory").read_text(encoding="ascii"))
        assert peak is not None
        peaks.append(int(peak[1]) / 1000)
    assert peaks[1] - peaks[0] < 5
    assert peaks[1] < 60


def test_a_python_that_cannot_be_started_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(
        NotWritableError, match=r"'records': no process could be started .*: no such file or directory"
    ):
        apart(tmp_path)


def test_it_ends_with_a_process_that_is_killed(tmp_path: Path) -> None:
    """It finishes no part, although it was not told to stop."""
    program = (
        "import sys, time; from pathlib import Path; from tests.sealing import test_apart as here\n"
        "def endless():\n    yield from here.chunks()\n    time.sleep(60)\n"
        "folder = Path(sys.argv[1]); here.render_apart(here.odd(folder), endless(), here.sealer(folder))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen([sys.executable, "-c", program, tmp_path], env=environment) as one:
        _wait_for(tmp_path / "note")
        one.kill()
    give_up = time.monotonic() + LIMIT
    while time.monotonic() < give_up:
        with suppress(BlockingIOError):
            assert_gone(tmp_path)
            assert (
                len(list((tmp_path / "w").iterdir())) == 4
            )  # begun; the schema's would come when they are finished
            return
        time.sleep(0.01)
    raise AssertionError("it is still there")


def _wait_for(file: Path) -> None:
    give_up = time.monotonic() + LIMIT
    while not (file.exists() and file.read_bytes()):
        assert time.monotonic() < give_up
        time.sleep(0.01)
