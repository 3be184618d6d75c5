"""Each promise of the notice gets one answer, with the datasets that give it."""

from dataclasses import replace

import pytest

from dsar_export.model.message import Message
from dsar_export.model.outcome import Answer, Gap
from dsar_export.model.package import DatasetAnswer, PromiseAnswer
from dsar_export.model.register import NotSearched, Promise
from dsar_export.use_cases.promises import answer_promises
from tests.builders import contents, dataset_answer

ORDERS = dataset_answer("orders", [{"id": "1"}, {"id": "2"}])
EMPTY = dataset_answer("letters")
WITHHELD = dataset_answer("scores", withheld=3)


def answered(*answers: DatasetAnswer, gap: Gap | None = None, **promise: object) -> PromiseAnswer:
    """What a promise of three datasets comes to."""
    fields: dict[str, object] = {
        "id": "p",
        "text": "t",
        "datasets": ("orders", "letters", "scores"),
        **promise,
    }
    register = contents(*answers).register
    organisation = replace(register.organisation, promises=(Promise(**fields),))  # type: ignore[arg-type] # its own fields
    gaps = () if gap is None else (gap,)
    (told,) = answer_promises(replace(register, organisation=organisation), answers, gaps)
    return told


@pytest.mark.parametrize(
    ("answers", "came_to", "records"),
    [
        ((ORDERS, EMPTY), Answer.PRESENT, 2),
        ((dataset_answer("orders", nonconforming=1),), Answer.PRESENT, 1),
        ((EMPTY,), Answer.NONE_HELD, 0),
        ((ORDERS, WITHHELD), Answer.WITHHELD, 2),
    ],
)
def test_a_promise_comes_to_what_its_datasets_came_to(
    answers: tuple[DatasetAnswer, ...], came_to: Answer, records: int
) -> None:
    told = answered(*answers)
    assert (told.answer, told.records, told.elsewhere) == (came_to, records, False)
    assert told.datasets == tuple(answer.dataset.name for answer in answers)


def test_a_dataset_that_is_not_promised_answers_nothing() -> None:
    told = answered(ORDERS, EMPTY, datasets=("letters",))
    assert (told.answer, told.records, told.datasets) == (Answer.NONE_HELD, 0, ("letters",))


@pytest.mark.parametrize(
    ("gap", "came_to"),
    [
        (Gap("shop_database", None, Message("not searched")), Answer.NOT_OBTAINED),
        (Gap("archive", None, Message("not searched")), Answer.NONE_HELD),
    ],
)
def test_nothing_found_beside_what_was_not_searched_is_not_none(gap: Gap, came_to: Answer) -> None:
    assert answered(EMPTY, gap=gap).answer is came_to


def test_what_only_another_company_keeps_is_told_as_elsewhere_and_by_no_ground_of_ours() -> None:
    told = answered(datasets=("cards",))
    assert (told.answer, told.elsewhere, told.datasets) == (Answer.NOT_SEARCHED, True, ())
    assert told.promise.not_searched is None


def test_what_was_not_searched_is_not_elsewhere() -> None:
    why = NotSearched(ground="g", effort="e", decided_by="d")
    told = answered(ORDERS, datasets=(), not_searched=why)
    assert (told.answer, told.elsewhere, told.promise.not_searched) == (Answer.NOT_SEARCHED, False, why)
