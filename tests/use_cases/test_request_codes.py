"""A code proves who asks: it goes where the person was reached before, and nowhere else."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from dsar_export.errors import (
    NotPermittedError,
    SourceUnreadableError,
    StaleError,
    StateError,
    SubjectAmbiguousError,
    WrongUseError,
)
from dsar_export.interfaces import Collector, Snapshot
from dsar_export.language.letter_text import plain_text
from dsar_export.model.intake import Channel, Mandate
from dsar_export.model.letter import LetterKind
from dsar_export.model.people import Role
from dsar_export.model.request import Right
from dsar_export.model.source import Searched, SourceDescription
from dsar_export.requests.codes import LASTS, PER_DAY, PER_HOUR, TRIES
from dsar_export.requests.database import reading, writing
from dsar_export.requests.installation import begin_epoch
from dsar_export.requests.outbox import mail_cell
from dsar_export.requests.states import State
from dsar_export.requests.tables import CODES, OUTBOX
from dsar_export.requests.trail.table import TRAIL
from dsar_export.use_cases import decide
from dsar_export.use_cases.automatic import approve_by_policy
from dsar_export.use_cases.codes import accept_code, finish_code, look_up_and_send, prove_by_code
from dsar_export.use_cases.desk import draft_of
from dsar_export.use_cases.inbox import inbox
from dsar_export.use_cases.letters import LetterOrder, mailed_letter
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.prove import Proof, prove_by_evidence, verified
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.take_in import Intake, correct, take_in
from dsar_export.use_cases.unsent import Awaited
from tests.requests.installations import founded_installation
from tests.use_cases.flaky import Flaky
from tests.use_cases.office_checks import stored
from tests.use_cases.offices import START, Office, identifier, quick_services
from tests.use_cases.reached import reach, reached_register
from tests.worlds import World

SAM = "customer_id=C-1"
ON_FILE = "sam@example.org"


@dataclass(frozen=True)
class Calling:
    """A source during whose reading something happens."""

    honest: Collector
    happens: Callable[[], object]

    def describe(self) -> SourceDescription:
        return self.honest.describe()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        self.happens()
        with self.honest.snapshot() as snapshot:
            yield snapshot


@dataclass(frozen=True)
class Post:
    """An office whose register says where people are reached."""

    office: Office
    services: Services
    register: Path

    def reached(
        self, address: str, changed: datetime | None = None, *, gone: bool = False, household: int = 0
    ) -> None:
        """Puts an address of Sam's on file."""
        until = START - timedelta(days=30) if gone else None
        reach(self.register, "C-1", address, (changed, until), household=household)

    def ask(self, reference: str, by: str = "ada") -> None:
        desk = self.office.desk(by)
        look_up_and_send(desk, self.services, accept_code(desk, self.services.register, reference))

    def prove(self, reference: str, code: str, by: str = "ada") -> None:
        prove_by_code(self.office.desk(by), self.services.register, reference, code)

    def mails(self) -> list[tuple[str, str]]:
        """Address and text of all mail, in the order in which it was queued."""
        vault = self.office.installation.vault
        with reading(self.office.installation.engine) as connection:
            rows = connection.execute(select(OUTBOX).order_by(OUTBOX.c.created_at, OUTBOX.c.kind)).mappings()
            opened = [json.loads(vault.open(row["mail_sealed"], mail_cell(row["id"]))) for row in rows]
        return [(to, text) for to, _, text, _ in opened]

    def code(self) -> str:
        """The newest code."""
        return [found[1] for _, text in self.mails() if (found := re.search(r"    (\d{6})\n", text))][-1]

    def actions(self) -> list[str]:
        with reading(self.office.installation.engine) as connection:
            return list(connection.scalars(select(TRAIL.c.action).order_by(TRAIL.c.number)))


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return reached_register(tmp_path_factory.mktemp("post") / "register")


