"""In key-value tables, a row whose key is named like a credential is kept back."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.outcome import Reason
from dsar_export.model.request import Right
from dsar_export.model.source import Chunk
from dsar_export.normalising.normalise import NormalisedChunk
from tests.export.rows import normalised_as, row, stage, with_fields
from tests.worlds import World, without_documents

WHY = (Reason("/phone", "a value that is not called like a credential"),)
FIELDS = {
    "record_id": FieldMapping(column="id"),
    "text": FieldMapping(column="text"),
    "phone": FieldMapping(column="phone"),
}
PAIR = {"phone": "text"}


def pairs(
    fields: Mapping[str, FieldMapping] = MappingProxyType(FIELDS),
    innocent: Mapping[str, str] = MappingProxyType({}),
) -> Dataset:
    """The small world's records, with `text` as the key and `phone` as the value."""
    return with_fields(fields, key_values=PAIR, innocent=innocent)


def read(of: Dataset, *cells: tuple[object, object]) -> NormalisedChunk:
    return normalised_as(
        of, *(row(number=n, text=key, phone=value) for n, (key, value) in enumerate(cells, 1))
    )


def test_the_values_of_credentials_are_kept_back_and_the_others_keep_their_places() -> None:
    chunk = read(
        pairs(),
        ("nickname", "Mara"),
        ("_two_factor_totp_key", "CANARY"),
        ("session_tokens", 'a:1:{s:8:"deadbeef";a:0:{}}'),
        ("reset_password_token", "CANARY"),
        ("billing_email", "mara@example.org"),
        (None, "x"),
        (None, "x"),
    )
    assert [record["record_id"] for record in chunk.records] == ["1", "5", "6", "7"]
    assert list(chunk.positions) == [1, 5, 6, 7]
    assert list(chunk.kept_back) == [WHY, WHY, WHY]


@pytest.mark.parametrize("value", [None, "", "true", "false"])
def test_null_and_yes_and_no_are_not_credentials(value: object) -> None:
    assert not read(pairs(), ("password", value)).kept_back


def test_a_row_that_does_not_conform_is_kept_back_too() -> None:
    chunk = read(pairs(), ("password", b"\\xff"), ("colour", b"\\xff"))
    assert [kept.row for kept in chunk.nonconforming] == [2]
    assert list(chunk.kept_back) == [WHY]


def test_a_number_of_tokens_is_not_a_credential() -> None:
    assert not read(pairs(), ("tokens", 7)).kept_back
    assert read(pairs(), ("tokens", "7")).kept_back


def test_a_key_that_is_stored_as_bytes_is_read_even_if_they_are_not_utf_8() -> None:
    cells = (b"password", "CANARY"), (b"password\xff", "CANARY"), (b"colour", "red")
    assert list(read(pairs(), *cells).kept_back) == [WHY, WHY]


def test_a_pair_is_known_by_the_names_of_its_columns() -> None:
    fields = {"text": FieldMapping(column="meta_key"), "phone": FieldMapping(column="meta_value")}
    of = with_fields(fields)
    chunk = stage(of).normalise(Chunk([("C-1", None, "password", "CANARY"), ("C-1", None, "colour", "red")]))
    assert ([record["phone"] for record in chunk.records], list(chunk.kept_back)) == (["red"], [WHY])


def test_a_key_column_without_a_field_is_read_too() -> None:
    of = pairs(fields={name: FIELDS[name] for name in ("record_id", "phone")})
    assert of.columns == ("id", "phone", "text")
    chunk = read(of, ("password", "CANARY"), ("colour", "red"))
    assert list(chunk.kept_back) == [WHY]
    assert [{*record} for record in chunk.records] == [{"record_id", "phone"}]


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("password", {"password": "the seventh", "colour": "the first"}),
        ("7", {"7": "password", "colour": "colour"}),
    ],
)
def test_a_key_is_checked_as_stored_and_as_decoded(key: str, codes: Mapping[str, str]) -> None:
    of = pairs(fields={**FIELDS, "text": FieldMapping(column="text", codes=codes)})
    assert list(read(of, (key, "CANARY"), ("colour", "red")).kept_back) == [WHY]


def test_a_key_that_the_register_allows_lets_its_values_go() -> None:
    of = pairs(innocent={"pin_code": "The Indian postcode."})
    chunk = read(of, ("pin_code", "682001"), ("pin", "4711"))
    assert ([record["phone"] for record in chunk.records], len(chunk.kept_back)) == (["682001"], 1)


def test_columns_that_are_not_a_key_and_its_value_are_left_alone() -> None:
    assert not read(with_fields(FIELDS), ("password", "x")).kept_back
    named = with_fields({"text": FieldMapping(column="key"), "phone": FieldMapping(column="value")})
    cells = Chunk([("C-1", None, "password", "x")])
    assert stage(named).normalise(cells).kept_back
    assert not stage(replace(named, key_values={"value": ""})).normalise(cells).kept_back


# Through all stages

HISTORY = """
[[history]]
table = "old_records"
order_by = ["version"]
left_out = { version = { reason = "not_personal", note = "n" } }

[fields]"""


@pytest.mark.parametrize("right", list(Right))
def test_no_member_contains_a_current_or_earlier_credential_and_a_gap_reports_the_rows(
    right: Right, tmp_path: Path
) -> None:
    made = World(tmp_path / "register")
    for old, new in {"text": "meta_key", "details": "meta_value"}.items():
        made.dataset_text = made.dataset_text.replace(f'column = "{old}"', f'column = "{new}"')
    made.dataset_text = made.dataset_text.replace("[fields]", HISTORY)
    made.write(
        [
            {"text": "theme", "details": '{"dark": true}'},
            {"text": "_two_factor_totp_key", "details": '"CANARY"'},
            {"text": "app_settings", "details": '{"login": {"passwort": "CANARY"}}'},
        ]
    )
    for old, new in {"text": "meta_key", "details": "meta_value"}.items():
        made.run(f"ALTER TABLE records RENAME COLUMN {old} TO {new}")
    made.run("CREATE TABLE old_records AS SELECT *, 1 AS version FROM records")
    made.run("CREATE UNIQUE INDEX old_order ON old_records (customer_id, version, id)")
    made.services = without_documents(made.build())
    package = made.package(right=right)
    outcome = package.outcome()
    assert (outcome["read"], outcome["written"], outcome["withheld"], outcome["kept_back"]) == (6, 2, 4, 4)
    assert not [name for name, body in package.members.items() if b"CANARY" in body]
    gaps = json.loads(package.members["datapackage.json"])["dsar"]["gaps"]
    (reason,) = [gap["reason"] for gap in gaps]
    assert reason.startswith(
        "rows whose value is called like a secret, or with JSON that is not taken apart or may "
    )
