"""What each promise of the privacy notice came to: none stays without an answer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dsar_export.model.outcome import Answer, Gap
from dsar_export.model.package import DatasetAnswer, PromiseAnswer
from dsar_export.model.register import Promise, Register

_ELSEWHERE: Final = "It is kept by another company that the notice names. Ask them for it."


def answer_promises(
    register: Register, answers: Sequence[DatasetAnswer], gaps: Sequence[Gap]
) -> tuple[PromiseAnswer, ...]:
    """Every promise with its answer, in the register's order."""
    return tuple(_answer(promise, answers, gaps) for promise in register.organisation.promises)


def _answer(promise: Promise, answers: Sequence[DatasetAnswer], gaps: Sequence[Gap]) -> PromiseAnswer:
    if promise.not_searched is not None:
        return PromiseAnswer(promise, Answer.NOT_SEARCHED, 0)
    answering = [a for a in answers if a.dataset.name in promise.datasets]
    outcomes = [a.outcome for a in answering]
    if not outcomes:  # the notice speaks for several companies: what another one holds is not "none"
        elsewhere = replace(promise, not_searched=_ELSEWHERE)
        return PromiseAnswer(elsewhere, Answer.NOT_SEARCHED, 0)
    told = sum(o.written + o.nonconforming for o in outcomes)
    # A dataset that was withheld whole is not made good by another that was not.
    if any(o.withheld and not o.written + o.nonconforming for o in outcomes):
        return PromiseAnswer(promise, Answer.WITHHELD, told)
    if told:
        return PromiseAnswer(promise, Answer.PRESENT, told)
    # What was not searched in the same source may be what was promised: "none" is not known then.
    unsearched = {gap.source for gap in gaps if gap.dataset is None}
    in_gap = any(a.gaps or a.dataset.source in unsearched for a in answering)
    return PromiseAnswer(promise, Answer.NOT_OBTAINED if in_gap else Answer.NONE_HELD, 0)
