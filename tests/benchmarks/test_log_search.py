"""A search of a log finds what grep finds, and its memory does not grow with the log."""

import tracemalloc
from pathlib import Path

from benchmarks.log_search import SUBJECT, compared, write_log
from benchmarks.log_searched import search


def test_a_search_finds_what_grep_finds(tmp_path: Path) -> None:
    found = compared(16 << 20, tmp_path)
    assert found.found == found.counted == "2"
    assert "grep -c" in found.text


def test_its_memory_does_not_grow_with_the_log(tmp_path: Path) -> None:
    peaks = list[int]()
    for size in (8 << 20, 64 << 20):
        write_log(tmp_path / "app.log", size)
        tracemalloc.start()
        search(tmp_path, SUBJECT)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + (1 << 20) < 16 << 20
