"""Identifiers in the order in which a person expects them."""

from dsar_export.model.request import Identifier


def test_numbers_in_identifiers_sort_as_numbers() -> None:
    values = ["\u0663", "9" * 5_000, "C-10a", "C-10", "C-9", "100", "010", "10", "9", ""]
    made = [Identifier("customer_id", value) for value in values]
    in_order = [i.value for i in sorted(made)]
    assert in_order == ["", "9", "010", "10", "100", "9" * 5_000, "C-9", "C-10", "C-10a", "\u0663"]
    assert sorted([Identifier("b", "1"), Identifier("a", "2")])[0].kind == "a"
