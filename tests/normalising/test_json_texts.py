"""A column of JSON texts that is read at once is what reading its cells one by one makes; or it is refused."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsar_export.normalising import Unfit
from dsar_export.normalising.json_texts import structures
from dsar_export.normalising.structures import structure

NUMBERS = st.one_of(
    st.integers(-(2**64), 2**65).map(str),
    st.floats(allow_nan=False).map(repr),
    st.from_regex(r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?", fullmatch=True),
    st.sampled_from(["-0", "2.50", "0.1", "1e5", "1E400", "NaN", "9007199254740993", "18446744073709551616"]),
)
TEXTS = st.text(st.characters(exclude_categories=())).map(json.dumps) | st.text().map(
    lambda text: json.dumps(text, ensure_ascii=False)
)
BLANKS = st.sampled_from(["", " ", "\n\t"])


def joined(signs: str, blank: str, members: Sequence[str]) -> str:
    return f"{signs[0]}{blank}{f'{blank},{blank}'.join(members)}{blank}{signs[1]}"


VALUES = st.recursive(
    NUMBERS | TEXTS | st.sampled_from(["null", "true", "[]", "{}", "x"]),
    lambda inner: st.one_of(
        st.builds(joined, st.just("[]"), BLANKS, st.lists(inner, max_size=3)),
        st.builds(
            joined,
            st.just("{}"),
            BLANKS,
            # Few names, so that some are repeated.
            st.lists(st.builds("{}{}".format, st.sampled_from(['"a":', '"b" : ', '"":']), inner), max_size=3),
        ),
    ),
    max_leaves=6,
)
USUAL = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text() | st.floats(-1e3, 1e3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
).map(lambda value: json.dumps(value if isinstance(value, list | dict) else [value], ensure_ascii=False))

compared = list[bool]()


def one_by_one(cells: list[object]) -> list[object] | None:
    try:
        return [None if cell is None else structure(cell) for cell in cells]
    except Unfit:
        return None


def test_any_texts_are_read_as_one_by_one_or_refused() -> None:
    compared.clear()
    any_texts()
    assert sum(compared) > len(compared) / 4, f"{sum(compared)} of {len(compared)} examples compared anything"


@settings(max_examples=400)
@given(st.lists(st.none() | VALUES, min_size=1, max_size=3))
def any_texts(cells: list[object]) -> None:
    made = structures(cells)
    compared.append(made is not None and any(cell is not None for cell in made))
    if made is not None:
        assert repr(made) == repr(one_by_one(cells))


@given(st.lists(st.none() | USUAL, min_size=1, max_size=6))
def test_usual_texts_are_never_refused_and_nulls_keep_their_places(cells: list[object]) -> None:
    assert repr(structures(cells)) == repr(one_by_one(cells))


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 1}',
        '{"a": {"b": 1, "b": 2}}',
        '{"a": 18446744073709551616}',
        '{"a": 12345678901234567890}',
        '{"a": 0.1000000000000000055}',
        '{"a": -0}',
        '{"a": NaN}',
        '{"a": "\\ud800"}',
        "[1],[2]",
        "[1",
        "7",
        '"text"',
        "",
        "\ufeff[]",
        '["\udcff"]',
    ],
)
def test_a_text_that_is_unfit_leaves_the_column_to_its_cells(text: str) -> None:
    with pytest.raises(Unfit):
        structure(text)
    assert structures(['{"a": 1}', text, None]) is None


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1e2}',
        '["caf\\u00e9"]',
        '{"a": 2.50}',
        '["\\/"]',
        '{"a": 100000000000000000000.0}',
    ],
)
def test_a_text_that_is_written_in_another_way_is_read_by_itself(text: str) -> None:
    assert repr(structures([text, None, '{"a": 1}'])) == repr([structure(text), None, {"a": 1}])


@pytest.mark.parametrize("depth", range(250, 258))
def test_nesting_is_as_deep_as_one_by_one(depth: int) -> None:
    text = "[" * depth + "]" * depth
    read = one_by_one([text])
    assert (read is None) is (depth > 252)
    assert repr(structures([text])) == repr(read)


def test_two_cells_that_are_json_only_together_are_refused() -> None:
    assert structures(["[1", "2]"]) is None
    assert structures(["[1", "2],[3]"]) is None


def test_other_cells_than_texts_are_left_to_the_cells() -> None:
    assert structures([{"a": 1}]) is None
    assert structures([None, None]) == [None, None]


def test_the_null_of_json_leaves_the_column_to_its_cells_which_make_it_none() -> None:
    assert structure("null") is None
    assert structures(['{"a": 1}', "null", None]) is None
