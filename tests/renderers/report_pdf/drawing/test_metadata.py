"""The metadata of the file is the same in both places."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.renderers.report_pdf.drawing.awkward import MARKUP, NAUGHTY, SCRIPTS, every_kind
from tests.renderers.report_pdf.drawing.tagged import Tagged, drawn, report, section

SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
}


def xmp_of(read: Tagged) -> dict[str, str]:
    """The metadata in the XMP packet."""
    packet = ET.fromstring(read.root["/Metadata"].get_data())  # noqa: S314 # our own
    paths = {
        "title": ".//dc:title/rdf:Alt/rdf:li",
        "author": ".//dc:creator/rdf:Seq/rdf:li",
        "language": ".//dc:language/rdf:Bag/rdf:li",
        "producer": ".//pdf:Producer",
        "part": ".//pdfaid:part",
        "conformance": ".//pdfaid:conformance",
        "accessible": ".//pdfuaid:part",
    }
    return {name: packet.findtext(path, "", SPACES) for name, path in paths.items()}


def information_of(read: Tagged) -> tuple[str | None, ...]:
    info = read.reader.metadata
    assert info is not None
    return info.title or "", info.author or "", info.producer


@pytest.mark.parametrize("text", [*MARKUP, *SCRIPTS.values(), "Ä (b) \\ <c> & 'd' \"e\""])
def test_both_places_have_the_text_as_typed(text: str) -> None:
    text = text.replace("\u200b", "")
    read = Tagged(drawn(report(title=text, author=text)))

    xmp = xmp_of(read)
    assert (
        (xmp["title"], xmp["author"], xmp["producer"]) == information_of(read) == (text, text, "dsar-export")
    )


@pytest.mark.parametrize("name", NAUGHTY)
def test_both_places_have_the_same_naughty_text(name: str) -> None:
    read = Tagged(drawn(report(title=NAUGHTY[name], author=NAUGHTY[name])))

    xmp = xmp_of(read)
    assert (xmp["title"], xmp["author"], xmp["producer"]) == information_of(read)
    assert len(xmp["title"]) <= 201


def test_the_metadata_names_the_standards() -> None:
    xmp = xmp_of(Tagged(drawn(report())))

    assert (xmp["part"], xmp["conformance"], xmp["accessible"]) == ("2", "A", "1")


@pytest.mark.parametrize("language", ["en-GB", "fr", "de", "pt-BR", "zh-Hant"])
def test_the_metadata_names_the_language(language: str) -> None:
    read = Tagged(drawn(report(language=language)))

    assert read.root["/Lang"] == xmp_of(read)["language"] == language


def test_the_readers_window_shows_title_and_bookmarks() -> None:
    root: Any = Tagged(drawn(report(section(*every_kind("x"))))).root

    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert root["/PageMode"] == "/UseOutlines"


def test_the_colour_profile_is_embedded() -> None:
    (intent,) = Tagged(drawn(report())).root["/OutputIntents"]

    profile = intent["/DestOutputProfile"]
    assert profile["/N"] == 3
    assert profile.get_data()[36:40] == b"acsp"
