"""Each promise of the notice gets one answer, with the datasets that give it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from dsar_export.model.message import Message
from dsar_export.model.outcome import Answer, Gap
from dsar_export.model.package import DatasetAnswer, PromiseAnswer
from dsar_export.model.register import NotSearched, Promise
from dsar_export.use_cases.promises import answer_promises
from tests.builders import contents, dataset_answer, not_covered

ORDERS = dataset_answer("orders", [{"id": "1"}, {"id": "2"}])
EMPTY = dataset_answer("letters")
WITHHELD = dataset_answer("scores", withheld=3)


def answered(
    *answers: DatasetAnswer, gap: Gap | None = None, outside: Sequence[DatasetAnswer] = (), **promise: object
) -> PromiseAnswer:
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
    others = [not_covered(answer) for answer in outside]
    (result,) = answer_promises(replace(register, organisation=organisation), answers, gaps, others)
    return result


@pytest.mark.parametrize(
    ("answers", "came_to", "records"),
    [
        ((ORDERS, EMPTY), Answer.PRESENT, 2),
        ((dataset_answer("orders", nonconforming=1),), Answer.PRESENT, 1),
        ((EMPTY,), Answer.NONE_HELD, 0),
        ((ORDERS, WITHHELD), Answer.WITHHELD, 2),
    ],
)
def test_the_answer_to_a_promise_follows_from_its_datasets(
    answers: tuple[DatasetAnswer, ...], came_to: Answer, records: int
) -> None:
    result = answered(*answers)
    assert (result.answer, result.records, result.elsewhere) == (came_to, records, False)
    assert result.datasets == tuple(answer.dataset.name for answer in answers)


def test_a_dataset_that_is_not_promised_answers_nothing() -> None:
    result = answered(ORDERS, EMPTY, datasets=("letters",))
    assert (result.answer, result.records, result.datasets) == (Answer.NONE_HELD, 0, ("letters",))


@pytest.mark.parametrize(
    ("gap", "came_to"),
    [
        (Gap("shop_database", None, Message("not searched")), Answer.NOT_OBTAINED),
        (Gap("archive", None, Message("not searched")), Answer.NONE_HELD),
    ],
)
def test_nothing_found_beside_a_part_that_was_not_searched_is_not_none_held(
    gap: Gap, came_to: Answer
) -> None:
    assert answered(EMPTY, gap=gap).answer is came_to


def test_data_that_only_another_company_keeps_is_shown_as_elsewhere_without_a_reason_of_ours() -> None:
    result = answered(datasets=("cards",))
    assert (result.answer, result.elsewhere, result.datasets) == (Answer.NOT_SEARCHED, True, ())
    assert result.promise.not_searched is None


def test_data_that_was_not_searched_for_a_reason_is_not_elsewhere() -> None:
    why = NotSearched(ground="g", effort="e", decided_by="d")
    result = answered(ORDERS, datasets=(), not_searched=why)
    assert (result.answer, result.elsewhere, result.promise.not_searched) == (
        Answer.NOT_SEARCHED,
        False,
        why,
    )


@pytest.mark.parametrize(
    ("answers", "came_to"),
    [
        ((), Answer.NOT_SEARCHED),
        ((EMPTY,), Answer.NOT_SEARCHED),
        ((ORDERS,), Answer.PRESENT),
        ((WITHHELD,), Answer.WITHHELD),
    ],
)
def test_what_a_mandate_does_not_cover_is_never_none_held_nor_elsewhere(
    answers: tuple[DatasetAnswer, ...], came_to: Answer
) -> None:
    result = answered(
        *answers, outside=[dataset_answer("cards")], datasets=("orders", "letters", "scores", "cards")
    )
    assert (result.answer, result.elsewhere, result.not_covered) == (came_to, False, ("cards",))
    assert result.datasets == tuple(answer.dataset.name for answer in answers)
