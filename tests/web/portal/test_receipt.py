"""The receipt says what was asked and answered and what one can do, and has nothing of the person's own."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from dsar_export.model.refusal import Refusal
from dsar_export.use_cases import decide
from dsar_export.use_cases.refusing import refuse
from tests.use_cases.offices import SAM
from tests.use_cases.parcels import FIRST, PASSPHRASE
from tests.web.portal.portals import Browser, Gate
from tests.web.portal.test_following import COUNTED, plain
from tests.web.portal.test_getting import publish


@pytest.fixture(scope="module")
def answered(portal: Gate) -> tuple[Browser, str]:
    """Sam, whose package was built from a Draft that is still there."""
    browser, reference = portal.proven("customer_id=C-1")
    office = portal.office
    office.collect("ada", reference)
    decide.approve(office.desk("ray"), portal.parcels.services.register, reference)
    with office.built("ada", reference):
        pass
    return browser, reference


def pdf_text(content: bytes) -> str:
    return " ".join(re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(BytesIO(content)).pages)


def test_it_says_what_was_asked_what_was_answered_and_what_one_can_do(answered: tuple[Browser, str]) -> None:
    browser, reference = answered
    page = plain(browser.get(f"/requests/{reference}/receipt").text)
    for text in (
        "you asked Acme Ltd for",
        "your answer was ready",
        "These kinds of data were searched",
        "You can ask again at any time",
        "22 November 2029",
        "complain to the authority",
        "go to a court",
    ):
        assert text in page, text
    assert f"/requests/{reference}/receipt?" in browser.get(f"/requests/{reference}").text


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_the_pdf_says_the_same_in_each_language_without_any_data(
    answered: tuple[Browser, str], language: str
) -> None:
    browser, reference = answered
    answer = browser.get(f"/requests/{reference}/receipt.pdf?lang={language}")
    assert answer.headers["content-type"] == "application/pdf"
    assert f"{reference}-receipt.pdf" in answer.headers["content-disposition"]
    shown = pdf_text(answer.body)
    assert reference in shown
    page = plain(browser.get(f"/requests/{reference}/receipt?lang={language}").text)
    for text in (SAM, FIRST, PASSPHRASE, "C-1", "sam"):
        assert text not in shown
    for text in (SAM, FIRST):
        assert text not in page
    assert not COUNTED.search(shown + page)
    ends = {"en": "no data of yours", "de": "keine Daten von Ihnen", "fr": "aucune de vos données"}
    assert ends[language] in shown
    assert ends[language] in page


def test_before_the_end_there_is_none(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-12")
    for path in ("receipt", "receipt.pdf"):
        answer = browser.get(f"/requests/{reference}/{path}")
        assert (answer.status, answer.headers["location"]) == (303, f"/requests/{reference}?lang=en")
    assert "/receipt" not in browser.get(f"/requests/{reference}").text


def test_once_the_draft_was_erased_it_leads_to_the_report(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-13")
    publish(portal, reference)
    assert "The report in your package says" in browser.get(f"/requests/{reference}/receipt").text


def test_a_refusal_is_named_with_its_law_and_without_the_reason_in_words(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-14")
    refuse(portal.office.desk("ray"), reference, Refusal("excessive", "SECRET"))
    page = plain(browser.get(f"/requests/{reference}/receipt").text)
    assert "We did not do what you asked for" in page
    assert "Art. 12(5)" in page
    assert "SECRET" not in page


def test_a_request_that_was_withdrawn_has_one_too(portal: Gate) -> None:
    browser, reference = portal.proven("customer_id=C-15")
    browser.sends(f"/requests/{reference}/withdraw")
    assert "You withdrew the request" in browser.get(f"/requests/{reference}/receipt").text
