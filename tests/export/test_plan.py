"""A dataset is compiled once for a controller, a right and a day, and serves every person."""

from datetime import date

import pytest

from dsar_export.export.plan import Plans
from dsar_export.model.request import Right
from dsar_export.model.source import Chunk
from tests.export.rows import register, row

TODAY = date(2026, 11, 29)


@pytest.fixture
def plans() -> Plans:
    return Plans(register())


def test_it_is_compiled_once_a_day(plans: Plans) -> None:
    first = plans.of("acme", Right.ACCESS, TODAY)
    assert list(first) == [dataset.name for dataset in register().datasets]
    assert plans.of("acme", Right.ACCESS, TODAY) is first
    assert plans.of("acme", Right.PORTABILITY, TODAY) is not first
    assert plans.of("acme", Right.ACCESS, TODAY) is first


def test_a_new_day_compiles_anew_because_storage_periods_end(plans: Plans) -> None:
    first = plans.of("acme", Right.ACCESS, TODAY)
    assert plans.of("acme", Right.ACCESS, date(2026, 11, 30)) is not first
    assert plans.of("acme", Right.ACCESS, TODAY) is not first


def test_it_keeps_nothing_of_a_person(plans: Plans) -> None:
    plan = plans.of("acme", Right.ACCESS, TODAY)["records"]
    one, other = (
        plan.validator.validate(plan.conversions.normalise(Chunk([row(number=n, text=text)]))).records
        for n, text in ((1, "one"), (2, "two"))
    )
    assert [record["text"] for record in (*one, *other)] == ["one", "two"]
    assert plan.digester() is not plan.digester()
