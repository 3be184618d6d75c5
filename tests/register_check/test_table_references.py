"""References by several fields name fields of two datasets of the register."""

from pathlib import Path

import pytest

from dsar_export.errors import RegisterError
from tests.register_check.changed import changed, problems


def referring(tmp_path: Path, fields: str, dataset: str, to: str) -> list[str]:
    """The findings for a dataset whose records refer to others of the same dataset."""
    reference = f'[[references]]\nfields = {fields}\ndataset = "{dataset}"\nto = {to}\n\n[fields]'
    return problems(changed(tmp_path, dataset=("[fields]", reference)))


def test_fields_that_are_there_have_no_finding(tmp_path: Path) -> None:
    assert referring(tmp_path, '["whole", "text"]', "records", '["number", "phone"]') == []


@pytest.mark.parametrize(
    ("reference", "finding"),
    [
        (
            ('["hole", "text"]', "records", '["whole", "text"]'),
            "references.0.fields: unknown field of the dataset 'hole'; nearest valid name: whole",
        ),
        (
            ('["whole", "text"]', "record", '["whole", "text"]'),
            "references.0.dataset: unknown dataset 'record'; nearest valid name: records",
        ),
        (
            ('["whole", "text"]', "records", '["whole", "txt"]'),
            "references.0.to: unknown field of 'records' 'txt'; nearest valid name: text",
        ),
    ],
)
def test_a_name_that_is_not_there_is_found(
    reference: tuple[str, str, str], finding: str, tmp_path: Path
) -> None:
    assert referring(tmp_path, *reference) == [f"records.toml: {finding}"]


@pytest.mark.parametrize(
    ("fields", "to", "problem"),
    [
        ('["whole", "text"]', '["whole"]', "fields and to must name equally many fields"),
        ("[]", "[]", "fields must name at least one column"),
        ('["whole", "whole"]', '["whole", "text"]', "fields must name at least one column, and each once"),
    ],
)
def test_fields_that_are_no_pairs_are_refused(fields: str, to: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match=problem):
        referring(tmp_path, fields, "records", to)
