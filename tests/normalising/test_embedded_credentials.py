"""Names of credentials are found in JSON at any depth, also in text within text, and nothing else is."""

import json

import pytest

from dsar_export.model.innocent import Innocents
from dsar_export.normalising.embedded_credentials import column_may_hold_one, holds_credential

NOBODY = Innocents()
AT = ("data",)


def nested(levels: int, name: str = "password") -> str:
    """A password in JSON, as text in JSON, and so on."""
    text = json.dumps({name: "CANARY"})
    for _ in range(levels):
        text = json.dumps({"held": text})
    return text


HOLDING: list[object] = [
    {"login": [{"api_key": 1}]},
    {"login": '{"password": "CANARY"}'},
    ['{"login": {"password": "CANARY"}}'],
    ['["{\\"password\\": \\"CANARY\\"}"]'],
    '{"password": "CANARY"}',
    ' \n\t\ufeff[{"password": "CANARY"}]',
    '"{\\"password\\": \\"CANARY\\"}"',
    '{"password": "CANARY", "password": null}',
    '{"\\u0070assword": "CANARY"}',
    '{"2fa_key": "CANARY"}',
    nested(1),
    nested(4),
    nested(9),
    {"name": "password", "value": "CANARY"},
    [{"key": "session_token", "value": "CANARY"}],
    {"field": "password", "old_value": None, "new_value": "CANARY"},
    'a:1:{s:8:"password";s:6:"CANARY";}',
    'O:8:"stdClass":1:{s:11:"\0*\0password";s:6:"CANARY";}',
    'a:1:{s:4:"user";a:1:{s:8:"password";s:6:"CANARY";}}',
    '{"settings": "a:1:{s:8:\\"password\\";s:6:\\"CANARY\\";}"}',
    '"password"=>"CANARY", "theme"=>"dark"',
    # Cut off, or not quite JSON.
    '{"password": "CANA',
    '{"theme": 1}\n{"password": "CANARY"}',
    "{'password': 'CANARY'}",
    '["password": "CANARY"]',
    '["\\u007b\\"password\\": \\"CANARY\\"}"]',
    '{"password": NaN, "x": }',
    'a:1:{s:8:"password";s:600:"CANARY',
    "{" + '"a": [' * 5000 + '{"password": "CANARY"}',
]

HOLDING_NONE: list[object] = [
    None,
    7,
    "password",
    "[sic] my password is none of your business",
    '"My password" {he wrote}',
    'he wrote {"password": "x"}',
    '{"hint": "my\\npassword"}',
    "3 = \\u0033",
    '{"list": ["token", "pin"]}',
    {"name": "colour", "value": "token"},
    {"type": "email", "value": "sam@example.org"},
    'a:1:{s:4:"name";s:8:"password";}',
    'a:1:{s:8:"password";b:1;}',
    "a:0:{}",
    '"theme"=>"password"',
    '{"prompt_tokens": 3, "tokens": 7}',
    '{"attachment": [{"blurhash": "UBL_"}], "geohash": "u4pruy", "tx_hash": "0xabc", "secret_santa": "Tom"}',
    {"name": "secret_santa", "value": "Tom"},
    {"name": "tokens", "value": 7},
    "{" * 1000,
]


@pytest.mark.parametrize("held", HOLDING)
def test_a_credential_is_found_however_deep_and_written(held: object) -> None:
    assert holds_credential(held, AT, NOBODY)


@pytest.mark.parametrize("held", HOLDING_NONE)
def test_no_credential_is_found_where_there_is_none(held: object) -> None:
    assert not holds_credential(held, AT, NOBODY)


@pytest.mark.parametrize("held", [None, True, False, "", " ", "true", "False", [], {}, [None], {"set": True}])
def test_yes_and_no_and_null_are_not_credentials(held: object) -> None:
    assert not holds_credential({"password": held}, AT, NOBODY)


@pytest.mark.parametrize("held", [0, 1, 4711, 0.5, "0", "x", [1], {"value": "x"}, [[None, ["x"]]]])
def test_any_other_value_may_be_a_credential(held: object) -> None:
    assert holds_credential({"pin": held}, AT, NOBODY)


@pytest.mark.parametrize("cell", [cell for cell in HOLDING if isinstance(cell, str)])
def test_a_text_column_with_a_credential_needs_a_closer_look(cell: str) -> None:
    for column in ([cell], ["x", cell, "7"], ["x", None, cell, '{"n": 1}']):
        assert column_may_hold_one(column)


@pytest.mark.parametrize("cell", [c for c in HOLDING_NONE if isinstance(c, str) and not c.startswith("a:1")])
def test_a_text_column_without_a_credential_needs_no_closer_look(cell: str) -> None:
    for column in ([cell], ["x", cell, "7"], ["x", None, cell, "7"]):
        assert not column_may_hold_one(column)


