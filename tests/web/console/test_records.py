"""Records under review over HTTP: masked, and whole for whoever proved again who they are."""

from pathlib import Path

import pytest

from dsar_export.requests.database import reading
from dsar_export.requests.trail import entries
from tests.use_cases.offices import SAM
from tests.web.console.conftest import House
from tests.worlds import World


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


def test_a_page_says_which_records_of_how_many_it_has_and_leads_to_any(house: House) -> None:
    reference = house.reviewed()
    path = f"/requests/{reference}/records/records"
    visitor = house.visitor("ray")
    assert "1 to 2 of 2 records, page 1 of 1" in visitor.get(path).text
    jumped = visitor.get(f"{path}?first=2").text
    assert "2 to 2 of 2 records" in jumped
    assert 'max="2"' in jumped
    assert "2 bis 2 von 2" in house.visitor("ray", language="de").get(f"{path}?first=2").text
    assert "Earlier records" in jumped
    assert "Later records" not in visitor.get(path).text


def test_rows_kept_beside_are_shown_by_place_and_reason_without_a_cell(house: House, reached: Path) -> None:
    world = World(reached)
    world.run("INSERT INTO records (customer_id, text, whole) VALUES ('C-1', 'BESIDE-MARKER', 'MANY-MARKER')")
    reference = house.reviewed()
    world.run("DELETE FROM records WHERE text = 'BESIDE-MARKER'")
    path = f"/requests/{reference}/records/records"
    text = house.visitor("ray").get(path).text
    assert "Rows kept beside, as they do not fit the schema: 1" in text
    assert "Row 3: /whole: integer" in text
    assert "Zeile 3" in house.visitor("ray", language="de").get(path).text
    assert "MARKER" not in text


def test_the_review_says_whether_each_promise_is_answered(house: House) -> None:
    reference = house.reviewed()
    text = house.visitor("ray").get(f"/requests/{reference}").text
    assert "What the privacy notice promises" in text
    assert "present in the Draft" in text
    assert "Nothing blocks the release." in text
    assert "im Entwurf vorhanden" in house.visitor("ray", language="de").get(f"/requests/{reference}").text
