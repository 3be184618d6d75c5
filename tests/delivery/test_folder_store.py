"""A folder keeps objects completely or not at all, and replaces none."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from dsar_export.delivery.folder_store import FolderStore
from dsar_export.errors import AlreadyStoredError, WrongUseError


def files(folder: Path) -> list[str]:
    return sorted(str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file())


def test_an_object_is_read_in_ranges(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    store.put("R-1/1/data/orders", [b"abc", b"def"])
    assert store.size("R-1/1/data/orders") == 6
    assert store.read("R-1/1/data/orders", 2, 3) == b"cde"
    assert store.read("R-1/1/data/orders", 5, 9) == b"f"
    assert store.read("R-1/1/data/orders", 6, 9) == b""


def test_an_object_is_never_replaced(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put("R-1/1/a", [b"first"])
    with pytest.raises(AlreadyStoredError, match="stored already"):
        store.put("R-1/1/a", [b"second"])
    assert store.read("R-1/1/a", 0, 9) == b"first"
    assert files(tmp_path) == ["R-1/1/a"]


def test_an_error_while_writing_leaves_nothing(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise ValueError("the source ended")

    store = FolderStore(tmp_path)
    with pytest.raises(ValueError, match="the source ended"):
        store.put("R-1/1/a", pieces())
    assert files(tmp_path) == []


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    before = os.umask(0)
    try:
        store.put("R-1/1/a", [b"x"])
    finally:
        os.umask(before)
    assert (tmp_path / "store" / "R-1" / "1" / "a").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "store" / "R-1").stat().st_mode & 0o777 == 0o700


def test_names_are_listed_by_their_beginning_and_deleted_once_or_twice(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    for name in ("R-1/1/a", "R-1/2/a", "R-2/1/a"):
        store.put(name, [b"x"])
    assert store.names("R-1/") == ["R-1/1/a", "R-1/2/a"]
    store.delete("R-1/1/a")
    store.delete("R-1/1/a")
    assert store.names("R-1/") == ["R-1/2/a"]
    assert not (tmp_path / "R-1" / "1").exists()


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


@pytest.mark.parametrize("name", ["../a", "/a", "a/../b", "", "a//b", "a/.hidden", "a\\b", "a\n"])
def test_a_name_stays_in_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongUseError, match="an object's name"):
        FolderStore(tmp_path).put(name, [b"x"])


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
