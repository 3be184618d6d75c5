"""Sealed members are read again in memory, unchanged, and only as far as the caller reads."""

import json
import os
import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dsar_export.errors import NotWritableError
from dsar_export.interfaces import DatasetRenderer
from dsar_export.model.outcome import Record
from dsar_export.model.package import MemberRole
from dsar_export.plugins import BUILT_IN, dataset_renderer
from dsar_export.sealing.part import CHECK_BYTES, SALT_BYTES, Keyring, SealedPart
from dsar_export.sealing.reader import PIECE_BYTES, sealed_records, unsealed
from dsar_export.sealing.writer import Sealer
from tests.builders import as_lines, dataset_answer, schema_field
from tests.worlds import PASSPHRASE, hostile_cells

SCHEMA = dataset_answer("d", fields=[schema_field(name) for name in ("id", "note", "amount")]).schema
JSON = dataset_renderer("json_array", BUILT_IN)
CSV = dataset_renderer("csv_table", BUILT_IN)

cells = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(hostile_cells()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
chunks_of_records = st.lists(st.lists(st.dictionaries(st.text(), cells, max_size=4), min_size=1, max_size=4))


def sealed(
    folder: Path, *chunks: Sequence[Record], renderers: Sequence[DatasetRenderer] = (CSV, JSON)
) -> Sealer:
    """A dataset `d` as in a package: one member per renderer."""
    sealer = Sealer(folder, PASSPHRASE)
    for renderer in renderers:
        stream = renderer.stream(SCHEMA)
        member = sealer.member(renderer.path("d"), MemberRole.RECORDS, renderer.mediatype, "d")
        with member as part:
            part.write(stream.head())
            for chunk in chunks:
                part.write(stream.rows(chunk, as_lines(chunk)))
            part.write(stream.tail())
    return sealer


def one_part(folder: Path, *pieces: bytes, role: MemberRole = MemberRole.RECORDS) -> SealedPart:
    """A part with these bytes, named like the JSON of dataset `d`."""
    sealer = Sealer(folder, PASSPHRASE)
    with sealer.member("data/json/d.json", role, "application/json", "d") as part:
        for piece in pieces:
            part.write(piece)
    return sealer.parts[0]


def numbered(rows: Iterable[int]) -> list[Record]:
    return [
        {"id": str(n), "note": f"a note that separates {n} from {n * n}", "amount": f"{n / 7}"} for n in rows
    ]


# Records


@settings(deadline=None, max_examples=60)
@given(chunks_of_records)
@example([[{"text": cell} for cell in hostile_cells()]])
def test_any_records_in_any_chunks_come_back_as_they_were_written(chunks: list[list[Record]]) -> None:
    with TemporaryDirectory() as folder:
        records = sealed(Path(folder), *chunks, renderers=[JSON]).records("d")
        assert list(records) == [record for chunk in chunks for record in chunk]


def test_records_of_any_length_come_back_unchanged(tmp_path: Path) -> None:
    records: list[Record] = [{"text": "é" * size} for size in (0, PIECE_BYTES, 1, 3_000_000, 2)]
    records.append({"text": os.urandom(300_000).hex()})
    assert list(sealed(tmp_path, records, renderers=[JSON]).records("d")) == records


def test_the_last_line_needs_no_line_end(tmp_path: Path) -> None:
    record = {"text": "x" * 2 * PIECE_BYTES}
    part = one_part(tmp_path, b'[\n{"id":"1"},\n', json.dumps(record).encode())
    assert list(sealed_records([part], Keyring(PASSPHRASE), "d")) == [{"id": "1"}, record]


def test_each_reading_starts_at_the_beginning_and_several_may_run_at_once(tmp_path: Path) -> None:
    sealer = sealed(tmp_path, numbered(range(20)))
    first, second = sealer.records("d"), sealer.records("d")
    assert [next(first)["id"], next(first)["id"], next(second)["id"]] == ["0", "1", "0"]
    assert [len(list(first)), len(list(second)), len(list(sealer.records("d")))] == [18, 19, 20]


def test_the_records_are_those_of_the_named_dataset(tmp_path: Path) -> None:
    sealer = sealed(tmp_path, numbered(range(3)))
    with sealer.member("data/json/e.json", MemberRole.RECORDS, JSON.mediatype, "e") as part:
        part.write(b'[\n{"id":"of e"}\n]\n')
    assert [r["id"] for r in sealer.records("e")] == ["of e"]
    assert len(list(sealer.records("d"))) == 3


def test_a_dataset_without_records_yields_none(tmp_path: Path) -> None:
    assert list(sealed(tmp_path).records("d")) == []


def test_a_dataset_without_a_member_yields_none(tmp_path: Path) -> None:
    assert list(sealed(tmp_path, numbered(range(3))).records("another")) == []


def test_without_a_json_renderer_there_are_no_records(tmp_path: Path) -> None:
    assert list(sealed(tmp_path, numbered(range(3)), renderers=[CSV]).records("d")) == []


def test_rows_kept_beside_are_not_records(tmp_path: Path) -> None:
    part = one_part(tmp_path, b'[\n{"row":1}\n]\n', role=MemberRole.NONCONFORMING)
    assert list(sealed_records([part], Keyring(PASSPHRASE), "d")) == []


def test_a_member_that_is_still_being_written_yields_no_records(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path, PASSPHRASE)
    with sealer.member("data/json/d.json", MemberRole.RECORDS, "application/json", "d") as part:
        part.write(b'[\n{"id":"1"}')
        assert list(sealer.records("d")) == []
        part.write(b"\n]\n")
    assert list(sealer.records("d")) == [{"id": "1"}]


# How much is read


def test_the_first_records_are_read_without_the_others(tmp_path: Path) -> None:
    """Only the beginning of the part is left; a reader notices only when it reads further."""
    sealer = sealed(tmp_path, numbered(range(50_000)), renderers=[JSON])
    with sealer.parts[0].file.open("r+b") as file:
        file.truncate(2 * PIECE_BYTES)
    assert [r["id"] for r in islice(sealer.records("d"), 500)] == [str(n) for n in range(500)]
    with pytest.raises(NotWritableError):
        list(sealer.records("d"))


@pytest.mark.parametrize("read", [0, 1, 500])
def test_a_reader_that_stops_early_leaves_no_file_open(tmp_path: Path, read: int) -> None:
    records = sealed(tmp_path, numbered(range(5_000))).records("d")
    assert len(list(islice(records, read))) == read
    del records
    assert open_files(tmp_path) == []


def test_a_file_is_open_only_while_it_is_read(tmp_path: Path) -> None:
    sealer = sealed(tmp_path, numbered(range(5_000)), renderers=[JSON])
    records = sealer.records("d")
    assert open_files(tmp_path) == []
    next(records)
    assert open_files(tmp_path) == [sealer.parts[0].file]
    for _ in records:
        pass
    assert open_files(tmp_path) == []


def open_files(folder: Path) -> list[Path]:
    if not Path("/proc/self/fd").exists():
        pytest.skip("this system has no /proc")
    links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return [file for link in links if (file := link.readlink()).is_relative_to(folder)]


def test_highly_compressible_data_is_read_in_small_pieces(tmp_path: Path) -> None:
    part = one_part(tmp_path, *[b"a" * 1_000_000] * 30)
    assert part.sealed_size < 500_000
    sizes = [len(piece) for piece in unsealed(part, Keyring(PASSPHRASE))]
    assert (sum(sizes), max(sizes)) == (30_000_000, PIECE_BYTES)


def test_data_that_does_not_compress_is_read_in_small_pieces_too(tmp_path: Path) -> None:
    part = one_part(tmp_path, os.urandom(4_000_000))
    tracemalloc.start()
    try:
        assert sum(map(len, unsealed(part, Keyring(PASSPHRASE)))) == 4_000_000
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 10 * PIECE_BYTES])
def test_a_part_of_any_size_is_read_to_its_end(tmp_path: Path, size: int) -> None:
    for plaintext in (b"a" * size, os.urandom(size)):
        folder = Path(tmp_path, plaintext[:1].hex() + str(len(list(tmp_path.iterdir()))))
        folder.mkdir()
        assert b"".join(unsealed(one_part(folder, plaintext), Keyring(PASSPHRASE))) == plaintext


