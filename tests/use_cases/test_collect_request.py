"""Collecting a request: by one process at a time, of the people whom this verification is about."""

from dataclasses import replace
from pathlib import Path

import pytest

from dsar_export.errors import (
    DraftUnreadableError,
    NotPermittedError,
    RegisterError,
    SourceUnreadableError,
    StaleError,
    StateError,
    SubjectAmbiguousError,
    WrongUseError,
)
from dsar_export.model.link import Link
from dsar_export.model.place import LinkTable
from dsar_export.requests.states import State
from dsar_export.use_cases import collect_request as collect_request_module
from dsar_export.use_cases import decide
from dsar_export.use_cases.collect_request import collect_request
from dsar_export.use_cases.earlier_requests import NAME
from dsar_export.use_cases.take_in import correct
from tests.requests.at_once import in_processes
from tests.use_cases.flaky import Flaky
from tests.use_cases.office_checks import draft_texts
from tests.use_cases.offices import ROBIN, SPOKEN, CallingProgress, Office, identifier

SAM_OR_ROBIN = ("email=Sam@example.org", "email=robin@example.org")
_OPEN = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from dsar_export.errors import StateError
from dsar_export.requests.installation import Files, open_installation
from dsar_export.model.people import Person
from dsar_export.use_cases.collect_request import collect_request
from dsar_export.use_cases.desk import Desk
from dsar_export.delivery.folder_store import FolderStore
from tests.use_cases.offices import START, CallingProgress, quick_services
from dataclasses import replace
state, register, reference = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
anchor = state / "trail" / "anchor.json"
url = f"sqlite:///{state / 'trail' / 'requests.db'}"
made = open_installation(url, Files(state / "trail" / "keys.json", anchor), Person("x", 1), START)
clock = lambda: START.replace(hour=13)
desk = Desk(made.engine, made.keys, made.vault, anchor, FolderStore(state / "state" / "drafts"),
            FolderStore(state / "state" / "packages"), state / "state" / "packages", clock, Person("ada", None))
services = quick_services(register)
"""
_COLLECT = """
refused = state / "refused"
def wait():
    give_up = time.monotonic() + 30
    while not refused.exists() and time.monotonic() < give_up:
        time.sleep(0.01)
    assert refused.exists(), "both go on"
try:
    collect_request(desk, replace(services, progress=CallingProgress(wait)), reference)
    print("went on")
except StateError:
    refused.touch()
    print("refused")
