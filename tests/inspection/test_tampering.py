"""Finds the changes of somebody who can open a package and seal it again."""

import json
from pathlib import Path
from typing import Any

import pytest
import pyzipper

from dsar_export.inspection import inspect_package
from tests.inspection.tampering import (
    CSV,
    JSON,
    KEPT,
    MANIFEST,
    NAMES,
    SCHEMA,
    Members,
    found,
    inspected,
    package,
    package_bytes,
    tampered,
    with_manifest,
)
from tests.worlds import PASSPHRASE

# Members removed, added, renamed, swapped


@pytest.mark.parametrize("name", NAMES)
def test_a_removed_member_is_found(tmp_path: Path, name: str) -> None:
    def remove(members: Members) -> None:
        del members[name]

    inspection = tampered(tmp_path, remove)
    assert name in {finding.key for finding in inspection.findings} | {
        finding.where for finding in inspection.findings
    }


@pytest.mark.parametrize("name", ["data/json/more.json", "data/attachments/a.txt", "more.txt", "data/x"])
def test_an_added_member_is_found(tmp_path: Path, name: str) -> None:
    inspection = tampered(tmp_path, lambda members: members.update({name: b"[]"}))
    assert name in {finding.key for finding in inspection.findings}


def test_an_added_member_that_is_not_encrypted_is_found_as_such(tmp_path: Path) -> None:
    path = package(tmp_path)
    with pyzipper.AESZipFile(path, "a") as archive:
        archive.writestr("data/more.txt", b"plain")
    assert ("data/more.txt", "encryption") in found(inspect_package(path, PASSPHRASE))


@pytest.mark.parametrize(("nbits", "version"), [(128, 2), (192, 2), (256, 1)])
def test_a_member_with_weaker_encryption_is_found(tmp_path: Path, nbits: int, version: int) -> None:
    path = package(tmp_path)
    with pyzipper.AESZipFile(path, "a") as archive:
        archive.setpassword(PASSPHRASE.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=nbits, force_wz_aes_version=version)
        archive.writestr("data/more.txt", b"weak")
    assert ("data/more.txt", "encryption") in found(inspect_package(path, PASSPHRASE))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_stands_there_twice_is_found(tmp_path: Path) -> None:
    path = package(tmp_path)
    with pyzipper.AESZipFile(path, "a") as archive:
        archive.setpassword(PASSPHRASE.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=256, force_wz_aes_version=2)
        archive.writestr(JSON, b"[]")
    assert (JSON, "name") in found(inspect_package(path, PASSPHRASE))


def test_a_renamed_member_is_found(tmp_path: Path) -> None:
    def rename(members: Members) -> None:
        members["data/json/recordz.json"] = members.pop(JSON)

    assert {("manifest-sha256.txt", JSON), ("manifest-sha256.txt", "data/json/recordz.json")} <= found(
        tampered(tmp_path, rename)
    )


def test_two_swapped_members_are_found(tmp_path: Path) -> None:
    def swap(members: Members) -> None:
        members[JSON], members[KEPT] = members[KEPT], members[JSON]

    assert {("manifest-sha256.txt", JSON), ("manifest-sha256.txt", KEPT)} <= found(tampered(tmp_path, swap))


def test_two_members_that_exchanged_their_names_without_the_passphrase_are_found(tmp_path: Path) -> None:
    raw = package_bytes().replace(b"README.txt", b"~exchange~").replace(b"report.pdf", b"README.txt")
    findings = found(inspected(raw.replace(b"~exchange~", b"report.pdf"), tmp_path))
    assert {"README.txt", "report.pdf"} <= {name for finding in findings for name in finding}


# Changed and sealed again with the passphrase


def test_a_changed_member_is_found_by_both_manifests(tmp_path: Path) -> None:
    def change(members: Members) -> None:
        members[JSON] = members[JSON].replace(b'"one"', b'"two"')

    inspection = tampered(tmp_path, change)
    assert found(inspection) == {("manifest-sha256.txt", JSON), (MANIFEST, JSON)}


