"""What each promise of the privacy notice came to: none stays without an answer."""

from collections.abc import Sequence

from dsar_export.model.outcome import Answer, Gap, in_gap
from dsar_export.model.package import DatasetAnswer, PromiseAnswer
from dsar_export.model.register import Promise, Register


def answer_promises(
    register: Register, answers: Sequence[DatasetAnswer], gaps: Sequence[Gap]
) -> tuple[PromiseAnswer, ...]:
    """Every promise with its answer, in the register's order."""
    return tuple(_answer(promise, answers, gaps) for promise in register.organisation.promises)


def _answer(promise: Promise, answers: Sequence[DatasetAnswer], gaps: Sequence[Gap]) -> PromiseAnswer:
    if promise.not_searched is not None:
        return PromiseAnswer(promise, Answer.NOT_SEARCHED, 0)
    answering = [a for a in answers if a.dataset.name in promise.datasets]
    if not answering:  # the notice speaks for several companies: what another one holds is not "none"
        return PromiseAnswer(promise, Answer.NOT_SEARCHED, 0, elsewhere=True)
    told = sum(a.outcome.written + a.outcome.nonconforming for a in answering)
    names = tuple(a.dataset.name for a in answering)
    return PromiseAnswer(promise, _came_to(answering, gaps), told, datasets=names)


def _came_to(answering: Sequence[DatasetAnswer], gaps: Sequence[Gap]) -> Answer:
    outcomes = [a.outcome for a in answering]
    # A dataset that was withheld whole is not made good by another that was not.
    if any(o.withheld and not o.written + o.nonconforming for o in outcomes):
        return Answer.WITHHELD
    if any(o.written + o.nonconforming for o in outcomes):
        return Answer.PRESENT
    # What was not searched in the same source may be what was promised: "none" is not known then.
    missed = any(in_gap(a.dataset, gaps) for a in answering)
    return Answer.NOT_OBTAINED if missed else Answer.NONE_HELD
