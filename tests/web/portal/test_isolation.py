"""Nobody sees another's request, and whoever knows only an address or a reference learns and delays nothing."""

import re
from datetime import timedelta

from dsar_export.requests.codes import TRIES
from dsar_export.requests.database import writing
from dsar_export.requests.installation import begin_epoch
from dsar_export.requests.states import State
from dsar_export.requests.visits import IDLE, LONGEST
from dsar_export.use_cases.codes import accept_code, look_up_and_send
from dsar_export.use_cases.portal_proving import CODES_PER_HOUR
from dsar_export.web.front import Front
from dsar_export.web.pages import Pages
from dsar_export.web.portal.pages import portal_pages, portal_routes
from dsar_export.web.portal.rendering import Portal
from dsar_export.web.portal.routes import Route, Rule
from tests.use_cases.parcels import FIRST
from tests.web.portal.portals import Browser, Gate
from tests.web.served import Answer

SAM = "customer_id=C-1"


def routes(portal: Gate) -> tuple[Route, ...]:
    place = portal.place
    return portal_routes(Portal(place, secure=False), Front(place, Pages("", opener=False), ""))


def asked(browser: Browser, route: Route, reference: str, csrf: str) -> Answer:
    path = route.path.replace("{reference}", reference)
    if route.method == "GET":
        return browser.get(path)
    return browser.post(path, csrf=csrf, text="Hello", code="000000", reference=reference)


def is_sent_to_the_door(answer: Answer) -> bool:
    return answer.status == 303 and answer.headers["location"].startswith("/follow?")


def test_every_page_of_a_request_has_a_rule_that_needs_a_visit_with_it(portal: Gate) -> None:
    for route in routes(portal):
        inside = "{reference}" in route.path
        assert inside is (route.rule in {Rule.OWN, Rule.PROVEN}), route.path


def test_all_pages_of_the_portal_are_served_through_their_rules(portal: Gate) -> None:
    front = Front(portal.place, Pages("", opener=False), "")
    served = [(path, method) for path, method, _ in portal_pages(front, secure=False)]
    assert served == [(route.path, route.method) for route in routes(portal)]
    assert portal_pages(Front(portal.place, Pages("/a", opener=False), "/a"), secure=False) == ()


def test_without_a_visit_no_page_of_a_request_shows_anything(portal: Gate) -> None:
    _, reference = portal.proven()
    before = portal.office.rows()
    for route in routes(portal):
        if route.rule is not Rule.ANYBODY:
            assert is_sent_to_the_door(asked(portal.browser(), route, reference, "x")), route.path
    assert portal.office.rows() == before


def test_with_another_visit_a_request_looks_like_one_that_does_not_exist(portal: Gate) -> None:
    _, reference = portal.proven("customer_id=C-2")
    other, _ = portal.proven("customer_id=C-11")
    csrf, state = other.csrf(), portal.state(reference)
    for route in routes(portal):
        if route.rule in {Rule.OWN, Rule.PROVEN}:
            theirs = asked(other, route, reference, csrf)
            assert is_sent_to_the_door(theirs), route.path
            assert theirs.headers["location"] == asked(other, route, "DSAR-1", csrf).headers["location"]
    assert portal.state(reference) is state


def test_before_it_is_proven_a_visit_sees_what_was_typed_and_nothing_else(portal: Gate) -> None:
    browser = portal.browser()
    reference = browser.opens(SAM)
    csrf = browser.csrf()
    for route in routes(portal):
        if route.rule is Rule.PROVEN:
            answer = asked(browser, route, reference, csrf)
            assert answer.headers["location"].startswith(f"/requests/{reference}/prove?"), route.path
    page = browser.get(f"/requests/{reference}/prove").text
    assert "C-1" in page
    assert FIRST not in page


def test_a_form_of_another_visit_does_nothing(portal: Gate) -> None:
    browser, reference = portal.proven()
    other = portal.browser()
    other.opens(SAM)
    for route in routes(portal):
        if route.method == "POST" and route.rule is not Rule.ANYBODY:
            assert asked(browser, route, reference, other.csrf()).status == 403, route.path
    assert portal.state(reference) is State.VERIFIED


def pages_without_names(text: str) -> str:
    return re.sub(r"DSAR-\d+-\w+|value=\"[0-9a-f]{64}\"|<dd>[^<]*</dd>", "", text)


def test_a_known_and_an_unknown_address_get_the_same_pages(portal: Gate) -> None:
    found = []
    for identifier in ("email=sam@example.org", "email=who@example.org"):
        browser = portal.browser()
        reference = browser.opens(identifier)
        sent = browser.sends(f"/requests/{reference}/code")
        shown = browser.get(f"/requests/{reference}/prove?sent=1")
        wrong = browser.sends(f"/requests/{reference}/prove", code="000000")
        headers = [
            (answer.status, sorted(set(answer.headers) - {"date", "content-length"}))
            for answer in (sent, shown, wrong)
        ]
        found.append((headers, pages_without_names(shown.text), pages_without_names(wrong.text)))
    assert found[0] == found[1]


