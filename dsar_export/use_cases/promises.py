"""Answers every promise of the privacy notice from the datasets that were searched."""

from collections.abc import Mapping, Sequence, Set

from dsar_export.export.ledger import Ledger
from dsar_export.model.dataset import Dataset
from dsar_export.model.outcome import Answer, Gap, in_gap
from dsar_export.model.package import DatasetAnswer, NotCovered, PromiseAnswer
from dsar_export.model.register import Promise, Register


def answer_promises(
    register: Register,
    answers: Sequence[DatasetAnswer],
    gaps: Sequence[Gap],
    not_covered: Sequence[NotCovered] = (),
) -> tuple[PromiseAnswer, ...]:
    """Every promise with its answer, in the register's order."""
    outside = {each.dataset.name for each in not_covered}
    return tuple(_answer(promise, answers, gaps, outside) for promise in register.organisation.promises)


def _answer(
    promise: Promise, answers: Sequence[DatasetAnswer], gaps: Sequence[Gap], not_covered: Set[str]
) -> PromiseAnswer:
    if promise.not_searched is not None:
        return PromiseAnswer(promise, Answer.NOT_SEARCHED, 0)
    answering = [a for a in answers if a.dataset.name in promise.datasets]
    outside = tuple(name for name in promise.datasets if name in not_covered)
    if (
        not answering and not outside
    ):  # one notice covers several companies; data that another one holds is not "none"
        return PromiseAnswer(promise, Answer.NOT_SEARCHED, 0, elsewhere=True)
    records = sum(a.outcome.written + a.outcome.nonconforming for a in answering)
    names = tuple(a.dataset.name for a in answering)
    answer = _combined(answering, gaps)
    if outside and answer is Answer.NONE_HELD:  # nobody looked outside an agent's mandate
        answer = Answer.NOT_SEARCHED
    return PromiseAnswer(promise, answer, records, datasets=names, not_covered=outside)


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


def promises_in_draft(register: Register, ledger: Ledger) -> tuple[tuple[Promise, Answer], ...]:
    """Every promise of the ledger's controller as the Draft answers it; what is withheld is decided later."""
    datasets = {d.name: d for d in register.datasets_of(ledger.controller)}
    promises = register.for_controller(ledger.controller).organisation.promises
    return tuple((promise, _in_draft(promise, datasets, ledger)) for promise in promises)


def _in_draft(promise: Promise, datasets: Mapping[str, Dataset], ledger: Ledger) -> Answer:
    answering = [datasets[name] for name in promise.datasets if name in datasets and ledger.covers(name)]
    if promise.not_searched is not None or not answering:
        return Answer.NOT_SEARCHED
    found = [ledger.datasets[d.name] for d in answering if d.name in ledger.datasets]
    if any(entry.tally.read for entry in found):
        return Answer.PRESENT
    # A source that could not be read has no entry; what it holds is not known to be nothing.
    if len(found) < len(answering) or any(in_gap(dataset, ledger.gaps) for dataset in answering):
        return Answer.NOT_OBTAINED
    return Answer.NONE_HELD if len(answering) == len(promise.datasets) else Answer.NOT_SEARCHED
