"""Places of the report that links lead to: named destinations (PDF 32000-1, 12.3.2.3).

By name, because a link is written before the page that it leads to is laid out.
"""

from collections.abc import Mapping

from renderers.report_pdf.drawing.pdf_file import PdfFile


def place_name(place: str) -> bytes:
    """The name of a place as it is written in the file."""
    return b"<%s>" % place.encode().hex().encode()


def write_places(file: PdfFile, places: Mapping[str, tuple[int, float]]) -> int:
    """Write the page and the upper edge of each place; returns the object number of their tree."""
    number = file.reserve()
    named = (
        b"%s[%d 0 R/XYZ null %.2f null]" % (place_name(place), *places[place])
        for place in sorted(places, key=str.encode)
    )
    file.put(number, b"<</Names[%s]>>" % b"".join(named))
    return number
