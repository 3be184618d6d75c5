"""The timeline as a figure, with a bar per month, and in the same words."""

from itertools import pairwise
from typing import Any

import pytest

from renderers.report_pdf.blocks import Timeline
from renderers.report_pdf.drawing.style import USUAL
from tests.renderers.report_pdf.drawing.tagged import Bar, Tagged, tagged

SERIES = (
    ("Orders", {"2019-01": 1000, "2019-12": 200, "2021-03": 1}),
    ("Visits", {"2020-06": 5}),
)


def box(read: Tagged) -> tuple[float, ...]:
    (figure,) = read.elements("Figure")
    element: Any = read.reader.get_object(figure.number)
    return tuple(map(float, element["/A"]["/BBox"]))


def bars(read: Tagged) -> list[Bar]:
    """The bars of the months, without those of years and lines."""
    return [bar for bar in read.bars if bar.content is not None and bar.height and bar.width > 0.5]


def test_the_words_are_the_figures_alternative() -> None:
    read = tagged(Timeline(SERIES, "Orders: (many) <b>\nVisits: é 漢"))

    (figure,) = read.elements("Figure")
    assert figure.alternative == "Orders: (many) <b> Visits: é 漢"


def test_characters_that_can_not_be_written_are_replaced() -> None:
    read = tagged(Timeline(SERIES, "a\ud800b\x00"))

    assert read.elements("Figure")[0].alternative == "a\ufffdb\ufffd"


def test_each_month_has_a_bar_in_its_place() -> None:
    read = tagged(Timeline(SERIES, "x"))

    left, _, right, _ = box(read)
    labels = USUAL.width * 0.27
    month = (right - left - labels) / 36  # 2019 to 2021 are drawn whole
    expected = [left + labels + month * at for at in (0, 11, 26, 17)]
    assert [bar.x for bar in bars(read)] == pytest.approx(expected, abs=0.02)
    thousand, two_hundred, one, five = (bar.height for bar in bars(read))
    assert thousand == five  # each series has its own scale
    assert thousand > two_hundred > one > 2


@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
@pytest.mark.parametrize(
    "series",
    [
        SERIES,
        (("x" * 300, {"1900-01": 1, "2026-12": 10**9}),),
        tuple((f"Set {n}", {f"{1990 + n}-12": n}) for n in range(30)),
        (("Zero", {"2024-12": 0}),),
        (("None", {}), ("One", {"2024-01": 1})),
        (("Long ago", {"0001-01": 1, "9999-12": 1}),),
    ],
    ids=["usual", "century", "many", "zero", "without", "millennia"],
)
def test_the_figure_stays_within_its_box(
    series: tuple[tuple[str, dict[str, int]], ...], *, large: bool
) -> None:
    read = tagged(Timeline(series, "x"), large_print=large)

    left, low, right, top = box(read)
    (figure,) = read.elements("Figure")
    within = [each for each in read.bars if each.content is not None]
    assert len(within) >= len(series)
    for bar in within:
        assert left - 0.1 <= bar.x <= bar.x + bar.width <= right + 0.1
        assert low - 0.1 <= bar.y <= bar.y + bar.height <= top + 0.1
    labels = [each for each in read.shown if each.text in figure.own_text and each.y > 45 and each.size < 20]
    for label in labels[1 - len(series) :]:
        assert left - 0.1 <= label.x <= label.x + label.width <= right + 0.1


def test_years_do_not_overlap() -> None:
    read = tagged(Timeline((("x", {"1900-01": 1, "2026-12": 1}),), "x"))

    years = [each for each in read.shown if each.text.isdigit() and len(each.text) == 4]
    assert len(years) > 5
    for year, following in pairwise(years):
        assert year.x + year.width < following.x


def test_without_months_there_is_no_figure() -> None:
    assert tagged(Timeline((("x", {}),), "x"), Timeline((), "y")).elements("Figure") == []
