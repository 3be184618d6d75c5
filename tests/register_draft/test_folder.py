"""A new folder appears with all files, or not at all."""

from pathlib import Path

import pytest

from dsar_export.errors import NotWritableError, WrongUseError
from dsar_export.register_draft.folder import write_register
from tests.cli.commands import files_below

FILES = {"register.toml": "version = 1\n", "datasets/a.toml": "name = 'ü'\n"}


def test_all_files_are_written(tmp_path: Path) -> None:
    write_register(tmp_path / "new" / "register", FILES)
    folder = tmp_path / "new" / "register"
    assert {
        str(f.relative_to(folder)): f.read_text(encoding="utf-8") for f in folder.rglob("*.toml")
    } == FILES
    assert [f.name for f in (tmp_path / "new").iterdir()] == ["register"]


@pytest.mark.parametrize("there", ["folder", "file", "link"])
def test_what_exists_already_is_left_alone(tmp_path: Path, there: str) -> None:
    out = tmp_path / "register"
    if there == "folder":
        out.mkdir()
    elif there == "file":
        out.write_text("mine")
    else:
        out.symlink_to(tmp_path / "nowhere")
    before = files_below(tmp_path)
    with pytest.raises(
        WrongUseError, match="exists already; name a new folder, or add what is new with --update"
    ):
        write_register(out, FILES)
    assert files_below(tmp_path) == before


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotWritableError, match="name another folder"):
        write_register(tmp_path / "register", {**FILES, f"datasets/{'x' * 300}.toml": ""})
    assert files_below(tmp_path) == []


def test_an_interrupted_write_leaves_nothing(tmp_path: Path) -> None:
    class Interrupted(dict[str, str]):
        def items(self):  # type: ignore[no-untyped-def] # the type has a private name
            yield from [*FILES.items()][:1]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_register(tmp_path / "register", Interrupted(FILES))
    assert files_below(tmp_path) == []


def test_a_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(NotWritableError):
        write_register(tmp_path / "file" / "register", FILES)