def test_memory_does_not_grow_with_the_records(tmp_path: Path) -> None:
    few, many = (read_with_peak(tmp_path / str(rows), rows) for rows in (20_000, 200_000))
    assert many - few < 100_000
    assert many < 2_000_000


def read_with_peak(folder: Path, rows: int) -> int:
    """The peak memory of reading this many records, in bytes."""
    folder.mkdir()
    sealer = sealed(folder, *(numbered(range(n, n + 250)) for n in range(0, rows, 250)), renderers=[JSON])
    tracemalloc.start()
    try:
        assert count(sealer.records("d")) == rows
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def count(records: Iterator[Record]) -> int:
    return sum(1 for _ in records)


# What can't be read


def refusal(part: SealedPart, passphrase: str = PASSPHRASE) -> str:
    with pytest.raises(NotWritableError) as raised:
        list(sealed_records([part], Keyring(passphrase), "d"))
    # Not even a hidden cause may quote the part, which orjson's error would do.
    assert raised.value.__suppress_context__
    return str(raised.value)


def test_another_passphrase_is_refused_with_the_next_step(tmp_path: Path) -> None:
    message = refusal(one_part(tmp_path, b'[\n{"id":"1"}\n]\n'), "another-passphrase-than-the-one")
    assert message == (
        "data/json/d.json can't be read again as it was written; nothing was handed over. Check the disk or "
        "choose another folder, and export again"
    )


