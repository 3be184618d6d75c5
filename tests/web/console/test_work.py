"""What staff ask of workers by forms, and do with what was built: the same use cases as the commands."""

import json
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from dsar_export.model.intake import Mandate
from dsar_export.model.request import Right
from dsar_export.model.work import Position, Task, Work, WorkStep
from dsar_export.requests.database import reading, writing
from dsar_export.requests.states import State
from dsar_export.requests.work import begin_try, park, put_off, show_sign, work_of
from tests.use_cases.offices import SPOKEN
from tests.use_cases.parcels import Parcels
from tests.web.console.conftest import House


def asked_of(house: House, reference: str) -> Work | None:
    with reading(house.office.installation.engine) as connection:
        return work_of(connection, reference)


def test_collecting_is_asked_with_its_options_and_the_page_says_who_waits_for_what(house: House) -> None:
    reference = house.office.verified()
    answer = house.visitor("ada").post(f"/requests/{reference}/collect", confirm_nothing_held="yes")
    assert answer.status == 303, answer.text
    work = asked_of(house, reference)
    assert work is not None
    assert (work.task, work.asked_by) == (Task.COLLECT, "ada")
    assert json.loads(work.options) == {"nothing_held_confirmed": True, "anew": False}
    page = house.visitor("aud").get(f"/requests/{reference}").text
    assert "collect, asked by ada: waits for a worker" in page
    assert "No worker shows a sign of life" in page


def test_building_is_asked_in_a_language_and_a_layout(house: House) -> None:
    reference = house.office.approved()
    fields = {"language": "de", "large_print": "yes"}
    assert house.visitor("ray").post(f"/requests/{reference}/build", **fields).status == 303
    work = asked_of(house, reference)
    assert work is not None
    assert json.loads(work.options) == {"language": "de", "every_row": False, "large_print": True}


def test_a_language_without_a_report_is_refused_and_what_was_chosen_stays(house: House) -> None:
    reference = house.office.approved()
    answer = house.visitor("ray").post(f"/requests/{reference}/build", language="xx", every_row="yes")
    assert answer.status == 422
    assert "the field language is one of" in answer.text
    assert 'id="build-every_row" name="every_row" value="yes" checked' in answer.text
    assert asked_of(house, reference) is None


def test_the_page_says_where_work_is_why_it_waits_and_why_nobody_tries_it_any_more(house: House) -> None:
    reference, visitor = house.office.verified(), house.visitor("ada")
    visitor.post(f"/requests/{reference}/collect")
    engine, at = house.office.installation.engine, house.office.now
    with writing(engine) as connection:
        begin_try(connection, reference, Task.COLLECT, at)
        show_sign(connection, reference, Position(WorkStep.READ, "records", 1200), at)
    page = visitor.get(f"/requests/{reference}").text
    assert "collect, asked by ada: rows are read" in page
    assert "records, 1,200 rows" in page
    assert "Zeilen werden gelesen" in house.visitor("ada", language="de").get(f"/requests/{reference}").text
    with writing(engine) as connection:
        put_off(connection, reference, at + timedelta(minutes=1), "source main does not answer")
    assert (
        "try 1 failed: source main does not answer; again from" in visitor.get(f"/requests/{reference}").text
    )
    with writing(engine) as connection:
        park(connection, reference, at, "source main does not answer")
    page = visitor.get(f"/requests/{reference}").text
    assert "failed at try 1: source main does not answer" in page
    assert "<script" not in page


def test_a_link_goes_to_the_address_on_file_and_the_page_shows_it_until_it_is_void(
    house: House, parcels: Parcels
) -> None:
    reference, visitor = parcels.ready(), house.visitor("ada")
    assert visitor.post(f"/requests/{reference}/send-link").status == 303
    assert [mail.to for mail in parcels.mails()][-1] == "sam@example.org"
    page = visitor.get(f"/requests/{reference}").text
    assert "never used, 3 downloads left" in page
    assert "It waits to be revealed." in page
    assert "sam@example.org" not in page
    assert house.visitor("ray").post(f"/requests/{reference}/revoke").status == 303
    page = visitor.get(f"/requests/{reference}").text
    assert "downloads left" not in page
    assert parcels.actions(reference)[-1] == "revoke"


