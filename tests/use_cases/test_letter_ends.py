"""Letters that end something name the law, what was searched, and what follows; an agent is written to as one."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from dsar_export.errors import WrongUseError
from dsar_export.language.catalogue import languages
from dsar_export.language.letter_text import plain_text
from dsar_export.model.complaint import ComplaintOutcome, NewComplaint
from dsar_export.model.held_for import HeldFor
from dsar_export.model.intake import Channel, Mandate
from dsar_export.model.letter import LetterKind
from dsar_export.model.refusal import Refusal, refusal_grounds
from dsar_export.model.register import NotSearched, Promise, Register, Source
from dsar_export.model.request import Right
from dsar_export.register.letters import template_of
from dsar_export.use_cases import decide
from dsar_export.use_cases.complaining import answer, complain
from dsar_export.use_cases.due import extend
from dsar_export.use_cases.letter_matter import Given
from dsar_export.use_cases.letters import LetterOrder, letter_for
from dsar_export.use_cases.refusing import refuse
from dsar_export.use_cases.take_in import Intake, take_in
from tests.use_cases.offices import SPOKEN, START, Office, identifier
from tests.use_cases.test_letters import (
    ACKNOWLEDGEMENT,
    COMPLAINT,
    EXTENSION,
    NOTHING_HELD,
    OUTCOME,
    QUESTION,
    REASON,
    REFUSAL,
    complaint_answered,
    in_country,
    nobody_found,
    refused,
)

NOTHING = "there is nothing that we must disclose"
every_language = pytest.mark.parametrize("language", languages())


def text(
    office: Office,
    reference: str,
    kind: LetterKind,
    language: str = "en",
    register: Register | None = None,
    given: Given | None = None,
) -> str:
    order = LetterOrder(kind, language, given or Given())
    return plain_text(letter_for(office.desk("ada"), register or office.services.register, reference, order))


def by_agent(office: Office, *scope: str, email: str = "sam@example.org") -> str:
    """The reference of a request that an agent made."""
    mandate = Mandate(f"Advocates, {SPOKEN}", scope)
    intake = Intake(
        (Right.ACCESS,),
        "acme",
        Channel.EMAIL,
        START - timedelta(days=3),
        (identifier(f"email={email}"),),
        mandate=mandate,
    )
    return take_in(office.desk("ada"), office.services.register, intake).reference


def moved(office: Office, country: str) -> Register:
    """The register with the controller in another country."""
    part = {"GB": "ENG", "DE": "BE"}.get(country)
    zone = "Europe/Paris" if country == "FR" else "Europe/London"
    return in_country(office, country, zone, subdivision=part)  # type: ignore[arg-type] # as in a register


# Nothing held


def test_who_is_not_found_learns_what_was_searched_and_with_what(office: Office) -> None:
    reference = nobody_found(office)
    register = office.services.register
    shown = text(office, reference, NOTHING_HELD)
    assert NOTHING in shown
    assert "as it stands in the request:\n\u2013 Email address\n\n" in shown
    titles = {register.schema_of(dataset).title for dataset in register.datasets}
    assert titles
    for title in titles:
        assert f"\n\u2013 {title}\n" in shown
    assert "This we did not search" not in shown
    assert "nobody@example.org" not in shown
    for remedy in ("complain to us first", "Art. 77 UK GDPR", "Art. 79 UK GDPR"):
        assert remedy in shown


def test_what_was_not_searched_is_named_with_ground_and_effort(office: Office) -> None:
    register = office.services.register
    paper = Promise(
        id="paper",
        text="Letters on paper",
        not_searched=NotSearched(ground="Out of proportion", effort="90,000 sheets.", decided_by="Board"),
    )
    promised = replace(
        register,
        organisation=replace(register.organisation, promises=(*register.organisation.promises, paper)),
    )
    shown = text(office, nobody_found(office), NOTHING_HELD, register=promised)
    assert "This we did not search:\n\u2013 Letters on paper: Out of proportion. What we did" in shown
    assert "90,000 sheets.\n\n" in shown


def test_what_is_held_for_a_client_is_named_with_the_client(office: Office) -> None:
    register = office.services.register
    held = HeldFor(what="Orders of others", client="Shoes Ltd", contact="privacy@shoes.example.org")
    name, controller = "client_shops", next(iter(register.organisation.controllers))
    source = Source(kind="sql_database", url="", controllers=(controller,), held_for=held)
    sources = {**register.organisation.sources, name: source}
    holding = replace(register, organisation=replace(register.organisation, sources=sources))
    shown = text(office, nobody_found(office), NOTHING_HELD, register=holding)
    assert "\u2013 Orders of others: we hold this for Shoes Ltd, as a processor" in shown
    assert "Please ask there: privacy@shoes.example.org.\n" in shown


def test_who_got_packages_gets_no_letter_that_nothing_is_held(office: Office) -> None:
    reference = office.approved()
    with office.built("ada", reference):
        pass
    decide.deliver(office.desk("ada"), reference, Channel.EMAIL)
    decide.close(office.desk("ada"), reference)
    with pytest.raises(WrongUseError, match="was answered by packages; its letter is delivery"):
        text(office, reference, NOTHING_HELD)


def test_to_an_agent_only_the_data_of_the_mandate_were_searched(office: Office) -> None:
    reference = by_agent(office, "extras", email="nobody@example.org")
    office.verify(reference)
    office.collect("ada", reference)
    decide.close(office.desk("ada"), reference)
    register = office.services.register
    shown = text(office, reference, NOTHING_HELD)
    named = {d.name: d.title or register.schema_of(d).title for d in register.datasets}
    assert f"\u2013 {named['extras']}\n\nPerhaps" in shown
    assert shown.count("\u2013") == 2  # the kind of identifier, and one dataset
    assert "It concerns only the data that your mandate covers." in shown


# Complaints


@every_language
@pytest.mark.parametrize("outcome", ComplaintOutcome)
def test_each_outcome_has_sentences_of_its_own(
    outcome: ComplaintOutcome, language: str, office: Office
) -> None:
    shown = set()
    for each in (outcome, *(other for other in ComplaintOutcome if other is not outcome)):
        reference = refused(office)
        complain(office.desk("ada"), office.services.register, reference, NewComplaint("too slow"))
        answer(office.desk("ada"), reference, REASON, outcome=each)
        shown.add(text(office, reference, OUTCOME, language).replace(reference, ""))
    assert len(shown) == len(ComplaintOutcome)


def test_an_outcome_has_reasons_what_follows_and_the_authority(office: Office) -> None:
    shown = text(office, complaint_answered(office), OUTCOME)
    assert "reached us on Sunday, 22 November 2026" in shown
    assert "You were right: we uphold your complaint." in shown
    assert f"\n\n{REASON}\n\nWe put right what went wrong." in shown
    assert "ICO, https://example.org/ico. As you have complained to us first, it can look into" in shown
    assert "complain to us first, so" not in shown


def test_while_the_request_is_open_its_due_day_is_what_follows(office: Office) -> None:
    reference = office.opened("ada", "email=sam@example.org")
    complain(office.desk("ada"), office.services.register, reference, NewComplaint("too slow"))
    answer(office.desk("ada"), reference, REASON, outcome=ComplaintOutcome.NOT_UPHELD)
    assert "you will have our answer by Monday, 21 December 2026." in text(office, reference, OUTCOME)
    office.now += timedelta(days=40)
    assert "you will have our answer as soon as we can" in text(office, reference, OUTCOME)


def test_the_letter_is_about_the_complaint_that_was_answered_last_or_that_of_a_day(office: Office) -> None:
    reference = refused(office)
    desk, register = office.desk("ada"), office.services.register
    for day in (20, 21):
        complain(desk, register, reference, NewComplaint("too slow", received_at=office.now.replace(day=day)))
    answer(desk, reference, "about the second", 2, ComplaintOutcome.UPHELD)
    answer(desk, reference, "about the first", 1, ComplaintOutcome.NOT_UPHELD)
    assert "about the first" in text(office, reference, OUTCOME)
    on = Given(complained=date(2026, 11, 21))
    assert "about the second" in text(office, reference, OUTCOME, given=on)
    assert "in other words" in text(office, reference, OUTCOME, given=replace(on, text="in other words"))
    with pytest.raises(WrongUseError, match="no complaint that arrived on 2026-11-22 has an outcome"):
        text(office, reference, OUTCOME, given=Given(complained=date(2026, 11, 22)))


def test_an_answer_without_an_outcome_has_no_letter(office: Office) -> None:
    reference = refused(office)
    complain(office.desk("ada"), office.services.register, reference, NewComplaint("too slow"))
    answer(office.desk("ada"), reference, SPOKEN)
    with pytest.raises(WrongUseError, match="answered without an outcome; write the letter yourself"):
        text(office, reference, OUTCOME)


# The law of a refusal


@pytest.mark.parametrize(
    ("language", "country", "law"),
    [
        ("en", "GB", "Art. 12(5)(b) UK GDPR."),
        ("en", "IE", "Art. 12(5)(b) GDPR."),
        ("de", "DE", "Art. 12 Abs. 5 Buchst. b DSGVO."),
        ("fr", "FR", "article 12, paragraphe 5, point b), du RGPD."),
        ("fr", "GB", "article 12, paragraphe 5, point b), du RGPD britannique."),
    ],
)
def test_a_refusal_names_the_article_as_the_language_cites_it(
    language: str, country: str, law: str, office: Office
) -> None:
    register = moved(office, country)
    assert f": {law}" in text(office, refused(office), REFUSAL, language, register).replace("\u00a0", " ")


def test_an_exemption_names_the_law_of_the_country(office: Office) -> None:
    reference = office.verified()
    refuse(office.desk("ray"), reference, Refusal("exemption", REASON))
    shown = {
        country: text(office, reference, REFUSAL, register=moved(office, country))
        for country in ("GB", "FR", "DE", "IE")
    }
    assert "Art. 23 UK GDPR; section 15 with Schedules 2 to 4, Data Protection Act 2018." in shown["GB"]
    assert "Art. 23 GDPR; §§\u00a029 und 34 BDSG." in shown["DE"]
    assert "Art. 23 GDPR; article 49 de la loi" in shown["FR"]
    assert "decision rests: Art. 23 GDPR.\n" in shown["IE"]


@every_language
def test_every_ground_has_a_law_in_every_language(language: str, office: Office) -> None:
    for ground in refusal_grounds():
        if ground.proof_by_two_people:
            continue
        reference = office.verified()
        refuse(office.desk("ray"), reference, Refusal(ground.code, REASON))
        shown = text(office, reference, REFUSAL, language)
        for article in ground.articles:
            assert article.split("(")[0] in shown


# Agents


@every_language
@pytest.mark.parametrize("kind", [ACKNOWLEDGEMENT, QUESTION, EXTENSION, REFUSAL, COMPLAINT])
def test_an_agent_is_written_to_as_an_agent_and_nothing_names_the_person(
    kind: LetterKind, language: str, office: Office
) -> None:
    reference = by_agent(office, "records")
    if kind is EXTENSION:
        extend(office.desk("ada"), office.services.register, reference, REASON)
    if kind is REFUSAL:
        refuse(office.desk("ray"), reference, Refusal("mandate_missing", REASON))
    given = (
        Given("Which?") if kind is QUESTION else Given(complained=START.date()) if kind is COMPLAINT else None
    )
    shown = text(office, reference, kind, language, given=given)
    person = text(office, office.opened("ada", "email=sam@example.org"), QUESTION, language, given=Given("x"))
    mandate = {"en": "their agent", "de": "für sie handeln", "fr": "de mandataire"}[language]
    assert mandate in shown
    assert mandate not in person
    assert not [word for word in ("sam@", SPOKEN, "Advocates", "records") if word in shown]


def test_rights_remedies_and_proof_are_those_of_the_person_whom_an_agent_represents(office: Office) -> None:
    reference = by_agent(office)
    shown = text(office, reference, ACKNOWLEDGEMENT)
    assert "You asked for: Access to the data of the person whom you represent (Art. 15 UK GDPR)" in shown
    assert "First we make sure who the person is, and that you may ask for their data." in shown
    assert "mandate covers" not in shown  # it covers all
    french = text(office, reference, ACKNOWLEDGEMENT, register=moved(office, "FR"))
    assert "where the person whom you represent lives or works" in french
    office.verify(reference)
    assert "no further proof of identity or of your authority" in text(office, reference, ACKNOWLEDGEMENT)


def test_a_template_that_thinks_of_the_person_alone_still_addresses_the_agent(office: Office) -> None:
    register = office.services.register
    folder = office.folder / "own"
    (folder / "letters" / "en").mkdir(parents=True)
    file = folder / "letters" / "en" / "question.txt"
    file.write_text("Subject\n\nDear customer,\n\n{question}\n{time_limit}\n")
    own = replace(register, folder=folder)
    order = LetterOrder(QUESTION, "en", Given("Which?"))
    made = letter_for(office.desk("ada"), own, by_agent(office), order)
    assert made.paragraphs[0].endswith("we write to you as their agent.")
    assert made.paragraphs[1] == "Dear customer,"
    person = letter_for(office.desk("ada"), own, office.opened("ada", "email=sam@example.org"), order)
    assert person.paragraphs[0] == "Dear customer,"


@every_language
def test_the_templates_of_letters_to_agents_have_their_place_below_the_greeting(language: str) -> None:
    for kind in LetterKind:
        parts = template_of(Path("nowhere"), language, kind).text.split("\n\n")
        assert "{on_behalf}" in parts[3:6]
