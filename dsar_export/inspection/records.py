"""Reads each member once: hashes it, counts its records and validates them against the shipped schema."""

import csv
import sys
from dataclasses import dataclass
from io import BufferedReader, TextIOWrapper
from pathlib import Path

import jsonschema_rs
import orjson

from dsar_export.errors import PackageUnreadableError
from dsar_export.inspection.archive import Archive, HashedStream
from dsar_export.model.finding import Finding


@dataclass(frozen=True)
class MemberCheck:
    """The result of reading a member; `records` is None for a member that is not a list of records."""

    sha256: str
    size: int
    records: int | None
    findings: tuple[Finding, ...]


def check_member(archive: Archive, name: str) -> MemberCheck:
    """Reads a member to its end; damage becomes a finding."""
    findings: list[Finding] = []
    records: int | None = None
    try:
        with archive.member(name) as stream:
            if name.endswith(".json") and name.startswith(("data/json/", "data/nonconforming/")):
                validator = _validator(archive, name) if name.startswith("data/json/") else None
                records = _json_records(stream, name, validator, findings)
            elif name.startswith("data/csv/"):
                records = _csv_records(stream, name, _properties(archive, name, "data/csv/"), findings)
            stream.drain()
            return MemberCheck(stream.sha256, stream.size, records, tuple(findings))
    except (PackageUnreadableError, UnicodeDecodeError, csv.Error):
        damaged = Finding(name, "", "is damaged or was changed since it was sealed")
        return MemberCheck("", 0, records, (*findings, damaged))


def _schema(archive: Archive, name: str, folder: str) -> dict[str, object] | None:
    """The schema that ships with a member's dataset; None if it is missing or can't be read."""
    path = f"data/schemas/{Path(name).stem}.schema.json" if name.startswith(folder) else ""
    if path not in archive.names:
        return None
    try:
        schema = orjson.loads(archive.read(path))
    except (ValueError, PackageUnreadableError):
        return None
    return schema if isinstance(schema, dict) else None


def _properties(archive: Archive, name: str, folder: str) -> list[str]:
    properties = (_schema(archive, name, folder) or {}).get("properties")
    return list(properties) if isinstance(properties, dict) else []


def _validator(archive: Archive, name: str) -> jsonschema_rs.Draft202012Validator | None:
    schema = _schema(archive, name, "data/json/")
    try:
        return None if schema is None else jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    except ValueError:
        return None


def _json_records(
    stream: HashedStream,
    name: str,
    validator: jsonschema_rs.Draft202012Validator | None,
    findings: list[Finding],
) -> int:
    """Counts and validates records, one per line, so that a member of any size is read in constant memory."""
    count = faulty = 0
    for line in BufferedReader(stream, 1 << 16):
        text = line.strip().rstrip(b",")
        if text in {b"[", b"]", b"[]", b""}:
            continue
        count += 1
        faulty += not _conforms(text, validator)
    if name.startswith("data/json/") and validator is None:
        findings.append(Finding(name, "", "has no readable schema"))
    if faulty:
        findings.append(Finding(name, "", f"{faulty} records do not conform to the schema in the package"))
    return count


def _conforms(text: bytes, validator: jsonschema_rs.Draft202012Validator | None) -> bool:
    try:
        record = orjson.loads(text)
    except ValueError:
        return False
    return validator is None or validator.is_valid(record)


def _csv_records(stream: HashedStream, name: str, columns: list[str], findings: list[Finding]) -> int:
    csv.field_size_limit(sys.maxsize)  # the module's limit of 128 KiB is for the whole process
    lines = TextIOWrapper(BufferedReader(stream, 1 << 16), encoding="utf-8", newline="")
    rows = csv.reader(lines, strict=True)
    head = next(rows, [])
    if head != columns:
        findings.append(Finding(name, "", "has other columns than its schema in the package"))
    count = faulty = 0
    for row in rows:
        count += 1
        faulty += len(row) != len(head)
    if faulty:
        findings.append(
            Finding(name, "", f"{faulty} records have a different number of cells than there are columns")
        )
    lines.detach()
    return count
