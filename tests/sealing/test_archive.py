"""A package appears in one step and complete, or not at all."""

import os
import stat
import struct
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
import pyzipper

from dsar_export.errors import NotWritableError
from dsar_export.model.package import Document, MemberRole
from dsar_export.sealing.archive import assemble, publish, withdrawn_on_failure
from dsar_export.sealing.writer import Sealer
from tests.worlds import PASSPHRASE, open_package

README = Document("README.txt", (b"how to ", b"open this"), "text/plain", encrypted=False)
# Sizes around the copying step of one megabyte; the contents are not compressible.
SIZES = (0, 1, (1 << 20) - 40, (1 << 20) - 28, 1 << 20, (1 << 20) + 1, (5 << 20) + 12_345)


def sealed(folder: Path, **members: bytes) -> Sealer:
    folder.mkdir(exist_ok=True)
    sealer = Sealer(folder, PASSPHRASE)
    for path, body in members.items():
        with sealer.member(path, MemberRole.DOCUMENT, "text/plain") as part:
            part.write(body)
    return sealer


def test_no_member_is_truncated_whatever_its_size(tmp_path: Path) -> None:
    bodies = {f"m{size}": os.urandom(size) for size in SIZES}
    publish(assemble([README], sealed(tmp_path / "w", **bodies).parts, tmp_path / "w"), tmp_path / "p.zip")
    assert open_package(tmp_path / "p.zip").members == {"README.txt": b"how to open this", **bodies}


def test_members_keep_the_given_order_and_only_documents_are_readable(tmp_path: Path) -> None:
    sealer = sealed(tmp_path / "w", b=b"2", a=b"1")
    publish(assemble([README], sealer.parts, tmp_path / "w"), tmp_path / "p.zip")
    with ZipFile(tmp_path / "p.zip") as archive:
        assert archive.namelist() == ["README.txt", "b", "a"]
        assert [info.flag_bits & 1 for info in archive.infolist()] == [0, 1, 1]
        assert archive.read("README.txt") == b"how to open this"


def test_a_long_document_for_everybody_is_compressed_and_read_by_any_program(tmp_path: Path) -> None:
    page = Document("open.html", (b"<p>" * 40_000, b"end"), "text/html", encrypted=False)
    sealer = sealed(tmp_path / "w", a=b"1")
    publish(assemble([README, page], sealer.parts, tmp_path / "w"), tmp_path / "p.zip")
    with ZipFile(tmp_path / "p.zip") as archive:
        assert archive.namelist() == ["README.txt", "open.html", "a"]
        assert archive.read("open.html") == b"".join(page.body)
        assert archive.getinfo("open.html").compress_size < 5_000
    opened = open_package(tmp_path / "p.zip").members
    assert opened == {"README.txt": b"how to open this", "open.html": b"".join(page.body), "a": b"1"}


def test_every_sealed_member_is_ae_2_with_256_bits_and_has_neither_checksum_nor_time(
    tmp_path: Path,
) -> None:
    publish(assemble([README], sealed(tmp_path / "w", a=b"1").parts, tmp_path / "w"), tmp_path / "p.zip")
    with pyzipper.AESZipFile(tmp_path / "p.zip") as archive:
        info = archive.getinfo("a")
        assert (info.wz_aes_vendor_id, info.wz_aes_version, info.wz_aes_strength) == (b"AE", 2, 3)
        assert info.CRC == 0
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_member_over_4_gigabytes_has_its_size_in_both_headers(tmp_path: Path) -> None:
    (small,) = sealed(tmp_path / "w", a=b"1").parts
    huge = replace(small, member=replace(small.member, size=5 << 30))  # as if it had been 5 GB
    publish(assemble([README], [huge], tmp_path / "w"), tmp_path / "p.zip")
    raw = (tmp_path / "p.zip").read_bytes()
    with ZipFile(tmp_path / "p.zip") as archive:
        info = archive.getinfo("a")
    assert (info.file_size, info.compress_size) == (5 << 30, small.sealed_size)
    assert _local_sizes(raw, info.header_offset) == (5 << 30, small.sealed_size)


def test_every_local_header_has_room_for_sizes_over_4_gigabytes(tmp_path: Path) -> None:
    publish(assemble([README], sealed(tmp_path / "w", a=b"1").parts, tmp_path / "w"), tmp_path / "p.zip")
    raw = (tmp_path / "p.zip").read_bytes()
    with ZipFile(tmp_path / "p.zip") as archive:
        info = archive.getinfo("a")
    assert _local_sizes(raw, info.header_offset) == (1, info.compress_size)


def _local_sizes(raw: bytes, start: int) -> tuple[int, int]:
    """The plain and the sealed size in the ZIP64 field of a local header."""
    name_length, extra_length = struct.unpack_from("<HH", raw, start + 26)
    extra = raw[start + 30 + name_length : start + 30 + name_length + extra_length]
    size, sealed_size = struct.unpack("<QQ", dict(_extra_fields(extra))[0x0001])
    return size, sealed_size


def _extra_fields(extra: bytes) -> list[tuple[int, bytes]]:
    found = []
    while extra:
        kind, length = struct.unpack_from("<HH", extra)
        found.append((kind, extra[4 : 4 + length]))
        extra = extra[4 + length :]
    return found


def test_the_package_is_private_to_its_owner_and_the_parts_are_gone(tmp_path: Path) -> None:
    publish(assemble([README], sealed(tmp_path / "w", a=b"1").parts, tmp_path / "w"), tmp_path / "p.zip")
    assert stat.S_IMODE((tmp_path / "p.zip").stat().st_mode) == 0o600
    assert list((tmp_path / "w").iterdir()) == []


def test_unpacked_files_can_be_read_by_their_owner_and_nobody_else(tmp_path: Path) -> None:
    publish(assemble([README], sealed(tmp_path / "w", a=b"1").parts, tmp_path / "w"), tmp_path / "p.zip")
    with ZipFile(tmp_path / "p.zip") as archive:
        modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
    assert modes == {"README.txt": 0o600, "a": 0o600}


def test_a_failure_in_the_middle_leaves_no_package(tmp_path: Path) -> None:
    sealer = sealed(tmp_path / "w", a=b"1", b=b"2", c=b"3")
    sealer.parts[1].file.unlink()
    with pytest.raises(FileNotFoundError):
        publish(assemble([README], sealer.parts, tmp_path / "w"), tmp_path / "p.zip")
    assert [entry.name for entry in tmp_path.iterdir()] == ["w"]


def test_a_package_that_is_already_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "p.zip").write_bytes(b"another")
    with pytest.raises(NotWritableError, match="was not overwritten"):
        withdrawn_on_failure(tmp_path / "p.zip").__enter__()
    assert (tmp_path / "p.zip").read_bytes() == b"another"


def test_a_package_is_taken_back_if_the_export_fails_after_publishing_it(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        _interrupted_after_publishing(tmp_path / "p.zip")
    assert list(tmp_path.iterdir()) == []


def _interrupted_after_publishing(target: Path) -> None:
    with withdrawn_on_failure(target):
        target.write_bytes(b"published")
        raise KeyboardInterrupt


def test_two_members_with_one_name_are_refused(tmp_path: Path) -> None:
    sealer = sealed(tmp_path / "w", a=b"1")
    with sealer.member("a", MemberRole.DOCUMENT, "text/plain") as part:
        part.write(b"2")
    with pytest.raises(UserWarning, match="Duplicate name"):
        publish(assemble([README], sealer.parts, tmp_path / "w"), tmp_path / "p.zip")
    assert not (tmp_path / "p.zip").exists()
