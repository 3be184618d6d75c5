"""Records under review over HTTP: masked, and whole for whoever proved again who they are."""

import pytest

from dsar_export.requests.database import reading
from dsar_export.requests.trail import entries
from tests.use_cases.offices import SAM
from tests.web.console.conftest import House


def seen_whole(house: House, reference: str) -> list[tuple[object, object]]:
    with reading(house.office.installation.engine) as connection:
        found = list(entries(connection, reference, "show_whole"))
    return [(entry.values["actor"], entry.values["details"]) for entry in found]


def test_records_are_masked_and_looking_leaves_nothing_in_the_trail(house: House) -> None:
    reference = house.reviewed()
    answer = house.visitor("ray").get(f"/requests/{reference}/records/records")
    assert answer.status == 200
    assert "S…ER" in answer.text
    assert SAM not in answer.text
    assert seen_whole(house, reference) == []


def test_one_record_is_shown_whole_and_that_is_in_the_trail(house: House) -> None:
    reference = house.reviewed()
    answer = house.visitor("ray", proven=True).post(f"/requests/{reference}/records/records/whole", first="2")
    assert answer.status == 200
    assert f"{SAM} again" in answer.text
    assert seen_whole(house, reference) == [("ray", {"dataset": "records", "records": 1, "since": 2})]


@pytest.mark.parametrize(
    ("name", "proven", "csrf", "status"),
    [
        ("ray", False, None, 401),
        ("ray", True, "guessed", 403),
        ("ada", True, None, 403),
        ("bea", True, None, 404),
    ],
)
def test_nobody_else_sees_a_record_whole(
    house: House, name: str, csrf: str | None, status: int, *, proven: bool
) -> None:
    reference = house.reviewed()
    visitor, given = house.visitor(name, proven=proven), {} if csrf is None else {"csrf": csrf}
    answer = visitor.post(f"/requests/{reference}/records/records/whole", **given, first="1")
    assert answer.status == status
    assert SAM not in answer.text
    assert seen_whole(house, reference) == []


def test_a_reviewer_of_one_dataset_sees_no_other(house: House) -> None:
    reference = house.reviewed()
    assert house.visitor("rex").get(f"/requests/{reference}/records/records").status == 200
    assert house.visitor("rex").get(f"/requests/{reference}/records/extras").status == 422


@pytest.mark.parametrize("first", ["0", "-1", "x", "1e9", "9999999999999999999"])
def test_a_page_that_does_not_exist_is_explained(house: House, first: str) -> None:
    reference = house.reviewed()
    assert house.visitor("ray").get(f"/requests/{reference}/records/records?first={first}").status == 422
