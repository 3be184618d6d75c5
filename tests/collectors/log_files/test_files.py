"""Files that are rotated, cut, damaged, compressed or no files at all: each is read once or is a gap, and no more."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from backports import zstd

from collectors.log_files.blocks import LONGEST
from collectors.log_files.parts import LogFormat, LogLines
from dsar_export.errors import SourceUnreadableError
from dsar_export.model.source import FileFault, FileGap, Selection
from tests.collectors.log_files.logs import NDJSON, collector, dataset, objects, read, visit, whats

MINE = Selection(dataset(), (("C-1",),))
PIECE = 1 << 20


def lines(*what: object, owner: str = "C-1") -> bytes:
    return objects(visit(owner, each) for each in what)


def gaps(folder: Path) -> tuple[FileGap, ...]:
    return read(folder, MINE)[1].gaps


def gap(fault: FileFault, number: int = 1) -> tuple[FileGap, ...]:
    return (FileGap("app*.log*", number, fault),)


def test_rotated_files_are_read_from_the_oldest_to_the_newest(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(lines("now"))
    (tmp_path / "app.log.1").write_bytes(lines("yesterday"))
    (tmp_path / "app.log.2.gz").write_bytes(gzip.compress(lines("earlier")))
    (tmp_path / "app.log.10.zst").write_bytes(zstd.compress(lines("first")))
    assert whats(tmp_path, "C-1") == ["first", "earlier", "yesterday", "now"]


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
def test_a_compressed_file_of_several_members_is_read_to_its_end(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    name = "app.log.gz" if pack is gzip.compress else "app.log.zst"
    (tmp_path / name).write_bytes(pack(lines("a")) + pack(lines(*range(40_000))) + pack(lines("z")))
    found = whats(tmp_path, "C-1")
    assert (found[0], found[-1], len(found)) == ("a", "z", 40_002)
    assert not gaps(tmp_path)


def test_zeros_after_a_gzip_file_are_padding(tmp_path: Path) -> None:
    (tmp_path / "app.log.gz").write_bytes(gzip.compress(lines("a")) + b"\0" * 512)
    assert (whats(tmp_path, "C-1"), gaps(tmp_path)) == (["a"], ())


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
@pytest.mark.parametrize(
    "spoil", [lambda text: text[:-9], lambda text: text[:-9] + b"\xff" * 9, lambda text: text + b"junk!"]
)
def test_what_a_damaged_file_still_holds_is_read_and_the_rest_is_a_gap(
    tmp_path: Path, pack: Callable[[bytes], bytes], spoil: Callable[[bytes], bytes]
) -> None:
    ending = "gz" if pack is gzip.compress else "zst"
    whole = pack(lines(*range(60_000)))
    (tmp_path / f"app.log.1.{ending}").write_bytes(spoil(whole))
    (tmp_path / "app.log").write_bytes(lines("now"))
    found, searched = read(tmp_path, MINE)
    assert searched.gaps == gap(FileFault.DAMAGED)
    assert found[-1][-1] == "now"
    assert len(found) > 10_000


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
def test_a_decompression_bomb_stops_at_its_bound_and_is_a_gap(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    ending = "gz" if pack is gzip.compress else "zst"
    (tmp_path / f"app.log.1.{ending}").write_bytes(pack(lines("mine") + b"\n" * (64 << 20)))
    (tmp_path / "app.log").write_bytes(lines("now"))
    found, searched = read(tmp_path, MINE)
    assert [row[-1] for row in found] == ["mine", "now"]
    assert searched.gaps == gap(FileFault.TOO_LONG)
    assert (searched.lines or 0) < 20 << 20


def test_a_bound_in_bytes_stops_a_file_whatever_its_ratio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.log_files.unpacking._GIGABYTE", 1 << 20)
    (tmp_path / "app.log.gz").write_bytes(gzip.compress(os.urandom(2 << 20)))
    at = LogLines(
        files="app*.log*", format=LogFormat.NDJSON, largest_gigabytes=1, optional=("user.id", "what")
    )
    assert read(tmp_path, Selection(dataset(at), (("C-1",),)))[1].gaps == gap(FileFault.TOO_LONG)


def test_symbolic_links_and_pipes_are_not_opened(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    (tmp_path / "secret.log").write_bytes(lines("not in the folder"))
    (folder / "app.log").symlink_to(tmp_path / "secret.log")
    (folder / "app-folder.log").symlink_to(tmp_path)
    os.mkfifo(folder / "app-pipe.log")
    (folder / "app.z.log").write_bytes(lines("mine"))
    found, searched = read(folder, MINE)
    assert [row[-1] for row in found] == ["mine"]
    assert [each.fault for each in searched.gaps] == [FileFault.NOT_A_FILE] * 3


def test_a_folder_that_becomes_a_link_while_it_is_read_is_not_followed(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "logs", tmp_path / "elsewhere"
    (folder / "web").mkdir(parents=True)
    elsewhere.mkdir()
    (folder / "web" / "app.log").write_bytes(lines("mine"))
    os.link(folder / "web" / "app.log", elsewhere / "app.log")
    at = LogLines(files="web/*.log", format=LogFormat.NDJSON)
    with collector(folder).snapshot() as snapshot:
        (folder / "web" / "app.log").unlink()
        (folder / "web").rmdir()
        (folder / "web").symlink_to(elsewhere)
        selection = Selection(dataset(at), (("C-1",),))
        assert list(snapshot.chunks(selection)) == []
        assert [each.fault for each in snapshot.searched(selection).gaps] == [FileFault.REFUSED]


@pytest.mark.parametrize(
    "files", ["../app.log", "/var/log/app.log", "a/../app.log", "a\\b", "./app.log", "a//b", ""]
)
def test_a_pattern_stays_below_the_folder(files: str) -> None:
    with pytest.raises(ValueError, match="below the source's folder"):
        LogLines(files=files, format=LogFormat.NDJSON)


@pytest.mark.parametrize(
    ("files", "found"),
    [("*.log", ["top"]), ("web/*.log", ["one"]), ("**/*.log", ["top", "one", "two"]), ("?pp.log", ["top"])],
)
def test_a_star_stays_in_its_folder_and_two_go_deeper(tmp_path: Path, files: str, found: list[str]) -> None:
    (tmp_path / "web" / "deep").mkdir(parents=True)
    for name, what in (("app.log", "top"), ("web/a.log", "one"), ("web/deep/a.log", "two"), ("x.txt", "no")):
        (tmp_path / name).write_bytes(lines(what))
    assert whats(tmp_path, "C-1", at=LogLines(files=files, format=LogFormat.NDJSON)) == found


def test_a_log_that_is_renamed_after_the_snapshot_began_is_read_once(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(lines("old"))
    with collector(tmp_path).snapshot() as snapshot:
        log.rename(tmp_path / "app.log.1")
        log.write_bytes(lines("later"))
        assert [row[-1] for chunk in snapshot.chunks(MINE) for row in chunk.rows] == ["old"]
        assert not snapshot.searched(MINE).gaps


def test_a_log_that_is_removed_after_the_snapshot_began_is_a_gap(tmp_path: Path) -> None:
    (tmp_path / "app.log.1").write_bytes(lines("gone"))
    (tmp_path / "app.log").write_bytes(lines("mine"))
    with collector(tmp_path).snapshot() as snapshot:
        (tmp_path / "app.log.1").unlink()
        assert [row[-1] for chunk in snapshot.chunks(MINE) for row in chunk.rows] == ["mine"]
        assert snapshot.searched(MINE).gaps == gap(FileFault.GONE)


@pytest.mark.parametrize("grown", [0, 4 * PIECE])
def test_a_log_that_is_emptied_while_it_is_read_is_a_gap_even_if_it_grew_again(
    tmp_path: Path, grown: int
) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(lines("x" * 300) + lines(*range(60_000)))
    assert 2 * PIECE < log.stat().st_size < 4 * PIECE
    with collector(tmp_path).snapshot() as snapshot:
        chunks = snapshot.chunks(MINE)
        assert next(chunks).rows
        with log.open("r+b") as file:
            file.truncate(0)
            file.write(lines("later", owner="C-2") + b"\n" * grown)
        list(chunks)
        assert snapshot.searched(MINE).gaps == gap(FileFault.CUT)


def test_what_is_appended_later_is_not_read(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(lines("mine"))
    with collector(tmp_path).snapshot() as snapshot:
        with log.open("ab") as file:
            file.write(lines("later"))
        assert [row[-1] for chunk in snapshot.chunks(MINE) for row in chunk.rows] == ["mine"]


def test_the_same_lines_under_two_names_are_read_once(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(lines("a", "b"))
    os.link(tmp_path / "app.log", tmp_path / "app.log.1")  # a rename by link and unlink
    assert whats(tmp_path, "C-1") == ["a", "b"]
    (tmp_path / "app.log.1.gz").write_bytes(gzip.compress(lines("a", "b")))  # not yet removed
    assert whats(tmp_path, "C-1") == ["a", "b"]
    (tmp_path / "app.log.2").write_bytes(lines("a", "b", "c"))  # copied, and not yet emptied
    assert whats(tmp_path, "C-1") == ["a", "b", "c"]


def test_logs_that_only_begin_alike_are_both_read(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(lines("started", "b"))
    (tmp_path / "app.log.1").write_bytes(lines("started", "a", "a"))
    assert whats(tmp_path, "C-1") == ["started", "a", "a", "started", "b"]
    (tmp_path / "app-two.log").write_bytes(lines("started", "b"))  # another server's
    assert len(whats(tmp_path, "C-1")) == 7


def test_a_pattern_without_a_file_is_a_gap_and_no_empty_list(tmp_path: Path) -> None:
    assert gaps(tmp_path) == (FileGap("app*.log*", 0, FileFault.NO_FILE),)


def test_a_folder_that_is_not_there_stops_the_source(tmp_path: Path) -> None:
    with (
        pytest.raises(SourceUnreadableError, match="'logs' could not be read: no such file"),
        collector(tmp_path / "no").snapshot(),
    ):
        pass


def test_every_line_is_counted_and_one_that_names_the_person_without_an_owner_is_a_count(
    tmp_path: Path,
) -> None:
    broken = lines("mine")[:-4] + b"\n"
    keyless = objects(
        [{"what": "mail to C-1"}, {"user": {"id": None}, "what": "C-1"}, {"user": {"id": ["C-1"]}}]
    )
    twice = b'{"user": {"id": "C-1", "id": "C-2"}, "what": 1}\n'
    elsewhere = lines("C-1", owner="C-2") + b"{broken\n" + objects([{"what": "nobody"}])
    (tmp_path / "app.log").write_bytes(lines("mine") + broken + keyless + twice + elsewhere + b"\n")
    found, searched = read(tmp_path, MINE)
    assert [row[-1] for row in found] == ["mine"]
    assert (searched.lines, searched.unattributed) == (10, 5)


def test_a_line_that_is_too_long_is_counted_and_the_next_one_is_read(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(b"x" * (LONGEST + 2 * PIECE) + b"\n" + lines("mine"))
    found, searched = read(tmp_path, MINE)
    assert [row[1:] for row in found] == [(None, 2, "mine")]
    assert (searched.lines, searched.unattributed) == (2, 1)


def test_a_file_that_may_not_be_read_is_a_gap(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (tmp_path / "app.log").write_bytes(lines("mine"))
    (tmp_path / "app.log").chmod(0)
    assert gaps(tmp_path) == gap(FileFault.REFUSED)


def test_the_last_line_of_a_file_needs_no_end(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(b"\xef\xbb\xbf" + lines("a", "b").rstrip())
    assert whats(tmp_path, "C-1") == ["a", "b"]
    assert NDJSON.table == "app*.log*"
