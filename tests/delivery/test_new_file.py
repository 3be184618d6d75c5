"""A file that somebody asked for is new, complete and theirs alone."""

from pathlib import Path

import pytest

from dsar_export.delivery.new_file import new_file, refuse_existing_file, write_new_file
from dsar_export.errors import NotWritableError, WrongUseError


def test_it_is_complete_for_its_owner_alone_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    write_new_file(file, b"content")
    assert file.read_bytes() == b"content"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("kind", ["file", "link to nowhere"])
def test_what_exists_is_not_overwritten(kind: str, tmp_path: Path) -> None:
    file, elsewhere = tmp_path / "letter.pdf", tmp_path / "elsewhere"
    if kind == "file":
        file.write_bytes(b"earlier")
    else:
        file.symlink_to(elsewhere)
    with pytest.raises(WrongUseError, match=r"letter\.pdf exists"):
        refuse_existing_file(file)
    with pytest.raises(WrongUseError, match=r"letter\.pdf exists"):
        write_new_file(file, b"later")
    assert list(tmp_path.iterdir()) == [file]
    assert not elsewhere.exists()


def test_nothing_is_left_of_a_file_whose_content_failed(tmp_path: Path) -> None:
    with pytest.raises(TypeError), new_file(tmp_path / "evidence.json") as out:
        out.writelines([b"half", "no bytes"])  # type: ignore[list-item] # what fails
    assert not list(tmp_path.iterdir())


def test_what_is_there_or_can_not_be_there_is_found_before_the_work_begins(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_bytes(b"earlier")
    for file, error in ((there, WrongUseError), (tmp_path / "nowhere" / "file", NotWritableError)):
        begun = False
        with pytest.raises(error), new_file(file):
            begun = True
        assert not begun


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotWritableError, match="can't write to"):
        write_new_file(tmp_path / "nowhere" / "letter.pdf", b"content")
