"""Stored cells as codes, however a database writes numbers."""

import pytest

from dsar_export.model.codes import as_number, by_boolean, by_number, code_of


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("a", "a"),
        ("", ""),
        (7, "7"),
        (7.0, "7.0"),
        (True, "true"),
        (False, "false"),
        (b"\xca\xfe", "cafe"),
        (memoryview(b"\n"), "0a"),
    ],
)
def test_a_code_is_its_cells_text_bytes_are_hexadecimal_and_booleans_as_in_json(
    cell: object, code: str
) -> None:
    assert code_of(cell) == code


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("7", "7"), ("7.0", "7"), ("7.00", "7"), ("7.50", "7.5"), ("-7.0", "-7"), ("0.0", "0"), ("-0.0", "0"),
        ("70", "70"), ("0.07", "0.07"),
        ("07", None), ("7.", None), (".7", None), ("1e3", None), ("+7", None), (" 7", None), ("7\n", None),
        ("\u0667", None), ("", None), ("seven", None),
    ],
)  # fmt: skip
def test_redundant_zeros_make_no_difference_to_a_number_and_other_texts_are_not_numbers(
    code: str, number: str | None
) -> None:
    assert as_number(code) == number


def test_a_number_that_stands_for_two_things_stands_for_nothing() -> None:
    assert by_number({"7": "seven", "7.0": "seven", "8": "eight", "8.0": "version 8", "a": "x"}) == {
        "7": "seven"
    }


def test_a_boolean_has_the_meaning_of_any_of_its_spellings_unless_they_differ() -> None:
    assert by_boolean({"t": "yes", "f": "no", "x": "?"}) == {True: "yes", False: "no"}
    assert by_boolean({"True": "yes", "1": "yes", "0": "no", "false": "unknown"}) == {True: "yes"}
