"""The inbox has what waits for whoever is at work, by role, and the most urgent first."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, update

from dsar_export.errors import SourceUnreadableError
from dsar_export.model.clock import Ground, Pause
from dsar_export.model.complaint import NewComplaint
from dsar_export.model.inbox import InboxItem, Why
from dsar_export.model.intake import Mandate
from dsar_export.model.mail import Mail, MailKind, Posted, PostResult
from dsar_export.model.people import Grant
from dsar_export.model.refusal import AbuseProof, Refusal
from dsar_export.model.request import Right
from dsar_export.model.work import Task, Work
from dsar_export.requests import work
from dsar_export.requests.codes import TRIES, SentCode, store_code
from dsar_export.requests.database import writing
from dsar_export.requests.outbox import Envelope, claim, queue, settle
from dsar_export.requests.packages import PublishedPackage, add_package
from dsar_export.requests.pauses import begin_pause
from dsar_export.requests.people import disable_person, grant, set_own_identifiers
from dsar_export.requests.states import State
from dsar_export.requests.tables import CODES
from dsar_export.requests.workers import show_worker
from dsar_export.use_cases import decide
from dsar_export.use_cases.complaining import acknowledge, answer, complain
from dsar_export.use_cases.inbox import inbox
from dsar_export.use_cases.refusing import confirm_refusal, refuse
from tests.requests.installations import given, opened, put
from tests.use_cases.flaky import Flaky
from tests.use_cases.offices import SPOKEN, STAFF, Office

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
RECEIVED = NOW - timedelta(days=3)
REFERENCE = "DSAR-20261117-00000001"


@pytest.fixture
def office(each_office: Office) -> Office:
    each_office.now = NOW
    with writing(each_office.installation.engine) as connection:
        for name, roles in STAFF.items():
            for controller, role, datasets in roles:
                wanted = Grant(name, controller, role, NOW - timedelta(days=99), None, datasets)
                grant(connection, wanted)
    return each_office


def put_request(
    office: Office,
    state: State,
    received: datetime = RECEIVED,
    reference: str = REFERENCE,
    mandate: Mandate | None = None,
    **columns: object,
) -> str:
    """The reference of a request of acme in a state, past all rules."""
    made = office.installation
    opened(made, reference, received_at=received, opened_at=received, opened_by="ada", mandate=mandate)
    with writing(made.engine) as connection:
        put(connection, made, state, reference, **{"changed_at": received, **columns})
    return reference


def items(office: Office, by: str) -> tuple[InboxItem, ...]:
    return inbox(office.desk(by), office.services.register)


def whys(office: Office, by: str) -> set[Why]:
    return {each.why for item in items(office, by) for each in item.waiting}


BOTH = frozenset({"ada", "kim", "ray", "rex"})
AGENTS_ONLY = frozenset({"ada", "abe", "kim"})
STATES: dict[str, tuple[State, dict[str, object], Why, str, frozenset[str]]] = {
    "to verify": (State.RECEIVED, {}, Why.TO_VERIFY, "verify", AGENTS_ONLY),
    "to collect": (State.VERIFIED, {}, Why.TO_COLLECT, "collect", AGENTS_ONLY),
    "several people": (State.AMBIGUOUS, {}, Why.TO_CHOOSE, "choose", AGENTS_ONLY),
    "nobody": (State.NOBODY_FOUND, {}, Why.NOBODY_FOUND, "close", AGENTS_ONLY),
    "delivered": (State.DELIVERED, {}, Why.TO_CLOSE, "close", AGENTS_ONLY),
    "failed collecting": (State.FAILED, {"failed_step": "collect"}, Why.FAILED, "collect", AGENTS_ONLY),
    "failed building": (State.FAILED, {"failed_step": "build"}, Why.FAILED, "build", BOTH | AGENTS_ONLY),
    "lost while collecting": (
        State.COLLECTING,
        {"lease_until": NOW - timedelta(1)},
        Why.LEASE_ENDED,
        "collect",
        AGENTS_ONLY,
    ),
    "lost while building": (
        State.BUILDING,
        {"lease_until": NOW - timedelta(1)},
        Why.LEASE_ENDED,
        "build",
        BOTH | AGENTS_ONLY,
    ),
    "to build": (State.APPROVED, {}, Why.TO_BUILD, "build", BOTH | AGENTS_ONLY),
}


@pytest.mark.parametrize("what", STATES)
def test_a_state_waits_for_those_whose_step_is_next(what: str, office: Office) -> None:
    state, columns, why, command, people = STATES[what]
    reference = put_request(office, state, RECEIVED, REFERENCE, None, **columns)
    for name in STAFF:
        assert whys(office, name) == ({why} if name in people else set()), name
    (item,) = items(office, "kim")
    assert item.command == f"dsar-export request {command} {reference}"
    assert item.since == date(2026, 11, 17)


@pytest.mark.parametrize("state", [State.COLLECTING, State.BUILDING])
def test_what_a_process_works_on_waits_for_nobody(state: State, office: Office) -> None:
    put_request(office, state, lease_until=NOW + timedelta(minutes=1))
    assert whys(office, "kim") == set()


ASKED = {
    "verified": (State.VERIFIED, Task.COLLECT, {Why.TO_COLLECT}),
    "approved": (State.APPROVED, Task.BUILD, {Why.TO_BUILD}),
    "put off": (State.COLLECTING, Task.COLLECT, {Why.LEASE_ENDED}),
    "asked again": (State.FAILED, Task.BUILD, {Why.FAILED}),
}


@pytest.mark.parametrize("what", ASKED)
def test_what_a_worker_takes_up_waits_for_nobody_unless_none_is_there_or_it_was_given_up(
    what: str, office: Office
) -> None:
    state, task, own_reasons = ASKED[what]
    reference = put_request(office, state)
    asked = Work(reference, task, "ada", NOW, NOW)
    with writing(office.installation.engine) as connection:
        work.ask(connection, asked)
    assert whys(office, "kim") == own_reasons
    with writing(office.installation.engine) as connection:
        show_worker(connection, "w", NOW)
    assert whys(office, "kim") == set()
    with writing(office.installation.engine) as connection:
        work.park(connection, reference, NOW, "OSError")
    assert whys(office, "kim") == own_reasons | {Why.FAILED}
    assert items(office, "kim")[0].command == f"dsar-export request {task} {reference}"


@pytest.mark.parametrize("state", [State.CLOSED, State.EXPIRED, State.REFUSED, State.CANCELLED])
def test_what_has_ended_waits_for_nobody(state: State, office: Office) -> None:
    put_request(office, state, NOW - timedelta(days=90), ended_at=NOW)
    assert items(office, "kim") == ()


# Approval and gaps


def test_a_review_waits_for_those_who_may_approve_it(office: Office) -> None:
    """Four eyes: `kim` collected, and `rex` may not see all datasets."""
    office.now = NOW
    reference = office.verified()
    office.collect("kim", reference)
    assert [item.command for item in items(office, "ray")] == [f"dsar-export request review {reference}"]
    assert whys(office, "ray") == {Why.TO_APPROVE}
    for name in STAFF.keys() - {"ray"}:
        assert whys(office, name) == set(), name


def test_a_reviewer_of_some_datasets_may_approve_what_a_mandate_limits_to_them(office: Office) -> None:
    put_request(office, State.IN_REVIEW)
    assert whys(office, "rex") == set()
    limited = Mandate("an agent", ("records",))
    put_request(office, State.IN_REVIEW, reference="DSAR-20261117-00000002", mandate=limited)
    assert [item.reference[-1] for item in items(office, "rex")] == ["2"]
    assert len(items(office, "ray")) == 2


def test_gaps_come_before_the_approval_and_wait_for_every_reviewer(office: Office) -> None:
    reference = office.verified()
    lost = Flaky(office.services.collectors["second"], "snapshot", 9, SourceUnreadableError)
    office.collectors["second"] = lost
    office.collect("kim", reference)
    for name in ("ray", "rex", "kim"):
        assert whys(office, name) == {Why.GAPS_TO_ACCEPT}
    assert items(office, "ray")[0].command == f"dsar-export request accept-gap {reference}"
    decide.accept_gap(office.desk("rex"), office.services.register, reference, "second", SPOKEN)
    assert whys(office, "ray") == {Why.TO_APPROVE}
    assert whys(office, "rex") == set()
    office.collect("kim", reference, anew=True)  # the acceptance was of another Draft
    assert whys(office, "ray") == {Why.GAPS_TO_ACCEPT}


# Days


def test_what_is_due_within_a_week_or_overdue_says_so_beside_the_next_step(office: Office) -> None:
    """Received on 27 October, it is due on 27 November."""
    received = datetime(2026, 10, 27, 10, tzinfo=UTC)
    put_request(office, State.RECEIVED, received)
    seen = {}
    for day in (19, 20, 27, 28):
        office.now = NOW.replace(day=day)
        seen[day] = [each.why for each in items(office, "ada")[0].waiting]
    assert seen == {
        19: [Why.TO_VERIFY],
        20: [Why.DUE_SOON, Why.TO_VERIFY],
        27: [Why.DUE_SOON, Why.TO_VERIFY],
        28: [Why.OVERDUE, Why.TO_VERIFY],
    }
    (item,) = items(office, "ada")
    assert item.command.startswith("dsar-export request verify ")
    assert [each.since for each in item.waiting] == [date(2026, 11, 28), date(2026, 10, 27)]
    assert item.due is not None
    assert item.due.day == date(2026, 11, 27)


def test_a_reviewer_is_warned_of_the_day_too_and_looks_at_it_first(office: Office) -> None:
    put_request(office, State.RECEIVED, NOW - timedelta(days=99))
    (item,) = items(office, "ray")
    assert [each.why for each in item.waiting] == [Why.OVERDUE]
    assert item.command == f"dsar-export request show {REFERENCE}"


@pytest.mark.parametrize("state", [State.AVAILABLE, State.DELIVERED])
def test_what_is_answered_is_never_overdue(state: State, office: Office) -> None:
    put_request(office, state, NOW - timedelta(days=99))
    published(office, REFERENCE, NOW)
    assert Why.OVERDUE not in whys(office, "kim")


def published(office: Office, reference: str, when: datetime) -> None:
    with writing(office.installation.engine) as connection:
        add_package(connection, PublishedPackage(reference, Right.ACCESS, "file", "0" * 64, 1, when))


@pytest.mark.parametrize(("days", "found"), [(14, set()), (15, {Why.NOT_FETCHED})])
def test_packages_wait_to_be_fetched_for_two_weeks(days: int, found: set[Why], office: Office) -> None:
    put_request(office, State.AVAILABLE)
    published(office, REFERENCE, NOW - timedelta(days=days, seconds=-1))
    assert whys(office, "ada") == found
    assert whys(office, "ray") == set()


@pytest.mark.parametrize("ground", [Ground.IDENTITY, Ground.CLARIFICATION])
@pytest.mark.parametrize(("days", "found"), [(14, set()), (15, {Why.STILL_AWAITED})])
def test_what_the_person_was_asked_for_is_awaited_for_two_weeks(
    ground: Ground,
    days: int,
    found: set[Why],
    office: Office,
) -> None:
    # Without a verification, or the wait for identity would have ended with it.
    put_request(office, State.RECEIVED, NOW - timedelta(days=20), verified_at=None)
    with writing(office.installation.engine) as connection:
        since = NOW - timedelta(days=days, seconds=-1)
        begin_pause(connection, REFERENCE, Pause(ground, since), "ada")
    assert whys(office, "ada") == {Why.TO_VERIFY} | found
    assert whys(office, "ray") == found


def test_the_most_urgent_comes_first_and_what_is_answered_last(office: Office) -> None:
    for number, days in enumerate((5, 99, 50), start=1):
        put_request(office, State.RECEIVED, NOW - timedelta(days=days), f"DSAR-20261117-0000000{number}")
    put_request(office, State.DELIVERED, NOW - timedelta(days=200), "DSAR-20261117-00000004")
    found = items(office, "ada")
    assert [item.reference[-1] for item in found] == ["2", "3", "1", "4"]
    assert found[-1].due is None


# Mail and codes


def mailed(office: Office, kind: MailKind, result: PostResult) -> None:
    """Queues a mail about the request, and ends it."""
    made, envelope = office.installation, Envelope(kind, REFERENCE, office.tick(), NOW + timedelta(days=1))
    with writing(made.engine) as connection:
        queue(connection, made.vault, Mail("sam@example.org", "about", SPOKEN, "en"), envelope)
        claimed = claim(connection, office.tick())
        assert claimed is not None
        settle(connection, claimed, result, office.tick())


SENT, BOUNCED = PostResult(Posted.SENT), PostResult(Posted.REFUSED, "smtp_550")


@pytest.mark.parametrize("kind", [MailKind.LETTER, MailKind.NOTICE])
def test_a_letter_that_bounced_waits_for_agents_whatever_is_sent_later(
    kind: MailKind, office: Office
) -> None:
    put_request(office, State.VERIFIED)
    mailed(office, kind, SENT)
    assert whys(office, "ada") == {Why.TO_COLLECT}
    mailed(office, kind, BOUNCED)
    mailed(office, kind, SENT)  # it may say something else
    assert [each.why for each in items(office, "ada")[0].waiting] == [Why.MAIL_NOT_SENT, Why.TO_COLLECT]
    assert whys(office, "ray") == set()


def test_a_letter_that_bounced_waits_no_more_once_its_request_has_ended(office: Office) -> None:
    put_request(office, State.CANCELLED, ended_at=NOW)
    mailed(office, MailKind.LETTER, BOUNCED)
    assert whys(office, "ada") == set()


def test_a_code_that_bounced_is_replaced_by_the_next_code_alone(office: Office) -> None:
    put_request(office, State.RECEIVED)
    mailed(office, MailKind.CODE, BOUNCED)
    mailed(office, MailKind.NOTICE, SENT)
    assert whys(office, "ada") == {Why.TO_VERIFY, Why.MAIL_NOT_SENT}
    mailed(office, MailKind.CODE, SENT)
    assert whys(office, "ada") == {Why.TO_VERIFY}


@pytest.mark.parametrize(
    ("state", "found"),
    [(State.RECEIVED, {Why.TO_VERIFY, Why.MAIL_NOT_SENT}), (State.VERIFIED, {Why.TO_COLLECT})],
)
def test_a_code_that_bounced_matters_until_the_person_is_verified(
    state: State, found: set[Why], office: Office
) -> None:
    put_request(office, state)
    mailed(office, MailKind.CODE, BOUNCED)
    assert whys(office, "ada") == found


def code_sent(office: Office, minutes_ago: int, **columns: object) -> None:
    sent = SentCode(REFERENCE, "0" * 64, "1", "2", "ada", "epoch", NOW - timedelta(minutes=minutes_ago))
    with writing(office.installation.engine) as connection:
        number = store_code(connection, sent)
        if columns:
            row = (CODES.c.reference == REFERENCE, CODES.c.number == number)
            connection.execute(update(CODES).where(*row).values(columns))


def test_a_code_waits_for_agents_when_its_time_or_its_tries_are_over(office: Office) -> None:
    put_request(office, State.RECEIVED)
    seen = []
    for minutes_ago, columns in ((99, {}), (5, {}), (4, {"tries": TRIES}), (3, {"used_at": NOW}), (16, {})):
        code_sent(office, minutes_ago, **columns)
        seen.append(Why.CODE_EXPIRED in whys(office, "ada"))
    assert seen == [True, False, True, False, True]
    assert whys(office, "ray") == set()
    assert items(office, "ada")[0].command == f"dsar-export request code {REFERENCE}"


# Whose


def test_nobody_gets_a_request_about_themself(office: Office) -> None:
    put_request(office, State.RECEIVED)
    index = office.installation.vault.blind_index("email", given("sam@example.org").folded)
    with writing(office.installation.engine) as connection:
        set_own_identifiers(connection, "ada", [index])
    assert whys(office, "ada") == set()
    assert whys(office, "abe") == {Why.TO_VERIFY}


def test_requests_of_a_controller_that_left_the_register_are_left_out(office: Office) -> None:
    put_request(office, State.RECEIVED)
    with writing(office.installation.engine) as connection:
        for controller in ("beta", "*"):
            grant(connection, Grant("nia", controller, STAFF["ada"][0][1], NOW - timedelta(days=1)))
    assert whys(office, "nia") == {Why.TO_VERIFY}
    opened(office.installation, "DSAR-20261117-00000009", controller="gone")
    assert len(items(office, "nia")) == 1


def test_a_hundred_requests_take_as_many_statements_as_ten(office: Office) -> None:
    def statements(upto: int) -> int:
        for number in range(upto):
            with_state = list(State)[number % 8]
            put_request(office, with_state, reference=f"DSAR-20261117-{upto:04}{number:04}", lease_until=NOW)
        return counted(office, lambda: items(office, "kim"))

    assert statements(10) == statements(100)


def counted(office: Office, look: Callable[[], object]) -> int:
    seen = []

    def note(*arguments: object) -> None:
        seen.append(arguments)

    engine = office.installation.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        look()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


# Complaints and refusals


def complained(office: Office, by: str = "ray") -> str:
    """The reference of a request that somebody refused, and about which there are two complaints."""
    reference = office.opened("ada", "email=sam@example.org")
    refuse(office.desk(by), reference, Refusal("excessive", SPOKEN))
    for _ in range(2):
        complain(office.desk("ada"), office.services.register, reference, NewComplaint(SPOKEN))
    return reference


def complaint_commands(office: Office) -> dict[str, list[str]]:
    """What each member of staff is shown to do about complaints, without the program's name."""
    found = {
        name: [
            each.command.removeprefix("dsar-export request ")
            for item in items(office, name)
            for each in item.waiting
            if each.why is Why.COMPLAINT
        ]
        for name in STAFF
    }
    return {name: sorted(commands) for name, commands in found.items() if commands}