def test_texts_that_differ_in_their_digits_are_as_harmless_as_one_of_them() -> None:
    assert not column_may_hold_one(["x", None, '{"n": 1}', '{"n": 2}'])


def test_text_in_text_is_parsed_six_times_and_then_only_searched_for_names() -> None:
    for levels, is_parsed in ((5, True), (6, False)):
        innocents = Innocents(["/".join(["data", *["held"] * levels, "pin"])])
        assert holds_credential(nested(levels, "pin"), AT, innocents) is not is_parsed


def test_a_very_long_text_column_is_checked_too() -> None:
    much = json.dumps({"text": "x" * 1_000_000})
    assert not column_may_hold_one([much, "x"])
    assert column_may_hold_one([much, '{"pin": 1}'])


def test_text_with_bytes_that_are_not_utf_8_is_checked_too() -> None:
    for text in ("\udcff", "\udcff" * 200):
        assert not column_may_hold_one([json.dumps({"colour": text}, ensure_ascii=False)])
        assert column_may_hold_one([json.dumps({"pin": text}, ensure_ascii=False)])


def test_cells_that_are_not_text_are_skipped() -> None:
    assert not column_may_hold_one([None, 7, {"$base64": "AA=="}])
    assert not column_may_hold_one([])
    assert column_may_hold_one([None, 7, '{"pin": 7}'])


@pytest.mark.parametrize("cell", ['{"a": "\0"}', "[1]\0[2]", '{"a": "\\u00e9"}'])
def test_a_column_that_can_not_be_checked_as_one_text_needs_a_closer_look(cell: str) -> None:
    assert column_may_hold_one(["x", cell])


# What the register allows

ALLOWED = Innocents(["pin_code", "data/file/sha256_hash", "data/item/*/hash", "data/text/token"])


@pytest.mark.parametrize(
    "held",
    [
        {"shipping": {"pin_code": "682001"}},
        [[{"pin_code": "682001"}]],
        {"file": {"sha256_hash": "ab"}},
        {"item": [{"hash": "ab"}, {"hash": "cd"}]},
        {"text": '{"token": "AKJ"}'},
        '{"file": {"sha256_hash": "ab"}}',
        {"name": "pin_code", "value": "682001"},
        '{"pin_code": "682',
        '\ufeff{"file": {"sha256_hash": "ab"}}',
        'O:8:"stdClass":1:{s:4:"file";O:4:"File":1:{s:11:"sha256_hash";s:2:"ab";}}',
    ],
)
def test_what_the_register_allows_passes(held: object) -> None:
    assert not holds_credential(held, AT, ALLOWED)
    assert holds_credential(held, AT, NOBODY)


@pytest.mark.parametrize(
    "held",
    [
        {"file": {"md5_hash": "ab"}},
        {"elsewhere": {"sha256_hash": "ab"}},
        {"file": [{"sha256_hash": "ab"}]},
        {"item": {"hash": "ab"}},
        {"pin_code": {"password": "x"}},
        {"pin_code": '{"password": "x"}'},
        {"pin_code": "682001", "login": {"pin": "4711"}},
        '{"file": {"sha256_hash": "ab"}} X',
    ],
)
def test_what_the_register_does_not_allow_does_not_pass(held: object) -> None:
    assert holds_credential(held, AT, ALLOWED)


# Hostile

HOSTILE = {
    "brackets": "[" * 1_000_000,
    "objects": '{"a":' * 50_000 + "1" + "}" * 50_000,
    "one long text": '["' + "a" * 2_000_000,
    "quotes": '"' * 1_000_000 + "{",
    "quotes and blanks": "{" + '" ' * 500_000,
    "backslashes": "{" + '"a\\\\\\' * 200_000,
    "a long number": '{"n":' + "1" * 500_000 + "}",
    "members that are not there": "a:1000000000:{" + "i:0;i:1;" * 50_000,
    "members that are called alike": "{" + ", ".join(f'"{n}": 1, "{n}": 2' for n in range(50_000)) + "}",
    "deep PHP": "a:1:{i:0;" * 5_000,
    "arrays as names": "a:1:{" * 50 + "a:0:{}" + "i:0;}" * 50,
    "a long text of PHP": 's:9999999999:"' + "{" * 100_000,
    "text in text": nested(11, "theme"),
    "many names": json.dumps({f"name {n}": n for n in range(20_000)}),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_text_designed_to_take_long_is_checked_in_reasonable_time(text: str) -> None:
    assert not holds_credential(text, AT, NOBODY)
