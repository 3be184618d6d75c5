"""Decisions about a request as `request show` has them, to people and as JSON."""

from collections.abc import Iterator

from dsar_export.language.zones import moment_text
from dsar_export.model.decision import Decision, DecisionKind
from dsar_export.requests.states import State
from dsar_export.use_cases.look_up import RequestFile


def decision_facts(file: RequestFile) -> Iterator[tuple[str, str]]:
    """The ground of a refusal, and the sources whose gaps are accepted in the Draft as it is."""
    refusals = [each for each in file.decisions if each.kind is DecisionKind.REFUSE]
    if refusals and file.request.listed.state is State.REFUSED:
        yield "ground", refusals[-1].ground or "not recorded"
    if file.accepted_gaps:
        yield "accepted gaps", ", ".join(source for source, _ in file.accepted_gaps)


def decision_lines(file: RequestFile) -> Iterator[str]:
    """Each decision with its reason; a proposal that is still open is shown by itself."""
    sources = {decision.about: source for source, decision in file.accepted_gaps}
    for decision in file.decisions:
        if file.proposed_refusal is None or decision != file.proposed_refusal.decision:
            what, at = _words(decision, sources.get(decision.about)), moment_text(decision.at, file.zone)
            yield f"{what} by {decision.by}, {at}: {decision.reason}"


def decisions_json(file: RequestFile) -> dict[str, object]:
    """The same in `show --json`."""
    return {
        "decisions": [
            {"kind": d.kind, "by": d.by, "at": d.at.isoformat(), "reason": d.reason, "ground": d.ground}
            for d in file.decisions
        ],
        "accepted_gaps": [
            {"source": source, "by": decision.by, "at": decision.at.isoformat(), "reason": decision.reason}
            for source, decision in file.accepted_gaps
        ],
    }


def _words(decision: Decision, source: str | None) -> str:
    about = source or decision.ground
    return decision.kind.replace("_", " ") + ("" if about is None else f" ({about})")
