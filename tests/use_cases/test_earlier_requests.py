"""Earlier requests of a person are part of the answer to their next one."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import update

from dsar_export.errors import RegisterError
from dsar_export.model.comparison import Strength
from dsar_export.model.complaint import NewComplaint
from dsar_export.model.intake import Channel, FurtherRight, HandedOn, Mandate
from dsar_export.model.refusal import AbuseProof, Refusal
from dsar_export.model.request import Right
from dsar_export.register_check.references import broken_references
from dsar_export.requests.database import writing
from dsar_export.requests.tables import REQUESTS
from dsar_export.use_cases import decide
from dsar_export.use_cases.complaining import acknowledge, answer, complain
from dsar_export.use_cases.desk import draft_of
from dsar_export.use_cases.earlier_requests import NAME, with_own_dataset
from dsar_export.use_cases.refusing import refuse
from dsar_export.use_cases.take_in import Intake, take_in
from tests.readers import read_by_seven_zip
from tests.use_cases.office_checks import stored
from tests.use_cases.offices import SPOKEN, STAFF, START, Office, identifier
from tests.worlds import PASSPHRASE

SAM = "email=Sam@example.org"


def shown(office: Office, reference: str) -> Mapping[str, Mapping[str, object]]:
    """What the Draft of a request has about earlier ones, by their references."""
    draft = draft_of(office.desk("ada"), stored(office, reference))
    return {str(each.record["request_id"]): each.record for each in draft.page(NAME, 0, 99)}


def lines(value: object) -> list[str]:
    """A field of several texts."""
    assert isinstance(value, list)
    return value


def refused(office: Office) -> str:
    """The reference of a request of Sam's that was verified, noted, collected and refused."""
    reference = office.verified(SAM)
    decide.note(office.desk("ada"), reference, f"called twice, {SPOKEN}")
    office.collect("ada", reference)
    refuse(office.desk("ray"), reference, Refusal("excessive", f"asked last week, {SPOKEN}"))
    return reference


def test_the_answer_has_what_is_kept_of_an_earlier_request(office: Office) -> None:
    earlier = refused(office)
    reference = office.verified(SAM)
    office.collect("ada", reference)
    record = shown(office, reference)[earlier]
    assert record["asked_for"] == "access"
    assert record["state"] == "refused"
    assert record["identifiers"] == ["email: Sam@example.org"]
    assert (record["proof"], record["proof_seen"]) == ("seen", SPOKEN)
    assert re.fullmatch(
        rf"[-0-9]+ [:0-9]+ UTC refuse: asked last week, {SPOKEN}", lines(record["decisions"])[0]
    )
    assert re.fullmatch(rf"[-0-9]+ [:0-9]+ UTC called twice, {SPOKEN}", lines(record["staff_notes"])[0])


def test_complaints_and_answers_are_shown_and_so_is_the_proof_of_a_proposed_refusal(office: Office) -> None:
    earlier = office.verified(SAM)
    refuse(office.desk("ray"), earlier, Refusal("abusive", "bulk", AbuseProof("sold on", "boasts of it")))
    complain(office.desk("ada"), office.services.register, earlier, NewComplaint("too slow"))
    acknowledge(office.desk("ada"), office.services.register, earlier)
    answer(office.desk("ada"), earlier, "we are sorry")
    reference = office.verified(SAM)
    office.collect("ada", reference)
    record = shown(office, reference)[earlier]
    assert lines(record["decisions"])[0].endswith(" UTC propose refusal: bulk / sold on / boasts of it")
    assert [re.sub(r"^[-0-9]+ [:0-9]+ UTC ", "", line) for line in lines(record["complaints"])] == [
        "complaint 1: too slow",
        "complaint 1 acknowledged",
        "answer to complaint 1: we are sorry",
    ]
    assert not set(re.findall(r"\w+", str(record))) & STAFF.keys()


def test_the_request_that_is_answered_is_not_in_its_answer(office: Office) -> None:
    reference = office.verified(SAM)
    office.collect("ada", reference)
    assert shown(office, reference) == {}


def test_no_member_of_staff_is_named(office: Office) -> None:
    earlier, reference = refused(office), office.verified(SAM)
    office.collect("ada", reference)
    words = set(re.findall(r"\w+", str(shown(office, reference)[earlier])))
    assert not words & STAFF.keys()


def test_requests_of_others_are_not_shown(office: Office) -> None:
    office.verified("email=robin@example.org")
    reference = office.verified(SAM)
    office.collect("ada", reference)
    assert shown(office, reference) == {}


def test_requests_to_another_controller_are_not_shown(office: Office) -> None:
    elsewhere, reference = office.verified(SAM), office.verified(SAM)
    with writing(office.installation.engine) as connection:
        connection.execute(
            update(REQUESTS).where(REQUESTS.c.reference == elsewhere).values(controller="beta")
        )
    office.collect("ada", reference)
    assert shown(office, reference) == {}


