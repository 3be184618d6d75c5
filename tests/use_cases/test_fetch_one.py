"""One package for staff, piece by piece: what is sent is what was published, and the trail names who took it."""

from pathlib import Path

import pytest

from dsar_export.delivery.blocks import BLOCK
from dsar_export.errors import NotPermittedError, PackageUnreadableError, WrongUseError
from dsar_export.model.request import Right
from dsar_export.use_cases.downloads import Download
from dsar_export.use_cases.fetch_one import fetch_one, may_go_on_fetching
from dsar_export.use_cases.reissue import reissue
from tests.use_cases.offices import Office


def published(office: Office) -> str:
    """The reference of a request with a package."""
    reference = office.approved()
    with office.built("ray", reference):
        return reference


def package_in(office: Office, reference: str) -> Path:
    (package,) = office.published(reference)
    assert package.file is not None
    return office.packages / package.file


def read(found: Download) -> bytes:
    content = b""
    while piece := found.read(len(content), found.size - len(content)) if len(content) < found.size else b"":
        content += piece
    return content


def test_it_is_sent_as_it_was_published_and_the_trail_has_that(office: Office) -> None:
    reference = published(office)
    found = fetch_one(office.desk("ada"), reference, Right.ACCESS)
    assert read(found) == package_in(office, reference).read_bytes()
    assert found.file_name == f"{reference}-2-access.zip"
    assert "fetch" in str(office.rows()["trail"][-1])
    assert may_go_on_fetching(office.desk("ada"), found)


def test_a_changed_one_is_not_handed_out_and_is_noted(office: Office) -> None:
    reference = published(office)
    package_in(office, reference).write_bytes(b"of somebody")
    with pytest.raises(PackageUnreadableError, match="nothing was handed over"):
        fetch_one(office.desk("ada"), reference, Right.ACCESS)
    assert office.published(reference)[0].damaged_at is not None
    assert "fetch" not in str([row for row in office.rows()["trail"] if reference in row])


def test_what_is_changed_while_it_is_sent_is_not_sent(office: Office) -> None:
    reference = published(office)
    found = fetch_one(office.desk("ada"), reference, Right.ACCESS)
    file = package_in(office, reference)
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    with pytest.raises(PackageUnreadableError, match="no changed byte"):
        found.read(found.size - found.size % BLOCK, BLOCK)


def test_what_is_taken_back_is_not_sent_to_its_end(office: Office) -> None:
    reference = published(office)
    found = fetch_one(office.desk("ada"), reference, Right.ACCESS)
    reissue(office.desk("ada"), reference)
    assert not may_go_on_fetching(office.desk("ada"), found)
    with pytest.raises(WrongUseError, match="no package for access yet"):
        fetch_one(office.desk("ada"), reference, Right.ACCESS)


@pytest.mark.parametrize("name", ["aud", "bea"])
def test_it_is_for_agents_and_reviewers_of_the_controller(office: Office, name: str) -> None:
    reference = published(office)
    with pytest.raises(NotPermittedError):
        fetch_one(office.desk(name), reference, Right.ACCESS)
