"""Sentences of letters fit the law and the request, in every language."""

from dataclasses import replace
from datetime import date

import pytest

from dsar_export.language.catalogue import languages, texts
from dsar_export.language.letter_text import plain_text
from dsar_export.language.letter_words import (
    complaint_words,
    due_reason,
    due_words,
    identity_words,
    language_of_dates,
    rights_words,
    sender_lines,
    wait_words,
)
from dsar_export.model.clock import DueDate, Effect, Step, StepKind
from dsar_export.model.controller import Authority, Controller
from dsar_export.model.letter import Letter, LetterKind
from dsar_export.model.request import Right

DAY = date(2026, 3, 2)
ACME = Controller(
    name="Acme \u05d3\u05d5\u05d3 Ltd",
    address="1 High Street\nExampleton",
    country="GB",
    language="en",
    time_zone="Europe/London",
    contact="privacy@example.org",
    authority=Authority(name="ICO", url="https://example.org/ico"),
)
every_language = pytest.mark.parametrize("language", languages())


@every_language
def test_in_britain_people_complain_to_the_controller_first(language: str) -> None:
    words = complaint_words(ACME, texts(language))
    assert "164A Data Protection Act" in words["complaint_to_us"].replace("164A du ", "164A ").replace(
        "des ", ""
    )
    assert "privacy@example.org" in words["complaint_to_us"]
    assert "165" in words["authority_when"]
    assert "167" in words["court"]


@every_language
def test_elsewhere_they_may_go_to_any_authority_at_once(language: str) -> None:
    words = complaint_words(replace(ACME, country="FR"), texts(language))
    assert "privacy@example.org" in words["complaint_to_us"]
    assert "77" in words["authority_when"]
    assert "79" in words["court"]
    assert not any("2018" in text for text in words.values())


@every_language
def test_the_clock_waits_only_where_the_rules_have_it(language: str) -> None:
    words = texts(language)
    stops, starts, goes_on = (wait_words(effect, DAY, words) for effect in Effect)
    assert len({stops, starts, goes_on}) == 3
    assert "2026" in stops
    assert "2026" not in goes_on


@every_language
def test_proof_of_identity_is_asked_for_only_while_it_is_needed(language: str) -> None:
    words = texts(language)
    proven = identity_words(words, proven=True, asked=DAY)
    asked = identity_words(words, proven=False, asked=DAY)
    unasked = identity_words(words, proven=False, asked=None)
    assert len({proven, asked, unasked}) == 3
    assert "2026" in asked


@every_language
def test_the_reason_of_a_day_leaves_out_what_is_for_staff(language: str) -> None:
    kinds = (StepKind.RECEIVED, StepKind.WEEKEND, StepKind.DUE, StepKind.SAFE, StepKind.EXTEND_BY)
    steps = (Step(StepKind.MONTHS, DAY, date(2026, 2, 2), count=1), *(Step(kind, DAY) for kind in kinds))
    due = DueDate(DAY, DAY, steps, DAY, overdue=False)
    assert due_reason(due, texts(language)).count("2026") == 3
    assert due_words(due, texts(language)) != due_words(replace(due, at_the_earliest=True), texts(language))


def test_english_dates_are_british_and_others_are_their_own() -> None:
    assert [language_of_dates(tag) for tag in ("en", "en-US", "de")] == ["en-GB", "en-US", "de"]


def test_both_rights_stand_on_one_line() -> None:
    assert rights_words(Right, texts("en")) == (
        "Access to your data (Art. 15 GDPR); Your data to take with you (Art. 20 GDPR)"
    )
    assert rights_words([Right.ACCESS], texts("de")) == "Auskunft über Ihre Daten (Art. 15 DSGVO)"


def test_the_sender_has_its_country_unless_the_address_names_it() -> None:
    lines = ("Acme \u05d3\u05d5\u05d3 Ltd", "1 High Street", "Exampleton")
    assert sender_lines(ACME, "de") == (*lines, "Vereinigtes Königreich", "privacy@example.org")
    known = replace(ACME, address="1 High Street, United Kingdom")
    assert sender_lines(known, "de") == (lines[0], "1 High Street, United Kingdom", "privacy@example.org")


def test_a_letter_is_plain_text_from_its_sender_to_its_last_line() -> None:
    letter = Letter(
        kind=LetterKind.QUESTION,
        language="de",
        sender=("Acme", "1 High Street"),
        date="2. März 2026",
        reference="DSAR-20260302-AAAAAAAA",
        subject="Eine Frage",
        paragraphs=("Guten Tag,", "Wann?\nWo?"),
    )
    assert plain_text(letter) == (
        "Acme\n1 High Street\n\n2. März 2026\nUnser Zeichen: DSAR-20260302-AAAAAAAA\n\nEine Frage\n\nGuten Tag,\n\n"
        "Wann?\nWo?\n"
    )
    assert "Wann" not in repr(letter)