def test_a_record_that_is_gone_from_the_json_alone_is_found_with_all_hashes_redone(tmp_path: Path) -> None:
    def remove(members: Members) -> None:
        records = json.loads(members[JSON])[1:]
        members[JSON] = b"[\n" + b",\n".join(json.dumps(r).encode() for r in records) + b"\n]\n"

    inspection = tampered(tmp_path, remove, redo_hashes=True)
    assert [(f.where, f.problem) for f in inspection.findings] == [
        (JSON, "contains 2 records, but the manifest states 3")
    ]


@pytest.mark.parametrize("name", [CSV, KEPT])
def test_a_row_that_is_gone_from_csv_or_from_those_kept_beside_is_found(tmp_path: Path, name: str) -> None:
    def remove(members: Members) -> None:
        members[name] = members[name].split(b"\r\n", 1)[0] + b"\r\n" if name == CSV else b"[]\n"

    assert found(tampered(tmp_path, remove, redo_hashes=True)) == {(name, "records")}


def test_a_record_that_does_not_conform_is_found_with_all_hashes_redone(tmp_path: Path) -> None:
    def spoil(members: Members) -> None:
        members[JSON] = members[JSON].replace(b'"currency":"GBP"', b'"currency":7', 1)

    inspection = tampered(tmp_path, spoil, redo_hashes=True)
    assert [(f.where, f.problem) for f in inspection.findings] == [
        (JSON, "1 records do not conform to the schema in the package")
    ]


@pytest.mark.parametrize("schema", [b"no JSON", b'{"type": 7}', b"[]", None])
def test_a_schema_that_can_not_be_read_is_found(tmp_path: Path, schema: bytes | None) -> None:
    def spoil(members: Members) -> None:
        if schema is None:
            del members[SCHEMA]
        else:
            members[SCHEMA] = schema

    inspection = tampered(tmp_path, spoil, redo_hashes=True)
    assert (JSON, "") in found(inspection)


def test_invalid_json_is_found(tmp_path: Path) -> None:
    def spoil(members: Members) -> None:
        members[JSON] = members[JSON].replace(b'"text"', b"text", 1)

    assert (JSON, "") in found(tampered(tmp_path, spoil, redo_hashes=True))


@pytest.mark.parametrize("body", [b'"text\r\n1"2\r\n', b"\xff\xfe"])
def test_invalid_csv_is_found(tmp_path: Path, body: bytes) -> None:
    inspection = tampered(tmp_path, lambda members: members.update({CSV: body}), redo_hashes=True)
    assert CSV in {finding.where for finding in inspection.findings}


@pytest.mark.parametrize("count", ["read", "written", "withheld", "nonconforming"])
def test_sums_that_do_not_agree_are_found(tmp_path: Path, count: str) -> None:
    def add_one(manifest: dict[str, Any]) -> None:
        manifest["dsar"]["outcomes"][0][count] += 1

    inspection = tampered(tmp_path, with_manifest(add_one), redo_hashes=True)
    assert (MANIFEST, "records") in found(inspection)


def test_sums_that_agree_among_themselves_but_not_with_the_members_are_found(tmp_path: Path) -> None:
    def add_one(manifest: dict[str, Any]) -> None:
        manifest["dsar"]["outcomes"][0]["read"] += 1
        manifest["dsar"]["outcomes"][0]["written"] += 1

    inspection = tampered(tmp_path, with_manifest(add_one), redo_hashes=True)
    assert found(inspection) == {(JSON, "records"), (CSV, "records")}


def test_a_dataset_that_the_ledger_leaves_out_is_found(tmp_path: Path) -> None:
    def leave_out(manifest: dict[str, Any]) -> None:
        manifest["dsar"]["outcomes"] = []

    assert tampered(tmp_path, with_manifest(leave_out), redo_hashes=True).findings


