"""The key file is made once, kept from others, and never guessed at."""

import base64
import json
import os
import stat
from pathlib import Path

import pytest

from dsar_export.errors import KeyFileError
from dsar_export.requests.key_file import (
    new_key_file,
    read_key_file,
    replace_key_file,
    with_new_key,
    without_keys,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "keys.json"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_written_is_read_again(path: Path) -> None:
    made = new_key_file(path)
    assert read_key_file(path) == made
    assert list(path.parent.iterdir()) == [path]


def test_it_is_for_its_owner_whatever_the_umask_is(path: Path) -> None:
    before = os.umask(0)
    try:
        new_key_file(path)
    finally:
        os.umask(before)
    assert mode(path) == 0o600
    assert mode(path.parent) == 0o700


def test_in_a_folder_made_for_a_group_the_group_may_read_it(path: Path) -> None:
    path.parent.mkdir()
    path.parent.chmod(0o2770)
    new_key_file(path)
    assert mode(path) == 0o640
    read_key_file(path)


def test_a_file_that_exists_is_never_written_over(path: Path) -> None:
    first = new_key_file(path)
    with pytest.raises(KeyFileError, match="exists"):
        new_key_file(path)
    assert read_key_file(path) == first
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KeyFileError, match="file can't be made: file exists"):
        new_key_file(tmp_path / "file" / "keys.json")


@pytest.mark.parametrize("open_to", [0o604, 0o644, 0o660, 0o602, 0o610, 0o700])
def test_a_file_that_is_open_to_others_is_refused_with_what_to_do(open_to: int, path: Path) -> None:
    new_key_file(path)
    path.chmod(open_to)
    with pytest.raises(KeyFileError, match=r"chmod 600, or 640.*\. If somebody may have read it, run `dsar"):
        read_key_file(path)


@pytest.mark.parametrize("closed", [0o600, 0o640, 0o400, 0o440])
def test_a_file_for_its_owner_or_group_is_read(closed: int, path: Path) -> None:
    new_key_file(path)
    path.chmod(closed)
    read_key_file(path)


def test_a_missing_file_is_named_with_what_to_do(path: Path) -> None:
    with pytest.raises(KeyFileError, match=r"missing.*restore it from its backup"):
        read_key_file(path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{",
        "{}",
        "\udcff",
        '{"format": 1}',
        '{"format": 1, "column": 7, "draft": {}, "index": "", "trail": ""}',
    ],
)
def test_anything_else_is_no_key_file(text: str, path: Path) -> None:
    new_key_file(path)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(KeyFileError, match="no key file, or is damaged"):
        read_key_file(path)


@pytest.mark.parametrize("name", ["index", "trail"])
@pytest.mark.parametrize("length", [0, 16, 33])
def test_a_key_of_another_length_is_damage(name: str, length: int, path: Path) -> None:
    new_key_file(path)
    content = json.loads(path.read_text(encoding="utf-8"))
    content[name] = base64.b64encode(bytes(length)).decode()
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(KeyFileError, match="damaged"):
        read_key_file(path)


def test_a_file_of_a_newer_program_is_refused_as_that(path: Path) -> None:
    new_key_file(path)
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, "format": 2}), encoding="utf-8")
    with pytest.raises(KeyFileError, match="newer program"):
        read_key_file(path)


def test_a_rotation_keeps_the_earlier_keys_and_those_that_outlive_it(path: Path) -> None:
    before = new_key_file(path)
    path.chmod(0o640)
    replace_key_file(path, with_new_key(before))
    after = read_key_file(path)
    assert mode(path) == 0o640
    assert (after.index, after.trail) == (before.index, before.trail)
    for ring, earlier in ((after.column, before.column), (after.draft, before.draft)):
        assert ring.current != earlier.current
        assert ring.keys.items() > earlier.keys.items()


def test_keys_are_all_different_and_not_shown(path: Path) -> None:
    made = new_key_file(path)
    keys = [made.index, made.trail, *made.column.keys.values(), *made.draft.keys.values()]
    assert len(set(keys)) == 4
    assert not any(repr(key) in repr(made) for key in keys)


def test_earlier_keys_can_be_taken_out_but_never_a_current_one(path: Path) -> None:
    before = new_key_file(path)
    rotated = with_new_key(before)
    everything = [*rotated.column.keys, *rotated.draft.keys]
    rest = without_keys(rotated, everything)
    assert (rest.column.earlier, rest.draft.earlier) == ((), ())
    assert rest.column.keys == {rotated.column.current: rotated.column.keys[rotated.column.current]}
    assert without_keys(rotated, [before.draft.current]).column == rotated.column
    assert without_keys(rotated, ()) == rotated


@pytest.mark.parametrize("damage", ["no current key", "an id of another length", "a sign in a key"])
def test_a_ring_that_is_damaged_is_named_with_its_file(damage: str, path: Path) -> None:
    new_key_file(path)
    content = json.loads(path.read_text(encoding="utf-8"))
    ring = content["draft"]
    match damage:
        case "no current key":
            ring["current"] = "0" * 8
        case "an id of another length":
            ring["keys"] = {
                ring["current"]: ring["keys"][ring["current"]],
                "00": ring["keys"][ring["current"]],
            }
        case _:
            content["index"] = f"!{content['index']}"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(KeyFileError, match=r"keys\.json is no key file, or is damaged"):
        read_key_file(path)


def test_what_cannot_be_read_or_written_is_named_with_why(path: Path) -> None:
    file = path.parent.with_name("file")
    file.touch()
    with pytest.raises(KeyFileError, match=r"keys\.json can't be read: not a directory$"):
        read_key_file(file / "keys.json")
    long = path.with_name("k" * 255)
    with pytest.raises(KeyFileError, match=r"kkk can't be written: file name too long$"):
        new_key_file(long)


def test_all_folders_above_it_are_made(path: Path) -> None:
    deep = path.parent / "deeper" / "keys.json"
    assert new_key_file(deep) == read_key_file(deep)


def test_nobody_else_can_open_it_while_it_is_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    really = os.fchmod

    def noted(descriptor: int, wanted: int) -> None:
        made.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        really(descriptor, wanted)

    monkeypatch.setattr(os, "fchmod", noted)
    before = os.umask(0)
    try:
        replace_key_file(path, new_key_file(path))
    finally:
        os.umask(before)
    assert made == [0o600, 0o600]
