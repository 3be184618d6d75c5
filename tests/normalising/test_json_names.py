"""A column of JSON in which no name is found holds no credential, however its names and texts are written."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsar_export.model.innocent import Innocents
from dsar_export.normalising.embedded_credentials import holds_credential
from dsar_export.normalising.json_names import structures_may_hold_one
from tests.normalising.test_embedded_credentials import HOLDING, HOLDING_NONE

NAMES = st.sampled_from(
    [
        "password",
        "api_key",
        "2fa_key",
        "pin",
        "value",
        "key",
        "colour",
        "a",
        "",
        ":",
        '",',
        "p\u00efn",
        "\\",
        '"pin":',
    ]
) | st.text(max_size=4)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    NAMES,
    NAMES.map(lambda name: json.dumps({name: "CANARY"})),
    NAMES.map(lambda name: f' \u00a0["{name}": 1'),
    NAMES.map(lambda name: f'"{name}"=>"CANARY"'),
    st.just('a:1:{s:8:"password";s:6:"CANARY";}'),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
found = list[bool]()


def test_no_credential_is_missed() -> None:
    found.clear()
    any_values()
    share = sum(found) / len(found)
    assert 0.1 < share < 0.9, f"{share:.0%} of the examples hold a credential"


@settings(max_examples=400)
@given(st.lists(VALUES, min_size=1, max_size=3))
def any_values(values: list[object]) -> None:
    holds = any(holds_credential(value, (), Innocents()) for value in values)
    found.append(holds)
    assert structures_may_hold_one(values) or not holds


@pytest.mark.parametrize("held", HOLDING)
def test_every_known_way_to_hold_one_is_looked_at_closely(held: object) -> None:
    assert structures_may_hold_one([None, {"colour": "red"}, {"held": held}])


@pytest.mark.parametrize(
    "held",
    [
        None,
        7,
        {"hint": "my password"},
        ["token", "pin"],
        {"a": '"My password" he wrote'},
        {"a": "see {this}"},
    ],
)
def test_a_column_without_one_is_passed_at_once(held: object) -> None:
    assert not structures_may_hold_one([held, {"colour": "red"}, None])
    assert held not in HOLDING_NONE or not holds_credential(held, (), Innocents())


def test_a_column_of_nulls_is_passed_at_once() -> None:
    assert not structures_may_hold_one([None, None])


def test_a_name_with_a_colon_in_the_text_before_it_is_found() -> None:
    assert structures_may_hold_one([["a", ":b", {"pin": 1}]])
    assert structures_may_hold_one([{'":': "x", "pin": 1}])


def test_what_cannot_be_written_is_looked_at_closely() -> None:
    assert structures_may_hold_one([{"a": 2**70}])