@pytest.mark.parametrize(
    ("at", "size"), [(0, SALT_BYTES), (SALT_BYTES, CHECK_BYTES), (SALT_BYTES + CHECK_BYTES, 64), (1000, 64)]
)
def test_a_damaged_part_is_refused(tmp_path: Path, at: int, size: int) -> None:
    noise = json.dumps([os.urandom(20_000).hex()])
    part = one_part(tmp_path, b'[\n{"id":', noise.encode(), b"}\n]\n")
    stored = bytearray(part.file.read_bytes())
    stored[at : at + size] = bytes(byte ^ 0xFF for byte in stored[at : at + size])
    part.file.write_bytes(stored)
    refusal(part)


@pytest.mark.parametrize("kept", [0, 1, SALT_BYTES, SALT_BYTES + CHECK_BYTES, 1000])
def test_a_truncated_part_is_refused_and_not_taken_for_a_short_one(tmp_path: Path, kept: int) -> None:
    part = one_part(
        tmp_path, b"[\n", *(b'{"id":"%s"},\n' % os.urandom(20).hex().encode() for _ in range(900))
    )
    os.truncate(part.file, kept)
    refusal(part)


@pytest.mark.parametrize(
    "line", [b"PLANTED", b"1", b'"text"', b"[]]", b'{"id":"1"}X', b'{"id":', b'\xff\xfe{"id":"1"}']
)
def test_a_line_that_is_not_a_record_is_refused(tmp_path: Path, line: bytes) -> None:
    assert "PLANTED" not in refusal(one_part(tmp_path, b"[\n", line, b"\n]\n"))


def test_a_missing_part_raises_the_disk_error(tmp_path: Path) -> None:
    part = one_part(tmp_path, b"[]\n")
    with pytest.raises(FileNotFoundError):
        list(sealed_records([replace(part, file=tmp_path / "gone")], Keyring(PASSPHRASE), "d"))


def test_reading_leaves_nothing_on_the_disk(tmp_path: Path) -> None:
    sealer = sealed(tmp_path, numbered(range(1_000)))
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    assert count(sealer.records("d")) == 1_000
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before