def test_an_agent_gets_the_link_at_the_address_of_the_mandate(house: House, parcels: Parcels) -> None:
    reference = parcels.ready(mandate=Mandate("An agent", (), None))
    visitor = house.visitor("ada")
    assert 'name="agent_address"' in visitor.get(f"/requests/{reference}").text
    refused = visitor.post(f"/requests/{reference}/send-link", agent_address="")
    assert refused.status == 422
    answer = visitor.post(f"/requests/{reference}/send-link", agent_address="agent@example.org")
    assert answer.status == 303, answer.text
    assert [mail.to for mail in parcels.mails()][-1] == "agent@example.org"


def test_what_staff_handed_over_is_delivered_and_can_be_taken_back(house: House, parcels: Parcels) -> None:
    reference, visitor = parcels.ready(), house.visitor("ada")
    assert visitor.post(f"/requests/{reference}/deliver", by="pigeon").status == 422
    assert visitor.post(f"/requests/{reference}/deliver", by="letter").status == 303
    assert parcels.state(reference) is State.DELIVERED
    assert visitor.post(f"/requests/{reference}/reissue").status == 303
    assert parcels.state(reference) is State.APPROVED
    other = parcels.ready()
    assert visitor.post(f"/requests/{other}/reissue", anew="yes").status == 303
    assert parcels.state(other) is State.VERIFIED


def test_a_hold_lasts_to_the_end_of_its_day_in_the_zone_of_the_controller(house: House) -> None:
    reference, visitor = house.office.verified(), house.visitor("ray")
    day = (house.office.now + timedelta(days=30)).date()
    assert visitor.post(f"/requests/{reference}/hold", until=str(day), reason=SPOKEN).status == 303
    until = house.office.listed(reference).hold_until
    assert until is not None
    zone = ZoneInfo(house.office.services.time_zone("acme"))
    local = until.replace(tzinfo=until.tzinfo or UTC).astimezone(zone)
    assert (local.date(), local.hour, local.minute) == (day, 23, 59)
    page = visitor.get(f"/requests/{reference}").text
    assert "Kept by a hold until" in page
    assert SPOKEN not in page
    assert visitor.post(f"/requests/{reference}/end-hold").status == 303
    assert house.office.listed(reference).hold_until is None


REFUSED = [
    ("ray", "collect", {}, 403),
    ("aud", "collect", {}, 403),
    ("ada", "build", {}, 409),
    ("ada", "deliver", {"by": "letter"}, 409),
    ("ray", "send-link", {}, 403),
    ("ada", "send-link", {}, 409),
    ("aud", "revoke", {}, 403),
    ("ada", "reissue", {}, 409),
    ("ada", "hold", {"until": "2031-01-01", "reason": "typed before"}, 403),
    ("ray", "hold", {"until": "soon", "reason": "typed before"}, 422),
    ("ray", "hold", {"until": "2001-01-01", "reason": "typed before"}, 422),
    ("ray", "end-hold", {}, 422),
]


@pytest.mark.parametrize(("name", "action", "fields", "status"), REFUSED)
def test_what_a_use_case_refuses_changes_nothing_and_loses_nothing(
    house: House, name: str, action: str, fields: dict[str, str], status: int
) -> None:
    reference = house.reviewed()
    before = house.office.listed(reference)
    answer = house.visitor(name).post(f"/requests/{reference}/{action}", **fields)
    assert answer.status == status, answer.text
    assert all(text in answer.text for text in fields.values() if text.startswith("typed"))
    assert house.office.listed(reference) == before
    assert asked_of(house, reference) is None


def test_only_what_is_possible_now_is_offered(house: House, parcels: Parcels) -> None:
    visitor, verified, ready = house.visitor("kim"), house.office.verified(), parcels.ready()
    before, after = (visitor.get(f"/requests/{each}").text for each in (verified, ready))
    for action in ("collect", "hold"):
        assert f'/{action}"' in before, action
    for action in ("build", "send-link", "deliver", "reveal", "reissue", "revoke", "end-hold"):
        assert f'/{action}"' not in before, action
    for action in ("send-link", "deliver", "reveal", "reissue"):
        assert f'/{action}"' in after, action


def test_a_page_of_packages_is_in_the_readers_language(house: House, parcels: Parcels) -> None:
    reference = parcels.ready(rights=tuple(Right))
    page = house.visitor("ada", language="fr").get(f"/requests/{reference}").text
    assert "Elle attend d’être affichée." in page
    assert page.count("Télécharger ce paquet") == 2
