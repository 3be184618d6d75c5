"""Whatever people of all roles try, in any order and at any time: the rules of requests hold after each step."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from dsar_export.errors import SourceUnreadableError, StaleError, SubjectAmbiguousError, WrongUseError
from dsar_export.interfaces import Collector, Progress, Snapshot
from dsar_export.model.request import Right
from dsar_export.model.source import SourceDescription
from dsar_export.requests.four_eyes import one_more
from dsar_export.requests.installation import Installation
from dsar_export.requests.states import State
from dsar_export.use_cases import decide
from dsar_export.use_cases.collect_request import CollectOrder, collect_request
from dsar_export.use_cases.keys import rotate_keys
from dsar_export.use_cases.services import Services
from tests.requests.installations import founded_installation
from tests.use_cases.flaky import Flaky
from tests.use_cases.machine_rules.every_step import AGENT, IDENTIFIERS, REVIEWER, RIGHTS, WHICH
from tests.use_cases.office_checks import check_draft, stored
from tests.use_cases.offices import LEASE_ENDS, CallingProgress, Office, quick_services
from tests.use_cases.reached import reach, reached_register
from tests.use_cases.request_machine import OfficeMachine
from tests.use_cases.request_model import Case
from tests.worlds import SilentProgress
from tools.servers.postgres import PostgresServer

EXAMPLES: Final = int(os.environ.get("MACHINE_EXAMPLES", "0"))
"""Of the long form on each database."""
UNREADABLE: Final = partial(Flaky, place="snapshot", times=10**9, error=SourceUnreadableError)
AT_WORK: Final = st.sampled_from(["ada", "abe", "kim", "kim", "ada", "ray", "bea"])
HOW_COLLECTED: Final = st.sampled_from(
    ["well", "well", "well", "unread", "unread", "lost", "broken", "dies", "cancel", "again", "rotate"]
)

BY_CODE: Final = {"unread": "right", "again": "late", "dies": "wrong", "lost": "other"}
"""How a request that is received goes on, if by a code."""
HOW_BUILT: Final = st.sampled_from(
    ["well", "well", "broken", "dies", "cancel", "again", "rotate", "passphrase"]
)


class BrokenError(Exception):
    """What no use case expects."""


@dataclass
class Watched:
    """A collector that calls before anything is read."""

    honest: Collector
    before: Callable[[], None]

    def describe(self) -> SourceDescription:
        self.before()
        return self.honest.describe()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        self.before()
        with self.honest.snapshot() as honest:
            yield honest


class RequestMachine(OfficeMachine):
    """Collects and builds too, with faults and colleagues in the middle of it."""

    def __init__(self, office: Office, keys: Path) -> None:
        super().__init__(office, keys)
        self.at_work: Case | None = None

    def collecting(self, who: str, case: Case, progress: Progress, *, confirmed: bool = False) -> object:
        self.at_work = case
        services = self.office.with_progress(progress)
        return collect_request(self.office.desk(who), services, case.reference, CollectOrder(confirmed))

    def watched(self, *unreadable: str) -> None:
        """The sources, some of which can't be read."""
        for name, honest in self.office.services.collectors.items():
            collector = UNREADABLE(honest) if name in unreadable else honest
            self.office.collectors[name] = Watched(collector, self.must_be_verified)

    def must_be_verified(self) -> None:
        assert self.at_work is not None
        row = stored(self.office, self.at_work.reference).listed
        assert row.state is State.COLLECTING
        assert row.verified_by == self.at_work.verified_by is not None

    @precondition(lambda self: self.cases)
    @rule(
        who=AT_WORK,
        which=WHICH,
        how=HOW_COLLECTED,
        confirmed=st.booleans(),
    )
    def collect(self, who: str, which: int, how: str, *, confirmed: bool) -> None:
        case, now = self.case(which), self.office.now
        self.watched(*{"unread": ["second"], "lost": ["main", "second"]}.get(how, []))
        if not (self.handles(who, case, AGENT) and case.can("collect", now)):
            self.tried(lambda: self.collecting(who, case, SilentProgress()), allowed=False)
            return
        how = self.possible(how, case)
        if how == "lost" and case.completed_on(now.date()):
            how = "unread"  # the other source is not opened, and nothing that was read is lost
        reviewed = case.state is State.IN_REVIEW
        case.begin("collect", now)
        case.collected_by = one_more(case.collected_by, who) if reviewed else who
        event(f"collect: {how}")
        attempt, expected = case.attempt, self.collected(case, how, confirmed=confirmed)
        progress = CallingProgress(partial(self.in_the_middle, case, how))
        with self.trying(allowed=True), nullcontext() if expected is None else pytest.raises(expected):
            self.collecting(who, case, progress, confirmed=confirmed)
        if case.draft == attempt:
            check_draft(self.office, case)

    def possible(self, how: str, case: Case) -> str:
        """What may happen in the middle: nobody cancels a request about themself."""
        return "well" if how == "cancel" and not self.handles("ada", case, AGENT) else how

    def collected(self, case: Case, how: str, *, confirmed: bool) -> type[Exception] | None:
        """Moves the model to what collecting leads to; the error that whoever collects sees."""
        people, now = case.matched, self.office.now
        if how == "lost":
            case.go("fail", now)
            return SourceUnreadableError
        if case.chosen and not people.issuperset(case.chosen):
            case.go("several", now)
            return WrongUseError
        if case.ambiguous:
            case.go("several", now)
            return SubjectAmbiguousError
        if how == "broken":
            case.go("fail", now)
            return BrokenError
        if how in {"dies", "cancel", "again"}:
            return StaleError  # the callback moves the model
        unread = how == "unread" and not case.scope  # a mandate that does not cover it needs it not
        if people or confirmed or unread:
            case.submit(now, unread=unread)
        else:
            case.go("nobody", now)
        return None

    def in_the_middle(self, case: Case, how: str) -> None:
        """What happens while somebody collects or builds."""
        action = "collect" if case.state == "collecting" else "build"
        match how:
            case "broken":
                raise BrokenError
            case "dies":  # as a process that is gone: nobody writes down that it failed
                raise StaleError
            case "cancel":
                decide.cancel(self.office.desk("ada"), case.reference)
                case.go("cancel", self.office.now)
            case "rotate":
                if self.is_administrator("fay"):
                    rotate_keys(self.office.desk("fay"), self.keys)
            case "again":
                again = partial(getattr(self, f"{action}_again"), case)
                self.tried(again, allowed=False)
                self.office.now += LEASE_ENDS
                case.begin(action, self.office.now)
                again()

    def collect_again(self, case: Case) -> None:
        self.collecting("ada", case, SilentProgress(), confirmed=True)
        case.collected_by = "ada"
        case.submit(self.office.now)

    def build_again(self, case: Case) -> None:
        with self.office.built("ada", case.reference):
            pass
        self.built(case)

    def built(self, case: Case) -> None:
        case.go("publish", self.office.now)
        case.package = case.attempt

    @precondition(lambda self: self.cases)
    @rule(
        who=AT_WORK,
        which=WHICH,
        how=HOW_BUILT,
        late=st.booleans(),
    )
    def build(self, who: str, which: int, how: str, *, late: bool) -> None:
        """Something may go wrong while records are sealed, or later, while the passphrase is shown."""
        case, now = self.case(which), self.office.now
        file = self.office.anchor if how == "passphrase" else None
        if not (self.handles(who, case, AGENT, REVIEWER) and case.can("build", now)) or file:
            self.tried(lambda: self.building(who, case, file=file), allowed=False)
            return
        how = self.possible(how, case)
        case.begin("build", now)
        event(f"build: {how}{' late' * late}")
        errors = {"broken": BrokenError, "dies": StaleError, "cancel": StaleError, "again": StaleError}
        expected = pytest.raises(errors[how]) if how in errors else nullcontext()
        middle = partial(self.in_the_middle, case, how)
        with self.trying(allowed=True), expected:
            self.building(who, case, late=middle) if late else self.building(who, case, early=middle)
        if how == "broken":
            case.go("fail", now)
        elif how not in errors:
            self.built(case)

    def building(
        self,
        who: str,
        case: Case,
        early: Callable[[], object] = lambda: None,
        late: Callable[[], object] = lambda: None,
        file: Path | None = None,
    ) -> None:
        with self.office.built(who, case.reference, CallingProgress(early), file):
            late()

    @initialize(
        begun=st.lists(
            st.tuples(
                IDENTIFIERS,
                RIGHTS,
                st.sampled_from(["well", "unread", "again"]),
                st.lists(st.booleans(), max_size=8),
            ),
            max_size=3,
        )
    )
    def begin(self, begun: list[tuple[tuple[str, ...], tuple[Right, ...], str, list[bool]]]) -> None:
        """Requests that have come some way, so that what comes late is tried often."""
        for which, (identifiers, rights, how, steps) in enumerate(begun):
            self.open("ada", identifiers, rights)
            for one_for_all in steps:
                self.go_on(which, how, every=len(steps) % 2 == 0, one_for_all=one_for_all)

    @precondition(lambda self: self.cases)
    @rule(which=WHICH, how=HOW_COLLECTED, every=st.booleans(), one_for_all=st.booleans())
    def go_on(self, which: int, how: str, *, every: bool, one_for_all: bool) -> None:
        """The next step as it should be: by whom it belongs to, or by `kim`, who has two roles and no four eyes."""
        case = self.case(which)
        agent, colleague, reviewer = ("kim", "kim", "kim") if one_for_all else ("ada", "abe", "ray")
        match case.state:
            case "received":
                self.go_on_received(agent, which, BY_CODE.get(how), every=every)
            case "verified" | "failed" | "collecting" | "nobody_found":
                self.collect(agent, which, how, confirmed=every)
            case "ambiguous":
                self.choose(colleague, which, ("C-1",))
            case "in_review" if case.blocked:
                self.accept_gap(reviewer, which, "second")
            case "in_review":
                self.approve(reviewer, which)
            case "approved" | "building":
                self.build(reviewer, which, how, late=every)
            case "available" | "delivered":
                self.end(agent, which, "deliver" if case.state == "available" else "close")

    def go_on_received(self, who: str, which: int, code: str | None, *, every: bool) -> None:
        if code is not None:
            self.ask(who, which)
        if code is not None and self.case(which).codes:
            self.prove_for(who, self.case(which), code)
        else:
            self.verify(who, which, every=every)


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'requests.db'}"
        if request.param == "postgresql":
            server: PostgresServer = request.getfixturevalue("postgres")
            url = stack.enter_context(server.database("machine"))
        made = founded_installation(url, tmp_path / "keys.json")
        stack.callback(made.engine.dispose)
        yield made


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    """Both people are reached by mail, and the program approves what an authenticated person takes along."""
    folder = reached_register(tmp_path_factory.mktemp("machine") / "register")
    reach(folder, "C-1", "sam@example.org")
    reach(folder, "C-2", "robin@example.org")
    return quick_services(folder)


def test_the_rules_hold_whatever_anybody_tries(
    installation: Installation, services: Services, tmp_path: Path
) -> None:
    folder = tmp_path / "state"

    class Machine(RequestMachine):
        def __init__(self) -> None:
            shutil.rmtree(folder, ignore_errors=True)
            office = Office(installation, services, folder, tmp_path / "anchor.json")
            super().__init__(office, tmp_path / "keys.json")

    quick = 6 if installation.engine.dialect.name == "sqlite" else 3
    phases = [Phase.generate, Phase.shrink] if EXAMPLES else [Phase.generate]
    profile = settings(
        max_examples=EXAMPLES or quick,
        stateful_step_count=60,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Machine, settings=profile)
