"""Whoever has proven a request sees its progress as it happens: state and step in words, and nothing else."""

import base64
import hashlib
import re
from contextlib import AbstractContextManager
from datetime import timedelta

from dsar_export.model.work import Position, Task, WorkStep
from dsar_export.requests.database import writing
from dsar_export.requests.visits import IDLE
from dsar_export.requests.work import begin_try, park, show_sign
from tests.web.console.streams import Stream, stream
from tests.web.portal.portals import COOKIE, Browser, Gate


def at_work(portal: Gate, customer: str) -> tuple[Browser, str]:
    """Somebody whose request waits for a worker."""
    browser, reference = portal.proven(f"customer_id={customer}", right="portability")
    assert portal.work_of(reference) is not None
    return browser, reference


def watched(
    browser: Browser, reference: str, language: str = "en", cookie: str | None = None
) -> AbstractContextManager[Stream]:
    token = browser.cookie if cookie is None else cookie
    path = f"/requests/{reference}/progress?lang={language}"
    return stream(browser.port, path, {"Cookie": f"{COOKIE}={token}"})


def test_each_change_is_sent_in_plain_words_without_dataset_or_count(portal: Gate) -> None:
    browser, reference = at_work(portal, "C-2")
    with watched(browser, reference) as seen:
        state = "You have proven that it is you"
        assert seen.event() == ("message", {"state": state, "step": "It waits for its turn."})
        with writing(portal.office.installation.engine) as connection:
            begin_try(connection, reference, Task.COLLECT, portal.office.now)
            show_sign(connection, reference, Position(WorkStep.READ, "records", 7), portal.office.now)
        shown = {"state": state, "step": "We read what our systems have."}
        assert seen.event() == ("message", shown)
        with writing(portal.office.installation.engine) as connection:
            park(connection, reference, portal.office.now, "source main does not answer")
        assert seen.event() == ("end", {"state": state, "step": ""})
        assert seen.event() == ("", {})


def test_it_is_in_the_language_of_the_page(portal: Gate) -> None:
    browser, reference = at_work(portal, "C-3")
    steps = {"de": "Es wartet, bis es an der Reihe ist.", "fr": "Elle attend son tour."}
    for language, step in steps.items():
        with watched(browser, reference, language) as seen:
            assert seen.event()[1]["step"] == step


def test_before_proof_and_for_another_visit_there_is_no_stream(portal: Gate) -> None:
    _, reference = at_work(portal, "C-4")
    other = portal.browser()
    own = other.opens("customer_id=C-5")
    assert other.get(f"/requests/{reference}/progress").headers["location"].startswith("/follow?")
    assert other.get(f"/requests/{own}/progress").headers["location"].startswith(f"/requests/{own}/prove")


def test_the_stream_ends_with_the_visit_and_keeps_none_from_ending(portal: Gate) -> None:
    browser, reference = at_work(portal, "C-6")
    with watched(browser, reference) as seen:
        assert seen.event()[0] == "message"
        portal.office.now += IDLE - timedelta(minutes=5)
        with writing(portal.office.installation.engine) as connection:
            begin_try(connection, reference, Task.COLLECT, portal.office.now)
            show_sign(connection, reference, Position(WorkStep.OPEN), portal.office.now)
        assert seen.event()[1]["step"] == "We open our systems."
        portal.office.now += timedelta(minutes=5, seconds=1)
        assert seen.event() == ("", {})
    assert browser.get(f"/requests/{reference}").headers["location"].startswith("/follow?")


def test_the_page_has_one_script_by_its_hash_and_only_while_somebody_works(portal: Gate) -> None:
    browser, reference = at_work(portal, "C-7")
    answer = browser.get(f"/requests/{reference}")
    scripts = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    (digest,) = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts)
    policy = answer.headers["content-security-policy"]
    assert f"script-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert "It waits for its turn." in answer.text
    quiet, other = portal.proven("customer_id=C-8")
    page = quiet.get(f"/requests/{other}")
    assert "<script" not in page.text
    assert "script-src" not in page.headers["content-security-policy"]
