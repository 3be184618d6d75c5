"""JSON may have members that no register names: one that looks like a credential keeps its row back."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from dsar_export.export.validate import ValidatedChunk, Validator
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.outcome import Reason
from dsar_export.model.request import Right
from dsar_export.normalising.mapped_schema import mapped_schema
from tests.export.rows import dataset, normalised, normalised_as, register, row, schema, with_fields
from tests.worlds import World, without_documents

WHY = (Reason("/details", "JSON without members that look like credentials"),)


def validated(*details: object) -> ValidatedChunk:
    return Validator(schema()).validate(
        normalised(*(row(number=n, details=cell) for n, cell in enumerate(details, 1)))
    )


@pytest.mark.parametrize(
    "held",
    [
        '{"theme": "x", "password_hash": "CANARY"}',
        '{"login": {"sessionToken": "CANARY"}}',
        '{"logins": [1, [{"auth_key": "CANARY"}]]}',
        {"totp_seed": "CANARY"},
    ],
)
def test_a_row_with_a_member_that_looks_like_a_credential_is_kept_back(held: object) -> None:
    chunk = validated('{"theme": "x"}', held, '{"theme": "y"}')
    assert [record["record_id"] for record in chunk.records] == ["1", "3"]
    assert (chunk.nonconforming, list(chunk.kept_back)) == ([], [WHY])


@pytest.mark.parametrize("held", ['{"hint": "my password"}', '{"list": ["token", "pin"]}', None, "[]"])
def test_a_credential_word_in_a_value_keeps_nothing_back(held: object) -> None:
    assert not validated(held).kept_back


def test_rows_around_it_keep_their_places() -> None:
    chunk = Validator(schema()).validate(
        normalised(
            row(number=1, details='{"pin": 1}'),
            row(number=2, whole="x"),
            row(number=3, phone="=1"),
            row(number=4, details='{"pin": 2}', whole="x"),
            row(number=5),
        )
    )
    assert [record["record_id"] for record in chunk.records] == ["5"]
    assert [kept.row for kept in chunk.nonconforming] == [2, 3]
    assert list(chunk.kept_back) == [WHY, WHY]


@pytest.mark.parametrize(
    "broken",
    [
        '{"password": "CANARY"',
        "{'password': 'CANARY'}",
        '{"session_token": "CANARY", "session_token": "CANARY"}',
        b'{"password": "CANARY"}',
        '{"password": "\udcff"}',
        's:8:"password";s:6:"CANARY";',
        '{"user-token": NaN}',
    ],
)
def test_unreadable_json_is_kept_back_if_a_word_in_it_looks_like_a_credential(
    broken: object,
) -> None:
    chunk = validated(broken)
    assert (chunk.records, chunk.nonconforming, list(chunk.kept_back)) == ([], [], [WHY])


@pytest.mark.parametrize("broken", ['{"theme": "CANARY"', b"\x00\x01", "\udcff", 7, '"text"'])
def test_other_unreadable_json_is_kept_beside(broken: object) -> None:
    (kept,) = validated(broken).nonconforming
    assert [reason.field for reason in kept.reasons] == ["/details"]


@pytest.mark.parametrize("tag", ["x", "not base64", "", None, {"$base64": 1}])
def test_a_member_with_the_name_of_one_of_our_tags_is_kept_as_a_member(tag: object) -> None:
    chunk = Validator(schema()).validate(normalised(row(details=json.dumps({"$base64": tag}), whole="x")))
    assert [kept.values["details"] for kept in chunk.nonconforming] == [{"$base64": tag}]


def test_an_array_that_a_text_field_takes_by_a_path_is_not_kept_beside() -> None:
    of = with_fields({"text": FieldMapping(column="details", path="/list")})
    mapped = mapped_schema(of, register().schemas["records"])
    chunk = Validator(mapped).validate(normalised_as(of, row(details='{"list": [{"token": "CANARY"}]}')))
    assert (chunk.records, chunk.nonconforming) == ([], [])
    assert [[reason.field for reason in why] for why in chunk.kept_back] == [["/text"]]


# Text and bytes


@pytest.mark.parametrize("name", ["text", "phone"])
@pytest.mark.parametrize("cell", ['{"login": {"password": "CANARY"}}', 'a:1:{s:5:"token";s:6:"CANARY";}'])
def test_json_in_a_text_is_searched(name: str, cell: str) -> None:
    chunk = Validator(schema()).validate(
        normalised(
            row(number=1, **{name: cell}), row(number=2, text='{"theme": "dark"}'), row(number=3, text="[x]")
        )
    )
    assert [record["record_id"] for record in chunk.records] == ["2", "3"]
    assert list(chunk.kept_back) == [(Reason(f"/{name}", WHY[0].rule),)]


@pytest.mark.parametrize("cell", [b'{"password": "CANARY"}', b" " * 200 + b'[{"password": "CANARY"}]'])
def test_json_in_bytes_is_searched(cell: bytes) -> None:
    chunk = Validator(schema()).validate(
        normalised(row(number=1, raw=cell), row(number=2, raw=b'{"theme": 1}\xff'))
    )
    assert [record["record_id"] for record in chunk.records] == ["2"]
    assert [[reason.field for reason in why] for why in chunk.kept_back] == [["/raw"]]


@pytest.mark.parametrize("name", ["text", "phone", "at", "whole", "amount", "flag", "raw"])
@pytest.mark.parametrize("cell", ['{"password": "CANARY"}', '{"password": "\udcff"}'])
def test_every_field_of_a_row_kept_beside_is_searched(name: str, cell: str) -> None:
    cells: dict[str, object] = {name: cell}
    chunk = Validator(schema()).validate(normalised(row("C-1", 1, day="no day", **cells)))
    assert (chunk.records, chunk.nonconforming) == ([], [])
    assert [[reason.field for reason in why] for why in chunk.kept_back] == [[f"/{name}"]]


def test_texts_in_an_array_from_a_collector_are_searched() -> None:
    assert list(validated(['{"theme": 1}'], ['{"login": {"password": "CANARY"}}']).kept_back) == [WHY]


@pytest.mark.parametrize("name", ["text", "details"])
@pytest.mark.parametrize(
    "cell", [[b"\xde\xad", b'{"password": "CANARY"}'], [[b"", b'{"login": {"password": "CANARY"}}']]]
)
def test_bytes_in_an_array_are_searched(name: str, cell: object) -> None:
    cells: dict[str, object] = {name: cell}
    harmless: dict[str, object] = {name: [b"harmless"]}
    chunk = Validator(schema()).validate(normalised(row("C-1", 1, **cells), row("C-1", 2, **harmless)))
    assert [kept.row for kept in chunk.nonconforming] == [2]
    assert [[reason.field for reason in why] for why in chunk.kept_back] == [[f"/{name}"]]


# What the register allows


def allowing(*names: str) -> Validator:
    return Validator(schema(), replace(dataset(), innocent=dict.fromkeys(names, "A postcode.")))


@pytest.mark.parametrize(
    ("allowed", "held"),
    [
        ("pin_code", '{"shipping": [{"pin_code": "682001"}]}'),
        ("details/shipping/*/pin_code", '{"shipping": [{"pin_code": "682001"}]}'),
        ("details/file/sha256_hash", '{"file": {"sha256_hash": "ab"}}'),
    ],
)
def test_a_member_that_the_register_allows_is_released(allowed: str, held: str) -> None:
    rows = normalised(row(details=held))
    assert len(Validator(schema()).validate(rows).kept_back) == 1
    chunk = allowing(allowed).validate(rows)
    assert (len(chunk.records), list(chunk.kept_back)) == (1, [])


FROM_SOCIAL_NETWORKS_AND_SHOPS = {
    "blurhash": '{"attachment": [{"url": "/media/1.jpg", "blurhash": "UBL_:rOpGG-o", "width": 10}]}',
    "geohash": '{"location": {"lat": 1.5, "geohash": "u4pruy"}}',
    "pin_code": '{"shipping": {"name": "Asha", "pin_code": "682001"}}',
    "prompt_tokens": '{"usage": {"prompt_tokens": 12, "completion_tokens": 40}}',
    "tx_hash": '{"donation": {"tx_hash": "0xabc", "amount": "1.00"}}',
    "sha256_hash": '{"file": {"name": "cv.pdf", "sha256_hash": "ab"}}',
    "salt": '{"recipe": {"salt": "1 tsp"}}',
    "secret_santa": '{"gift": "secret santa", "secret_santa": true}',
    "token": '{"login": {"token": "CANARY"}}',
}


def test_innocent_members_are_released_by_default_or_if_the_register_allows_them_and_a_secret_never() -> None:
    rows = normalised(
        *(row(text=name, details=held) for name, held in FROM_SOCIAL_NETWORKS_AND_SHOPS.items())
    )
    by_themselves = Validator(schema()).validate(rows)
    assert [record["text"] for record in by_themselves.records] == [
        "blurhash",
        "geohash",
        "prompt_tokens",
        "tx_hash",
        "secret_santa",
    ]
    chunk = allowing("details/shipping/pin_code", "details/file/sha256_hash", "details/recipe/salt").validate(
        rows
    )
    assert (len(chunk.records), list(chunk.kept_back)) == (8, [WHY])


def test_an_allowed_path_begins_at_the_column_and_not_at_the_field() -> None:
    fields = {"text": FieldMapping(column="details", path="/list")}
    rows = row(details='{"list": [{"token": "x"}]}')
    for path, kept in {
        "details/list/*/token": 0,
        "text/*/token": 1,
        "details/*/token": 1,
        "token": 0,
    }.items():
        of = with_fields(fields, innocent={path: "A voucher."})
        mapped = mapped_schema(of, register().schemas["records"])
        assert len(Validator(mapped, of).validate(normalised_as(of, rows)).kept_back) == kept, path


def test_an_allowed_member_may_be_in_unreadable_json() -> None:
    rows = normalised(row(details='{"pin_code": 682001,'), row(details='{"pin_code": 1, "password": "x",'))
    chunk = allowing("pin_code").validate(rows)
    assert ([kept.row for kept in chunk.nonconforming], list(chunk.kept_back)) == ([1], [WHY])


def test_no_reason_contains_a_name_or_a_value() -> None:
    chunk = validated(*(json.dumps({name: "CANARY"}) for name in ("CANARY_token", "passwort")))
    assert "CANARY" not in repr(chunk.kept_back)
    assert "passwort" not in repr(chunk.kept_back)


@pytest.mark.parametrize("right", list(Right))
def test_a_whole_export_puts_it_in_no_member_and_states_a_gap(right: Right, tmp_path: Path) -> None:
    made = World(tmp_path / "register")
    cells: Sequence[dict[str, object]] = [
        {"details": '{"theme": "dark"}'},
        {"details": '{"theme": "dark", "password_hash": "CANARY"}'},
        {"details": '{"password": "CANARY"'},
    ]
    made.write(cells)
    made.services = without_documents(made.build())
    package = made.package(right=right)
    outcome = package.outcome()
    assert (outcome["read"], outcome["written"], outcome["withheld"], outcome["kept_back"]) == (3, 1, 2, 2)
    assert not [name for name, body in package.members.items() if b"CANARY" in body]
    gaps = json.loads(package.members["datapackage.json"])["dsar"]["gaps"]
    assert len([gap for gap in gaps if "JSON" in gap["reason"]]) == 1
