"""An export's temporary files are gone afterwards, whatever happened; those of a dead export are swept, no others."""

import fcntl
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dsar_export.errors import NotWritableError, WrongUseError
from dsar_export.sealing.workspace import PREFIX, workspace, writing


def left_over(out: Path, name: str, *, lock: bool) -> Path:
    folder = out / f"{PREFIX}{name}"
    folder.mkdir(parents=True)
    (folder / "part-1").write_bytes(b"ciphertext")
    if lock:
        (folder / "lock").touch()
    return folder


def fail_at_work(out: Path, error: BaseException) -> None:
    with workspace(out, "R-1") as folder:
        (folder / "part-1").write_bytes(b"ciphertext")
        raise error


def test_it_is_private_to_its_owner_and_gone_at_the_end(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    with workspace(out, "R-1") as folder:
        assert folder.parent == out
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(out.stat().st_mode) == 0o700
        (folder / "part-1").write_bytes(b"ciphertext")
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("error", [ValueError, WrongUseError, KeyboardInterrupt, SystemExit, MemoryError])
def test_it_is_gone_after_any_failure(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error):
        fail_at_work(tmp_path, error())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lock", [True, False])
def test_a_dead_exports_workspace_is_swept(tmp_path: Path, *, lock: bool) -> None:
    dead = left_over(tmp_path, "dead", lock=lock)
    with workspace(tmp_path, "R-1") as folder:
        assert not dead.exists()
        assert folder.exists()


def test_a_running_exports_workspace_stays(tmp_path: Path) -> None:
    running = left_over(tmp_path, "running", lock=True)
    with (running / "lock").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with workspace(tmp_path, "R-1"):
            assert (running / "part-1").exists()
    with workspace(tmp_path, "R-2"):
        assert not running.exists()


def test_a_workspace_in_use_survives_other_exports_in_the_same_folder(tmp_path: Path) -> None:
    with workspace(tmp_path, "R-1") as first, workspace(tmp_path, "R-2") as second:
        assert first.exists()
        assert second.exists()


def test_a_second_export_of_a_reference_waits_for_the_first(tmp_path: Path) -> None:
    def opened() -> bool:
        with workspace(tmp_path, "R-1") as folder:
            return folder.exists()

    with ThreadPoolExecutor() as pool:
        with workspace(tmp_path, "R-1"):
            second = pool.submit(opened)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.1)
        assert second.result()


def test_what_a_killed_process_leaves_is_swept_by_the_next(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, signal, sys\n"
        "from dsar_export.sealing.workspace import workspace\n"
        "with workspace(pathlib.Path(sys.argv[1]), 'R-9') as folder:\n"
        "    (folder / 'part-1').write_bytes(b'ciphertext')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).parents[2]
    ended = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=root, check=False)
    assert ended.returncode == -9
    assert (tmp_path / f"{PREFIX}R-9" / "part-1").exists()
    with workspace(tmp_path, "R-1"):
        assert [p.name for p in tmp_path.iterdir()] == [f"{PREFIX}R-1"]


def test_other_files_of_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "DSAR-1.zip").write_bytes(b"a package")
    (tmp_path / ".dsar-exported").mkdir()
    with workspace(tmp_path, "R-1"):
        pass
    assert {p.name for p in tmp_path.iterdir()} == {"DSAR-1.zip", ".dsar-exported"}


def test_many_exports_that_start_at_once_do_not_sweep_each_other(tmp_path: Path) -> None:
    script = (
        "import pathlib, sys\n"
        "from dsar_export.sealing.workspace import workspace\n"
        "for turn in range(150):\n"
        "    with workspace(pathlib.Path(sys.argv[1]), f'R-{sys.argv[2]}-{turn}') as folder:\n"
        "        (folder / 'part-1').write_bytes(b'ciphertext')\n"
    )
    root = Path(__file__).parents[2]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path), str(n)], cwd=root, stderr=subprocess.PIPE, text=True
        )
        for n in range(4)
    ]
    errors = [process.communicate()[1] for process in running]
    assert [error.splitlines()[-1:] for error in errors] == [[]] * 4
    assert list(tmp_path.iterdir()) == []


def test_a_write_error_names_the_folder_and_the_next_step(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    with pytest.raises(NotWritableError, match=r"can't write to .*choose another folder"):
        workspace(blocked / "out", "R-1").__enter__()


def test_a_full_disk_is_reported_as_such_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotWritableError, match="no space left on device"):
        fail_at_work(tmp_path, OSError(28, "never shown"))
    assert list(tmp_path.iterdir()) == []


def test_other_errors_pass_through_unchanged(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), writing(tmp_path):
        raise ZeroDivisionError
