"""Records come back from their lines with every digit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsar_export.export.record_lines import as_json, from_json, lines_of, values_of
from dsar_export.model.outcome import Nonconforming, Reason

SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5) | st.decimals(allow_nan=False, allow_infinity=False, places=3)
)  # fmt: skip
VALUES = st.dictionaries(
    st.text(max_size=4), st.recursive(SCALARS, lambda v: st.lists(v, max_size=3), max_leaves=4), max_size=4
)


@given(st.lists(VALUES, max_size=4))
def test_lines_come_back_with_every_digit(values: list[dict[str, object]]) -> None:
    lines = lines_of(values)
    assert lines_of(values_of(lines.joined, exactly=lines.exact)).joined == lines.joined


@pytest.mark.parametrize(
    ("value", "exact"), [(Decimal("2.50"), True), (2.5, False), (1e-7, False), (3, False)]
)
def test_numbers_with_their_own_digits_are_read_exactly(value: object, *, exact: bool) -> None:
    lines = lines_of([{"a": value}])
    assert lines.exact is exact
    assert lines_of(values_of(lines.joined, exactly=exact)).joined == lines.joined


def test_a_row_kept_beside_comes_back() -> None:
    row = Nonconforming(7, (Reason("/a", "integer"), Reason("/b", "date")), {"a": "many", "b": None})
    assert from_json(as_json(row)) == row
