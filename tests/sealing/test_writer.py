"""Members are ciphertext as soon as they leave memory, and contain exactly the bytes that were written."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from dsar_export.model.package import MemberRole
from dsar_export.sealing.archive import assemble, publish
from dsar_export.sealing.part import AUTHENTICATION_BYTES, CHECK_BYTES, SALT_BYTES
from dsar_export.sealing.writer import Sealer
from tests.worlds import PASSPHRASE, open_package

MARKER = b"PLANTED-MARKER-8d1f"


def write(sealer: Sealer, path: str, *pieces: bytes) -> None:
    with sealer.member(path, MemberRole.DOCUMENT, "text/plain") as part:
        for piece in pieces:
            part.write(piece)


def test_a_part_on_disk_holds_neither_plaintext_nor_the_members_name(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path, PASSPHRASE)
    write(sealer, "data/json/medical.json", MARKER * 1000)
    (file,) = tmp_path.iterdir()
    stored = file.read_bytes()
    assert MARKER not in stored
    assert b"medical" not in stored
    assert "medical" not in file.name


def test_a_part_of_incompressible_plaintext_holds_none_of_it(tmp_path: Path) -> None:
    noise = os.urandom(50_000)
    write(Sealer(tmp_path, PASSPHRASE), "a", noise)
    (file,) = tmp_path.iterdir()
    stored = file.read_bytes()
    assert not any(noise[at : at + 16] in stored for at in range(0, len(noise), 16))


def test_size_hash_and_sealed_size_match_what_was_written(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path, PASSPHRASE)
    pieces = [b"one", b"", os.urandom(100_000), b"four" * 50_000]
    write(sealer, "a", *pieces)
    (part,) = sealer.parts
    assert part.member.size == len(b"".join(pieces))
    assert part.member.sha256 == sha256(b"".join(pieces)).hexdigest()
    assert part.sealed_size == part.file.stat().st_size > SALT_BYTES + CHECK_BYTES + AUTHENTICATION_BYTES


def test_the_same_plaintext_is_sealed_differently_each_time(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path, PASSPHRASE)
    write(sealer, "a", MARKER)
    write(sealer, "b", MARKER)
    first, second = (part.file.read_bytes() for part in sealer.parts)
    assert first[:SALT_BYTES] != second[:SALT_BYTES]
    assert first[SALT_BYTES + CHECK_BYTES :] != second[SALT_BYTES + CHECK_BYTES :]


def test_members_that_are_written_at_the_same_time_do_not_mix(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path, PASSPHRASE)
    with (
        sealer.member("a", MemberRole.RECORDS, "text/csv", "d") as first,
        sealer.member("b", MemberRole.RECORDS, "text/csv", "d") as second,
    ):
        for n in range(1000):
            first.write(b"a%d," % n)
            second.write(b"b%d," % n)
    target = tmp_path / "package.zip"
    publish(assemble([], sealer.parts, tmp_path), target)
    assert open_package(target).members == {
        name: b"".join(b"%s%d," % (name.encode(), n) for n in range(1000)) for name in ("b", "a")
    }


def test_members_of_a_sealer_apart_are_taken_after_those_that_are_there(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path, PASSPHRASE)
    write(sealer, "a", b"first")
    apart = sealer.apart()
    write(apart, "b", b"second")
    write(apart, "c", b"third")
    assert [part.member.path for part in sealer.parts] == ["a"]
    sealer.take(apart.parts)
    assert [part.member.path for part in sealer.parts] == ["a", "b", "c"]
    publish(assemble([], sealer.parts, tmp_path), tmp_path / "package.zip")
    assert open_package(tmp_path / "package.zip").members == {"a": b"first", "b": b"second", "c": b"third"}


def test_a_member_that_failed_while_it_was_written_is_not_a_part(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path, PASSPHRASE)
    with pytest.raises(ZeroDivisionError):
        _fail_while_writing(sealer)
    assert sealer.parts == ()


def _fail_while_writing(sealer: Sealer) -> None:
    with sealer.member("a", MemberRole.DOCUMENT, "text/plain") as part:
        part.write(MARKER)
        raise ZeroDivisionError


def test_a_passphrase_that_is_not_ascii_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        write(Sealer(tmp_path, "größe"), "a", MARKER)
    assert not any(MARKER in file.read_bytes() for file in tmp_path.iterdir())
