"""Letters of a request: what they say, when they fit, who may write them, and what the trail has of them."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from dsar_export.errors import NotPermittedError, RegisterError, SourceUnreadableError, WrongUseError
from dsar_export.language.catalogue import languages
from dsar_export.language.letter_text import plain_text
from dsar_export.model.clock import Ground
from dsar_export.model.complaint import ComplaintOutcome, NewComplaint
from dsar_export.model.letter import Letter, LetterKind
from dsar_export.model.refusal import AbuseProof, Refusal
from dsar_export.model.register import Register
from dsar_export.model.request import Right
from dsar_export.requests import trail
from dsar_export.requests.database import reading
from dsar_export.use_cases import decide
from dsar_export.use_cases.complaining import answer, complain
from dsar_export.use_cases.due import extend, pause
from dsar_export.use_cases.letter_matter import Given
from dsar_export.use_cases.letters import LetterOrder, letter_for, letter_kind
from dsar_export.use_cases.refusing import confirm_refusal, refuse
from tests import worlds
from tests.use_cases.flaky import Flaky
from tests.use_cases.offices import MARKERS, ROBIN, SAM, SPOKEN, Office

ACKNOWLEDGEMENT, QUESTION, EXTENSION, REFUSAL, GAP, DELIVERY, COMPLAINT, NOTHING_HELD, OUTCOME = LetterKind
REASON = "You received the same on 3 May, \u05d3\u05d5\u05d3 {authority.url}"
COMPLAINED = date(2026, 11, 21)
BOTH = (Right.ACCESS, Right.PORTABILITY)


def refused(office: Office) -> str:
    reference = office.verified()
    refuse(office.desk("ray"), reference, Refusal("excessive", REASON))
    return reference


def extended(office: Office) -> str:
    reference = office.opened("ada", "email=sam@example.org")
    extend(office.desk("ada"), office.services.register, reference, REASON)
    return reference


def with_gap(office: Office) -> str:
    reference = office.verified()
    second = office.services.collectors["second"]
    office.collectors["second"] = Flaky(second, "snapshot", 99, SourceUnreadableError)
    office.collect("ada", reference)
    return reference


def nobody_found(office: Office) -> str:
    reference = office.verified("email=nobody@example.org")
    office.collect("ada", reference)
    decide.close(office.desk("ada"), reference)
    return reference


def complaint_answered(office: Office) -> str:
    reference = refused(office)
    complain(office.desk("ada"), office.services.register, reference, NewComplaint("too slow"))
    answer(office.desk("ada"), reference, REASON, outcome=ComplaintOutcome.UPHELD)
    return reference


def available(office: Office) -> str:
    reference = office.approved(rights=BOTH)
    with office.built("ada", reference):
        pass
    return reference


def received(office: Office) -> str:
    return office.opened("ada", "email=sam@example.org")


PREPARED: dict[LetterKind, tuple[Callable[[Office], str], Given]] = {
    ACKNOWLEDGEMENT: (received, Given()),
    QUESTION: (received, Given(REASON)),
    EXTENSION: (extended, Given()),
    REFUSAL: (refused, Given()),
    GAP: (with_gap, Given()),
    DELIVERY: (available, Given()),
    COMPLAINT: (refused, Given(complained=COMPLAINED)),
    NOTHING_HELD: (nobody_found, Given()),
    OUTCOME: (complaint_answered, Given()),
}


def letter(
    office: Office,
    reference: str,
    kind: LetterKind,
    given: Given | None = None,
    language: str | None = None,
    by: str = "ada",
) -> Letter:
    order = LetterOrder(kind, language, given or Given())
    return letter_for(office.desk(by), office.services.register, reference, order)


def text(office: Office, reference: str, kind: LetterKind, given: Given | None = None) -> str:
    return plain_text(letter(office, reference, kind, given))


def in_country(office: Office, country: str, time_zone: str, **clock: str) -> Register:
    org = office.services.register.organisation
    acme = org.controllers["acme"]
    moved = replace(acme, country=country, time_zone=time_zone, clock=replace(acme.clock, **clock))  # type: ignore[arg-type] # a test's own words
    return replace(office.services.register, organisation=replace(org, controllers={"acme": moved}))


# Every kind


@pytest.mark.parametrize("kind", LetterKind)
def test_every_letter_is_written_in_every_language_without_anything_about_people(
    kind: LetterKind, office: Office
) -> None:
    prepare, given = PREPARED[kind]
    reference = prepare(office)
    before = {name: rows for name, rows in office.rows().items() if name != "trail"}
    for language in languages():
        made = letter(office, reference, kind, given, language)
        whole = plain_text(made)
        assert (made.kind, made.language, made.reference) == (kind, language, reference)
        assert made.sender[0] == "Acme Ltd"
        assert "\n" not in made.subject
        # Who is written to stands in no letter, and a passphrase can't be: nothing keeps one.
        assert not [marker for marker in (*MARKERS, worlds.PASSPHRASE) if marker in whole]
        assert "{" not in whole.replace(REASON, "")
        assert "ICO" in whole
        assert "https://example.org/ico" in whole
        assert "privacy@example.org" in whole
    assert {name: rows for name, rows in office.rows().items() if name != "trail"} == before


def test_the_trail_has_kind_and_language_and_nothing_of_the_text(office: Office) -> None:
    reference = received(office)
    letter(office, reference, QUESTION, Given(f"{SPOKEN}?"), "de-AT")
    with reading(office.installation.engine) as connection:
        last = tuple(trail.entries(connection, reference))[-1].values
    assert (last["actor"], last["action"], last["details"]) == (
        "ada",
        "letter",
        {"letter_kind": "question", "language": "de-AT"},
    )
    assert SPOKEN not in str(office.rows())


def test_it_is_in_the_language_of_the_request(office: Office) -> None:
    assert letter(office, received(office), ACKNOWLEDGEMENT).date == "22 November 2026"


def test_another_language_than_ours_is_refused(office: Office) -> None:
    with pytest.raises(WrongUseError, match="no letters in 'nl'; choose one of de, en, fr"):
        letter(office, received(office), ACKNOWLEDGEMENT, language="nl")


def test_an_unknown_kind_is_refused_with_the_nearest() -> None:
    with pytest.raises(WrongUseError, match="nearest valid name: refusal"):
        letter_kind("refused")


@pytest.mark.parametrize("name", ["aud", "fay", "bea", "nia"])
def test_only_agents_and_reviewers_write_letters(name: str, office: Office) -> None:
    reference = received(office)
    with pytest.raises(NotPermittedError):
        letter(office, reference, ACKNOWLEDGEMENT, by=name)
    assert letter(office, reference, ACKNOWLEDGEMENT, by="ray").reference == reference


@pytest.mark.parametrize(
    ("kind", "prepare", "words"),
    [
        (ACKNOWLEDGEMENT, refused, "is refused; the letter acknowledgement is for: received"),
        (QUESTION, available, "is available; the letter question is for: received"),
        (EXTENSION, received, "is not extended; extend it, with a reason"),
        (EXTENSION, available, "is available; the letter extension is for: received"),
        (REFUSAL, received, "is received; the letter refusal is for: refused"),
        (GAP, received, "has no Draft while it is received"),
        (GAP, available, "is available; the letter gap is for: received"),
        (DELIVERY, received, "is received; the letter delivery is for: available, delivered"),
        (
            COMPLAINT,
            received,
            "no complaint is recorded whose day the letter could name",
        ),
        (NOTHING_HELD, refused, "is refused; the letter nothing_held is for: closed"),
        (OUTCOME, refused, "no complaint has an outcome yet; answer one"),
        (
            QUESTION,
            received,
            "this letter needs a question to the person; write it as the text of the letter",
        ),
    ],
)
def test_a_letter_that_does_not_fit_is_refused_in_one_line(
    kind: LetterKind, prepare: Callable[[Office], str], words: str, office: Office
) -> None:
    reference = prepare(office)
    entries = len(office.rows()["trail"])
    with pytest.raises(WrongUseError, match=re.escape(words)) as refusal:
        letter(office, reference, kind)
    assert "\n" not in str(refusal.value)
    assert len(office.rows()["trail"]) == entries


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Given("a text"), "has no text of its own; leave the text out"),
        (Given(complained=COMPLAINED), "this letter is about no complaint"),
    ],
)
def test_what_a_letter_has_no_use_for_is_refused(given: Given, words: str, office: Office) -> None:
    with pytest.raises(WrongUseError, match=words):
        letter(office, received(office), ACKNOWLEDGEMENT, given)


@pytest.mark.parametrize("question", ["x" * 4_001, "line\n" * 301])
def test_a_text_that_could_not_be_drawn_whole_is_refused(question: str, office: Office) -> None:
    with pytest.raises(WrongUseError, match="divide it by an empty line"):
        letter(office, received(office), QUESTION, Given(question))


# What each says


def test_an_acknowledgement_has_the_receipt_the_due_day_and_why(office: Office) -> None:
    shown = text(office, received(office), ACKNOWLEDGEMENT)
    assert "reached us on Thursday, 19 November 2026" in shown
    assert "our answer by Monday, 21 December 2026" in shown
    assert "Saturday, 19 December 2026 is part of a weekend" in shown
    assert "First we make sure that the request really comes from you." in shown
    assert "section 164A" in shown


def test_an_acknowledgement_asks_a_verified_person_for_nothing(office: Office) -> None:
    assert "We need no further proof of identity." in text(office, office.verified(), ACKNOWLEDGEMENT)


def test_an_acknowledgement_after_the_due_day_promises_nothing(office: Office) -> None:
    reference = received(office)
    office.now += timedelta(days=40)
    with pytest.raises(WrongUseError, match="so answer instead"):
        letter(office, reference, ACKNOWLEDGEMENT)


def test_a_question_says_that_the_clock_waits_only_where_it_does(office: Office) -> None:
    reference = received(office)
    assert "goes on meanwhile" in text(office, reference, QUESTION, Given("Which?"))
    pause(office.desk("ada"), office.services.register, reference, Ground.CLARIFICATION)
    paused = text(office, reference, QUESTION, Given("Which?"))
    assert "has stood still since Sunday, 22 November 2026" in paused
    paris = in_country(office, "FR", "Europe/Paris", subdivision=None)  # type: ignore[arg-type] # as in a register
    order = LetterOrder(QUESTION, None, Given("Which?"))
    elsewhere = letter_for(office.desk("ada"), paris, reference, order)
    assert "goes on meanwhile" in plain_text(elsewhere)


def test_an_acknowledgement_while_identity_is_awaited_names_the_day_as_the_earliest(office: Office) -> None:
    reference = received(office)
    pause(office.desk("ada"), office.services.register, reference, Ground.IDENTITY)
    shown = text(office, reference, ACKNOWLEDGEMENT)
    assert re.search(r"our answer by \w+, [\w ]+, or later by the days that we still wait for you\.", shown)
    assert "On Sunday, 22 November 2026 we asked for proof of identity." in shown


def test_an_extension_has_the_new_day_the_reason_and_until_when_it_must_be_known(office: Office) -> None:
    shown = text(office, extended(office), EXTENSION)
    assert "our answer by Friday, 19 February 2027" in shown
    assert "by Monday, 21 December 2026" in shown
    assert f"\n\n{REASON}\n\n" in shown


def test_a_given_reason_replaces_the_recorded_one(office: Office) -> None:
    for prepare, kind in ((extended, EXTENSION), (refused, REFUSAL)):
        shown = text(office, prepare(office), kind, Given("In other words"))
        assert REASON not in shown
        assert "\n\nIn other words\n\n" in shown


def test_a_refusal_has_the_reason_and_every_remedy_of_the_country(office: Office) -> None:
    reference = refused(office)
    british = text(office, reference, REFUSAL)
    assert f"\n\n{REASON}\n\n" in british
    for words in (
        "complain to us first",
        "section 164A",
        "Art. 77 UK GDPR",
        "section 167",
        "Art. 79 UK GDPR",
    ):
        assert words in british
    berlin = in_country(office, "DE", "Europe/Berlin", subdivision="BE")
    german = plain_text(letter_for(office.desk("ada"), berlin, reference, LetterOrder(REFUSAL, "de")))
    for words in (
        "Art. 77 DSGVO",
        "Art. 79 DSGVO",
        "ICO, https://example.org/ico",
        "jederzeit an die Aufsichts",
    ):
        assert words in german
    assert "2018" not in german


def test_a_gap_names_what_could_not_be_read_and_what_happens_next(office: Office) -> None:
    reference = with_gap(office)
    shown = text(office, reference, GAP)
    title = office.services.register.schemas["records"].title
    assert f"\n\n\u2013 {title}\n\n" in shown
    assert "We are trying to read it again." in shown
    assert "our answer by Monday, 21 December 2026" in shown
    decide.accept_gap(office.desk("ray"), office.services.register, reference, "second", SPOKEN)
    assert "Our answer comes without it for now" in text(office, reference, GAP)


def test_a_delivery_names_each_file_and_keeps_the_passphrase_apart(office: Office) -> None:
    reference = available(office)
    shown = text(office, reference, DELIVERY)
    for package in office.published(reference):
        assert f": {package.file}\n" in shown
    assert "The passphrase that opens it is never in a letter" in shown


def test_a_complaint_is_acknowledged_with_its_date(office: Office) -> None:
    reference = received(office)
    shown = text(office, reference, COMPLAINT, Given(complained=COMPLAINED))
    assert "reached us on Saturday, 21 November 2026" in shown
    for day in (date(2026, 11, 18), date(2026, 11, 23)):
        with pytest.raises(WrongUseError, match="can't have arrived before 2026-11-19 or in the future"):
            letter(office, reference, COMPLAINT, Given(complained=day))


# A register's own templates


def test_a_registers_own_template_is_used(office: Office, tmp_path: Path) -> None:
    register = replace(office.services.register, folder=tmp_path)
    (tmp_path / "letters" / "en").mkdir(parents=True)
    (tmp_path / "letters" / "en" / "question.txt").write_text(
        "Just {reference}\n\n{question}\n{time_limit}\n"
    )
    reference = received(office)
    order = LetterOrder(QUESTION, "en", Given("Which?"))
    made = letter_for(office.desk("ada"), register, reference, order)
    assert made.subject == f"Just {reference}"
    assert made.paragraphs[0].startswith("Which?\nThe time limit")


def test_a_broken_template_is_refused_with_file_and_line(office: Office, tmp_path: Path) -> None:
    register = replace(office.services.register, folder=tmp_path)
    (tmp_path / "letters" / "en").mkdir(parents=True)
    path = tmp_path / "letters" / "en" / "question.txt"
    path.write_text("Subject\n\n{question}\n{question.__class__}\n")
    with pytest.raises(RegisterError) as refusal:
        letter_for(
            office.desk("ada"), register, received(office), LetterOrder(QUESTION, None, Given("Which?"))
        )
    assert f"{path}:4: braces: a brace that belongs to no placeholder" in str(refusal.value)
    assert f"{path}:5: time_limit: {{time_limit}} is missing" in str(refusal.value)
    assert SAM not in str(refusal.value)
    assert ROBIN not in str(refusal.value)


def test_what_staff_noted_of_an_abuse_is_not_quoted(office: Office) -> None:
    reference = office.verified()
    proof = AbuseProof("objective-marker", "subjective-marker")
    refuse(office.desk("ray"), reference, Refusal("abusive", "reason-marker", proof))
    confirm_refusal(office.desk("kim"), reference)
    with pytest.raises(WrongUseError, match="for the file"):
        letter(office, reference, REFUSAL)
    shown = text(office, reference, REFUSAL, Given("It is the hundredth of its kind."))
    assert "hundredth" in shown
    assert "marker" not in shown


def test_a_recorded_complaint_gives_its_day(office: Office) -> None:
    reference = refused(office)
    with pytest.raises(WrongUseError, match="no complaint is recorded"):
        letter(office, reference, COMPLAINT)
    complain(office.desk("ada"), office.services.register, reference, NewComplaint("too slow"))
    assert "22 November 2026" in text(office, reference, COMPLAINT)


def test_of_several_complaints_the_letter_is_about_the_one_without_an_answer(office: Office) -> None:
    reference = refused(office)
    desk, register = office.desk("ada"), office.services.register
    for day in (20, 21, 21):
        new = NewComplaint("too slow", received_at=office.now.replace(day=day))
        complain(desk, register, reference, new)
    with pytest.raises(WrongUseError, match=r"no answer \(2026-11-20, 2026-11-21\); name the day of one$"):
        letter(office, reference, COMPLAINT)
    assert "21 November 2026" in text(office, reference, COMPLAINT, Given(complained=COMPLAINED))
    for number in (2, 3):
        answer(desk, reference, SPOKEN, number)
    assert "20 November 2026" in text(office, reference, COMPLAINT)
    answer(desk, reference, SPOKEN, 1)
    assert "21 November 2026" in text(office, reference, COMPLAINT)  # the newest


def test_complaints_of_one_day_need_no_choice(office: Office) -> None:
    reference = refused(office)
    for _ in range(2):
        complain(office.desk("ada"), office.services.register, reference, NewComplaint("too slow"))
    assert "22 November 2026" in text(office, reference, COMPLAINT)
