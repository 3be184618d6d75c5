"""The trail over HTTP."""

import pytest

from tests.web.console.conftest import House


def test_an_auditor_reads_the_trail_of_one_request_and_verifies_it(house: House) -> None:
    reference = house.reviewed()
    text = house.visitor("aud").get(f"/trail?reference={reference.lower()}&verify=yes").text
    assert "The trail is as it was written." in text
    assert text.count(reference) == 5  # four entries, and the field
    assert "put up for review" in text


def test_entries_come_in_pages_the_newest_in_front(house: House) -> None:
    newest = [house.reviewed() for _ in range(30)][-1]
    text = house.visitor("fay").get("/trail").text
    assert newest in text
    assert text.count("<tr>") == 101
    before = text.split("before=")[1].split('"')[0]
    assert newest not in house.visitor("fay").get(f"/trail?before={before}").text


@pytest.mark.parametrize("name", ["ada", "ray", "bea", "nia"])
def test_nobody_else_reads_the_trail(house: House, name: str) -> None:
    answer = house.visitor(name).get("/trail")
    assert answer.status == 403
    assert "only auditors and administrators" in answer.text


def test_a_reference_that_the_trail_does_not_know_is_explained(house: House) -> None:
    assert house.visitor("aud").get("/trail?reference=DSAR-20260101-NEVERWAS").status == 422
