"""Names that look like credentials, those that the register allows, and keys that nobody would examine."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from dsar_export.errors import RegisterError
from dsar_export.register_check.references import refuse_broken_references
from dsar_export.wiring import register_in
from tests.register_check.changed import changed, problems
from tests.register_check.test_tables import OLD, OLD_INDEX, history
from tests.worlds import World

TEXT, PHONE = (f'{name} = {{ column = "{name}" }}' for name in ("text", "phone"))
FIELDS = "[fields]\n"


def innocent(**entries: str) -> str:
    return "[innocent]\n" + "".join(f'"{name}" = "{reason}"\n' for name, reason in entries.items()) + "\n"


def renamed(folder: Path, columns: Mapping[str, str], before: str = "", left_out: str = "") -> World:
    """The small world with renamed columns, and additions to its dataset's file."""
    dataset = {f'column = "{old}"': f'column = "{new}"' for old, new in columns.items()}
    dataset[FIELDS] = f"{before}{FIELDS}"
    if left_out:
        dataset[f'{left_out} = {{ column = "{columns[left_out]}" }}\n'] = ""
        reason = f'left_out = {{ {columns[left_out]} = {{ reason = "not_personal", note = "n" }} }}\n'
        dataset["order_by"] = f"{reason}order_by"
    statements = [f"ALTER TABLE records RENAME COLUMN {old} TO {new}" for old, new in columns.items()]
    return changed(folder, dataset=dataset, statement=statements)


@pytest.mark.parametrize(
    "name", ["password_hash", "hasło", "contraseña", "Wiederherstellungscode", "two_factor_key"]
)
def test_a_mapped_column_is_refused_by_the_check_and_by_the_export(name: str, tmp_path: Path) -> None:
    made = renamed(tmp_path, {"text": name})
    (found,) = problems(made)
    assert found == (
        f"records.toml: fields.text.column: column {name!r} looks like a credential; list it under left_out as "
        "withheld, or under innocent with the reason why it is not one"
    )
    with pytest.raises(RegisterError, match="looks like a credential"):
        refuse_broken_references(register_in(made.folder))


def test_a_column_that_the_register_allows_is_no_finding(tmp_path: Path) -> None:
    assert problems(renamed(tmp_path, {"text": "pin_code"}, innocent(pin_code="The Indian postcode."))) == []


def test_nothing_passes_that_the_register_does_not_allow(tmp_path: Path) -> None:
    made = renamed(tmp_path, {"text": "pin_code", "phone": "pin"}, innocent(pin_code="The Indian postcode."))
    (found,) = problems(made)
    assert found.startswith("records.toml: fields.phone.column: column 'pin' looks like")


@pytest.mark.parametrize("allowed", ["details/shipping/pin_code", "pin_code"])
def test_a_member_that_the_register_allows_is_no_finding(allowed: str, tmp_path: Path) -> None:
    dataset = {
        TEXT: 'text = { column = "details", path = "/shipping/pin_code" }',
        'details = { column = "details" }\n': "",
        "order_by": 'left_out = { text = { reason = "not_personal", note = "n" } }\norder_by',
        FIELDS: innocent(**{allowed: "The Indian postcode."}) + FIELDS,
    }
    assert problems(changed(tmp_path, dataset=dataset)) == []


@pytest.mark.parametrize(
    ("entry", "reason", "finding"),
    [
        ("details/pin_code", " ", "innocent.details/pin_code: the reason is empty; write why this is not a credential"),
        ("detail/pin", "x", "innocent.detail/pin: unknown column of a field 'detail'; nearest valid name: details"),
        ("whole/pin_code", "x", "innocent.whole/pin_code: column 'whole' is read as integer, not as JSON; drop it"),
    ],
)  # fmt: skip
def test_an_entry_that_allows_nothing_is_found(entry: str, reason: str, finding: str, tmp_path: Path) -> None:
    (found,) = problems(changed(tmp_path, dataset=(FIELDS, innocent(**{entry: reason}) + FIELDS)))
    assert found == f"records.toml: {finding}"


def test_a_name_may_be_of_any_member_where_there_is_json_and_else_is_a_column(tmp_path: Path) -> None:
    entry = (FIELDS, innocent(pincode="The Indian postcode.") + FIELDS)
    assert problems(changed(tmp_path / "json", dataset=entry)) == []
    plain = {
        'details = { column = "details" }\n': "",
        "order_by": 'left_out = { details = { reason = "not_personal", note = "n" } }\norder_by',
    }
    (found,) = problems(changed(tmp_path / "plain", dataset=dict([*plain.items(), entry])))
    assert found.startswith(
        "records.toml: innocent.pincode: unknown column (the dataset has no JSON) 'pincode'; "
    )


def test_text_that_holds_json_is_allowed_by_its_path(tmp_path: Path) -> None:
    entry = (FIELDS, innocent(**{"text/*/pin_code": "The Indian postcode."}) + FIELDS)
    assert problems(changed(tmp_path, dataset=entry)) == []


# Keys and values

PAIR = {"text": "meta_key", "phone": "meta_value"}


def test_a_key_and_its_value_that_are_both_mapped_are_no_finding(tmp_path: Path) -> None:
    assert problems(renamed(tmp_path, PAIR)) == []


def test_a_value_whose_key_is_not_read_is_found(tmp_path: Path) -> None:
    (found,) = problems(renamed(tmp_path, PAIR, left_out="text"))
    assert found == (
        "records.toml: key_values: column 'meta_key' names the values in 'meta_value' but is not read, so secrets "
        'would go unnoticed: map it to a field, or write meta_value = "meta_key" here to read it without exporting '
        'it, or meta_value = "" if it does not name them'
    )


@pytest.mark.parametrize("key", ["meta_key", ""])
def test_what_the_register_decided_is_no_finding(key: str, tmp_path: Path) -> None:
    decided = f'[key_values]\nmeta_value = "{key}"\n\n'
    assert problems(renamed(tmp_path, PAIR, decided, left_out="text")) == []


@pytest.mark.parametrize(
    ("entry", "finding"),
    [
        ('phone = "meta_key"', "key_values: no column 'meta_key' in 'records'; "),
        ('phon = "text"', "key_values: unknown column of a field 'phon'; nearest valid name: phone"),
    ],
)
def test_a_pair_that_is_not_there_is_found(entry: str, finding: str, tmp_path: Path) -> None:
    found = problems(changed(tmp_path, dataset=(FIELDS, f"[key_values]\n{entry}\n\n{FIELDS}")))
    assert any(line.startswith(f"records.toml: {finding}") for line in found), found


@pytest.mark.parametrize(("lacks", "findings"), [("text", 1), ("phone", 0)])
def test_a_history_that_has_values_and_no_keys_is_found(lacks: str, findings: int, tmp_path: Path) -> None:
    old = history(
        columns=f'{{ {lacks} = "" }}',
        left_out='{ version = { reason = "not_personal", note = "n" }, '
        f'{lacks} = {{ reason = "not_personal", note = "n" }} }}',
    )
    dataset = (old[0], f'[key_values]\nphone = "text"\n\n{old[1]}')
    found = problems(changed(tmp_path, dataset=dataset, statement=(OLD, OLD_INDEX)))
    expected = "records.toml: history.0.columns: 'old_records' has 'phone' but not 'text', so secrets in it"
    assert [line.startswith(expected) for line in found] == [True] * findings, found
