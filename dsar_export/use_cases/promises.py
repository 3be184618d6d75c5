"""Answers every promise of the privacy notice from the datasets that were searched."""

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
    if not answering:  # one notice covers several companies; data that another one holds is not "none"
        return PromiseAnswer(promise, Answer.NOT_SEARCHED, 0, elsewhere=True)
    records = sum(a.outcome.written + a.outcome.nonconforming for a in answering)
    names = tuple(a.dataset.name for a in answering)
    return PromiseAnswer(promise, _combined(answering, gaps), records, datasets=names)


def _combined(answering: Sequence[DatasetAnswer], gaps: Sequence[Gap]) -> Answer:
    outcomes = [a.outcome for a in answering]
    # A dataset that was withheld completely decides, even if another one was not.
    if any(o.withheld and not o.written + o.nonconforming for o in outcomes):
        return Answer.WITHHELD
    if any(o.written + o.nonconforming for o in outcomes):
        return Answer.PRESENT
    # The promised data may be in a part of the source that was not searched, so "none" is not certain.
    missed = any(in_gap(a.dataset, gaps) for a in answering)
    return Answer.NOT_OBTAINED if missed else Answer.NONE_HELD
