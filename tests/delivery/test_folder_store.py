"""What is particular about a folder: modes, unfinished files and folders. The contract is in test_object_stores."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from dsar_export.delivery.folder_store import FolderStore
from dsar_export.errors import NotWritableError


def files(folder: Path) -> list[str]:
    return sorted(str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file())


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    before = os.umask(0)
    try:
        store.put("R-1/1/a", [b"x"])
    finally:
        os.umask(before)
    assert (tmp_path / "store" / "R-1" / "1" / "a").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "store" / "R-1").stat().st_mode & 0o777 == 0o700


def test_what_a_crash_left_unfinished_is_swept_and_listed_nowhere(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put("R-1/1/a", [b"x"])
    (tmp_path / "R-1" / "1" / ".unfinished-0123").write_bytes(b"half")
    (tmp_path / "R-1" / "2").mkdir()
    (tmp_path / "R-1" / "2" / ".unfinished-4567").write_bytes(b"half")
    assert store.names("") == ["R-1/1/a"]
    store.sweep(lambda name: name.startswith("R-1/2/"))
    assert files(tmp_path) == ["R-1/1/a", "R-1/2/.unfinished-4567"]
    store.sweep(lambda _: False)
    assert files(tmp_path) == ["R-1/1/a"]


def test_in_a_shared_folder_a_colleague_reads_and_deletes_what_another_user_stored(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store").chmod(0o2770)
    before = os.umask(0o077)
    try:
        FolderStore(tmp_path / "store", shared=True).put("R-1/1/a", [b"x"])
    finally:
        os.umask(before)
    folder, file = tmp_path / "store" / "R-1" / "1", tmp_path / "store" / "R-1" / "1" / "a"
    assert folder.stat().st_mode & 0o7777 == 0o2770
    assert (tmp_path / "store" / "R-1").stat().st_mode & 0o7777 == 0o2770
    assert file.stat().st_mode & 0o777 == 0o640
    assert file.stat().st_gid == (tmp_path / "store").stat().st_gid


def test_an_error_while_writing_leaves_no_unfinished_file(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise ValueError("the source ended")

    with pytest.raises(ValueError, match="the source ended"):
        FolderStore(tmp_path).put("R-1/1/a", pieces())
    assert files(tmp_path) == []


def test_a_folder_goes_with_its_last_object_and_the_stores_own_stays(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    for name in ("R-1/1/a", "R-1.zip"):
        store.put(name, [b"x"])
        store.delete(name)
    assert not (tmp_path / "store" / "R-1" / "1").exists()
    assert (tmp_path / "store").exists()


@pytest.mark.parametrize(("shared", "mode"), [(False, 0o600), (True, 0o640)])
def test_a_file_that_is_taken_over_is_not_written_again_and_gets_the_stores_mode(
    tmp_path: Path, mode: int, *, shared: bool
) -> None:
    finished = tmp_path / "finished"
    finished.write_bytes(b"x")
    finished.chmod(0o644)
    number = finished.stat().st_ino
    FolderStore(tmp_path / "store", shared=shared).adopt("R-1.zip", finished)
    stored = (tmp_path / "store" / "R-1.zip").stat()
    assert (stored.st_ino, stored.st_mode & 0o777, finished.exists()) == (number, mode, False)


def test_what_can_not_be_deleted_is_an_error_with_the_folder(tmp_path: Path) -> None:
    (tmp_path / "R-1").mkdir()
    (tmp_path / "R-1" / "a").mkdir()
    with pytest.raises(NotWritableError, match="can't write to"):
        FolderStore(tmp_path).delete("R-1/a")
