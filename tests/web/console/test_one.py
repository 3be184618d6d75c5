"""One request on one page, over HTTP."""

import re
from datetime import timedelta

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


@pytest.mark.parametrize(
    ("name", "there", "away"),
    [
        ("ada", {"inbox", "mail"}, {"trail", "figures"}),
        ("ray", {"inbox", "figures"}, {"trail", "mail"}),
        ("aud", {"requests", "trail", "figures"}, {"inbox", "mail"}),
    ],
)
def test_the_menu_has_the_pages_that_the_readers_roles_open(
    house: House, name: str, there: set[str], away: set[str]
) -> None:
    menu = set(re.findall(r'<li><a href="/staff/(\w+)"', house.visitor(name).get("/requests").text))
    assert there <= menu
    assert not away & menu
    assert {house.visitor(name).get(f"/{path}").status for path in menu} == {200}


def test_only_reviewers_are_led_to_records(house: House) -> None:
    reference = house.reviewed()
    assert "/records/" in house.visitor("ray").get(f"/requests/{reference}").text
    page = house.visitor("ada").get(f"/requests/{reference}").text
    assert "/records/" not in page
    assert '<th scope="row">records</th>' in page


def test_whoever_approved_is_not_offered_to_answer_a_complaint_about_it(house: House) -> None:
    reference = house.office.approved("email=sam@example.org")
    house.visitor("ada").post(f"/requests/{reference}/complain", complaint="too slow", channel="telephone")
    offered = {
        n: "/answer-complaint" in house.visitor(n).get(f"/requests/{reference}").text for n in ("ada", "ray")
    }
    assert offered == {"ada": True, "ray": False}


def test_an_extension_is_offered_while_it_is_possible(house: House) -> None:
    reference = house.office.opened("ada", "email=sam@example.org")
    assert "/extend" in house.visitor("ada").get(f"/requests/{reference}").text
    before = house.office.now
    house.office.now += timedelta(days=60)
    try:
        assert "/extend" not in house.visitor("ada").get(f"/requests/{reference}").text
    finally:
        house.office.now = before


def test_a_page_weighs_little(house: House) -> None:
    page = house.visitor("ray").get(f"/requests/{house.reviewed()}")
    assert len(page.body) < 100_000