made.engine.dispose()
"""


def test_of_two_processes_that_collect_at_once_exactly_one_goes_on(office: Office, tmp_path: Path) -> None:
    reference = office.verified()
    register = office.services.register.folder
    printed = in_processes(2, _OPEN, _COLLECT, tmp_path, register, reference)
    assert sorted(printed) == ["refused\n", "went on\n"]
    row = office.listed(reference)
    assert (row.state, row.attempt) == (State.IN_REVIEW, 1)


def test_a_request_that_is_cancelled_meanwhile_leaves_no_part(office: Office) -> None:
    reference = office.verified()
    cancel = CallingProgress(lambda: decide.cancel(office.desk("abe"), reference))
    with pytest.raises(StaleError):
        office.collect("ada", reference, cancel)
    assert office.listed(reference).state is State.CANCELLED
    assert office.files() == {}


def test_a_choice_holds_for_the_verification_under_which_it_was_made(office: Office) -> None:
    reference = office.verified(*SAM_OR_ROBIN)
    with pytest.raises(SubjectAmbiguousError):
        office.collect("ada", reference)
    decide.choose(office.desk("ada"), reference, ["C-2"], SPOKEN)
    office.collect("ada", reference)
    assert draft_texts(office, reference) == {ROBIN}
    given = [identifier(text) for text in SAM_OR_ROBIN]
    correct(office.desk("ada"), office.services.register, reference, given)
    office.verify(reference)
    with pytest.raises(SubjectAmbiguousError):
        office.collect("ada", reference)


def test_whoever_chooses_nobody_of_those_who_matched_chooses_again(office: Office) -> None:
    reference = office.verified(*SAM_OR_ROBIN)
    with pytest.raises(SubjectAmbiguousError):
        office.collect("ada", reference)
    decide.choose(office.desk("ada"), reference, ["C-9"], SPOKEN)
    with pytest.raises(WrongUseError, match="not a candidate"):
        office.collect("ada", reference)
    decide.choose(office.desk("ada"), reference, ["C-2"], SPOKEN)
    office.collect("ada", reference)
    assert draft_texts(office, reference) == {ROBIN}


def test_who_corrected_the_identifiers_took_part(office: Office) -> None:
    reference = office.opened("ada", "email=robin@example.org")
    correct(office.desk("kim"), office.services.register, reference, [identifier("email=Sam@example.org")])
    office.verify(reference)
    office.collect("ada", reference)
    with pytest.raises(WrongUseError, match="had no part in it"):
        decide.approve(office.desk("kim"), office.services.register, reference)


def test_before_there_is_a_draft_the_refusal_says_what_is_possible(office: Office) -> None:
    reference, register = office.verified(), office.services.register
    with pytest.raises(StateError, match="possible now: collect, correct"):
        decide.approve(office.desk("ray"), register, reference)
    with pytest.raises(WrongUseError, match="no Draft while it is verified"):
        decide.accept_gap(office.desk("ray"), register, reference, "main", SPOKEN)


def test_a_register_with_a_name_of_ours_is_refused_before_the_request_is_moved(office: Office) -> None:
    reference = office.verified()
    (first, *others) = office.services.register.datasets
    register = replace(office.services.register, datasets=(replace(first, name=NAME), *others))
    with pytest.raises(RegisterError, match="another name"):
        collect_request(office.desk("ada"), replace(office.services, register=register), reference)
    assert office.listed(reference).state is State.VERIFIED


def test_what_fails_while_a_draft_is_submitted_leaves_no_part_and_can_be_collected_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = office.verified()

    def unreadable(*_: object) -> bool:
        raise DraftUnreadableError("the store does not answer")

    monkeypatch.setattr(collect_request_module, "approve_by_policy", unreadable)
    with pytest.raises(DraftUnreadableError):
        office.collect("ada", reference)
    assert (office.listed(reference).state, office.files()) == (State.FAILED, {})
    monkeypatch.undo()
    office.collect("ada", reference)
    assert office.listed(reference).state is State.IN_REVIEW


def test_whoever_collected_before_a_draft_was_completed_took_part_in_it(office: Office) -> None:
    reference = office.verified()
    lost = Flaky(office.services.collectors["second"], "snapshot", 10**9, SourceUnreadableError)
    office.collectors["second"] = lost
    office.collect("kim", reference)
    office.collectors.clear()
    office.collect("ada", reference)
    with pytest.raises(NotPermittedError):
        decide.approve(office.desk("kim"), office.services.register, reference)


def test_a_source_that_has_links_alone_and_can_not_be_read_is_a_gap_to_accept(office: Office) -> None:
    """Whatever it leads to is missing, so neither is nobody found, nor is the rest released without a decision."""
    register, unread = office.services.register, Link(
        given="customer_id", leads_to="email", source="crm", at=LinkTable(table="people"),
        given_column="id", leads_to_column="email",
    )  # fmt: skip
    organisation = register.organisation
    crm = replace(organisation.sources["main"], left_out={})
    links = (*organisation.links, unread)
    organisation = replace(organisation, links=links, sources={**organisation.sources, "crm": crm})
    services = replace(office.services, register=replace(register, organisation=organisation))
    office.services = services
    office.collectors["crm"] = Flaky(services.collectors["main"], "snapshot", 10**9, SourceUnreadableError)
    for given in ("email=sam@example.org", "email=nobody@example.org"):
        reference = office.verified(given)
        office.collect("ada", reference)
        assert office.listed(reference).state is State.IN_REVIEW
        with pytest.raises(WrongUseError, match="crm could not be read"):
            decide.approve(office.desk("ray"), services.register, reference)
        decide.accept_gap(office.desk("kim"), services.register, reference, "crm", SPOKEN)
        decide.approve(office.desk("ray"), services.register, reference)
