"""Drives the use cases of requests as people of all roles, and compares each step with a plain model."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import pytest
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from dsar_export.errors import WrongUseError
from dsar_export.model.complaint import NewComplaint
from dsar_export.model.intake import FurtherRight
from dsar_export.model.people import Grant, Role
from dsar_export.model.refusal import AbuseProof, Refusal
from dsar_export.model.request import Right
from dsar_export.requests.four_eyes import one_more
from dsar_export.use_cases import decide, staff
from dsar_export.use_cases.complaining import acknowledge, answer, complain
from dsar_export.use_cases.hand_on import hand_on
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.mandates import MandateCorrection, correct_mandate
from dsar_export.use_cases.prove import prove_by_evidence
from dsar_export.use_cases.refusing import confirm_refusal, refuse, withdraw_refusal
from dsar_export.use_cases.review import page
from dsar_export.use_cases.take_in import correct
from tests.use_cases.office_checks import check_files, check_no_marker, check_row, check_trail, trail_length
from tests.use_cases.offices import SPOKEN, STAFF, Office, identifier
from tests.use_cases.request_model import ENDED, Case, Held

SOMEBODY: Final = st.sampled_from(
    ["ada", "ray", "kim", "ada", "ray", "kim", "abe", "rex", "aud", "fay", "bea", "nia"]
)
WHICH: Final = st.integers(0, 2)
IDENTIFIERS: Final = st.sampled_from(
    [
        ("email=Sam@example.org",),
        ("email=Sam@example.org", "customer_id=C-2"),
        ("email=Sam@example.org", "email=robin@example.org"),
        ("email=nobody@example.org",),
        ("customer_id=C-1", "email=nobody@example.org"),
    ]
)
RIGHTS: Final = st.sampled_from([(Right.ACCESS,), (Right.PORTABILITY,), (Right.PORTABILITY, Right.ACCESS)])
AGENT, REVIEWER = Role.AGENT, Role.REVIEWER


class OfficeMachine(RuleBasedStateMachine):
    """What anybody may try at any time; the work itself is in `RequestMachine`."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.cases: list[Case] = []
        self.grants = [
            Held(name, controller, role, datasets)
            for name, roles in STAFF.items()
            for controller, role, datasets in roles
        ]

    def may(self, name: str, *roles: Role) -> bool:
        """Whether somebody has one of these roles at the controller of all requests."""
        held = [h for h in self.grants if h.name == name and h.holds(self.office.now)]
        return any(h.role in roles and h.controller in {"acme", "*"} for h in held)

    def sees(self, name: str, datasets: frozenset[str]) -> bool:
        own = [h for h in self.grants if h.name == name and h.role is REVIEWER and h.holds(self.office.now)]
        own = [h for h in own if h.controller in {"acme", "*"}]
        allowed = {dataset for h in own for dataset in h.datasets}
        return bool(own) and (any(not h.datasets for h in own) or datasets <= allowed)

    @contextmanager
    def trying(self, *, allowed: bool) -> Iterator[None]:
        """A call that is refused changes nothing at all; one that is allowed is in the trail."""
        if allowed:
            entries = trail_length(self.office)
            yield
            assert trail_length(self.office) > entries
        else:
            before, files = self.office.rows(), self.office.files()
            with pytest.raises(WrongUseError):
                yield
            assert (self.office.rows(), self.office.files()) == (before, files)

    def tried(self, call: Callable[[], object], *, allowed: bool) -> bool:
        with self.trying(allowed=allowed):
            call()
        return allowed

    def case(self, which: int) -> Case:
        return self.cases[which % len(self.cases)]

    @precondition(lambda self: len(self.cases) < 3)
    @rule(who=SOMEBODY, identifiers=IDENTIFIERS, rights=RIGHTS)
    def open(self, who: str, identifiers: tuple[str, ...], rights: tuple[Right, ...]) -> None:
        made: list[str] = []
        if self.tried(
            lambda: made.append(self.office.opened(who, *identifiers, rights=rights)),
            allowed=self.may(who, AGENT),
        ):
            self.cases.append(Case(made[0], rights, who, identifiers))

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, identifiers=IDENTIFIERS)
    def correct(self, who: str, which: int, identifiers: tuple[str, ...]) -> None:
        case, desk = self.case(which), self.office.desk(who)
        given = [identifier(text) for text in identifiers]
        allowed = self.may(who, AGENT) and case.can("correct", self.office.now)
        if self.tried(
            lambda: correct(desk, self.office.services.register, case.reference, given), allowed=allowed
        ):
            case.go("correct")
            case.identifiers, case.corrected_by = identifiers, who

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, scope=st.sampled_from([("records",), ()]))
    def mandate(self, who: str, which: int, scope: tuple[str, ...]) -> None:
        """An agent asks for the person, for all datasets or for one."""
        case, desk, register = self.case(which), self.office.desk(who), self.office.services.register
        allowed = self.may(who, AGENT)
        allowed = allowed and (case.state == "received" or case.can("mandate", self.office.now))
        correction = MandateCorrection(SPOKEN, scope)
        if self.tried(lambda: correct_mandate(desk, register, case.reference, correction), allowed=allowed):
            if scope != case.scope and case.state != "received":
                case.go("mandate")
            case.scope, case.mandate_by = scope, one_more(case.mandate_by, who)

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, right=st.sampled_from(FurtherRight))
    def hand_on(self, who: str, which: int, right: FurtherRight) -> None:
        case, desk = self.case(which), self.office.desk(who)
        allowed = self.may(who, AGENT) and case.state not in ENDED
        self.tried(lambda: hand_on(desk, case.reference, right, SPOKEN), allowed=allowed)

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, every=st.booleans())
    def verify(self, who: str, which: int, *, every: bool) -> None:
        """Proves all identifiers, or those of the kind that was given first."""
        case, desk = self.case(which), self.office.desk(who)
        kind = case.identifiers[0].partition("=")[0]
        register = self.office.services.register
        allowed = self.may(who, AGENT) and case.can("verify", self.office.now)
        kinds = () if every else (kind,)
        if self.tried(
            lambda: prove_by_evidence(desk, register, case.reference, "seen", SPOKEN, kinds), allowed=allowed
        ):
            case.go("verify")
            case.verified_by = who
            case.proven = tuple(i for i in case.identifiers if every or i.startswith(f"{kind}="))

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, chosen=st.sampled_from([("C-1",), ("C-2",), ("C-1", "C-2"), ("C-9",)]))
    def choose(self, who: str, which: int, chosen: tuple[str, ...]) -> None:
        case, desk = self.case(which), self.office.desk(who)
        allowed = self.may(who, AGENT) and case.can("choose", self.office.now)
        if self.tried(lambda: decide.choose(desk, case.reference, chosen, SPOKEN), allowed=allowed):
            case.go("choose")
            case.chosen = chosen
            case.deciders.add(who)

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, source=st.sampled_from(["main", "second", "second"]))
    def accept_gap(self, who: str, which: int, source: str) -> None:
        case, desk, register = self.case(which), self.office.desk(who), self.office.services.register
        allowed = self.may(who, REVIEWER) and case.state == "in_review" and case.unread
        allowed = allowed and source == "second"
        if self.tried(
            lambda: decide.accept_gap(desk, register, case.reference, source, SPOKEN), allowed=allowed
        ):
            case.gap_accepted = True
            case.deciders.add(who)

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH)
    def approve(self, who: str, which: int) -> None:
        case, desk, register = self.case(which), self.office.desk(who), self.office.services.register
        allowed = self.may(who, REVIEWER) and case.can("approve", self.office.now) and not case.blocked
        allowed = allowed and self.sees(who, case.datasets)
        allowed = allowed and (Right.ACCESS not in case.rights or who not in case.took_part)
        if self.tried(lambda: decide.approve(desk, register, case.reference), allowed=allowed):
            case.go("approve")
            case.approved, case.approved_by = True, who

    @precondition(lambda self: self.cases)
    @rule(
        who=SOMEBODY,
        which=WHICH,
        end=st.sampled_from(["send_back"] * 4 + ["close"] * 3 + ["refuse", "cancel"]),
    )
    def end(self, who: str, which: int, end: str) -> None:
        case, desk = self.case(which), self.office.desk(who)
        calls: dict[str, Callable[[], object]] = {
            "send_back": lambda: decide.send_back(desk, case.reference, SPOKEN),
            "refuse": lambda: refuse(desk, case.reference, Refusal("excessive", SPOKEN)),
            "cancel": lambda: decide.cancel(desk, case.reference),
            "close": lambda: decide.close(desk, case.reference),
        }
        role = REVIEWER if end in {"send_back", "refuse"} else AGENT
        allowed = self.may(who, role) and case.can(end, self.office.now)
        if self.tried(calls[end], allowed=allowed):
            case.go(end)
            if end == "refuse":
                case.refused_by.add(who)

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, step=st.sampled_from(["propose", "confirm", "withdraw"]))
    def refuse_as_abusive(self, who: str, which: int, step: str) -> None:
        """One proposes and another confirms; meanwhile the request may go on, which voids the proposal."""
        case, desk = self.case(which), self.office.desk(who)
        abuse = Refusal("abusive", SPOKEN, AbuseProof(SPOKEN, SPOKEN))
        calls: dict[str, Callable[[], object]] = {
            "propose": lambda: refuse(desk, case.reference, abuse),
            "confirm": lambda: confirm_refusal(desk, case.reference),
            "withdraw": lambda: withdraw_refusal(desk, case.reference, SPOKEN),
        }
        second = who not in {case.proposed_by, case.opened_by, case.verified_by}
        fits = {
            "propose": case.proposed_by is None,
            "confirm": case.proposed_by is not None and second,
            "withdraw": case.proposed_by is not None and (second or who == case.proposed_by),
        }
        allowed = self.may(who, REVIEWER) and case.can("refuse", self.office.now) and fits[step]
        if self.tried(calls[step], allowed=allowed):
            event(f"abusive: {step}")
            if step == "confirm":
                case.go("refuse")
            if step != "withdraw":
                case.refused_by.add(who)
            case.proposed_by = who if step == "propose" else None

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, step=st.sampled_from(["complain", "acknowledge", "answer"]))
    def complaint(self, who: str, which: int, step: str) -> None:
        """In any state; whoever decided the request does not answer the complaint about it."""
        case, desk = self.case(which), self.office.desk(who)
        waits = [number for number, state in enumerate(case.complaints, 1) if state != "answered"]
        number = waits[0] if waits else 1
        calls: dict[str, Callable[[], object]] = {
            "complain": lambda: complain(desk, None, case.reference, NewComplaint(SPOKEN)),
            "acknowledge": lambda: acknowledge(desk, None, case.reference, number),
            "answer": lambda: answer(desk, case.reference, SPOKEN, number),
        }
        fits = {
            "complain": True,
            "acknowledge": bool(waits) and case.complaints[number - 1] == "received",
            "answer": bool(waits) and who not in case.decided_by,
        }
        if self.tried(calls[step], allowed=self.may(who, AGENT, REVIEWER) and fits[step]):
            event(f"complaint: {step} while {case.state}")
            if step == "complain":
                case.complaints.append("received")
            else:
                case.complaints[number - 1] = {"acknowledge": "acknowledged", "answer": "answered"}[step]

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, to=st.sampled_from(["ada", "ray", "bea", "nia"]), writes=st.booleans())
    def note_or_assign(self, who: str, which: int, to: str, *, writes: bool) -> None:
        """Writes a note in any state, or assigns a request that has not ended."""
        case, desk = self.case(which), self.office.desk(who)
        allowed = self.may(who, AGENT, REVIEWER)
        if writes:
            self.tried(lambda: decide.note(desk, case.reference, SPOKEN), allowed=allowed)
            return
        allowed = allowed and case.state not in ENDED and self.may(to, *Role)
        self.tried(lambda: decide.assign(desk, case.reference, to), allowed=allowed)

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH)
    def look(self, who: str, which: int) -> None:
        """Whoever shows records whole is in the trail; whoever reads a file changes nothing."""
        case, desk = self.case(which), self.office.desk(who)
        if not self.may(who, AGENT, REVIEWER, Role.AUDITOR):
            self.tried(lambda: request_file(desk, case.reference), allowed=False)
        allowed = (
            self.may(who, REVIEWER) and case.draft is not None and self.sees(who, frozenset({"records"}))
        )
        self.tried(lambda: page(desk, case.reference, "records", 1, 9, whole=True), allowed=allowed)

    @rule(who=st.sampled_from(["fay", "fay", "ada", "aud"]), name=st.sampled_from(["kim", "abe", "nia"]),
          role=st.sampled_from([AGENT, REVIEWER]), ends=st.booleans())  # fmt: skip
    def give_role(self, who: str, name: str, role: Role, *, ends: bool) -> None:
        desk, now = self.office.desk(who), self.office.now
        allowed = self.may(who, Role.ADMINISTRATOR)
        if not ends:
            given = Grant(name, "acme", role, now)
            if self.tried(lambda: staff.give_role(desk, given), allowed=allowed):
                self.grants.append(Held(name, "acme", role, since=self.office.now))
        elif self.tried(lambda: staff.end_role(desk, name, "acme", role), allowed=allowed):
            self.grants = [h for h in self.grants if (h.name, h.role) != (name, role)]

    @rule(
        by=st.sampled_from(
            [timedelta(minutes=2), timedelta(minutes=2), timedelta(hours=-1), timedelta(days=1)]
        )
    )
    def set_clock(self, by: timedelta) -> None:
        """The clock is moved; it may be set back to before what was done last."""
        self.office.now += by

    @invariant()
    def everything_is_as_the_model_says(self) -> None:
        check_trail(self.office)
        check_files(self.office, self.cases)
        check_no_marker(self.office)
        for case in self.cases:
            event(f"state: {case.state}")
            check_row(self.office, case)