@pytest.fixture
def post(register: Path, tmp_path: Path) -> Iterator[Post]:
    World(register).run("DELETE FROM reach")
    services = quick_services(register)
    url = f"sqlite:///{tmp_path / 'trail' / 'requests.db'}"
    installation = founded_installation(url, tmp_path / "trail" / "keys.json")
    office = Office(installation, services, tmp_path / "state", tmp_path / "trail" / "anchor.json")
    yield Post(office, services, register)
    installation.engine.dispose()


def test_the_code_proves_the_identifier_that_led_to_the_address(post: Post) -> None:
    post.reached(ON_FILE)
    reference = post.office.opened("ada", SAM, "email=robin@example.org")
    post.ask(reference)
    assert [to for to, _ in post.mails()] == [ON_FILE]
    post.prove(reference, post.code())
    assert post.office.listed(reference).state is State.VERIFIED
    stored = request_file(post.office.desk("ada"), reference).identifiers
    assert [(s.identifier.kind, s.proven_by) for s in stored] == [
        ("customer_id", "code_by_email"),
        ("email", None),
    ]


def test_the_address_itself_is_proven_too_if_the_request_names_it(post: Post) -> None:
    post.reached(ON_FILE)
    reference = post.office.opened("ada", SAM, "email=SAM@example.org")
    post.ask(reference)
    post.prove(reference, f" {post.code()[:3]} {post.code()[3:]} ")
    stored = request_file(post.office.desk("ada"), reference).identifiers
    assert {s.proven_by for s in stored} == {"code_by_email"}


def test_an_address_that_only_the_request_names_gets_nothing(post: Post) -> None:
    reference = post.office.opened("ada", "email=mallory@example.org")
    post.ask(reference)
    assert post.mails() == []
    assert post.actions()[-1] == "no_contact"


def test_an_address_that_changed_of_late_gets_no_code_but_a_notice(post: Post) -> None:
    post.reached(ON_FILE, START - timedelta(days=90))
    post.reached("new@example.org", START - timedelta(hours=47))
    reference = post.office.opened("ada", SAM)
    post.ask(reference)
    (code, notice) = post.mails()
    assert (code[0], notice[0]) == (ON_FILE, "new@example.org")
    assert re.search(r"\d{6}\n", notice[1]) is None


@pytest.mark.parametrize(("gone", "household"), [(True, 0), (False, 1)], ids=["given up", "shared"])
def test_an_address_that_is_shared_or_given_up_gets_nothing(post: Post, gone: bool, household: int) -> None:  # noqa: FBT001 - a parameter of the test
    post.reached(ON_FILE)
    post.reached("other@example.org", gone=gone, household=household)
    reference = post.office.opened("ada", SAM)
    post.ask(reference)
    assert [to for to, _ in post.mails()] == [ON_FILE]


def test_a_text_among_addresses_that_is_no_address_is_passed_over(post: Post) -> None:
    post.reached("Sam (by telephone)")
    post.reached(ON_FILE)
    post.ask(post.office.opened("ada", SAM))
    assert [to for to, _ in post.mails()] == [ON_FILE]


def test_an_address_in_two_rows_is_as_old_as_the_newer(post: Post) -> None:
    post.reached(ON_FILE, START - timedelta(days=90))
    post.reached(ON_FILE.upper(), START - timedelta(hours=1))
    post.ask(post.office.opened("ada", SAM))
    assert post.mails() == []


def test_with_no_address_that_counts_no_code_is_sent(post: Post) -> None:
    post.reached("new@example.org", START - timedelta(hours=1))
    reference = post.office.opened("ada", SAM)
    post.ask(reference)
    assert post.mails() == []


def test_after_five_wrong_codes_the_right_one_is_void(post: Post) -> None:
    post.reached(ON_FILE)
    reference = post.office.opened("ada", SAM)
    post.ask(reference)
    wrong = f"{(int(post.code()) + 1) % 10**6:06}"
    for _ in range(TRIES):
        with pytest.raises(WrongUseError, match="does not count"):
            post.prove(reference, wrong)
    with pytest.raises(WrongUseError, match="does not count"):
        post.prove(reference, post.code())
    assert post.actions().count("wrong_code") == TRIES + 1


