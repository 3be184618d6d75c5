"""Somebody asks on the screens: nothing is kept before it is sent, and it is sent once."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from dsar_export.model.intake import Channel
from dsar_export.model.request import Right
from dsar_export.requests.database import reading
from dsar_export.requests.identifiers import identifiers_of
from dsar_export.requests.requests import read_request
from dsar_export.use_cases.portal_doors import close_portal, open_portal, portal_desk
from dsar_export.use_cases.portal_proving import typed
from tests.web.portal.portals import Browser, Gate, hidden
from tests.web.served import Answer

RIGHT = [("right", "access")]


def checked(browser: Browser, *typed: tuple[str, str]) -> Answer:
    """The third screen."""
    return browser.post("/ask/check", [*RIGHT, *(typed or [("id-customer_id", "C-1")])])


def test_a_request_is_opened_as_it_was_typed_and_by_the_portal(portal: Gate) -> None:
    reference = portal.browser("de").opens(
        "customer_id=C-1", "email=a@example.org", right="both", also="erasure"
    )
    with reading(portal.office.installation.engine) as connection:
        request = read_request(connection, reference, portal.office.installation.vault)
        held = identifiers_of(connection, reference, portal.office.installation.vault)
    listed = request.listed
    assert (listed.rights, listed.channel) == ((Right.ACCESS, Right.PORTABILITY), Channel.PORTAL)
    assert (listed.opened_by, listed.language) == ("web:portal", "de")
    assert {(each.identifier.kind, each.identifier.value) for each in held} == {
        ("customer_id", "C-1"),
        ("email", "a@example.org"),
    }
    assert [each.right for each in request.subject.handed_on] == ["erasure"]


def test_nothing_is_kept_and_no_cookie_is_set_before_it_is_sent(portal: Gate) -> None:
    before, browser = portal.office.rows(), portal.browser()
    for answer in (
        browser.get("/ask"),
        browser.post("/ask/you", RIGHT),
        checked(browser),
        browser.get("/follow"),
    ):
        assert answer.status == 200
        assert "set-cookie" not in answer.headers
    assert portal.office.rows() == before
    browser.post("/ask/send", hidden(checked(browser)))
    assert re.search("HttpOnly.*Path=/.*SameSite=lax", browser.given)


def test_the_third_screen_shows_what_was_typed_and_when_the_answer_comes_and_why(portal: Gate) -> None:
    page = checked(portal.browser()).text
    assert "C-1" in page
    assert re.search("You get the answer by \\w+, 2\\d December 2026", page)
    assert "One month after" in page


@pytest.mark.parametrize(("language", "named"), [("en", "English"), ("de", "Deutsch"), ("fr", "Français")])
def test_the_third_screen_names_the_language_of_the_answer(portal: Gate, language: str, named: str) -> None:
    browser = portal.browser(language)
    assert f"<dd>{named}</dd>" in checked(browser).text
    reference = browser.opens("customer_id=C-1")
    assert portal.office.listed(reference).language == language


def test_what_is_missing_or_unfit_is_named_at_its_field_and_nothing_typed_is_lost(portal: Gate) -> None:
    browser = portal.browser()
    without_right = browser.post("/ask/you", also="erasure")
    assert (without_right.status, '<a href="#right">' in without_right.text) == (422, True)
    assert 'value="erasure" checked' in without_right.text
    nothing = browser.post("/ask/check", RIGHT)
    assert (nothing.status, '<a href="#id-customer_id">' in nothing.text) == (422, True)
    unfit = checked(browser, ("id-customer_id", "C-1"), ("id-email", "x" * 201))
    assert (unfit.status, '<a href="#id-email">' in unfit.text) == (422, True)
    assert 'value="C-1"' in unfit.text
    assert 'aria-invalid="true"' in unfit.text
    assert browser.post("/ask/send", RIGHT).status == 422


@pytest.mark.parametrize("value", ["C-1\x00", "C\u202e1", "C-\n1"])
def test_a_value_that_cannot_be_shown_on_one_line_is_not_looked_up(portal: Gate, value: str) -> None:
    assert checked(portal.browser(), ("id-customer_id", value)).status == 422


def test_a_form_that_is_sent_twice_opens_one_request_in_one_visit(portal: Gate) -> None:
    before, browser = portal.references(), portal.browser()
    form = hidden(checked(browser))
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(lambda _: portal.browser().post("/ask/send", form), range(2))
    assert first.headers["location"] == second.headers["location"]
    assert first.headers["set-cookie"] == second.headers["set-cookie"]
    assert len(portal.references() - before) == 1


def test_the_way_back_brings_along_what_was_typed(portal: Gate) -> None:
    browser = portal.browser()
    back = browser.post("/ask", [*RIGHT, ("id-customer_id", "C-1")])
    assert 'value="access" required checked' in back.text
    assert ("id-customer_id", "C-1") in hidden(back)
    assert 'value="C-1"' in browser.post("/ask/you", hidden(checked(browser))).text


def test_each_page_is_in_the_language_of_the_browser_or_of_a_choice(portal: Gate) -> None:
    assert '<html lang="de">' in portal.browser("de-AT").get("/ask").text
    assert '<html lang="fr">' in portal.browser("de").get("/ask?lang=fr").text
    assert '<html lang="en">' in portal.browser("en").get("/ask?lang=xx").text
    assert '<html lang="fr">' in portal.browser("de").post("/ask/you", RIGHT, lang="fr").text


def test_a_page_has_one_heading_a_policy_without_scripts_and_no_inline_style(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-3")
    paths = (
        "/ask",
        "/follow",
        *(f"/requests/{reference}{name}" for name in ("", "/question", "/complaint", "/withdraw")),
    )
    for path in paths:
        answer = browser.get(path)
        assert answer.text.count("<h1>") == 1, path
        assert "<script" not in answer.text, path
        assert " style=" not in answer.text, path
        assert "script" not in answer.headers["content-security-policy"]


def test_where_no_controller_is_open_nothing_is_here(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-4")
    fay, register = portal.parcels.desk("fay"), portal.parcels.services.register
    close_portal(fay, "acme")
    try:
        for path in ("/ask", "/follow", f"/requests/{reference}"):
            assert portal.browser().get(path).status == 404
        assert browser.get(f"/requests/{reference}").status == 404
    finally:
        open_portal(fay, register, "acme")
    assert browser.get(f"/requests/{reference}").status == 200


def test_the_kinds_of_identifiers_come_from_the_register(portal: Gate) -> None:
    kinds = re.findall('name="id-([a-z_]+)"', portal.browser().post("/ask/you", RIGHT).text)
    assert kinds == ["customer_id", "email"]


def test_whether_a_code_is_possible_at_all_depends_on_the_kinds_alone(portal: Gate) -> None:
    reference, register = portal.browser().opens("customer_id=NOBODYS"), portal.parcels.services.register
    desk = portal_desk(portal.office.desk("nia"))
    without = replace(register, organisation=replace(register.organisation, contacts=()))
    assert [typed(desk, each, reference).has_way for each in (register, without)] == [True, False]


def test_more_than_any_form_has_is_refused(portal: Gate) -> None:
    assert portal.browser().post("/ask/you", [(f"f{number}", "x") for number in range(61)]).status == 413
    assert portal.browser().post("/ask/you", RIGHT, text="x" * 70_000).status == 413


def test_the_trail_names_the_portal_and_nothing_typed(portal: Gate) -> None:
    portal.browser().opens("customer_id=NO-SUCH-NUMBER")
    rows = json.dumps([[str(cell) for cell in row] for row in portal.office.rows()["trail"]])
    assert "web:portal" in rows
    assert "NO-SUCH-NUMBER" not in rows
