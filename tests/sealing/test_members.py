"""A dataset's members are written together, chunk by chunk, and contain the same records."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dsar_export.model.outcome import RecordLines
from dsar_export.model.package import MemberRole
from dsar_export.plugins import BUILT_IN, dataset_renderer
from dsar_export.sealing.archive import assemble, publish
from dsar_export.sealing.members import Rendering, seal_here
from dsar_export.sealing.schema_note import with_note
from dsar_export.sealing.writer import Sealer
from tests.export.rows import released, row, schema
from tests.worlds import PASSPHRASE, OpenPackage, open_package

RENDERERS = [dataset_renderer("json_array", BUILT_IN), dataset_renderer("csv_table", BUILT_IN)]
RECORDS = Rendering(RENDERERS, "records", schema())


def written(folder: Path, *chunks: list[tuple[object, ...]]) -> tuple[Sealer, OpenPackage, int]:
    sealer = Sealer(folder, PASSPHRASE)
    rendered = RECORDS.render((released(*rows).lines for rows in chunks), sealer)
    publish(assemble([], sealer.parts, folder), folder / "p.zip")
    return sealer, open_package(folder / "p.zip"), rendered.cells_changed


def test_every_dataset_has_json_csv_and_its_schema(tmp_path: Path) -> None:
    sealer, package, _ = written(tmp_path, [row(number=1)], [row(number=2)])
    assert set(package.members) == {
        "data/json/records.json",
        "data/csv/records.csv",
        "data/schemas/records.schema.json",
    }
    assert {(p.member.role, p.member.dataset) for p in sealer.parts} == {
        (MemberRole.RECORDS, "records"),
        (MemberRole.SCHEMA, "records"),
    }
    assert [r["record_id"] for r in package.json()] == [r["record_id"] for r in package.csv()] == ["1", "2"]
    assert json.loads(package.members["data/schemas/records.schema.json"]) == with_note(schema().document)


def test_each_member_is_known_by_its_role_its_mediatype_and_its_dataset(tmp_path: Path) -> None:
    sealer, _, _ = written(tmp_path, [row(), row(whole="x")])
    assert {(m.path, m.role, m.mediatype, m.dataset) for m in (part.member for part in sealer.parts)} == {
        ("data/json/records.json", MemberRole.RECORDS, "application/json", "records"),
        ("data/csv/records.csv", MemberRole.RECORDS, "text/csv", "records"),
        ("data/nonconforming/records.json", MemberRole.NONCONFORMING, "application/json", "records"),
        ("data/schemas/records.schema.json", MemberRole.SCHEMA, "application/schema+json", "records"),
    }


def test_the_schema_is_indented_for_people_and_ends_its_last_line(tmp_path: Path) -> None:
    _, package, _ = written(tmp_path)
    text = package.members["data/schemas/records.schema.json"].decode()
    assert text == json.dumps(with_note(schema().document), indent=2, ensure_ascii=False) + "\n"


def test_rows_and_rows_kept_beside_are_counted_over_all_chunks(tmp_path: Path) -> None:
    chunks = [[row(whole="x"), row(whole="y"), row()], [row(whole="z"), row()], [row()]]
    lines = [released(*rows).lines for rows in chunks]
    for seal in (RECORDS.render, lambda given, sealer: seal_here(RECORDS, given, sealer)):
        rendered = seal(iter(lines), Sealer(tmp_path, PASSPHRASE))
        assert (rendered.records, rendered.nonconforming) == (3, 3)


def test_a_dataset_without_rows_is_an_empty_array_and_a_head_line(tmp_path: Path) -> None:
    _, package, _ = written(tmp_path)
    assert package.json() == []
    assert package.csv() == []
    assert package.members["data/csv/records.csv"].decode() == ",".join(schema().field_names) + "\r\n"


def test_rows_kept_beside_are_a_member_of_their_own_with_row_reasons_and_values(tmp_path: Path) -> None:
    sealer, package, _ = written(
        tmp_path, [row(number=1), row(number=2, whole="x")], [row(number=3, raw="no bytes"), row(number=4)]
    )
    (first, second) = package.kept_beside()
    assert (first["row"], first["reasons"]) == (2, [{"field": "/whole", "rule": "integer"}])
    # Here another normaliser made the second chunk, so its row numbers start again at 1.
    assert (second["row"], second["reasons"]) == (1, [{"field": "/raw", "rule": "bytes"}])
    values = second["values"]
    assert isinstance(values, dict)
    assert values["raw"] == "no bytes"
    assert [r["record_id"] for r in package.json()] == ["1", "4"]
    assert {p.member.role for p in sealer.parts if "nonconforming" in p.member.path} == {
        MemberRole.NONCONFORMING
    }


def test_a_chunk_without_conforming_rows_adds_no_line_to_the_records(tmp_path: Path) -> None:
    _, package, _ = written(tmp_path, [row(whole="x")], [row(number=2)], [row(whole="y")])
    assert [r["record_id"] for r in package.json()] == [r["record_id"] for r in package.csv()] == ["2"]
    assert len(package.kept_beside()) == 2


def test_cells_that_were_changed_for_safety_are_counted_over_all_chunks(tmp_path: Path) -> None:
    _, _, changed = written(tmp_path, [row(text="=1"), row(text="1")], [row(text="+1")])
    assert changed == 2


def test_chunks_that_break_off_leave_no_finished_member(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path, PASSPHRASE)
    with pytest.raises(ZeroDivisionError):
        RECORDS.render(_breaking_off(), sealer)
    assert sealer.parts == ()


def _breaking_off() -> Iterator[RecordLines]:
    yield released(row(whole="x"), row()).lines
    raise ZeroDivisionError
