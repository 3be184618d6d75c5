"""Which part of a package is answered to which headers."""

from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsar_export.web.ranges import Asked, Part, part_of

TAG = '"abc"'
SIZE = 1024
WHOLE = (200, 0, SIZE)


def answered(asked: Asked, *, get: bool = True) -> tuple[int, int, int]:
    part = part_of(asked, TAG, SIZE, get=get)
    return part.status, part.start, part.end


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-9", (206, 0, 10)),
        ("bytes=-5", (206, 1019, 1024)),
        ("bytes=1000-", (206, 1000, 1024)),
        ("bytes=0-99999", (206, 0, 1024)),
        ("bytes=-5000", (206, 0, 1024)),
        ("Bytes=1023-1023", (206, 1023, 1024)),
        (" bytes=0-0 ", (206, 0, 1)),
        ("bytes=1024-", (416, 0, 0)),
        ("bytes=-0", (416, 0, 0)),
        ("bytes=5000-6000", (416, 0, 0)),
        ("bytes=0-1,9-10", WHOLE),
        ("bytes=0-1,9999-", WHOLE),
        ("bytes=500-100", WHOLE),
        ("bytes=abc", WHOLE),
        ("bytes=-", WHOLE),
        ("bytes=", WHOLE),
        ("bytes", WHOLE),
        ("items=0-9", WHOLE),
        ("bytes=+1-9", WHOLE),
        ("bytes=٠-٩", WHOLE),
        ("bytes=0x1-9", WHOLE),
        ("bytes= 0-9", WHOLE),
        ("bytes=0-" + "9" * 400, WHOLE),
        ("bytes=" + ",".join("0-0" for _ in range(500)), WHOLE),
    ],
)
def test_one_range_is_honoured_and_anything_odd_gives_the_whole(
    header: str, expected: tuple[int, int, int]
) -> None:
    assert answered(Asked([header])) == expected


def test_two_headers_with_a_range_each_give_the_whole() -> None:
    assert answered(Asked(["bytes=0-1", "bytes=2-3"])) == WHOLE


@pytest.mark.parametrize(
    ("if_range", "partial"),
    [
        (TAG, True),
        ('W/"abc"', False),
        ('"abd"', False),
        ("abc", False),
        ("Mon, 30 Nov 2026 12:00:00 GMT", False),
        ("*", False),
    ],
)
def test_if_range_compares_strongly(if_range: str, *, partial: bool) -> None:
    assert answered(Asked(["bytes=0-9"], [if_range])) == ((206, 0, 10) if partial else WHOLE)


@pytest.mark.parametrize(
    ("named", "status"),
    [(TAG, 304), ('W/"abc"', 304), ('"x", "abc"', 304), ("*", 304), ('"abd"', 200), ("abc", 200)],
)
def test_if_none_match_compares_weakly(named: str, status: int) -> None:
    assert answered(Asked(if_none_match=[named]))[0] == status


@pytest.mark.parametrize(
    ("named", "status"), [(TAG, 206), ("*", 206), ('"x","abc"', 206), ('W/"abc"', 412), ('"abd"', 412)]
)
def test_if_match_compares_strongly(named: str, status: int) -> None:
    assert answered(Asked(["bytes=0-9"], if_match=[named]))[0] == status


def test_ranges_belong_to_get_alone() -> None:
    assert answered(Asked(["bytes=0-9"]), get=False) == WHOLE


def test_an_empty_object_has_no_range() -> None:
    assert part_of(Asked(["bytes=0-"]), TAG, 0).status is HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    assert part_of(Asked(), TAG, 0) == Part(HTTPStatus.OK, 0, 0)


@given(size=st.integers(1, 10**12), header=st.text(max_size=40) | st.from_regex(r"bytes=\d{0,20}-\d{0,20}"))
def test_whatever_is_asked_a_part_lies_within_the_object(size: int, header: str) -> None:
    part = part_of(Asked([header]), TAG, size)
    assert 0 <= part.start <= part.end <= size
    assert part.status in {200, 206, 416}
    assert (part.length == 0) is (part.status == 416)


@given(size=st.integers(1, 10**12), cuts=st.lists(st.integers(0, 10**12), max_size=5))
def test_pieces_cut_anywhere_are_the_whole(size: int, cuts: list[int]) -> None:
    at = 0
    for end in (*sorted({cut % size for cut in cuts}), size):
        if end > at:
            part = part_of(Asked([f"bytes={at}-{end - 1}"], [TAG]), TAG, size)
            assert (part.start, part.end) == (at, end)
            at = end
    assert at == size
