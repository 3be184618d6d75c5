"""Whoever has proven a request follows it, and writes to those who work on it."""

import re
from datetime import timedelta

import pytest

from dsar_export.errors import WrongUseError
from dsar_export.model.clock import Ground
from dsar_export.model.inbox import Why
from dsar_export.model.intake import Channel
from dsar_export.model.letter import LetterKind
from dsar_export.requests.states import State
from dsar_export.use_cases import decide
from dsar_export.use_cases.complaining import complaints_here
from dsar_export.use_cases.decide import assign
from dsar_export.use_cases.due import pause
from dsar_export.use_cases.inbox import inbox
from dsar_export.use_cases.letters import LetterOrder, letter_for
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.portal_doors import portal_desk
from dsar_export.use_cases.portal_writing import ask_question
from dsar_export.use_cases.staff import colleagues_at
from tests.web.portal.portals import Gate
from tests.worlds import World

COUNTED = re.compile(r"\d\s*(records?|Datens|enregistrement)")
"""How many records there are, in any language."""


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", text))


def test_nothing_is_counted_before_staff_approved_and_then_what_is_there_and_what_is_not(
    portal: Gate,
) -> None:
    browser, reference = portal.proven("customer_id=C-1")
    office = portal.office
    office.collect("ada", reference)
    waiting = plain(browser.get(f"/requests/{reference}").text)
    assert "Somebody checks your data" in waiting
    assert not COUNTED.search(waiting)
    decide.approve(office.desk("ray"), portal.parcels.services.register, reference)
    approved = plain(browser.get(f"/requests/{reference}").text)
    assert "2 records" in approved
    for language, counted in (("en", "2 records"), ("de", "2 Datensätze"), ("fr", "2 enregistrements")):
        page = plain(browser.get(f"/requests/{reference}?lang={language}").text)
        assert f"{counted} " in page
        assert COUNTED.search(page)
    assert "Ask about this" in approved
    decide.send_back(office.desk("ray"), reference, "once more")
    assert not COUNTED.search(plain(browser.get(f"/requests/{reference}").text))


