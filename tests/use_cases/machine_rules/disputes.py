"""What is disputed: refusals that need two people, and complaints, which somebody else answers."""

from collections.abc import Callable

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from dsar_export.model.complaint import ComplaintOutcome, NewComplaint
from dsar_export.model.refusal import AbuseProof, Refusal
from dsar_export.use_cases.complaining import acknowledge, answer, complain
from dsar_export.use_cases.refusing import confirm_refusal, refuse, withdraw_refusal
from tests.use_cases.machine_rules.every_step import AGENT, REVIEWER, SOMEBODY, WHICH, BaseMachine
from tests.use_cases.offices import RECEIVED, SPOKEN
from tests.use_cases.request_model import Complained


class DisputeRules(BaseMachine):
    """Refusals as abusive, and complaints."""

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
        allowed = self.handles(who, case, REVIEWER) and case.can("refuse", self.office.now) and fits[step]
        if self.tried(calls[step], allowed=allowed):
            event(f"abusive: {step}")
            if step == "confirm":
                case.go("refuse", self.office.now)
            if step != "withdraw":
                case.refused_by.add(who)
            case.proposed_by = who if step == "propose" else None

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, step=st.sampled_from(["complain", "acknowledge", "answer"]))
    def complaint(self, who: str, which: int, step: str) -> None:
        """In any state; whoever decided the request does not answer the complaint about it."""
        case, desk = self.case(which), self.office.desk(who)
        waits = [number for number, each in enumerate(case.complaints, 1) if each.state != "answered"]
        number = waits[0] if waits else 1
        calls: dict[str, Callable[[], object]] = {
            "complain": lambda: complain(desk, None, case.reference, NewComplaint(SPOKEN)),
            "acknowledge": lambda: acknowledge(desk, None, case.reference, number),
            "answer": lambda: answer(desk, case.reference, SPOKEN, number, ComplaintOutcome.UPHELD),
        }
        fits = {
            "complain": True,
            "acknowledge": bool(waits) and case.complaints[number - 1].state == "received",
            "answer": bool(waits) and who not in case.decided_by,
        }
        if not self.tried(calls[step], allowed=self.handles(who, case, AGENT, REVIEWER) and fits[step]):
            return
        event(f"complaint: {step} while {case.state}")
        if step == "complain":
            case.complaints.append(Complained("received", max(RECEIVED, self.office.now)))
        else:
            case.complaints[number - 1].state = {"acknowledge": "acknowledged", "answer": "answered"}[step]
        if step == "answer":
            case.answered_at = max(case.answered_at or self.office.now, self.office.now)
