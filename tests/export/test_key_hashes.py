"""The distinct values of a field are remembered until there are too many."""

import pytest

from dsar_export.export.key_hashes import DISTINCT_VALUES, DistinctValues


def hashes(value: object) -> frozenset[int]:
    distinct = DistinctValues([("id",)])
    distinct.add([{"id": value}])
    return distinct.hashes()[("id",)]


def test_the_values_of_all_chunks_are_remembered_once_and_null_is_skipped() -> None:
    distinct = DistinctValues([("id",)])
    distinct.add([{"id": "a", "text": "x"}, {"id": None, "text": "y"}])
    distinct.add([{"id": "a", "text": "x"}, {"id": "b", "text": "y"}])
    assert distinct.hashes() == {("id",): {hash("a"), hash("b")}}


def test_a_field_with_too_many_values_is_given_up_and_the_others_stay() -> None:
    distinct = DistinctValues([("id",), ("kind",)])
    distinct.add([{"id": str(n), "kind": "k"} for n in range(DISTINCT_VALUES)])
    assert set(distinct.hashes()) == {("id",), ("kind",)}
    distinct.add([{"id": "one more", "kind": "k"}])
    distinct.add([{"id": "another", "kind": "k"}])
    assert distinct.hashes() == {("kind",): {hash("k")}}


@pytest.mark.parametrize(
    ("one", "other"),
    [(-1, -2), (0, 2**61 - 1), (7, 7 + 2**61 - 1), (-1.0, -2.0), (1, "1"), (1, True), (0.1, "0.1")],
)
def test_different_values_stay_distinct_though_python_hashes_them_alike(one: object, other: object) -> None:
    assert hashes(one) != hashes(other)


@pytest.mark.parametrize(("one", "other"), [("a", "a"), (-1, -1), (5, 5.0), (0.25, 0.25), (2**63, 2**63)])
def test_equal_values_are_found_to_be_equal(one: object, other: object) -> None:
    assert hashes(one) == hashes(other)


def together(one: object, other: object) -> frozenset[int]:
    distinct = DistinctValues([("one", "other")])
    distinct.add([{"one": one, "other": other}])
    return distinct.hashes()["one", "other"]


def test_the_values_of_a_key_count_together_and_in_its_order() -> None:
    assert together("a", 1) == together("a", 1)
    assert together("a", "b") != together("b", "a")
    assert together(1, "1") != together("1", "1")
    assert together("a", 1.0) == together("a", 1)


def test_a_record_without_a_value_of_its_key_refers_to_nothing() -> None:
    assert together("a", None) == together(None, "a") == frozenset()