def test_the_page_shows_the_due_day_with_its_reason_and_each_way_on_in_one_click(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-12")
    page = browser.get(f"/requests/{reference}").text
    assert "One month after" in page
    for path in ("", "/question", "/complaint", "/withdraw"):
        shown = browser.get(f"/requests/{reference}{path}").text
        for way in ("question", "complaint", "withdraw"):
            assert f'href="/requests/{reference}/{way}?' in shown


def test_an_answer_to_a_question_of_staff_goes_into_the_file_and_the_clock_goes_on(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-13")
    register = portal.parcels.services.register
    assert browser.get(f"/requests/{reference}/answer").status == 303
    pause(portal.office.desk("ada"), register, reference, Ground.CLARIFICATION)
    assert "We asked you what exactly you want to know" in browser.get(f"/requests/{reference}").text
    assert browser.sends(f"/requests/{reference}/answer", text="All of\r\nit.").status == 303
    (note,) = request_file(portal.office.desk("ada"), reference).notes
    assert note.by == "web:portal"
    assert note.text.startswith("From the person")
    assert note.text.endswith("All of\nit.")
    assert "We asked you what exactly" not in browser.get(f"/requests/{reference}").text


def test_a_question_about_a_section_names_it_to_staff(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-14")
    assert browser.sends(f"/requests/{reference}/question", text="Why?", section="records").status == 303
    assert browser.sends(f"/requests/{reference}/question", text="Why else?", section="made up").status == 303
    first, second = request_file(portal.office.desk("ada"), reference).notes
    assert first.text == "From the person, a question about the dataset records:\nWhy?"
    assert "made up" not in second.text


def test_a_complaint_is_one_and_colleagues_alone_may_answer_it(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-15")
    assert browser.sends(f"/requests/{reference}/complaint", text="Too slow.").status == 303
    waiting = [
        c
        for c in complaints_here(portal.office.desk("ada"), portal.parcels.services.register)
        if c.listed.reference == reference
    ]
    assert [each.listed.channel for each in waiting] == [Channel.PORTAL]
    assert "web:portal" not in waiting[0].may_answer
    assert "Too slow." in browser.get(f"/requests/{reference}").text


def test_a_text_that_is_not_taken_is_shown_again(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-16")
    for text, why in (
        ("", "Write something"),
        (" \n", "Write something"),
        ("x" * 4001, "longer"),
        ("a\x07b", "signs"),
    ):
        refused = browser.sends(f"/requests/{reference}/question", text=text)
        assert (refused.status, why in refused.text) == (422, True), why
        assert f">\n{text}</textarea>" in refused.text
    for text in ("", "x" * 4001, "a\x07b"):
        with pytest.raises(WrongUseError, match="the text is"):
            ask_question(portal_desk(portal.office.desk("nia")), reference, None, text)
    assert request_file(portal.office.desk("ada"), reference).notes == ()


def test_a_request_is_withdrawn_after_one_confirmation_and_only_where_that_is_possible(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-17")
    assert "Yes, withdraw it" in browser.get(f"/requests/{reference}/withdraw").text
    assert portal.state(reference) is State.VERIFIED
    assert browser.sends(f"/requests/{reference}/withdraw").status == 303
    assert portal.state(reference) is State.CANCELLED
    assert browser.sends(f"/requests/{reference}/withdraw").status == 409
    assert "The request is withdrawn" in browser.get(f"/requests/{reference}").text


def test_a_wrong_code_proves_nothing_and_is_answered_in_the_same_words_as_one_that_is_too_old(
    portal: Gate,
) -> None:
    browser = portal.browser()
    reference = browser.opens("customer_id=C-18")
    early = browser.sends(f"/requests/{reference}/prove", code="123456")
    code = portal.code_for(browser, reference)
    portal.office.now += timedelta(minutes=16)
    late = browser.sends(f"/requests/{reference}/prove", code=code)
    assert (early.status, late.status, early.text) == (422, 422, late.text)
    assert portal.state(reference) is State.RECEIVED


def test_a_portability_request_is_collected_by_policy_as_soon_as_it_is_proven(portal: Gate) -> None:
    _, reference = portal.proven("customer_id=C-19", right="portability")
    assert portal.work_of(reference) == ("collect", "web:portal")
    _, other = portal.proven("customer_id=C-19")
    assert portal.work_of(other, wait=False) is None


def test_the_portal_is_nobodys_colleague(portal: Gate) -> None:
    assert "web:portal" not in colleagues_at(portal.office.desk("ada"), "acme")
    reference = portal.office.opened("ada", "customer_id=C-1")
    with pytest.raises(WrongUseError, match="no role"):
        assign(portal.office.desk("ada"), reference, "web:portal")


def test_what_a_person_writes_waits_in_the_inbox_until_staff_write_a_note_or_a_letter(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-28")
    register, ada = portal.parcels.services.register, portal.office.desk("ada")

    def waits() -> bool:
        found = [item for item in inbox(portal.office.desk("ada"), register) if item.reference == reference]
        return any(each.why is Why.PERSON_WROTE for item in found for each in item.waiting)

    assert not waits()
    browser.sends(f"/requests/{reference}/question", text="Why?")
    assert waits()
    decide.note(ada, reference, "Written back.")
    assert not waits()
    pause(ada, register, reference, Ground.CLARIFICATION)
    browser.sends(f"/requests/{reference}/answer", text="All.")
    browser.sends(f"/requests/{reference}/question", text="And when?")
    assert waits()
    letter_for(ada, register, reference, LetterOrder(LetterKind.ACKNOWLEDGEMENT))
    assert not waits()
    browser.sends(f"/requests/{reference}/withdraw")
    browser.sends(f"/requests/{reference}/question", text="Is it gone?")
    assert waits()


def test_what_is_in_the_answer_is_counted_again_for_another_ledger(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-1")
    office, services = portal.office, portal.parcels.services
    office.collect("ada", reference)
    decide.approve(office.desk("ray"), services.register, reference)
    assert "3 records" not in plain(browser.get(f"/requests/{reference}").text)
    decided = office.listed(reference).approved_decisions_hash
    decide.send_back(office.desk("ray"), reference, "once more")
    world = World(portal.parcels.register)
    world.run("INSERT INTO records (customer_id, text) VALUES ('C-1', 'one more')")
    office.collect("ada", reference, anew=True)
    world.run("DELETE FROM records WHERE text = 'one more'")
    decide.approve(office.desk("ray"), services.register, reference)
    portal.parcels.change_row(reference, approved_decisions_hash=decided)
    assert "3 records" in plain(browser.get(f"/requests/{reference}").text)