def test_many_guesses_at_once_are_counted_all(post: Post) -> None:
    post.reached(ON_FILE)
    reference = post.office.opened("ada", SAM)
    post.ask(reference)
    wrong = f"{(int(post.code()) + 1) % 10**6:06}"
    desks = [post.office.desk("ada") for _ in range(4)]

    def guess(number: int) -> None:
        for _ in range(5):
            with pytest.raises(WrongUseError):
                prove_by_code(desks[number], post.services.register, reference, wrong)

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(post.office.installation.engine) as connection:
        assert connection.scalar(select(CODES.c.tries)) == TRIES
    assert post.actions().count("wrong_code") == 20


def test_a_code_counts_once_for_a_quarter_of_an_hour_and_for_its_request(post: Post) -> None:
    post.reached(ON_FILE)
    first, second = post.office.opened("ada", SAM), post.office.opened("ada", SAM)
    post.ask(first)
    with pytest.raises(WrongUseError):
        post.prove(second, post.code())
    post.prove(first, post.code())
    with pytest.raises(StateError):
        post.prove(first, post.code())
    post.ask(second)
    post.office.now += LASTS
    with pytest.raises(WrongUseError):
        post.prove(second, post.code())


def test_a_clock_that_is_set_back_makes_no_code_valid(post: Post) -> None:
    post.reached(ON_FILE)
    reference = post.office.opened("ada", SAM)
    post.ask(reference)
    post.office.now -= timedelta(hours=1)
    with pytest.raises(WrongUseError):
        post.prove(reference, post.code())


def test_another_code_makes_the_earlier_one_void(post: Post) -> None:
    post.reached(ON_FILE)
    reference = post.office.opened("ada", SAM)
    post.ask(reference)
    earlier = post.code()
    post.ask(reference)
    if earlier != post.code():
        with pytest.raises(WrongUseError):
            post.prove(reference, earlier)
    post.prove(reference, post.code())


def test_after_a_restore_a_code_is_void(post: Post) -> None:
    post.reached(ON_FILE)
    reference = post.office.opened("ada", SAM)
    post.ask(reference)
    with writing(post.office.installation.engine) as connection:
        begin_epoch(connection, post.office.tick())
    with pytest.raises(WrongUseError):
        post.prove(reference, post.code())


def test_after_other_identifiers_a_code_proves_nothing(post: Post) -> None:
    post.reached(ON_FILE)
    reference = post.office.opened("ada", SAM)
    post.ask(reference)
    correct(post.office.desk("ada"), post.services.register, reference, [identifier("customer_id=C-2")])
    with pytest.raises(WrongUseError):
        post.prove(reference, post.code())
    assert post.office.listed(reference).state is State.RECEIVED


def test_a_person_gets_three_codes_an_hour_and_six_a_day_over_all_requests(post: Post) -> None:
    post.reached(ON_FILE)
    for hour in range(4):
        for _ in range(PER_HOUR):
            post.ask(post.office.opened("ada", SAM))
        assert len(post.mails()) == min((hour + 1) * PER_HOUR, PER_DAY)
        post.ask(post.office.opened("abe", SAM))
        assert len(post.mails()) == min((hour + 1) * PER_HOUR, PER_DAY)
        post.office.now += timedelta(hours=1, seconds=1)
    assert "too_many_codes" in post.actions()


def test_a_code_that_did_not_come_back_is_replaced_by_evidence_of_a_colleague_alone(post: Post) -> None:
    post.reached(ON_FILE)
    reference = post.office.opened("ada", SAM)
    post.ask(reference)
    with pytest.raises(NotPermittedError, match="colleague"):
        prove_by_evidence(post.office.desk("ada"), post.services.register, reference, "seen", "a passport")
    prove_by_evidence(post.office.desk("abe"), post.services.register, reference, "seen", "a passport")
    assert post.office.listed(reference).state is State.VERIFIED


