"""Fetching packages: what is handed over is what was published, and the trail names who took it."""

import hashlib
from pathlib import Path

import pytest

from dsar_export.errors import NotPermittedError, NotWritableError, PackageUnreadableError, WrongUseError
from dsar_export.model.request import Right
from dsar_export.requests import trail
from dsar_export.use_cases.fetch import fetch_packages
from tests.use_cases.offices import Office
from tests.worlds import open_package

BOTH = tuple(Right)
PAGE = b"<!doctype html>"


def published(office: Office) -> str:
    """The reference of a request with the packages of both rights."""
    reference = office.approved(rights=BOTH)
    with office.built("ray", reference):
        return reference


def test_each_package_is_copied_to_a_file_of_its_own_for_whoever_fetched_it(office: Office) -> None:
    reference = published(office)
    out = office.folder / "handed-over"
    fetched = fetch_packages(office.desk("ada"), reference, out, PAGE)
    assert [each.file.name for each in fetched] == [f"{reference}-2-{right}.zip" for right in BOTH]
    for each in fetched:
        assert hashlib.sha256(each.file.read_bytes()).hexdigest() == each.package.sha256
        assert each.file.stat().st_mode & 0o777 == 0o600
        assert open_package(each.file).members
    page = out / "open.html"
    assert page.read_bytes() == PAGE
    assert sorted(out.iterdir()) == [*(each.file for each in fetched), page]
    with office.desk("ada").looking() as act:
        entries = [e.values for e in trail.entries(act.connection)][-2:]
    assert [(e["actor"], e["action"], e["reference"]) for e in entries] == [("ada", "fetch", reference)] * 2
    assert [e["details"] for e in entries] == [
        {"right": each.package.right, "package": each.package.sha256} for each in fetched
    ]


def test_nothing_is_overwritten_and_nothing_is_noted_then(office: Office) -> None:
    reference, before = published(office), office.rows()["trail"]
    there = office.folder / f"{reference}-2-portability.zip"
    there.write_bytes(b"of somebody")
    with pytest.raises(WrongUseError, match="exists"):
        fetch_packages(office.desk("ada"), reference, office.folder, PAGE)
    assert there.read_bytes() == b"of somebody"
    assert not (office.folder / f"{reference}-2-access.zip").exists()
    assert office.rows()["trail"] == before


@pytest.mark.parametrize("damage", ["changed", "cut", "longer", "missing"])
def test_a_package_that_is_not_the_published_one_is_not_handed_over_nor_is_any_other(
    office: Office, damage: str
) -> None:
    reference, out = published(office), office.folder / "handed-over"
    stored = office.packages / str(office.published(reference)[1].file)
    content = stored.read_bytes()
    changes = {
        "changed": bytes([content[0] ^ 1]) + content[1:],
        "cut": content[:-1],
        "longer": content + b"x",
    }
    if damage == "missing":
        stored.unlink()
    else:
        stored.write_bytes(changes[damage])
    with pytest.raises(PackageUnreadableError, match=stored.name):
        fetch_packages(office.desk("ray"), reference, out, PAGE)
    assert list(out.iterdir()) == []


def test_if_the_page_can_not_be_written_no_package_is_handed_over(office: Office) -> None:
    reference, out = published(office), office.folder / "handed-over"
    (out / "open.html").mkdir(parents=True)
    with pytest.raises(NotWritableError, match=r"open\.html"):
        fetch_packages(office.desk("ray"), reference, out, PAGE)
    assert [each.name for each in out.iterdir()] == ["open.html"]


def test_before_a_package_is_published_there_is_none_to_fetch(office: Office, tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match="has no package yet"):
        fetch_packages(office.desk("ada"), office.approved(), tmp_path / "out", PAGE)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["aud", "bea", "nia"])
def test_agents_and_reviewers_of_its_controller_fetch_it_and_nobody_else(office: Office, name: str) -> None:
    reference = published(office)
    with pytest.raises(NotPermittedError):
        fetch_packages(office.desk(name), reference, office.folder / "out", PAGE)
    assert not (office.folder / "out").exists()
