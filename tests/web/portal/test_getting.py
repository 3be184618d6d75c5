"""Whoever has proven a request gets its package; the mailbox of the proof alone never gets what opens it."""

import re

from dsar_export.requests.database import reading
from dsar_export.requests.download_links import REMIND_AFTER, unused_links
from dsar_export.requests.installation import epoch
from dsar_export.requests.states import State
from dsar_export.use_cases.links import revoke
from tests.use_cases.parcels import LONG_AGO, PASSPHRASE, ask, reveal
from tests.use_cases.reached import reach
from tests.web.portal.portals import Browser, Gate
from tests.web.portal.test_following import plain


def publish(portal: Gate, reference: str) -> None:
    """Its package waits; its Draft, of which the page would count what is in it, was erased since."""
    portal.parcels.publish(reference)
    portal.parcels.change_row(reference, draft=None, draft_key_sealed=None)


def ready(portal: Gate, customer: str) -> tuple[Browser, str]:
    """Somebody who has proven a request, whose package waits."""
    browser, reference = portal.proven(f"customer_id={customer}")
    publish(portal, reference)
    return browser, reference


def got(browser: Browser, reference: str) -> str:
    """The path of a link that the button leads to."""
    answer = browser.sends(f"/requests/{reference}/get", right="access")
    assert answer.status == 303
    assert re.fullmatch(r"/l/[\w-]{40,}", answer.headers["location"]), answer.headers["location"]
    return answer.headers["location"]


def test_the_page_says_before_the_download_how_large_it_is_and_how_it_is_opened(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-20")
    assert "To the download" not in browser.get(f"/requests/{reference}").text
    publish(portal, reference)
    shown = plain(browser.get(f"/requests/{reference}").text)
    for text in (
        "1.3 kB",
        "Get your answer",
        "To the download",
        "never give you the passphrase by the mailbox",
        "7-Zip",
    ):
        assert text in shown, text
    assert PASSPHRASE not in shown
    assert "built-in" not in shown
    assert "hand_out_link" not in portal.parcels.actions(reference)


def test_the_button_leads_to_a_link_by_which_the_package_is_downloaded(portal: Gate) -> None:
    browser, reference = ready(portal, "C-21")
    path = got(browser, reference)
    assert "The answer to your request" in browser.get(path).text
    started = browser.post(f"{path}/download")
    assert browser.get(started.headers["location"]).status == 200
    assert portal.state(reference) is State.DELIVERED
    assert portal.parcels.actions(reference).count("hand_out_link") == 1


def test_one_mailbox_never_gets_both_the_link_and_the_passphrase(portal: Gate) -> None:
    browser, reference = ready(portal, "C-22")
    token = got(browser, reference).removeprefix("/l/")
    sent = len(portal.parcels.mails())
    assert ask(portal.parcels, token)
    assert len(portal.parcels.mails()) == sent
    assert portal.parcels.actions(reference)[-1] == "no_other_contact"
    reach(portal.parcels.register, "C-22", "other22@example.org", (LONG_AGO, None))
    assert ask(portal.parcels, token)
    mail = portal.parcels.mails()[-1]
    assert (mail.to, len(portal.parcels.mails())) == ("other22@example.org", sent + 1)
    assert reveal(portal.parcels, token, mail.code) == PASSPHRASE


def test_whoever_came_back_by_a_mailbox_gets_no_passphrase_by_it_either(portal: Gate) -> None:
    _, reference = ready(portal, "C-23")
    browser = portal.browser()
    code = portal.return_code(browser, reference)
    assert browser.sends("/follow/code", reference=reference, code=code).status == 303
    token = got(browser, reference).removeprefix("/l/")
    assert ask(portal.parcels, token)
    assert portal.parcels.actions(reference)[-1] == "no_other_contact"


def test_a_visit_whose_newest_code_was_not_entered_gets_no_link(portal: Gate) -> None:
    """Otherwise it would count as a visit of the mailbox to which the new code went."""
    browser, reference = ready(portal, "C-24")
    code = portal.return_code(browser, reference)
    refused = browser.sends(f"/requests/{reference}/get", right="access").headers["location"]
    assert refused.endswith("done=get_not_now")
    assert "not possible just now" in browser.get(refused).text
    assert browser.sends("/follow/code", reference=reference, code=code).status == 303
    got(browser, reference)


def test_links_are_not_made_without_end(portal: Gate) -> None:
    browser, reference = ready(portal, "C-25")
    for _ in range(3):
        got(browser, reference)
    refused = browser.sends(f"/requests/{reference}/get", right="access").headers["location"]
    assert "several links" in browser.get(refused).text


def test_what_is_not_there_cannot_be_got(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-26")
    for right in ("access", "portability", "", "x"):
        answer = browser.sends(f"/requests/{reference}/get", right=right)
        assert answer.headers["location"].endswith("done=get_not_now"), right
    publish(portal, reference)
    answer = browser.sends(f"/requests/{reference}/get", right="portability")
    assert answer.headers["location"].endswith("done=get_not_now")


def test_nobody_is_reminded_by_mail_of_a_link_that_they_fetched_themselves(portal: Gate) -> None:
    browser, reference = ready(portal, "C-27")
    got(browser, reference)
    desk = portal.parcels.desk()
    with reading(desk.engine) as connection:
        waiting = unused_links(connection, epoch(connection), portal.office.now + REMIND_AFTER)
    assert reference not in waiting
    assert revoke(desk, reference) == 1
