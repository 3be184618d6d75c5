"""Who may still approve a request, as a package that waits for nobody must be noticed; and the approval itself."""

from collections.abc import Iterable, Set

from dsar_export.model.approval import ApprovalPolicy
from dsar_export.model.decision import Decision
from dsar_export.model.register import Register
from dsar_export.requests.decisions import ListedDecision, decisions_hash, decisions_of
from dsar_export.requests.four_eyes import TookPart, who_may_approve
from dsar_export.requests.people import grants_at, subjects
from dsar_export.requests.requests import ListedRequest
from dsar_export.requests.states import Action
from dsar_export.requests.transitions import move
from dsar_export.use_cases.desk import Act


def approvers(act: Act, register: Register, listed: ListedRequest, datasets: Set[str]) -> tuple[str, ...]:
    """The people who may approve a request with these datasets now, by name."""
    decisions = decisions_of(act.connection, listed.reference, act.desk.vault)
    grants = grants_at(act.connection, act.at, listed.controller)
    allowed = who_may_approve(grants, policy_of(register, listed), took_part(listed, decisions), datasets)
    themselves = subjects(act.connection, listed.reference)
    return tuple(name for name in allowed if name not in themselves)


def policy_of(register: Register, listed: ListedRequest) -> ApprovalPolicy:
    """How the register has the packages of this controller and these rights approved."""
    return register.organisation.controllers[listed.controller].approval_of(*listed.rights)


def took_part(listed: ListedRequest, decisions: Iterable[Decision | ListedDecision]) -> TookPart:
    """The people who formed what the package will hold."""
    deciders = frozenset(d.by for d in decisions if d.kind.shapes_the_package)
    if listed.mandate_by is not None:  # the scope decides what is in it
        deciders |= {listed.mandate_by}
    return TookPart(listed.opened_by, listed.corrected_by, listed.verified_by, listed.collected_by, deciders)


def record_approval(act: Act, listed: ListedRequest, by: str, reason_code: str | None = None) -> None:
    """Approves the Draft with the decisions as they are now; whoever may do so was decided before."""
    seen = decisions_hash(decisions_of(act.connection, listed.reference, act.desk.vault))
    move(
        act.connection,
        listed.reference,
        listed.version,
        Action.APPROVE,
        act.at,
        approved_ledger_hash=listed.ledger_hash,
        approved_decisions_hash=seen,
        approved_by=by,
    )
    details = {"ledger": listed.ledger_hash or "", "decisions": seen}
    act.append("approve", listed.reference, listed.controller, details, reason_code)
