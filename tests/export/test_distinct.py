"""Values are remembered as long as they are few enough."""

from dsar_export.export.distinct import DISTINCT_VALUES, DistinctValues


def test_the_values_of_all_chunks_are_remembered_once_and_null_is_none() -> None:
    distinct = DistinctValues(["id"])
    distinct.add([{"id": "a", "text": "x"}, {"id": None, "text": "y"}])
    distinct.add([{"id": "a", "text": "x"}, {"id": "b", "text": "y"}])
    assert distinct.hashes() == {"id": {hash("a"), hash("b")}}


def test_a_field_with_too_many_values_is_given_up_and_the_others_stay() -> None:
    distinct = DistinctValues(["id", "kind"])
    distinct.add([{"id": str(n), "kind": "k"} for n in range(DISTINCT_VALUES)])
    assert set(distinct.hashes()) == {"id", "kind"}
    distinct.add([{"id": "one more", "kind": "k"}])
    distinct.add([{"id": "another", "kind": "k"}])
    assert distinct.hashes() == {"kind": {hash("k")}}