def test_after_a_code_that_came_back_its_sender_may_record_evidence_for_other_identifiers(post: Post) -> None:
    post.reached(ON_FILE)
    reference = post.office.opened("ada", SAM)
    post.ask(reference)
    post.prove(reference, post.code())
    register = post.services.register
    correct(post.office.desk("ada"), register, reference, [identifier("customer_id=C-2")])
    prove_by_evidence(post.office.desk("ada"), register, reference, "seen", "a passport")
    assert post.office.listed(reference).state is State.VERIFIED


def test_staff_cannot_record_a_proof_that_only_the_program_gives(post: Post) -> None:
    reference = post.office.opened("ada", SAM)
    with pytest.raises(WrongUseError, match="program alone"):
        prove_by_evidence(post.office.desk("abe"), post.services.register, reference, "code_by_email", "-")


def test_neither_code_nor_address_lies_open_anywhere(post: Post) -> None:
    post.reached("nowhere-else@example.org")
    reference = post.office.opened("ada", SAM)
    post.ask(reference)
    rows = repr(post.office.rows())
    assert post.code() not in rows
    assert "nowhere-else" not in rows


def test_only_the_tables_of_contacts_are_read(post: Post) -> None:
    post.reached(ON_FILE)
    World(post.register).run("ALTER TABLE records RENAME TO elsewhere")
    try:
        reference = post.office.opened("ada", SAM)
        post.ask(reference)
    finally:
        World(post.register).run("ALTER TABLE elsewhere RENAME TO records")
    assert len(post.mails()) == 1


def collected(post: Post, right: Right, *, by_code: bool, mandate: Mandate | None = None) -> State:
    """Where a request is once it is collected."""
    intake = Intake((right,), "acme", Channel.EMAIL, START, (identifier(SAM),), mandate=mandate)
    reference = take_in(post.office.desk("ada"), post.services.register, intake).reference
    if by_code:
        post.ask(reference)
        post.prove(reference, post.code())
    else:
        post.office.verify(reference)
    post.office.collect("ada", reference)
    return post.office.listed(reference).state


def test_portability_of_whoever_proved_it_themself_goes_through_by_policy(post: Post) -> None:
    post.reached(ON_FILE)
    assert collected(post, Right.PORTABILITY, by_code=True) is State.APPROVED
    assert collected(post, Right.PORTABILITY, by_code=False) is State.IN_REVIEW
    assert collected(post, Right.ACCESS, by_code=True) is State.IN_REVIEW


def test_a_row_kept_beside_waits_for_a_reviewer_whatever_the_policy(post: Post) -> None:
    post.reached(ON_FILE)
    world = World(post.register)
    world.run("UPDATE records SET whole = 'many' WHERE customer_id = 'C-1'")
    try:
        assert collected(post, Right.PORTABILITY, by_code=True) is State.IN_REVIEW
    finally:
        world.run("UPDATE records SET whole = NULL")


def test_a_source_that_is_not_read_waits_for_a_reviewer_whatever_the_policy(post: Post) -> None:
    post.reached(ON_FILE)
    honest = post.services.collectors["second"]
    post.office.collectors["second"] = Flaky(honest, "snapshot", 10**9, SourceUnreadableError)
    assert collected(post, Right.PORTABILITY, by_code=True) is State.IN_REVIEW


def test_an_agents_request_waits_for_a_reviewer_whatever_the_policy(post: Post) -> None:
    post.reached(ON_FILE)
    assert collected(post, Right.PORTABILITY, by_code=True, mandate=Mandate("Agent & Co")) is State.IN_REVIEW


def test_a_column_that_nobody_knows_waits_for_a_reviewer_whatever_the_policy(post: Post) -> None:
    post.reached(ON_FILE)
    world = World(post.register)
    world.run("ALTER TABLE records ADD COLUMN unknown TEXT")
    try:
        assert collected(post, Right.PORTABILITY, by_code=True) is State.IN_REVIEW
    finally:
        world.run("ALTER TABLE records DROP COLUMN unknown")


