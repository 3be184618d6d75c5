"""Bars of requests by month: as long as there are requests, and never longer than the terminal is wide."""

import io
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from dsar_export.cli.commands.figures_picture import Bars, bars, picture
from dsar_export.model.figures import Counts

PLAIN = Bars(20, "#!o.")


def counts(in_time: int = 0, late: int = 0, still_open: int = 0, refused: int = 0) -> Counts:
    received = in_time + late + still_open + refused
    return Counts(received, in_time, late, still_open, 0, None, refused, 0, 0, 0, 0)


def drawn(by_month: Mapping[str, Counts], how: Bars = PLAIN) -> list[str]:
    return list(bars(by_month, how))


def console(*, terminal: bool = True, encoding: str = "utf-8", width: int = 80) -> Console:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    return Console(file=file, force_terminal=terminal, width=width)


def test_a_bar_has_its_parts_in_proportion_and_the_count() -> None:
    assert drawn({"2026-01": counts(5, 2, 2, 1), "2026-02": counts(5)}) == [
        "2026-01  ##########!!!!oooo.. 10",
        "2026-02  ########## 5",
        "# answered in time   ! late   o open   . ended without a package",
    ]


def test_a_month_without_requests_has_its_line() -> None:
    lines = drawn({"2025-12": counts(1), "2026-02": counts(1)})
    assert [line[:7] for line in lines[:-1]] == ["2025-12", "2026-01", "2026-02"]
    assert lines[1].strip() == "2026-01"


def test_only_the_last_three_years_are_drawn() -> None:
    lines = drawn({"2020-01": counts(99), "2026-02": counts(1)})
    assert (lines[0][:7], lines[-2]) == ("2023-03", f"2026-02  {'#' * 20} 1")


def test_one_late_answer_among_thousands_is_seen() -> None:
    assert "!" in drawn({"2026-01": counts(9999, 1)})[0]


@given(
    st.dictionaries(
        st.sampled_from(["2026-01", "2026-02", "2026-03"]),
        st.tuples(*[st.integers(0, 10**6)] * 4).filter(any),
        min_size=1,
    ),
    st.integers(4, 80),
)
def test_no_bar_is_wider_than_there_is_room(parts: dict[str, tuple[int, int, int, int]], width: int) -> None:
    by_month = {month: counts(*each) for month, each in parts.items()}
    lines = {line[:7]: line[9:] for line in drawn(by_month, Bars(width, "#!o."))[:-1]}
    for month, each in parts.items():
        bar = lines[month].rpartition(" ")[0]
        assert len(bar) <= width
        assert [character in bar for character in "#!o."] == [part > 0 for part in each]


def test_no_terminal_no_months_no_picture() -> None:
    months = {"2026-01": counts(1)}
    assert list(picture(months, console(terminal=False))) == []
    assert list(picture({}, console())) == []


def test_the_picture_fits_the_terminal_and_its_characters() -> None:
    months = {"2026-01": counts(1)}
    assert "█" * 24 + " 1" in "\n".join(picture(months, console(width=40)))
    plain = "\n".join(picture(months, console(encoding="ascii", width=40)))
    assert "#" * 24 + " 1" in plain
    assert plain.isascii()
