"""Customers and employees in one database: each gets all of their own rows of one kind, and no others."""

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.shops import Shop
from tests.use_cases.firms import by_number, firm, texts, written

pytestmark = pytest.mark.usefixtures("one_salt")
TIMES: Final = int(os.environ.get("PROPERTY_TIMES", "1"))
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
DATASETS: Final = {"customers": "orders", "employees": "salaries"}
people = st.dictionaries(st.integers(1, 4), st.sampled_from("abcd"), max_size=3).filter(
    lambda found: len(set(found.values())) == len(found)
)
"""People of one kind: each number with an address that none of the others has."""


def rows_of(kind: str, found: Mapping[int, str]) -> list[str]:
    """The statements that insert people with two rows each."""
    dataset = DATASETS[kind]
    return [
        statement
        for number, name in found.items()
        for statement in (
            f"INSERT INTO {kind} VALUES ({number}, '{name}@example.org')",
            f"INSERT INTO {dataset} VALUES ({number}, {number}, '{kind}-{number}')",
            f"INSERT INTO {dataset} VALUES ({number + 10}, {number}, '{kind}-{number}-again')",
        )
    ]


@pytest.mark.parametrize(
    ("made_by", "numbers"), [(firm, ("customer_id", "employee_id")), (by_number, ("number",) * 2)]
)
@settings(max_examples=6 * TIMES, deadline=None, phases=PHASES)
@given(customers=people, employees=people)
def test_people_get_their_own_rows_of_the_kind_that_they_ask_as(
    made_by: Callable[[Path], Shop],
    numbers: tuple[str, str],
    customers: dict[int, str],
    employees: dict[int, str],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        everybody = {"customers": customers, "employees": employees}
        rows = [row for kind, found in everybody.items() for row in rows_of(kind, found)]
        made = written(made_by(Path(folder)), *(rows or ["SELECT 1"]))
        for (kind, found), word in zip(everybody.items(), numbers, strict=True):
            for number, name in found.items():
                own = {DATASETS[kind]: [f"{kind}-{number}", f"{kind}-{number}-again"]}
                assert texts(made, kind, f"{word}={number}") == own
                assert texts(made, kind, f"email={name}@example.org") == own
            for stranger in {*"abcd"} - {*found.values()}:
                assert texts(made, kind, f"email={stranger}@example.org") == {DATASETS[kind]: []}