def test_a_resource_that_the_manifest_leaves_out_is_found(tmp_path: Path) -> None:
    def leave_out(manifest: dict[str, Any]) -> None:
        manifest["resources"] = [r for r in manifest["resources"] if r["path"] != JSON]

    assert (MANIFEST, JSON) in found(tampered(tmp_path, with_manifest(leave_out), redo_hashes=True))


def test_a_wrong_size_of_a_resource_is_found(tmp_path: Path) -> None:
    def resize(manifest: dict[str, Any]) -> None:
        next(r for r in manifest["resources"] if "bytes" in r)["bytes"] += 1

    assert (MANIFEST, CSV) in found(tampered(tmp_path, with_manifest(resize)))


@pytest.mark.parametrize(
    "body",
    [
        b"no JSON",
        b"[]",
        b"{}",
        b'{"dsar": 7, "resources": []}',
        b'{"dsar": {"reference": "R", "outcomes": ["text"]}, "resources": []}',
        b'{"dsar": {"reference": "R", "outcomes": [[]]}, "resources": []}',
        b'{"dsar": {"reference": "R", "outcomes": [{"dataset": "records"}]}, "resources": []}',
        b'{"dsar": {"reference": "R", "outcomes": 7}, "resources": []}',
        b'{"dsar": {"reference": "R", "outcomes": []}, "resources": ["text"]}',
        b'{"dsar": {"reference": "R", "outcomes": [{"dataset": "d", "read": "x"}]}, "resources": []}',
    ],
)
def test_a_manifest_of_another_shape_is_found(tmp_path: Path, body: bytes) -> None:
    inspection = tampered(tmp_path, lambda members: members.update({MANIFEST: body}))
    assert (MANIFEST, "") in found(inspection)


def test_a_bag_manifest_that_is_not_text_is_found(tmp_path: Path) -> None:
    inspection = tampered(tmp_path, lambda members: members.update({"manifest-sha256.txt": b"\xff\xfe"}))
    assert inspection.findings


def test_no_finding_quotes_the_data(tmp_path: Path) -> None:
    def spoil(members: Members) -> None:
        members[JSON] = members[JSON].replace(b'"one"', b'["PRIVATE"]').replace(b'"GBP"', b'"PRIVATE')
        members[CSV] = b'"PRIVATE"x\r\n'

    for redone in (True, False):
        inspection = tampered(tmp_path, spoil, redo_hashes=redone)
        assert inspection.findings
        assert "PRIVATE" not in str(inspection.findings)


@pytest.mark.parametrize("around", [(b"x", b""), (b"", b"x")])
def test_bytes_around_the_archive_are_found(tmp_path: Path, around: tuple[bytes, bytes]) -> None:
    before, after = around
    assert ("", "archive") in found(inspected(before + package_bytes() + after, tmp_path))


@pytest.mark.parametrize("at", [0, 6, 8, 9, 15, 18, 21, 24])
def test_a_header_that_other_programs_would_refuse_is_found(tmp_path: Path, at: int) -> None:
    path = package(tmp_path)
    with pyzipper.AESZipFile(path) as archive:
        offset = archive.getinfo(JSON).header_offset
    raw = bytearray(path.read_bytes())
    raw[offset + at] ^= 0xFF
    assert inspected(bytes(raw), tmp_path).findings


def test_a_csv_with_another_column_or_a_shorter_row_is_found(tmp_path: Path) -> None:
    def rename(members: Members) -> None:
        members[CSV] = members[CSV].replace(b"record_id,", b"id,", 1)

    def shorten(members: Members) -> None:
        members[CSV] = members[CSV].rstrip(b"\r\n").rpartition(b",")[0] + b"\r\n"

    for tamper in (rename, shorten):
        assert (CSV, "") in found(tampered(tmp_path, tamper, redo_hashes=True))
