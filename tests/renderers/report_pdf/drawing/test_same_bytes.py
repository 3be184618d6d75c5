"""The same report is the same file, whatever was drawn before it."""

import hashlib
import os
import subprocess
import sys

from renderers.report_pdf.drawing import draw
from tests.renderers.report_pdf.drawing.awkward import SCRIPTS, every_kind
from tests.renderers.report_pdf.drawing.tagged import drawn, report, section

MIXED = report(*(section(*every_kind(text)) for text in SCRIPTS.values()))
PROGRAM = """
import hashlib
from tests.renderers.report_pdf.drawing.tagged import drawn
from tests.renderers.report_pdf.drawing.test_same_bytes import MIXED
print(hashlib.sha256(drawn(MIXED)).hexdigest())
"""


def test_the_same_report_is_the_same_file() -> None:
    assert drawn(MIXED) == drawn(MIXED)


def test_a_report_is_the_same_after_another_in_other_scripts() -> None:
    plain, arabic, hindi = (
        report(section(*every_kind(text))) for text in ("Abc", SCRIPTS["Arabic"], SCRIPTS["Devanagari"])
    )
    first = [drawn(each) for each in (plain, arabic, hindi)]

    assert [drawn(each) for each in (hindi, arabic, plain)] == first[::-1]


def test_two_reports_that_are_drawn_at_once_do_not_mix() -> None:
    one, other = (
        report(*(section(*every_kind(text * 5)) for _ in range(9))) for text in ("Abc", SCRIPTS["Arabic"])
    )
    alone = drawn(one), drawn(other)

    pieces = list(zip(draw(one), draw(other), strict=False))

    shorter = min(len(list(draw(one))), len(list(draw(other))))
    assert shorter > 3
    assert alone[0].startswith(b"".join(first for first, _ in pieces))
    assert alone[1].startswith(b"".join(second for _, second in pieces))


def test_the_file_does_not_depend_on_the_order_of_hashes() -> None:
    expected = hashlib.sha256(drawn(MIXED)).hexdigest()

    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert done.stdout.strip() == expected


def test_another_text_is_another_file() -> None:
    one, other = (drawn(report(section(*every_kind(text)))) for text in ("one", "two"))

    assert one != other
    assert one[-100:] != other[-100:]
