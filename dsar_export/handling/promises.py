"""What each promise of the privacy notice came to: none stays without an answer."""

from collections.abc import Sequence

from dsar_export.model.outcome import Answer
from dsar_export.model.package import DatasetAnswer, PromiseAnswer
from dsar_export.model.register import Promise, Register


def answer_promises(register: Register, answers: Sequence[DatasetAnswer]) -> tuple[PromiseAnswer, ...]:
    """Every promise with its answer, in the register's order."""
    return tuple(_answer(promise, answers) for promise in register.organisation.promises)


def _answer(promise: Promise, answers: Sequence[DatasetAnswer]) -> PromiseAnswer:
    if promise.not_searched is not None:
        return PromiseAnswer(promise, Answer.NOT_SEARCHED, 0)
    outcomes = [a.outcome for a in answers if a.dataset.name in promise.datasets]
    told = sum(o.written + o.nonconforming for o in outcomes)
    if told:
        return PromiseAnswer(promise, Answer.PRESENT, told)
    withheld = sum(o.withheld for o in outcomes)
    return PromiseAnswer(promise, Answer.WITHHELD if withheld else Answer.NONE_HELD, 0)
