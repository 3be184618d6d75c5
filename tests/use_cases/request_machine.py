"""Drives the use cases of requests as people of all roles, and compares each step with a plain model."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from dsar_export.model.intake import Channel, FurtherRight
from dsar_export.model.people import Role
from dsar_export.model.refusal import Refusal
from dsar_export.model.request import Right
from dsar_export.requests.four_eyes import one_more
from dsar_export.use_cases import decide
from dsar_export.use_cases.hand_on import hand_on
from dsar_export.use_cases.identify_request import identify_request
from dsar_export.use_cases.mandates import MandateCorrection, correct_mandate
from dsar_export.use_cases.refusing import refuse
from dsar_export.use_cases.reissue import reissue
from dsar_export.use_cases.take_in import correct
from tests.use_cases.machine_rules.clock import ClockRules
from tests.use_cases.machine_rules.codes import CodeRules
from tests.use_cases.machine_rules.disputes import DisputeRules
from tests.use_cases.machine_rules.every_step import (
    AGENT,
    IDENTIFIERS,
    REVIEWER,
    RIGHTS,
    SOMEBODY,
    WHICH,
)
from tests.use_cases.machine_rules.looking import LookingRules
from tests.use_cases.machine_rules.upkeep import UpkeepRules
from tests.use_cases.offices import SPOKEN, identifier
from tests.use_cases.request_model import ENDED, WAYS, Case


class OfficeMachine(CodeRules, ClockRules, DisputeRules, LookingRules, UpkeepRules):
    """What anybody may try at any time; the work itself is in `RequestMachine`."""

    @precondition(lambda self: len(self.cases) < 3)
    @rule(who=SOMEBODY, identifiers=IDENTIFIERS, rights=RIGHTS)
    def open(self, who: str, identifiers: tuple[str, ...], rights: tuple[Right, ...]) -> None:
        made: list[str] = []
        if self.tried(
            lambda: made.append(self.office.opened(who, *identifiers, rights=rights)),
            allowed=self.may(who, AGENT) and not self.staff.is_subject(who, identifiers),
        ):
            self.cases.append(Case(made[0], rights, who, identifiers))

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, identifiers=IDENTIFIERS)
    def correct(self, who: str, which: int, identifiers: tuple[str, ...]) -> None:
        case, desk = self.case(which), self.office.desk(who)
        given = [identifier(text) for text in identifiers]
        allowed = self.handles(who, case, AGENT) and case.can("correct", self.office.now)
        allowed = allowed and not self.staff.is_subject(who, identifiers)
        if self.tried(
            lambda: correct(desk, self.office.services.register, case.reference, given), allowed=allowed
        ):
            case.go("correct", self.office.now)
            case.identifiers, case.corrected_by = identifiers, who

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, scope=st.sampled_from([("records",), ()]), ends=st.booleans())
    def mandate(self, who: str, which: int, scope: tuple[str, ...], *, ends: bool) -> None:
        """An agent asks for the person, for all datasets or for one; under a mandate that ended, nothing goes on."""
        case, desk, register = self.case(which), self.office.desk(who), self.office.services.register
        allowed = self.handles(who, case, AGENT)
        allowed = allowed and (case.state == "received" or case.can("mandate", self.office.now))
        until = self.office.now + timedelta(days=15) if ends else None
        correction = MandateCorrection(SPOKEN, scope, until)
        if self.tried(lambda: correct_mandate(desk, register, case.reference, correction), allowed=allowed):
            if scope != case.scope and case.state != "received":
                case.go("mandate", self.office.now)
            case.scope, case.mandate_by = scope, one_more(case.mandate_by, who)
            case.mandate_until = until or case.mandate_until

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, right=st.sampled_from(FurtherRight))
    def hand_on(self, who: str, which: int, right: FurtherRight) -> None:
        case, desk = self.case(which), self.office.desk(who)
        allowed = self.handles(who, case, AGENT) and case.state not in ENDED
        self.tried(lambda: hand_on(desk, case.reference, right, SPOKEN), allowed=allowed)

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH)
    def identify(self, who: str, which: int) -> None:
        """Nobody is sought before they are verified."""
        case, desk, now = self.case(which), self.office.desk(who), self.office.now
        services = replace(self.office.services, clock=self.office.tick)
        allowed = self.handles(who, case, AGENT) and case.state in WAYS["collect"][0]
        allowed = allowed and not case.mandate_ended(now)
        self.tried(lambda: identify_request(desk, services, case.reference), allowed=allowed)

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, chosen=st.sampled_from([("C-1",), ("C-2",), ("C-1", "C-2"), ("C-9",)]))
    def choose(self, who: str, which: int, chosen: tuple[str, ...]) -> None:
        case, desk = self.case(which), self.office.desk(who)
        allowed = self.handles(who, case, AGENT) and case.can("choose", self.office.now)
        if self.tried(lambda: decide.choose(desk, case.reference, chosen, SPOKEN), allowed=allowed):
            case.go("choose", self.office.now)
            case.chosen = chosen
            case.deciders.add(who)

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, source=st.sampled_from(["main", "second", "second"]))
    def accept_gap(self, who: str, which: int, source: str) -> None:
        case, desk, register = self.case(which), self.office.desk(who), self.office.services.register
        allowed = self.handles(who, case, REVIEWER) and case.state == "in_review" and case.unread
        allowed = allowed and source == "second"
        if self.tried(
            lambda: decide.accept_gap(desk, register, case.reference, source, SPOKEN), allowed=allowed
        ):
            case.gap_accepted = True
            case.deciders.add(who)

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH)
    def approve(self, who: str, which: int) -> None:
        """Access needs four eyes."""
        case, desk, register = self.case(which), self.office.desk(who), self.office.services.register
        allowed = self.handles(who, case, REVIEWER) and case.can("approve", self.office.now)
        allowed = allowed and not case.blocked and self.staff.sees(who, self.office.now, case.datasets)
        allowed = allowed and (Right.ACCESS not in case.rights or who not in case.took_part)
        if self.tried(lambda: decide.approve(desk, register, case.reference), allowed=allowed):
            case.go("approve", self.office.now)
            case.approved, case.approved_by = True, who

    @precondition(lambda self: self.cases)
    @rule(
        who=SOMEBODY,
        which=WHICH,
        end=st.sampled_from(
            ["send_back"] * 4 + ["close"] * 3 + ["deliver"] * 2 + ["refuse", "cancel", "reissue", "renew"]
        ),
    )
    def end(self, who: str, which: int, end: str) -> None:
        case, desk = self.case(which), self.office.desk(who)
        calls: dict[str, Callable[[], object]] = {
            "send_back": lambda: decide.send_back(desk, case.reference, SPOKEN),
            "refuse": lambda: refuse(desk, case.reference, Refusal("excessive", SPOKEN)),
            "cancel": lambda: decide.cancel(desk, case.reference),
            "deliver": lambda: decide.deliver(desk, case.reference, Channel.IN_PERSON),
            "close": lambda: decide.close(desk, case.reference),
            "reissue": lambda: reissue(desk, case.reference),
            "renew": lambda: reissue(desk, case.reference, anew=True),
        }
        role = REVIEWER if end in {"send_back", "refuse"} else AGENT
        allowed = self.handles(who, case, role) and case.can(end, self.office.now)
        if self.tried(calls[end], allowed=allowed):
            event(f"end: {end}")
            case.go(end, self.office.now)
            if end == "refuse":
                case.refused_by.add(who)

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, to=st.sampled_from(["ada", "ray", "bea", "nia"]), writes=st.booleans())
    def note_or_assign(self, who: str, which: int, to: str, *, writes: bool) -> None:
        """Writes a note in any state, or assigns a request that has not ended."""
        case, desk = self.case(which), self.office.desk(who)
        allowed = self.handles(who, case, AGENT, REVIEWER)
        if writes:
            self.tried(lambda: decide.note(desk, case.reference, SPOKEN), allowed=allowed)
            return
        allowed = allowed and case.state not in ENDED and self.may(to, *Role)
        self.tried(lambda: decide.assign(desk, case.reference, to), allowed=allowed)
