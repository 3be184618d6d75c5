"""One request on one page, over HTTP."""

import pytest

from tests.use_cases.offices import MARKERS
from tests.web.console.conftest import House


def test_a_page_shows_where_a_request_stands_without_naming_the_person(house: House) -> None:
    reference = house.reviewed()
    page = house.visitor("ray").get(f"/requests/{reference}").text
    for shown in (
        "in review",
        "The request was received on",
        "records",
        "extras",
        "Verified by abe",
        "put up for review",
    ):
        assert shown in page, shown
    assert not [marker for marker in MARKERS if marker in page]


@pytest.mark.parametrize("name", ["bea", "nia", "fay"])
def test_a_request_of_another_controller_answers_like_one_that_does_not_exist(
    house: House, name: str
) -> None:
    reference = house.reviewed()
    visitor = house.visitor(name)
    theirs, missing = (visitor.get(f"/requests/{each}") for each in (reference, "DSAR-20260101-NEVERWAS"))
    assert theirs.status == missing.status == 404
    assert theirs.text == missing.text


def test_notes_are_escaped(house: House) -> None:
    reference = house.office.opened("ada", "email=sam@example.org")
    house.visitor("ada").post(f"/requests/{reference}/note", note="<script>alert(1)</script>")
    page = house.visitor("ada").get(f"/requests/{reference}").text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_only_what_is_possible_now_is_offered(house: House) -> None:
    opened, reviewed = house.office.opened("ada", "email=sam@example.org"), house.reviewed()
    visitor = house.visitor("kim")
    assert "/approve" not in visitor.get(f"/requests/{opened}").text
    assert "/approve" in visitor.get(f"/requests/{reviewed}").text


def test_a_page_weighs_little(house: House) -> None:
    page = house.visitor("ray").get(f"/requests/{house.reviewed()}")
    assert len(page.body) < 100_000
