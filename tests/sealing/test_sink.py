"""Small parts stay in memory, within a bound for all together; what they hold is the same as on disk."""

import os
from pathlib import Path

from dsar_export.model.package import MemberRole
from dsar_export.sealing.archive import assemble
from dsar_export.sealing.part import Keyring, SealedPart
from dsar_export.sealing.reader import unsealed
from dsar_export.sealing.sink import PartSink
from dsar_export.sealing.writer import Sealer
from tests.worlds import PASSPHRASE, open_package

ROOM = 100_000


def sealed(sealer: Sealer, path: str, content: bytes) -> SealedPart:
    with sealer.member(path, MemberRole.DOCUMENT, "text/plain") as part:
        part.write(content)
    return sealer.parts[-1]


def test_a_small_part_makes_no_file(tmp_path: Path) -> None:
    part = sealed(Sealer(tmp_path, PASSPHRASE, ROOM), "a", b"small")
    assert list(tmp_path.iterdir()) == []
    assert part.held is not None
    assert len(part.held) == part.sealed_size
    assert b"".join(unsealed(part, Keyring(PASSPHRASE))) == b"small"


def test_a_part_that_grows_too_large_is_on_disk_alone(tmp_path: Path) -> None:
    noise = os.urandom(3 * ROOM)
    part = sealed(Sealer(tmp_path, PASSPHRASE, ROOM), "a", noise)
    assert part.held is None
    assert part.file.stat().st_size == part.sealed_size
    assert b"".join(unsealed(part, Keyring(PASSPHRASE))) == noise


def test_no_part_that_is_large_stays_in_memory_however_much_room_there_is(tmp_path: Path) -> None:
    assert sealed(Sealer(tmp_path, PASSPHRASE, 1 << 30), "a", os.urandom(1 << 19)).held is None


def test_all_parts_in_memory_together_stay_within_the_room(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path, PASSPHRASE, ROOM)
    parts = [sealed(sealer, str(number), os.urandom(ROOM // 4)) for number in range(10)]
    in_memory = [len(part.held) for part in parts if part.held is not None]
    assert len(in_memory) == 3
    assert sum(in_memory) <= ROOM
    assert len(list(tmp_path.iterdir())) == 7


def test_parts_on_disk_and_in_memory_make_one_package(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path, PASSPHRASE, ROOM)
    members = {"a": b"small", "b": os.urandom(2 * ROOM), "c": b"", "d": b"small too"}
    for path, content in members.items():
        sealed(sealer, path, content)
    package = assemble([], sealer.parts, tmp_path)
    assert open_package(package).members == members
    assert list(tmp_path.iterdir()) == [package]


def test_what_was_written_before_there_was_a_file_comes_first_in_it(tmp_path: Path) -> None:
    file = tmp_path / "part"
    with PartSink(file, 8) as sink:
        for piece in (b"one", b"two", b"three", b"four"):
            sink.write(piece)
        assert sink.held is None
    assert file.read_bytes() == b"onetwothreefour"


def test_a_part_apart_is_on_disk_because_memory_is_not_shared(tmp_path: Path) -> None:
    assert sealed(Sealer(tmp_path, PASSPHRASE, ROOM).apart(), "a", b"small").held is None
