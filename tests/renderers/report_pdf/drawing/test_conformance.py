"""Every report is PDF/UA-1 and PDF/A-2a according to an independent validator."""

from collections.abc import Iterator
from io import BytesIO

import page
import pytest
from pypdf import PdfReader, PdfWriter

from renderers.report_pdf.blocks import (
    Bullets,
    Facts,
    Families,
    Family,
    Grid,
    Group,
    Heading,
    Link,
    Prose,
    Report,
    Timeline,
)
from tests.renderers.report_pdf.drawing.awkward import MARKUP, NAUGHTY, SCRIPTS, every_kind
from tests.renderers.report_pdf.drawing.tagged import drawn, records, report, section

PROFILES = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A)

EVERY_KIND = report(
    section(*every_kind("text")), section(*every_kind("other"), level=1), opening=every_kind("first")
)
HIGH = "line\n" * 500
ORDERS = [(f"2026-{n % 12 + 1:02}", f"Order {n}", str(n)) for n in range(1_000)]

REPORTS = {
    "every kind of block": EVERY_KIND,
    "nothing": report(title="", author="", language="en"),
    "no section": report(),
    "sections without blocks": report(section(), section(level=1), section()),
    "blocks without anything": report(
        section(Prose(""), Heading(""), Bullets(()), Facts(()), Grid(("a",), ()), records(("a",), ()), Families(()))
    ),
    "empty cells": report(section(Grid(("", ""), (("", ""),)), Facts((("", ""),)), records(("",), (("",),)))),
    "a grid without rows": report(section(Grid(("a", "b"), ()))),
    "300 sections": report(*(section(Prose("x"), title=f"Section {n}", level=n % 2) for n in range(300))),
    "large print": report(section(*every_kind("text " * 30)), large_print=True),
    "a row higher than a page": report(section(Grid(("a", "b"), ((HIGH, "x"), ("y", HIGH))), Facts(((HIGH, HIGH),)))),
    "a long link": report(section(Facts((("a", Link("word " * 1_000, "x:y")),)), Link("word " * 90, "x:y"))),
    "a thousand rows": report(section(records(("Date", "What", "Number"), ORDERS))),
    "rows with lines below": report(section(records(("Date", "What") * 8, [row[:2] * 8 for row in ORDERS[:150]]))),
    "rows under years": report(section(records(("Date", "What", "Number"), [*ORDERS[:50], Group("x"), *ORDERS[:9]]))),
    "cards": report(section(records(("Date", "What"), [("long " * 110, "text " * 110), Group("2025")] * 20))),
    "families": report(section(Families([Group("x"), Family("Order", "text", (("Lines", ("a", "b")),))] * 99))),
    "one column more than fits": report(section(Grid(("x",) * 16, (("text",) * 16,) * 5))),
    "a card higher than a page": report(section(records(("x",) * 200, (("long " * 100,) * 200,)))),
    "a long timeline": report(
        section(Timeline(tuple((f"Set {n}", {"1970-01": n, "2026-12": 0}) for n in range(90)), "Ж" * 40_000))
    ),
    "German": report(section(*every_kind("Größe ß")), language="de", title="Ihre Daten"),
    "French": report(section(*every_kind("Où ça, œuvre")), language="fr", title="Vos données"),
    "another language": report(section(*every_kind("naïve")), language="pt-BR"),
    "all scripts": report(*(section(*every_kind(text), title=text) for text in SCRIPTS.values())),
    "all scripts in large print": report(section(*every_kind(" ".join(SCRIPTS.values()))), large_print=True),
    "markup": report(*(section(*every_kind(text), title=text) for text in MARKUP)),
    "naughty texts": report(*(section(*every_kind(text[:2_000]), title=text) for text in NAUGHTY.values())),
    "naughty texts at length": report(
        section(*(block for text in NAUGHTY.values() for block in (Prose(text), Grid(("a", "b"), ((text, text),)))))
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REPORTS)
def test_it_conforms(name: str) -> None:
    body = drawn(REPORTS[name])

    for profile in PROFILES:
        assert list(failures(body, profile)) == []


@pytest.mark.parametrize("name", NAUGHTY)
def test_naughty_text_anywhere_conforms(name: str) -> None:
    text = NAUGHTY[name]
    of = report(section(*every_kind(text[:500]), title=text), title=text, author=text)

    body = drawn(of)

    for profile in PROFILES:
        assert list(failures(body, profile)) == []


def test_the_validator_finds_faults() -> None:
    body = drawn(EVERY_KIND)

    assert list(failures(without(body, b"/Alt"), PROFILES[0])) != []
    assert list(failures(without(body, b"/Metadata"), PROFILES[1])) != []


def test_a_report_of_rows_that_can_be_read_only_once_conforms() -> None:
    rows = iter([("a", "b")] * 100)
    long = iter([("long " * 110, "text " * 110)] * 5)

    of: Report = report(section(records(("x", "y"), rows), records(("x", "y"), long)))

    body = drawn(of)
    for profile in PROFILES:
        assert list(failures(body, profile)) == []
    assert len(PdfReader(BytesIO(body)).pages) == 3


def failures(body: bytes, profile: page.ValidationProfile) -> Iterator[str]:
    validated = page.validate_pdf_bytes(body, profile=profile)
    assert validated.rules.total > 100
    yield from (f"{failure.rule_id}: {failure.message}" for failure in validated.failures)


def without(body: bytes, key: bytes) -> bytes:
    """The same file without one entry, which is in a compressed object."""
    writer = PdfWriter(clone_from=BytesIO(body))
    out = BytesIO()
    writer.write(out)
    return out.getvalue().replace(key + b" ", b"/Not" + b"x" * (len(key) - 4) + b" ")