def test_a_letter_is_mailed_to_an_address_that_a_proven_identifier_leads_to(post: Post) -> None:
    post.reached(ON_FILE)
    desk, order = post.office.desk("ada"), LetterOrder(LetterKind.ACKNOWLEDGEMENT)
    reference = post.office.opened("ada", SAM)
    with pytest.raises(WrongUseError, match="proven identifier"):
        mailed_letter(desk, post.services, reference, order)
    post.office.verify(reference)
    written = mailed_letter(desk, post.services, reference, order)
    ((to, text),) = post.mails()
    assert (to, text) == (ON_FILE, plain_text(written))


def test_no_letter_is_mailed_where_an_agent_acts_or_the_address_changed_of_late(post: Post) -> None:
    desk, order = post.office.desk("ada"), LetterOrder(LetterKind.ACKNOWLEDGEMENT)
    post.reached(ON_FILE, START - timedelta(hours=1))
    reference = post.office.verified(SAM)
    with pytest.raises(WrongUseError, match="unchanged for two days"):
        mailed_letter(desk, post.services, reference, order)
    agents = Intake(
        (Right.ACCESS,), "acme", Channel.LETTER, START, (identifier(SAM),), mandate=Mandate("Agent & Co")
    )
    reference = take_in(desk, post.services.register, agents).reference
    with pytest.raises(WrongUseError, match="agent acts"):
        mailed_letter(desk, post.services, reference, order)
    assert post.mails() == []
    assert "letter" not in post.actions()


def test_a_code_that_another_colleague_sent_later_does_not_free_the_first(post: Post) -> None:
    post.reached(ON_FILE)
    first, second = post.office.opened("ada", SAM), post.office.opened("ada", SAM)
    post.ask(first, "ada")
    post.ask(first, "kim")
    for reference in (first, second):
        for name in ("ada", "kim"):
            with pytest.raises(NotPermittedError, match="colleague"):
                prove_by_evidence(post.office.desk(name), post.services.register, reference, "seen", "-")
    prove_by_evidence(post.office.desk("abe"), post.services.register, second, "seen", "a passport")


def test_a_right_code_that_proved_nothing_did_not_come_back(post: Post) -> None:
    post.reached(ON_FILE)
    reference = post.office.opened("ada", SAM)
    register, desk = post.services.register, post.office.desk("ada")
    post.ask(reference)
    correct(desk, register, reference, [identifier("customer_id=C-2")])
    with pytest.raises(WrongUseError):
        post.prove(reference, post.code())
    correct(desk, register, reference, [identifier(SAM)])
    with pytest.raises(NotPermittedError, match="colleague"):
        prove_by_evidence(desk, register, reference, "seen", "a passport")


def test_a_person_whom_somebody_chose_waits_for_a_reviewer_whatever_the_policy(post: Post) -> None:
    office, given = post.office, ("email=sam@example.org", "email=robin@example.org")
    reference = office.opened("ada", *given, rights=(Right.PORTABILITY,))
    with office.desk("ada").acting() as act:
        request = act.request(reference, Role.AGENT)
        proof = Proof("code_by_email", "a code")
        verified(act, post.services.register, request, [identifier(text) for text in given], proof)
    with pytest.raises(SubjectAmbiguousError):
        office.collect("ada", reference)
    decide.choose(office.desk("ada"), reference, ["C-2"], "called back")
    office.collect("ada", reference)
    assert office.listed(reference).state is State.IN_REVIEW


def test_what_changed_during_the_look_up_stops_a_code_and_a_letter(post: Post) -> None:
    post.reached(ON_FILE)
    reference = post.office.verified(SAM)
    desk, register = post.office.desk("ada"), post.services.register
    source = Calling(
        post.services.collectors["main"],
        lambda: correct(desk, register, reference, [identifier("customer_id=C-2")]),
    )
    services = replace(post.services, collectors={**post.services.collectors, "main": source})
    with pytest.raises(StaleError):
        mailed_letter(desk, services, reference, LetterOrder(LetterKind.ACKNOWLEDGEMENT))
    with pytest.raises(StaleError):
        look_up_and_send(desk, services, accept_code(desk, services.register, reference))
    assert post.mails() == []


