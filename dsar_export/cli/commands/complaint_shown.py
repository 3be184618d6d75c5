"""Complaints and a proposed refusal as `request show` has them, to people and as JSON."""

from collections.abc import Iterator
from datetime import datetime

from dsar_export.language.zones import moment_text
from dsar_export.model.complaint import ComplaintOutcome
from dsar_export.use_cases.complaining import WaitingComplaint
from dsar_export.use_cases.look_up import RequestFile


def still_to_do(complaint: WaitingComplaint) -> str:
    """What the person still waits for, and until when that is in time."""
    if not complaint.listed.is_open:
        return "answered" if complaint.listed.outcome is None else _words(complaint.listed.outcome)
    if not complaint.listed.waits_for_acknowledgement:
        return "answer without undue delay"
    if complaint.acknowledge_by is None:
        return "acknowledge and answer without undue delay"
    late = ", overdue" if complaint.overdue else ""
    return f"acknowledge or answer by {complaint.acknowledge_by}{late}"


def complaint_facts(file: RequestFile) -> Iterator[tuple[str, str]]:
    """A line about each complaint."""
    for _, waiting in file.complaints:
        listed = waiting.listed
        at = moment_text(listed.received_at, file.zone)
        received = f"received {at} by {listed.channel.replace('_', ' ')}"
        yield f"complaint {listed.number}", f"{received}; {still_to_do(waiting)}{_by_whom(waiting)}"


def complaint_lines(file: RequestFile) -> Iterator[str]:
    """The texts of complaints and answers."""
    for complaint, waiting in file.complaints:
        number, listed = complaint.listed.number, waiting.listed
        yield f"complaint {number}, recorded by {listed.by}: {complaint.text}"
        if listed.answered_at is not None:
            answered = f"{listed.answered_by}, {moment_text(listed.answered_at, file.zone)}"
            outcome = "" if listed.outcome is None else f" ({_words(listed.outcome)})"
            yield f"answer to complaint {number}{outcome} by {answered}: {complaint.answer}"


def complaints_json(file: RequestFile) -> list[dict[str, object]]:
    """The complaints in `show --json`."""
    return [
        {**listed_complaint_json(waiting), "text": complaint.text, "answer": complaint.answer}
        for complaint, waiting in file.complaints
    ]


def listed_complaint_json(waiting: WaitingComplaint) -> dict[str, object]:
    """A complaint in `complaints --json`: none of its text."""
    listed = waiting.listed
    return {
        "reference": listed.reference,
        "number": listed.number,
        "controller": waiting.controller,
        "received_at": listed.received_at.isoformat(),
        "channel": listed.channel,
        "by": listed.by,
        "acknowledged_at": _iso(listed.acknowledged_at),
        "acknowledged_by": listed.acknowledged_by,
        "answered_at": _iso(listed.answered_at),
        "answered_by": listed.answered_by,
        "outcome": listed.outcome,
        "acknowledge_by": waiting.acknowledge_by and waiting.acknowledge_by.isoformat(),
        "overdue": waiting.overdue,
        "may_answer": list(waiting.may_answer),
    }


def proposal_fact(file: RequestFile) -> str | None:
    """A refusal that waits for a second person, and for whom."""
    proposed = file.proposed_refusal
    if proposed is None:
        return None
    may = ", ".join(proposed.may_confirm) or "nobody left: add a reviewer"
    return f"{proposed.decision.ground}, by {proposed.decision.by}; may confirm: {may}"


def proposal_lines(file: RequestFile) -> Iterator[str]:
    """What a second person decides by."""
    if file.proposed_refusal is None:
        return
    proposal = file.proposed_refusal.decision
    yield f"reason of the proposed refusal: {proposal.reason}"
    if proposal.proof is not None:
        yield f"what shows that the purpose is another: {proposal.proof.objective}"
        yield f"what shows the intent to abuse: {proposal.proof.subjective}"


def proposal_json(file: RequestFile) -> dict[str, object] | None:
    """The same in `show --json`."""
    proposed = file.proposed_refusal
    if proposed is None:
        return None
    proposal = proposed.decision
    return {
        "ground": proposal.ground,
        "by": proposal.by,
        "at": proposal.at.isoformat(),
        "reason": proposal.reason,
        "objective": None if proposal.proof is None else proposal.proof.objective,
        "subjective": None if proposal.proof is None else proposal.proof.subjective,
        "may_confirm": list(proposed.may_confirm),
    }


def _by_whom(waiting: WaitingComplaint) -> str:
    if not waiting.listed.is_open:
        return f" by {waiting.listed.answered_by}"
    return f"; may answer: {', '.join(waiting.may_answer) or 'nobody left: add an agent or a reviewer'}"


def _words(outcome: ComplaintOutcome) -> str:
    return outcome.replace("_", " ")


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