def test_a_complaint_waits_for_all_to_acknowledge_and_then_for_whoever_may_answer(office: Office) -> None:
    register, reference = office.services.register, complained(office)
    to_acknowledge = [f"acknowledge-complaint {reference} {number}" for number in (1, 2)]
    everybody = ("abe", "ada", "kim", "ray", "rex")
    assert complaint_commands(office) == dict.fromkeys(everybody, to_acknowledge)
    acknowledge(office.desk("ray"), register, reference, 1)
    answer(office.desk("abe"), reference, SPOKEN, 2)
    to_answer = [f"answer-complaint {reference} 1"]
    assert complaint_commands(office) == dict.fromkeys(("abe", "ada", "kim", "rex"), to_answer)
    answer(office.desk("abe"), reference, SPOKEN, 1)
    assert complaint_commands(office) == {}


def test_a_complaint_is_not_shown_to_whom_the_request_is_about(office: Office) -> None:
    complained(office)
    index = office.installation.vault.blind_index("email", given("sam@example.org").folded)
    with writing(office.installation.engine) as connection:
        set_own_identifiers(connection, "ada", [index])
    assert "ada" not in complaint_commands(office)


def test_a_complaint_that_nobody_may_answer_is_shown_to_all(office: Office) -> None:
    reference = complained(office, "kim")
    for number in (1, 2):
        acknowledge(office.desk("ada"), office.services.register, reference, number)
    with writing(office.installation.engine) as connection:
        for name in ("abe", "ada", "ray", "rex"):
            disable_person(connection, name, NOW)
    assert complaint_commands(office) == {"kim": [f"show {reference}"] * 2}


def test_a_refusal_as_abusive_waits_for_a_second_reviewer(office: Office) -> None:
    reference = office.opened("ada", "email=sam@example.org")
    refuse(office.desk("ray"), reference, Refusal("abusive", SPOKEN, AbuseProof(SPOKEN, SPOKEN)))
    having = {name for name in STAFF if Why.REFUSAL_TO_CONFIRM in whys(office, name)}
    assert having == {"kim", "rex"}
    confirm_refusal(office.desk("kim"), reference)
    assert Why.REFUSAL_TO_CONFIRM not in whys(office, "rex")
