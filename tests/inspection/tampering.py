"""Packages to inspect, and the changes that somebody with the passphrase could make to them."""

import functools
import json
import struct
import tempfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pyzipper

from dsar_export.inspection import Inspection, inspect_package
from tests.worlds import PASSPHRASE, World, open_package, without_documents

README, OPENER = "README.txt", "open.html"
PLAIN = (README, OPENER)
MANIFEST = "datapackage.json"
JSON, CSV = "data/json/records.json", "data/csv/records.csv"
KEPT, SCHEMA = "data/nonconforming/records.json", "data/schemas/records.schema.json"

NAMES = (
    README,
    OPENER,
    "report.pdf",
    MANIFEST,
    "bagit.txt",
    "bag-info.txt",
    "manifest-sha256.txt",
    "tagmanifest-sha256.txt",
    JSON,
    CSV,
    KEPT,
    SCHEMA,
    "data/gdpr-information.jsonld",
)

Members = dict[str, bytes]
ROWS = (
    {"text": "one", "at": "2026-01-02T00:00:00Z"},
    {"text": "=two", "details": '{"a": 1}'},
    {"text": "three", "whole": "many"},
    {"text": "x" * 1000},
)


@functools.cache
def package_bytes(*, report: bool = True) -> bytes:
    """A good package with a row kept beside; without the report it is small."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder) / "register").write(ROWS)
        if not report:
            world.services = without_documents(world.build())
        package = world.export().package
        assert package is not None
        return package.read_bytes()


def package(folder: Path) -> Path:
    """The good package as a file."""
    path = folder / "good.zip"
    path.write_bytes(package_bytes())
    return path


def inspected(raw: bytes, folder: Path) -> Inspection:
    path = folder / "inspected.zip"
    path.write_bytes(raw)
    return inspect_package(path, PASSPHRASE)


def found(inspection: Inspection) -> set[tuple[str, str]]:
    """Where something was found, and at which key."""
    return {(finding.where, finding.key) for finding in inspection.findings}


def tampered(folder: Path, tamper: Callable[[Members], None], *, redo_hashes: bool = False) -> Inspection:
    """Opens the good package, has it changed, seals it again and inspects that."""
    members = dict(open_package(package(folder)).members)
    tamper(members)
    if redo_hashes:
        redo(members)
    return inspect_package(reseal(folder / "resealed.zip", members), PASSPHRASE)


def reseal(path: Path, members: Mapping[str, bytes]) -> Path:
    """Writes an archive with pyzipper, encrypted as a package is."""
    with ZipFile(path, "w") as archive:
        for name in PLAIN:
            if name in members:
                archive.writestr(name, members[name])
    with pyzipper.AESZipFile(path, "a", compression=pyzipper.ZIP_DEFLATED) as archive:
        archive.setpassword(PASSPHRASE.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=256, force_wz_aes_version=2)
        for name, body in members.items():
            if name not in PLAIN:
                archive.writestr(name, body)
    return path


def redo(members: Members) -> None:
    """Makes every hash, size and count of files agree again."""
    manifest = json.loads(members[MANIFEST])
    for resource in manifest["resources"]:
        body = members.get(resource["path"], b"")
        resource["hash"] = f"sha256:{sha256(body).hexdigest()}"
        if "bytes" in resource:
            resource["bytes"] = len(body)
    members[MANIFEST] = json.dumps(manifest).encode()
    payload = {n: b for n, b in members.items() if n.startswith("data/")}
    members["manifest-sha256.txt"] = _hashes(payload)
    tags = {n: b for n, b in members.items() if n not in payload and n != "tagmanifest-sha256.txt"}
    members["tagmanifest-sha256.txt"] = _hashes(tags)


def _hashes(members: Mapping[str, bytes]) -> bytes:
    return "".join(f"{sha256(b).hexdigest()}  {n}\n" for n, b in sorted(members.items())).encode()


def with_manifest(change: Callable[[dict[str, Any]], None]) -> Callable[[Members], None]:
    """A change of datapackage.json."""

    def tamper(members: Members) -> None:
        manifest = json.loads(members[MANIFEST])
        change(manifest)
        members[MANIFEST] = json.dumps(manifest).encode()

    return tamper


def data_range(path: Path, name: str) -> tuple[int, int]:
    """Where a member's sealed bytes begin and end in the file."""
    raw = path.read_bytes()
    with ZipFile(path) as archive:
        info = archive.getinfo(name)
    name_length, extra_length = struct.unpack_from("<HH", raw, info.header_offset + 26)
    start = info.header_offset + 30 + name_length + extra_length
    return start, start + info.compress_size


def unchanged(members: Members) -> None:
    """Tampers with nothing."""
    assert members


def flipped(path: Path, at: int, mask: int = 0xFF) -> bytes:
    raw = bytearray(path.read_bytes())
    raw[at] ^= mask
    return bytes(raw)
