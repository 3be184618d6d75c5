"""A good package has nothing wrong with it, and whatever is done to one is found."""

import struct
from collections.abc import Mapping
from pathlib import Path

import pytest

from dsar_export.demo import write_organisation
from dsar_export.errors import DsarExportError, PackageUnreadableError, WrongUseError
from dsar_export.inspection import inspect_package
from tests.inspection.tampering import (
    JSON,
    MANIFEST,
    NAMES,
    PLAIN,
    data_range,
    flipped,
    found,
    inspected,
    package,
    package_bytes,
    redo,
    reseal,
    tampered,
    unchanged,
)
from tests.readers import read_by_pyzipper
from tests.worlds import PASSPHRASE, World, open_package


def test_a_good_package_has_no_finding_and_its_outcomes_are_read(tmp_path: Path) -> None:
    inspection = inspect_package(package(tmp_path), PASSPHRASE)
    assert inspection.findings == ()
    assert inspection.reference.startswith("DSAR-20261122-")
    (ledger,) = inspection.outcomes
    assert (ledger.read, ledger.written, ledger.withheld, ledger.nonconforming) == (4, 3, 0, 1)
    assert (ledger.first, ledger.last) == ("2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z")


def test_the_listed_members_are_all_members(tmp_path: Path) -> None:
    assert set(open_package(package(tmp_path)).members) == set(NAMES)


def test_a_package_that_was_only_sealed_again_has_no_finding(tmp_path: Path) -> None:
    assert tampered(tmp_path, unchanged).findings == ()
    assert tampered(tmp_path, redo).findings == ()


def test_the_package_of_a_person_with_nothing_held_has_no_finding(tmp_path: Path) -> None:
    path = World(tmp_path / "register").write([]).export(confirmed=True).package
    assert path is not None
    assert inspect_package(path, PASSPHRASE).findings == ()


# One byte changed, without the passphrase


@pytest.mark.parametrize("name", NAMES)
def test_a_flipped_byte_in_the_middle_of_a_member_is_found(tmp_path: Path, name: str) -> None:
    path = package(tmp_path)
    start, end = data_range(path, name)
    inspection = inspected(flipped(path, (start + end) // 2), tmp_path)
    assert name in {finding.where for finding in inspection.findings} | {
        finding.key for finding in inspection.findings
    }


@pytest.mark.parametrize("place", ["salt", "check", "first", "last", "authentication"])
def test_a_flipped_byte_anywhere_in_a_sealed_member_is_found_and_not_blamed_on_the_passphrase(
    tmp_path: Path, place: str
) -> None:
    path = package(tmp_path)
    for name in set(NAMES) - set(PLAIN):
        start, end = data_range(path, name)
        at = {"salt": start, "check": start + 16, "first": start + 18, "last": end - 11}.get(place, end - 1)
        assert (name, "") in found(inspected(flipped(path, at), tmp_path))


def test_a_flipped_byte_anywhere_in_the_archives_own_tables_is_found_or_harmless(tmp_path: Path) -> None:
    raw = package_bytes(report=False)
    good = tmp_path / "good.zip"
    good.write_bytes(raw)
    members = open_package(good).members
    start, _ = data_range(good, JSON)
    places = [*range(start - 70, start, 2), *range(len(raw) - 150, len(raw), 2)]
    changes = {at - len(raw): flipped(good, at) for at in places}
    verdicts = {change: _verdict(body, members, tmp_path) for change, body in changes.items()}
    assert {change: verdict for change, verdict in verdicts.items() if verdict is not None} == {}


def _verdict(raw: bytes, members: Mapping[str, bytes], folder: Path) -> str | None:
    """What is wrong with the inspection; a change that no reader sees (a time, a flag) need not be found."""
    try:
        if inspected(raw, folder).findings:
            return None
    except (PackageUnreadableError, WrongUseError):
        return None
    except Exception as error:  # noqa: BLE001 - any other error is what is looked for
        return type(error).__name__
    return None if read_by_pyzipper(folder / "inspected.zip", PASSPHRASE) == members else "not found"


# Not a package, or not this passphrase


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_unreadable(tmp_path: Path, share: float) -> None:
    raw = package_bytes()
    with pytest.raises(PackageUnreadableError, match=r"inspected\.zip: is not a complete ZIP file"):
        inspected(raw[: int(len(raw) * share)], tmp_path)


@pytest.mark.parametrize("raw", [b"", b"PK\x05\x06"])
def test_a_file_that_may_be_the_beginning_of_a_zip_is_unreadable(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(PackageUnreadableError):
        inspected(raw, tmp_path)


@pytest.mark.parametrize("raw", [b"text", b"\0" * 10_000])
def test_a_file_that_is_no_zip_is_wrong_use(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(WrongUseError, match=r"inspected\.zip is no ZIP file; name a package"):
        inspected(raw, tmp_path)


def test_a_zip_that_is_not_a_package_has_findings(tmp_path: Path) -> None:
    inspection = inspect_package(reseal(tmp_path / "p.zip", {"a.txt": b"a"}), PASSPHRASE)
    assert (MANIFEST, "") in found(inspection)
    assert inspection.reference == "unknown"


def test_an_empty_zip_has_findings(tmp_path: Path) -> None:
    assert inspected(struct.pack("<4s8H", b"PK\x05\x06", *[0] * 8) + b"\0\0", tmp_path).findings


def test_a_folder_or_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match="is a directory"):
        inspect_package(tmp_path, PASSPHRASE)
    with pytest.raises(WrongUseError, match="no such file"):
        inspect_package(tmp_path / "none.zip", PASSPHRASE)


@pytest.mark.parametrize(
    "passphrase", ["another", "", "größe", PASSPHRASE + " ", PASSPHRASE.upper(), "\ud800"]
)
def test_a_wrong_passphrase_is_wrong_use_and_is_not_repeated(tmp_path: Path, passphrase: str) -> None:
    with pytest.raises(WrongUseError, match="the passphrase does not open this package") as caught:
        inspect_package(package(tmp_path), passphrase)
    assert not passphrase or passphrase not in str(caught.value)


def test_the_demos_package_has_no_finding(tmp_path: Path) -> None:
    write_organisation(tmp_path / "register", events=300)
    path = World(tmp_path / "register").export("email=alex.fielding@example.org").package
    assert path is not None
    inspection = inspect_package(path, PASSPHRASE)
    assert inspection.findings == ()
    assert len(inspection.outcomes) == 21
    marked = {outcome.dataset: dict(outcome.marked) for outcome in inspection.outcomes}
    assert set(marked["orders"]) == {"earlier_version", "past_storage_period"}


def test_all_errors_are_ours() -> None:
    assert issubclass(PackageUnreadableError, DsarExportError)
