"""Every promise of the notice has an answer."""

from pathlib import Path

import pytest

from tests.register_check.changed import begins, changed, problems
from tests.register_check.test_companies import COLUMNS, KEY, LINKS, SHARED

PROMISED = 'datasets = ["records"]\n\n[[links]]'
NOT_SEARCHED = 'not_searched = { ground = "g", effort = "e", decided_by = "a role" }\n\n[[links]]'
OF_SPA = {**KEY, "order_by": 'controllers = ["spa"]\norder_by'}
TABLE_LEFT_OUT = {"left_out = {": 'left_out = { records = { reason = "not_personal", note = "spa\'s only" },'}


def of_two_companies(folder: Path, promise: str) -> list[str]:
    """The findings for a promise if its only dataset belongs to one of two companies."""
    register = {**SHARED, **LINKS, **TABLE_LEFT_OUT, PROMISED: promise}
    return problems(changed(folder, register=register, dataset=OF_SPA, statement=COLUMNS))


def test_a_promise_that_was_not_searched_has_its_ground_effort_and_who_decided(tmp_path: Path) -> None:
    assert problems(changed(tmp_path, register=(PROMISED, NOT_SEARCHED))) == []


@pytest.mark.parametrize("key", ["ground", "effort", "decided_by"])
def test_ground_effort_and_decision_must_not_be_empty(key: str, tmp_path: Path) -> None:
    texts = {"ground": '"g"', "effort": '"e"', "decided_by": '"a role"'}
    empty = NOT_SEARCHED.replace(texts[key], '" "')
    found = problems(changed(tmp_path, register=(PROMISED, empty)))
    assert begins(found, f"register.toml: promises.0.not_searched.{key}: is empty, but shown to the person")


def test_a_promise_whose_dataset_is_another_companys_only_is_found(tmp_path: Path) -> None:
    mistaken = PROMISED.replace("\n\n[[links]]", '\ncontrollers = ["acme"]\n\n[[links]]')
    found = of_two_companies(tmp_path, mistaken)
    assert begins(
        found,
        "register.toml: promises.0.datasets: none of the controllers that promise it has the dataset 'records'; ",
    )


@pytest.mark.parametrize("controllers", ['controllers = ["spa"]', 'controllers = ["acme", "spa"]', ""])
def test_a_promise_that_one_of_the_companies_answers_is_no_finding(controllers: str, tmp_path: Path) -> None:
    promise = PROMISED.replace("\n\n[[links]]", f"\n{controllers}\n\n[[links]]")
    assert of_two_companies(tmp_path, promise) == []