@pytest.mark.parametrize(
    "doubt",
    [
        {},
        {"unattributed": 1},
        {"unknown_tenant": 1},
        {"joined_to_others": 1},
        {"by_key": 99},
        {"searched": Searched(unattributed=1)},
    ],
)
def test_a_row_that_may_be_somebody_elses_waits_for_a_reviewer_whatever_the_policy(
    post: Post, doubt: dict[str, Any]
) -> None:
    post.reached(ON_FILE)
    controllers, register = post.services.register.organisation.controllers, post.services.register
    reviewed = {"acme": replace(controllers["acme"], approval={})}
    organisation = replace(register.organisation, controllers=reviewed)
    post.office.services = replace(post.services, register=replace(register, organisation=organisation))
    reference = post.office.opened("ada", SAM, rights=(Right.PORTABILITY,))
    post.ask(reference)
    post.prove(reference, post.code())
    post.office.collect("ada", reference)
    desk = post.office.desk("ada")
    draft = draft_of(desk, stored(post.office, reference))
    entry = draft.ledger.datasets["records"]
    counted = replace(entry, tally=replace(entry.tally, **doubt))
    doubtful = replace(draft, ledger=replace(draft.ledger, datasets={"records": counted}))
    with desk.acting() as act:
        assert approve_by_policy(act, register, reference, doubtful) is (not doubt)


# The two halves


def test_the_first_half_opens_no_source_and_says_the_same_of_anybody(post: Post) -> None:
    post.reached(ON_FILE)
    opened: list[str] = []
    sources = post.services.collectors
    watched = {name: Calling(each, lambda: opened.append("opened")) for name, each in sources.items()}
    services = replace(post.services, collectors=watched)
    desk, register = post.office.desk("ada"), post.services.register
    known, unknown = post.office.opened("ada", SAM), post.office.opened("ada", "customer_id=C-99")
    asked = [accept_code(desk, register, reference) for reference in (known, unknown)]
    assert (opened, post.mails(), post.actions()[-1]) == ([], [], "open")
    for each in asked:
        finish_code(desk, lambda: services, each)
    assert opened
    assert post.actions()[-2:] == ["send_code", "no_contact"]


@pytest.mark.parametrize("why", ["no_contact", "too_many_codes", "code_failed"])
def test_what_came_of_a_code_is_for_staff_in_the_request_and_the_inbox(why: str, post: Post) -> None:
    desk, register, services = post.office.desk("ada"), post.services.register, post.services
    reference = post.office.opened("ada", SAM)
    if why != "no_contact":
        post.reached(ON_FILE)
    if why == "too_many_codes":
        for _ in range(PER_HOUR):
            post.ask(reference)
    if why == "code_failed":
        broken = Flaky(services.collectors["main"], "snapshot", 99, SourceUnreadableError)
        services = replace(services, collectors={**services.collectors, "main": broken})
    asked = accept_code(desk, register, reference)
    finish_code(desk, lambda: services, asked)
    assert request_file(desk, reference).unsent[Awaited.CODE].why == why

    def reasons() -> set[str]:
        return {w.why.value for item in inbox(desk, register) for w in item.waiting}

    assert "code_not_sent" in reasons()
    post.reached(ON_FILE)
    post.office.now += timedelta(hours=2)
    post.ask(reference)
    assert request_file(desk, reference).unsent == {}
    assert "code_not_sent" not in reasons()


def test_a_request_that_changed_in_between_gets_no_code(post: Post) -> None:
    post.reached(ON_FILE)
    reference = post.office.opened("ada", SAM)
    desk, register = post.office.desk("ada"), post.services.register
    asked = accept_code(desk, register, reference)
    correct(desk, register, reference, [identifier("customer_id=C-2")])
    finish_code(desk, lambda: post.services, asked)
    assert (post.mails(), post.actions()[-1]) == ([], "correct")
