"""The page beside a package is this version's, whole, and gone if nothing was handed over."""

from pathlib import Path

import pytest

from dsar_export.delivery.page_beside import page_beside
from dsar_export.errors import NotWritableError

NEW = b"<!doctype html>new"


def test_it_is_written_for_its_owner_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    with page_beside(tmp_path, NEW) as file:
        assert file == tmp_path / "open.html"
    assert file.read_bytes() == NEW
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_the_same_page_is_left_as_it_is(tmp_path: Path) -> None:
    with page_beside(tmp_path, NEW) as file:
        before = file.stat()
    with page_beside(tmp_path, NEW):
        after = file.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize(
    "kind", ["of another version", "of the same size", "link to this page", "link to nowhere"]
)
def test_another_page_is_replaced(kind: str, tmp_path: Path) -> None:
    file, elsewhere = tmp_path / "open.html", tmp_path / "elsewhere"
    if kind.startswith("link"):
        file.symlink_to(elsewhere)
    else:
        file.write_bytes(NEW[::-1] if kind == "of the same size" else b"old")
    if kind == "link to this page":
        elsewhere.write_bytes(NEW)
    with page_beside(tmp_path, NEW):
        assert (file.read_bytes(), file.is_symlink()) == (NEW, False)
    assert elsewhere.exists() == (kind == "link to this page")


@pytest.mark.parametrize("before", [b"", b"old", NEW])
def test_if_nothing_was_handed_over_only_a_page_that_was_there_stays(before: bytes, tmp_path: Path) -> None:
    file = tmp_path / "open.html"
    if before:
        file.write_bytes(before)
    with pytest.raises(KeyboardInterrupt), page_beside(tmp_path, NEW):
        raise KeyboardInterrupt
    assert [each.read_bytes() for each in tmp_path.iterdir()] == ([NEW] if before else [])


def test_what_can_not_be_replaced_is_named_and_nothing_is_left_aside(tmp_path: Path) -> None:
    (tmp_path / "open.html").mkdir()
    with pytest.raises(NotWritableError, match=r"open\.html"), page_beside(tmp_path, NEW):
        pass
    assert [each.name for each in tmp_path.iterdir()] == ["open.html"]