def test_a_request_that_nobody_proved_shows_nothing_of_whoever_made_it(office: Office) -> None:
    """Somebody else may have named Sam's address beside their own."""
    hostile = office.opened("ada", SAM, "email=robin@example.org")
    decide.note(office.desk("ada"), hostile, f"Robin is on the telephone, {SPOKEN}")
    complain(office.desk("ada"), office.services.register, hostile, NewComplaint("Robin is angry"))
    reference = office.verified(SAM)
    office.collect("ada", reference)
    record = shown(office, reference)[hostile]
    assert record["identifiers"] == ["email: Sam@example.org"]
    assert not {"staff_notes", "complaints", "decisions", "agent", "also_asked_for", "proof_seen"} & {
        name for name, value in record.items() if value is not None
    }


def test_a_request_under_an_identifier_that_was_only_found_is_shown(office: Office) -> None:
    """Sam's address leads to the customer number, under which somebody asked before."""
    earlier = office.verified("customer_id=C-1")
    reference = office.verified(SAM)
    office.collect("ada", reference)
    assert shown(office, reference).keys() == {earlier}


def test_an_agent_and_what_else_a_letter_asked_for_are_shown(office: Office) -> None:
    intake = Intake(
        tuple(Right),
        "acme",
        Channel.LETTER,
        START,
        (identifier(SAM),),
        mandate=Mandate("Agent & Co"),
        handed_on=(HandedOn(FurtherRight.ERASURE, "privacy desk", START),),
    )
    earlier = take_in(office.desk("ada"), office.services.register, intake).reference
    office.verify(earlier)
    reference = office.verified(SAM)
    office.collect("ada", reference)
    record = shown(office, reference)[earlier]
    assert (record["agent"], record["asked_for"]) == ("Agent & Co", "both")
    assert lines(record["also_asked_for"])[0].startswith("erasure: privacy desk, ")


def test_the_package_holds_it_with_its_purpose_and_storage_period(office: Office) -> None:
    earlier, reference = refused(office), office.approved(SAM)
    with office.built("ray", reference):
        pass
    (package,) = office.packages.glob("*.zip")
    members = read_by_seven_zip(package, PASSPHRASE)
    (record,) = json.loads(members[f"data/json/{NAME}.json"])
    assert record["request_id"] == earlier


def test_an_earlier_request_does_not_make_an_unknown_address_somebodys(office: Office) -> None:
    unknown = "email=nobody@example.org"
    for _ in range(2):
        reference = office.verified(unknown)
        office.collect("ada", reference)
        assert office.listed(reference).state == "nobody_found"


def test_a_register_with_a_dataset_of_that_name_is_refused(office: Office) -> None:
    register = office.services.register
    (first, *_) = register.datasets
    taken = replace(register, datasets=(replace(first, name=NAME),))
    with pytest.raises(RegisterError, match="another name"):
        with_own_dataset(taken, "acme")


def test_the_register_says_who_receives_it(office: Office) -> None:
    register = office.services.register
    controllers = register.organisation.controllers
    own = replace(controllers["acme"].own_records, recipients=("mailer",), requests="P1Y")
    named = replace(
        register,
        organisation=replace(
            register.organisation, controllers={"acme": replace(controllers["acme"], own_records=own)}
        ),
    )
    extended = with_own_dataset(named, "acme")
    assert extended.datasets[-1].recipients == ("mailer",)
    assert extended.organisation.storage_periods[extended.datasets[-1].storage_period or ""].duration == "P1Y"


def test_its_words_are_in_the_language_of_the_register_and_of_the_report(office: Office) -> None:
    register = office.services.register
    german = replace(register, organisation=replace(register.organisation, language="de"))
    period = with_own_dataset(german, "acme").organisation.storage_periods
    assert "Akte" in str(period)
    words = with_own_dataset(register, "acme").translations["de"].words
    assert "Akte" in str(words)


def test_it_is_found_by_every_kind_to_which_strong_links_lead_and_by_no_other(office: Office) -> None:
    register = office.services.register
    links = register.organisation.links
    others = (
        replace(links[0], given="ip_address", strength=Strength.WEAK),
        replace(links[0], leads_to="ip_address", strength=Strength.WEAK),
        replace(links[0], given="invoice"),
        replace(links[1], leads_to="cookie"),
    )
    organisation = replace(register.organisation, links=(*links, *others), supplied=("cookie",))
    extended = with_own_dataset(replace(register, organisation=organisation), "acme")
    assert [key.identifier for key in extended.datasets[-1].subject_keys] == ["customer_id", "email"]
    assert not [f for f in broken_references(extended) if NAME in f.where]


def test_it_leaves_no_gap(office: Office) -> None:
    reference = office.verified(SAM)
    office.collect("ada", reference)
    assert draft_of(office.desk("ada"), stored(office, reference)).ledger.gaps == ()
