"""What staff do by forms: through the use cases alone, and nothing typed is lost."""

import pytest

from dsar_export.requests.states import State
from tests.web.console.conftest import House

DEEDS = [
    ("ray", "approve", {}, State.APPROVED),
    ("ray", "send-back", {"reason": "another address"}, State.VERIFIED),
    ("ray", "refuse", {"ground": "unfounded", "reason": "unfounded"}, State.REFUSED),
    ("ada", "cancel", {}, State.CANCELLED),
]


@pytest.mark.parametrize(("name", "action", "fields", "state"), DEEDS)
def test_a_form_does_it_and_leads_back(
    house: House, name: str, action: str, fields: dict[str, str], state: State
) -> None:
    reference = house.reviewed()
    answer = house.visitor(name, proven=True).post(f"/requests/{reference}/{action}", **fields)
    assert answer.status == 303, answer.text
    assert answer.headers["location"] == f"/staff/requests/{reference}"
    assert house.office.listed(reference).state is state


def test_a_request_is_given_to_a_colleague(house: House) -> None:
    reference = house.office.opened("ada", "email=sam@example.org")
    assert house.visitor("ada").post(f"/requests/{reference}/assign", assignee="abe").status == 303
    assert house.office.listed(reference).assigned_to == "abe"


def test_the_clock_waits_and_goes_on_and_is_extended(house: House) -> None:
    reference = house.office.opened("ada", "email=sam@example.org")
    visitor = house.visitor("ada")
    assert visitor.post(f"/requests/{reference}/pause", ground="identity").status == 303
    assert "is still awaited" in visitor.get(f"/requests/{reference}").text
    assert visitor.post(f"/requests/{reference}/resume").status == 303
    assert visitor.post(f"/requests/{reference}/extend", reason="many records").status == 303
    assert house.office.listed(reference).extended_by == "ada"


def test_an_approval_needs_that_the_person_proved_again_who_they_are(house: House) -> None:
    reference = house.reviewed()
    assert house.visitor("ray").post(f"/requests/{reference}/approve").status == 401
    assert house.office.listed(reference).state is State.IN_REVIEW


REFUSED = [
    ("ada", "approve", {}, 403),
    ("ray", "send-back", {"reason": ""}, 422),
    ("ray", "refuse", {"ground": "boredom", "reason": "typed before"}, 422),
    ("aud", "note", {"note": "typed before"}, 403),
    ("ada", "close", {}, 409),
]


@pytest.mark.parametrize(("name", "action", "fields", "status"), REFUSED)
def test_what_a_use_case_refuses_is_shown_on_the_page_and_changes_nothing(
    house: House, name: str, action: str, fields: dict[str, str], status: int
) -> None:
    reference = house.reviewed()
    before = house.office.listed(reference)
    answer = house.visitor(name, proven=True).post(f"/requests/{reference}/{action}", **fields)
    assert answer.status == status, answer.text
    assert "Nothing was changed" in answer.text
    assert all(text in answer.text for text in fields.values() if text.startswith("typed"))
    assert house.office.listed(reference) == before


def test_a_form_of_another_session_changes_nothing(house: House) -> None:
    reference = house.reviewed()
    answer = house.visitor("ray", proven=True).post(f"/requests/{reference}/approve", csrf="guessed")
    assert answer.status == 403
    assert house.office.listed(reference).state is State.IN_REVIEW


def test_nobody_acts_on_a_request_of_another_controller(house: House) -> None:
    reference = house.reviewed()
    visitor = house.visitor("bea", proven=True)
    for action in ("approve", "note", "cancel"):
        answers = [
            visitor.post(f"/requests/{each}/{action}", note="x")
            for each in (reference, "DSAR-20260101-NEVERWAS")
        ]
        assert [answer.status for answer in answers] == [404, 404]
        assert answers[0].text == answers[1].text
    assert house.office.listed(reference).state is State.IN_REVIEW
