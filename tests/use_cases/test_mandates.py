"""An agent's mandate: what it covers alone is collected and sent, and nothing once it has ended."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dsar_export.errors import StateError, WrongUseError
from dsar_export.model.intake import Channel, FurtherRight, HandedOn, Mandate
from dsar_export.model.request import Right
from dsar_export.requests.states import State
from dsar_export.use_cases import decide
from dsar_export.use_cases.desk import draft_of
from dsar_export.use_cases.hand_on import hand_on
from dsar_export.use_cases.identify_request import identify_request
from dsar_export.use_cases.look_up import requests_here
from dsar_export.use_cases.mandates import MandateCorrection, correct_mandate
from dsar_export.use_cases.review import review
from dsar_export.use_cases.take_in import Intake, take_in
from tests.readers import read_by_seven_zip
from tests.use_cases.office_checks import check_no_marker, stored
from tests.use_cases.offices import SPOKEN, START, Office, identifier, quick_services, register_in
from tests.worlds import PASSPHRASE, SilentProgress, World


def asked_by_agent(office: Office, *scope: str, until: datetime | None = None) -> str:
    """The reference of a verified request that an agent made."""
    sam = (identifier("email=Sam@example.org"),)
    mandate, handed_on = Mandate(SPOKEN, scope, until), (HandedOn(FurtherRight.ERASURE, SPOKEN, START),)
    intake = Intake((Right.ACCESS,), "acme", Channel.LETTER, START, sam, None, mandate, handed_on)
    reference = take_in(office.desk("ada"), office.services.register, intake).reference
    office.verify(reference)
    return reference


def corrected(office: Office, by: str, reference: str, **correction: object) -> None:
    change = MandateCorrection(**correction)  # type: ignore[arg-type] # its own fields
    correct_mandate(office.desk(by), office.services.register, reference, change)


def test_the_draft_has_only_what_the_mandate_covers_and_nothing_blocks_it(office: Office) -> None:
    reference = asked_by_agent(office, "extras")
    office.collect("ada", reference)
    decide.approve(office.desk("ray"), office.services.register, reference)
    with office.built("ada", reference):
        pass
    assert {name.split("/")[-1] for name in office.drafts.names(f"{reference}/")} == {
        "extras",
        "ledger",
        "register",
    }
    check_no_marker(office)


def test_a_source_that_the_mandate_does_not_cover_and_no_link_needs_is_not_opened(office: Office) -> None:
    class Unopened:
        def snapshot(self) -> object:
            raise AssertionError("opened")

    office.collectors["second"] = Unopened()  # type: ignore[assignment] # any other use fails as well
    reference = asked_by_agent(office, "records")
    office.collect("ada", reference)
    assert office.listed(reference).state is State.IN_REVIEW
    identify_request(office.desk("ada"), office.with_progress(SilentProgress()), reference)


def test_whoever_changed_what_a_mandate_covers_took_part(office: Office) -> None:
    reference = asked_by_agent(office, "extras")
    corrected(office, "kim", reference, scope=("records", "extras"))
    office.collect("ada", reference)
    with pytest.raises(WrongUseError, match="had no part in it"):
        decide.approve(office.desk("kim"), office.services.register, reference)


def test_a_reviewer_of_what_the_mandate_covers_may_approve_it(office: Office) -> None:
    reference = asked_by_agent(office, "records")
    office.collect("ada", reference)
    (waiting,) = requests_here(office.desk("ray"), office.services.register)
    assert waiting.approvers == ("kim", "ray", "rex")
    decide.approve(office.desk("rex"), office.services.register, reference)
    assert office.listed(reference).state is State.APPROVED


def test_a_mandate_that_ends_after_the_approval_is_not_built_and_can_be_corrected(office: Office) -> None:
    reference = asked_by_agent(office, until=START + timedelta(hours=1))
    office.collect("ada", reference)
    decide.approve(office.desk("ray"), office.services.register, reference)
    office.now += timedelta(hours=1)
    before = office.rows(), office.files()
    with pytest.raises(StateError) as refused, office.built("ada", reference):
        pass
    assert refused.value.allowed == ("send-back", "refuse", "cancel")
    assert (office.rows(), office.files()) == before
    decide.send_back(office.desk("ray"), reference, SPOKEN)
    corrected(office, "ada", reference, until=office.now + timedelta(days=1))
    office.collect("ada", reference)
    assert office.listed(reference).state is State.IN_REVIEW


def test_nobody_is_sought_under_a_mandate_that_has_ended(office: Office) -> None:
    reference = asked_by_agent(office, until=START + timedelta(hours=1))
    office.now += timedelta(hours=1)
    before = office.rows()
    with pytest.raises(StateError, match="the agent's mandate ended"):
        identify_request(office.desk("ada"), office.with_progress(SilentProgress()), reference)
    assert office.rows() == before


@pytest.mark.parametrize(("scope", "state"), [(("records",), State.VERIFIED), (("extras",), State.IN_REVIEW)])
def test_another_scope_leads_back_and_the_same_stays(
    office: Office, scope: tuple[str, ...], state: State
) -> None:
    reference = asked_by_agent(office, "extras")
    office.collect("ada", reference)
    version = office.listed(reference).version
    corrected(office, "ada", reference, scope=scope)
    listed = office.listed(reference)
    assert (listed.state, listed.version) == (state, version + 1)
    mandate = stored(office, reference).subject.mandate
    assert mandate is not None
    assert (mandate.agent, mandate.scope) == (SPOKEN, scope)


def test_who_got_nobody_under_one_scope_collects_again_under_another(office: Office) -> None:
    reference = office.opened("ada", "email=nobody@example.org")
    corrected(office, "ada", reference, agent=SPOKEN, scope=("extras",))
    assert office.listed(reference).state is State.RECEIVED
    office.verify(reference)
    office.collect("ada", reference)
    assert office.listed(reference).state is State.NOBODY_FOUND
    corrected(office, "ada", reference, scope=())
    assert office.listed(reference).state is State.VERIFIED
    with pytest.raises(StateError):
        decide.close(office.desk("ada"), reference)


def test_a_mandate_that_covers_nothing_here_never_becomes_one_that_covers_all(office: Office) -> None:
    with pytest.raises(WrongUseError, match="nearest valid name: extras"):
        asked_by_agent(office, "extra")
    reference = asked_by_agent(office, "extras")
    with pytest.raises(WrongUseError, match="nearest valid name: records"):
        corrected(office, "ada", reference, scope=("record",))
    mandate = stored(office, reference).subject.mandate
    assert mandate == replace(Mandate(SPOKEN), scope=("extras",))


def test_what_is_handed_on_later_leaves_the_rest_as_it_was(office: Office) -> None:
    reference = asked_by_agent(office, "extras")
    before = stored(office, reference).subject
    hand_on(office.desk("ada"), reference, FurtherRight.CORRECTION, SPOKEN)
    after = stored(office, reference).subject
    assert replace(after, handed_on=after.handed_on[:1]) == before
    assert (after.handed_on[1].right, after.handed_on[1].at) == (FurtherRight.CORRECTION, office.now)
    check_no_marker(office)


@pytest.mark.parametrize("source", ["main", "second"])
def test_gaps_of_what_the_mandate_does_not_cover_are_none_of_the_packages(
    office: Office, tmp_path: Path, source: str
) -> None:
    world = World(register_in(tmp_path / "register"))
    file = world.folder / "datasets" / "extras.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('source = "second"', f'source = "{source}"'), encoding="utf-8")
    world.run("CREATE TABLE diary (text)")
    world.run("ALTER TABLE records ADD COLUMN mood")
    office.services = quick_services(world.folder)
    reference = asked_by_agent(office, "extras")
    office.collect("ada", reference)
    seen = review(office.desk("ray"), office.services.register, reference)
    assert seen.not_covered == ("records", "data_requests")
    assert {(gap.source, gap.dataset) for gap in seen.ledger.gaps} == {(source, None), (source, "extras")}


def test_whoever_changed_the_scope_took_part_whoever_changed_the_end_later(office: Office) -> None:
    reference = asked_by_agent(office, "extras")
    corrected(office, "kim", reference, scope=("records", "extras"))
    corrected(office, "abe", reference, until=START + timedelta(days=900))
    office.collect("ada", reference)
    with pytest.raises(WrongUseError, match="had no part in it"):
        decide.approve(office.desk("kim"), office.services.register, reference)


def manifest(office: Office, reference: str) -> dict[str, Any]:
    """What the package of a request says of itself."""
    office.collect("ada", reference)
    decide.approve(office.desk("ray"), office.services.register, reference)
    with office.built("ada", reference):
        pass
    (package,) = office.packages.glob(f"{reference}-*.zip")
    found: dict[str, Any] = json.loads(read_by_seven_zip(package, PASSPHRASE)["datapackage.json"])["dsar"]
    return found


def test_an_agent_learns_no_identifier_of_what_the_mandate_does_not_cover(office: Office) -> None:
    """The address leads to the customer number and back to another spelling; `records` goes by the number alone."""
    shown = manifest(office, asked_by_agent(office, "records"))["identity"]["identifiers"]
    assert {each["kind"] for each in shown} == {"customer_id"}


def test_earlier_requests_are_outside_a_mandate_that_does_not_name_them(office: Office) -> None:
    outside = manifest(office, asked_by_agent(office, "records"))["not_covered"]
    assert "data_requests" in str(outside)
    earlier = asked_by_agent(office, "records", "data_requests")
    office.collect("ada", earlier)
    assert "data_requests" in draft_of(office.desk("ada"), stored(office, earlier)).ledger.datasets