def test_the_contact_is_shown_masked_and_only_after_the_code_was_right(portal: Gate) -> None:
    browser, reference = portal.proven("email=person12@example.org")
    page = browser.get(f"/requests/{reference}").text
    assert "p…12@e…rg" in page
    assert "person12" not in page


def test_whoever_opens_requests_with_a_victims_number_changes_and_delays_nothing(portal: Gate) -> None:
    victim, own = portal.proven("customer_id=C-9")
    before, sent = portal.office.listed(own), len(portal.mails(0))
    for _ in range(CODES_PER_HOUR + 2):
        stranger = portal.browser(network="127.0.0.2")
        reference = stranger.opens("customer_id=C-9")
        stranger.sends(f"/requests/{reference}/code")
        assert stranger.sends(f"/requests/{reference}/prove", code="000000").status == 422
    assert len(portal.mails(sent + CODES_PER_HOUR)) == sent + CODES_PER_HOUR
    assert portal.office.listed(own) == before
    assert victim.get(f"/requests/{own}").status == 200
    another = victim.opens("customer_id=C-9")
    assert victim.sends(f"/requests/{another}/prove", code=portal.code_for(victim, another)).status == 303


def test_strangers_in_the_portal_use_up_no_code_of_staff(portal: Gate) -> None:
    for number in range(CODES_PER_HOUR * 3):
        stranger = portal.browser(network=f"127.0.0.{10 + number // CODES_PER_HOUR}")
        portal.code_for(stranger, stranger.opens("customer_id=C-10"))
    desk, services, sent = portal.parcels.desk(), portal.parcels.services, len(portal.mails(0))
    reference = portal.office.opened("ada", "customer_id=C-10")
    look_up_and_send(desk, services, accept_code(desk, services.register, reference))
    assert portal.mails(sent + 1)[-1].to == "person10@example.org"


def test_a_stranger_with_the_reference_neither_voids_nor_uses_up_the_code_of_whoever_comes_back(
    portal: Gate,
) -> None:
    _, reference = portal.proven("customer_id=C-3")
    person, stranger = portal.browser(), portal.browser()
    code = portal.return_code(person, reference)
    portal.return_code(stranger, reference)
    for _ in range(TRIES + 1):
        assert stranger.sends("/follow/code", reference=reference, code="000000").status == 422
    assert stranger.sends("/follow/code", reference=reference, code=code).status == 422
    assert is_sent_to_the_door(stranger.get(f"/requests/{reference}"))
    assert person.sends("/follow/code", reference=reference, code=code).status == 303
    assert person.get(f"/requests/{reference}").status == 200


def test_whoever_comes_back_gets_the_same_answer_for_any_text(portal: Gate) -> None:
    _, reference = portal.proven("customer_id=C-4")
    unproven = portal.browser().opens(SAM)
    found = set()
    for text in (reference, unproven, "DSAR-20261122-AAAAAAAA", "", "x" * 300, "ß\x00"):
        answer = portal.browser().post("/follow", reference=text)
        assert "dsar-visit=" in answer.headers["set-cookie"]
        shown = re.sub(r'value="[^"]*"', "", answer.text)
        found.add((answer.status, shown))
    assert len(found) == 1


def test_a_visit_ends_when_nobody_has_used_it_for_a_while(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-5")
    portal.office.now += IDLE
    assert is_sent_to_the_door(browser.get(f"/requests/{reference}"))


def test_a_visit_ends_after_half_a_day_even_if_it_is_used(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-6")
    begun, ends = portal.office.now, timedelta(minutes=25)
    while portal.office.now < begun + LONGEST - ends:
        assert browser.get(f"/requests/{reference}").status == 200
        portal.office.now += ends
    assert browser.get(f"/requests/{reference}").status == 200
    portal.office.now = begun + LONGEST + timedelta(seconds=1)
    assert is_sent_to_the_door(browser.get(f"/requests/{reference}"))


def test_a_restored_backup_ends_all_visits(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-7")
    with writing(portal.office.installation.engine) as connection:
        begin_epoch(connection, portal.office.now)
    assert is_sent_to_the_door(browser.get(f"/requests/{reference}"))


def test_whoever_leaves_leaves_nothing_in_the_browser(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-8")
    token = browser.cookie
    assert browser.sends("/leave").status == 303
    browser.cookie = token
    assert is_sent_to_the_door(browser.get(f"/requests/{reference}"))
