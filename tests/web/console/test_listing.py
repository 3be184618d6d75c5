"""The list of requests over HTTP: who sees which, filters, and the search by reference."""

import pytest

from tests.web.console.conftest import House

FILTERS = [
    ("state=received", True),
    ("state=in_review", False),
    ("right=access", True),
    ("right=portability", False),
    ("controller=acme", True),
    ("overdue=yes", False),
    ("assigned_to=ada", False),
]


@pytest.mark.parametrize("path", ["/requests", "/inbox"])
def test_a_request_is_listed_for_those_who_work_at_its_controller(house: House, path: str) -> None:
    reference = house.office.opened("ada", "email=sam@example.org")
    assert reference in house.visitor("abe").get(path).text
    assert reference not in house.visitor("bea").get(path).text
    assert reference not in house.visitor("nia").get(path).text


@pytest.mark.parametrize(("query", "listed"), FILTERS)
def test_a_filter_leaves_out_what_does_not_fit(house: House, query: str, *, listed: bool) -> None:
    reference = house.office.opened("ada", "email=sam@example.org")
    assert (reference in house.visitor("ada").get(f"/requests?{query}").text) is listed


def test_a_part_of_a_reference_finds_the_request_in_any_letter_case(house: House) -> None:
    first, second = (house.office.opened("ada", "email=sam@example.org") for _ in range(2))
    found = house.visitor("aud").get(f"/requests?q={first[-8:].lower()}").text
    assert first in found
    assert second not in found


@pytest.mark.parametrize(
    "query", ["state=open", "right=oblivion", "controller=nowhere", "assigned_to=nobody"]
)
def test_a_filter_that_fits_nothing_at_all_is_explained(house: House, query: str) -> None:
    answer = house.visitor("ada").get(f"/requests?{query}")
    assert answer.status == 422
    assert 'role="alert"' in answer.text


def test_what_was_typed_into_a_search_is_escaped(house: House) -> None:
    answer = house.visitor("ada").get("/requests?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert answer.status == 200
    assert "<script" not in answer.text


@pytest.mark.parametrize(("language", "heading"), [("en", "Requests"), ("de", "Anträge"), ("fr", "Demandes")])
def test_the_list_is_in_the_readers_language(house: House, language: str, heading: str) -> None:
    answer = house.visitor("ada", language=language).get("/requests").text
    assert f"<h1>{heading}</h1>" in answer
    assert f'<html lang="{language}">' in answer


def test_the_policy_allows_no_script_and_only_the_pages_own_style(house: House) -> None:
    headers = house.visitor("ada").get("/requests").headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert headers["cache-control"] == "no-store"
