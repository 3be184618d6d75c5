"""Moves the day on which an answer is due, and writes letters, with a clock that is moved itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from dsar_export.model.clock import DueDate, Ground, Milestones, Pause
from dsar_export.model.letter import LetterKind
from dsar_export.requests.due_dates import due_date
from dsar_export.use_cases.clocks import local_day, rules_for
from dsar_export.use_cases.due import extend, pause, resume
from dsar_export.use_cases.letter_matter import Given
from dsar_export.use_cases.letters import LetterOrder, letter_for, mailed_letter
from tests.use_cases.machine_rules.every_step import AGENT, REVIEWER, SOMEBODY, WHICH, BaseMachine
from tests.use_cases.offices import RECEIVED, SPOKEN
from tests.use_cases.request_model import ANSWERED, ENDED, Case, Wait, contacts_of

_WITH_TEXT: Final = frozenset({LetterKind.QUESTION, LetterKind.REFUSAL})


class ClockRules(BaseMachine):
    """The clock of each request, and of the office."""

    def due(self, case: Case) -> DueDate:
        """The pure function is tested for itself; here it says what is still possible."""
        register = self.office.services.register
        pauses = tuple(Pause(Ground(w.ground), w.since, w.until) for w in case.waits)
        milestones = Milestones(RECEIVED, pauses, case.extended)
        return due_date(rules_for(register, "acme"), milestones, local_day(register, "acme", self.office.now))

    @precondition(lambda self: self.cases)
    @rule(
        who=SOMEBODY,
        which=WHICH,
        what=st.sampled_from(["extend", "resume", "clarification", "identity", "fee"]),
    )
    def change_due_day(self, who: str, which: int, what: str) -> None:
        case, desk, register = self.case(which), self.office.desk(who), self.office.services.register
        due, today = self.due(case), local_day(register, "acme", self.office.now)
        waiting = next((wait for wait in case.waits if wait.until is None), None)
        calls: dict[str, Callable[[], object]] = {
            "extend": lambda: extend(desk, register, case.reference, SPOKEN),
            "resume": lambda: resume(desk, register, case.reference),
        }
        fits = {
            "extend": not case.extended and today <= due.latest_to_extend,
            "resume": waiting is not None,
        }
        on_time = waiting is None and today <= due.day
        fit = fits.get(what, on_time and not (what == "identity" and case.verified_by is not None))
        call = calls.get(what, lambda: pause(desk, register, case.reference, Ground(what)))
        allowed = self.handles(who, case, AGENT, REVIEWER) and case.state not in ENDED | ANSWERED and fit
        if not self.tried(call, allowed=allowed):
            return
        event(f"clock: {what}")
        if what == "extend":
            case.extended = True
        elif what == "resume" and waiting is not None:
            waiting.until = max(waiting.since, self.office.now)
        else:
            case.waits.append(Wait(what, max(RECEIVED, self.office.now)))

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, kind=st.sampled_from(LetterKind), mails=st.booleans())
    def letter(self, who: str, which: int, kind: LetterKind, *, mails: bool) -> None:
        """Changes nothing of the request; one that is mailed waits in the outbox."""
        case, desk, services = self.case(which), self.office.desk(who), self.office.services
        order = LetterOrder(kind, given=Given(SPOKEN if kind in _WITH_TEXT else None))
        allowed = self.handles(who, case, AGENT, REVIEWER) and self.letter_fits(case, kind)
        if not mails:
            self.tried(lambda: letter_for(desk, services.register, case.reference, order), allowed=allowed)
            return
        before = len(self.office.rows()["outbox"])
        allowed = allowed and not case.has_agent and bool(contacts_of(case.proven))
        if self.tried(lambda: mailed_letter(desk, services, case.reference, order), allowed=allowed):
            event("letter: mailed")
            assert len(self.office.rows()["outbox"]) == before + 1

    def letter_fits(self, case: Case, kind: LetterKind) -> bool:
        """Whether the state and what the file holds allow a letter of this kind."""
        if kind is LetterKind.COMPLAINT:
            return self.has_one_day_of_complaint(case)
        unanswered = case.state not in ENDED | ANSWERED
        return {
            LetterKind.ACKNOWLEDGEMENT: unanswered and not self.due(case).overdue,
            LetterKind.QUESTION: unanswered,
            LetterKind.EXTENSION: unanswered and case.extended,
            LetterKind.REFUSAL: case.state == "refused",
            LetterKind.GAP: unanswered and case.draft is not None and case.unread,
            LetterKind.DELIVERY: case.state in ANSWERED and case.has_files,
            LetterKind.NOTHING_HELD: case.state == "closed" and case.package is None,
            LetterKind.OUTCOME: any(each.state == "answered" for each in case.complaints),
        }[kind]

    def has_one_day_of_complaint(self, case: Case) -> bool:
        """Whether the letter can name the day: of the only complaint that is open, or of the last."""
        register = self.office.services.register
        waiting = [each for each in case.complaints if each.state != "answered"]
        days = {local_day(register, "acme", each.at) for each in waiting or case.complaints[-1:]}
        return len(days) == 1 and max(days) <= local_day(register, "acme", self.office.now)

    @rule(
        by=st.sampled_from(
            [
                timedelta(minutes=2),
                timedelta(minutes=2),
                timedelta(hours=-1),
                timedelta(days=1),
                timedelta(days=20),
            ]
        )
    )
    def set_clock(self, by: timedelta) -> None:
        """The clock is moved; it may be set back to before what was done last."""
        self.office.now += by
