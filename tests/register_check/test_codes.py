"""Code tables, checked against the register and the source."""

from pathlib import Path

import pytest

from tests.register_check.changed import changed, problems, with_field

CODES = "CREATE TABLE colours (code, meaning)"


def codes(table: str = "colours", code: str = "code", meaning: str = "meaning") -> tuple[str, str]:
    """The dataset with a text that a code table explains."""
    entry = f'codes_from = {{ table = "{table}", code = "{code}", meaning = "{meaning}" }}'
    return 'text = { column = "text" }', f'text = {{ column = "text", {entry} }}'


def test_a_table_of_codes_needs_no_dataset_of_its_own(tmp_path: Path) -> None:
    assert problems(changed(tmp_path, dataset=codes(), statement=CODES)) == []


@pytest.mark.parametrize(
    ("dataset", "finding"),
    [
        (codes(table="colors"), "no table 'colors' in the source; nearest valid name: colours"),
        (codes(code="cod"), "no column 'cod' in 'colours'; nearest valid name: code"),
        (codes(meaning="meanings"), "no column 'meanings' in 'colours'; nearest valid name: meaning"),
    ],
)
def test_a_table_of_codes_that_is_not_there_is_found(
    dataset: tuple[str, str], finding: str, tmp_path: Path
) -> None:
    found = problems(changed(tmp_path, dataset=dataset, statement=CODES))
    assert f"records.toml: fields.text.codes_from: {finding}" in found


COLOURS_LEFT_OUT = (
    "left_out = { customers",
    'left_out = { colours = { reason = "withheld", note = "n" }, customers',
)
PEOPLE = "CREATE TABLE colours (code, meaning, painter, painter_phone)"


@pytest.mark.parametrize("statement", [CODES, PEOPLE])
def test_a_table_that_is_left_out_may_explain_codes(statement: str, tmp_path: Path) -> None:
    assert problems(changed(tmp_path, register=COLOURS_LEFT_OUT, dataset=codes(), statement=statement)) == []


def test_a_table_of_codes_with_other_columns_is_undecided_until_it_is_left_out(tmp_path: Path) -> None:
    made = changed(tmp_path, dataset=codes(), statement=PEOPLE)
    (found,) = problems(made)
    assert found == (
        "register.toml: sources.main.left_out: the code table 'colours' has other columns that nobody has "
        "decided on ('painter', 'painter_phone'): list it here with a reason, or add a dataset"
    )
    (gap,) = made.export().gaps
    assert (gap.source, gap.dataset) == ("main", None)
    assert str(gap.reason) == "'colours' is in the register only for what codes mean, so it was not searched"


def test_columns_of_a_table_of_codes_that_other_fields_read_are_decided(tmp_path: Path) -> None:
    more = {
        codes()[0]: codes()[1],
        'phone = { column = "phone" }': 'phone = { column = "phone", codes_from = { table = "colours", '
        'code = "painter", meaning = "painter_phone" } }',
    }
    assert problems(changed(tmp_path, dataset=more, statement=PEOPLE)) == []


def test_a_code_that_is_kept_is_no_finding(tmp_path: Path) -> None:
    kept = codes()[1].replace(" } }", ", keep_code = true } }")
    assert problems(changed(tmp_path, dataset=(codes()[0], kept), statement=CODES)) == []


def test_a_code_is_not_kept_under_the_name_of_another_field(tmp_path: Path) -> None:
    kept = codes()[1].replace(" } }", ", keep_code = true } }")
    (found,) = problems(with_field(tmp_path, "text_code", dataset=(codes()[0], kept), statement=CODES))
    assert found == (
        "records.toml: fields.text.codes_from.keep_code: schema 'records' already has a field 'text_code'; "
        "map it to the column, and drop keep_code"
    )


def test_a_code_that_is_the_same_in_all_rows_is_not_kept(tmp_path: Path) -> None:
    kept = codes()[1].replace(" } }", ", keep_code = true } }").replace('column = "text"', 'value = "x"')
    text = 'left_out = { text = { reason = "not_personal", note = "n" } }\norder_by'
    (found,) = problems(changed(tmp_path, dataset={codes()[0]: kept, "order_by": text}, statement=CODES))
    assert found == (
        "records.toml: fields.text.codes_from.keep_code: a field with a fixed value has no stored code; "
        "drop keep_code"
    )


def test_a_credential_that_a_table_of_codes_would_bring_in_is_found(tmp_path: Path) -> None:
    statement = "CREATE TABLE colours (code, api_key)"
    (found,) = problems(changed(tmp_path, dataset=codes(meaning="api_key"), statement=statement))
    assert found.startswith("records.toml: fields.text.codes_from.meaning: column 'api_key' looks like")
