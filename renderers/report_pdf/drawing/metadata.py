"""The metadata of the file: title, language, PDF/UA-1 and PDF/A-2a (ISO 14289-1, 19005-2)."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Final
from xml.sax.saxutils import escape

from renderers.report_pdf.drawing.pdf_file import PdfFile
from renderers.report_pdf.drawing.structure import text_string

_PRODUCER: Final = "dsar-export"
# Without a creation date, so that the same report gives the same file.
_NAMESPACES: Final = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" '
    'xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"'
)
# PDF/A asks for a description of every foreign property: here, the one of PDF/UA.
_EXTENSION: Final = (
    '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" '
    'xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" '
    'xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>'
    '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>'
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    '<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    "<pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    "<pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>part of ISO 14289</pdfaProperty:description></rdf:li></rdf:Seq>"
    "</pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)


@dataclass(frozen=True)
class Metadata:
    """Title and author in drawable characters, and the BCP 47 tag of the report."""

    title: str
    author: str
    language: str


@dataclass(frozen=True)
class Ways:
    """The object numbers of the bookmarks, and of the places that links lead to."""

    bookmarks: int
    places: int


def write_information(file: PdfFile, metadata: Metadata) -> int:
    """Write the information dictionary; returns its object number."""
    number = file.reserve()
    texts = (text_string(text) for text in (metadata.title, metadata.author, _PRODUCER))
    file.put(number, b"<</Title%s/Author%s/Producer%s>>" % tuple(texts))
    return number


def write_catalogue(file: PdfFile, metadata: Metadata, pages: int, structure: int, ways: Ways) -> int:
    """Write the document catalogue with all that both standards require; returns its object number."""
    packet, profile, number = file.reserve(), file.reserve(), file.reserve()
    file.put_raw_stream(packet, b"/Type/Metadata/Subtype/XML", _packet(metadata))
    colours = files("renderers.report_pdf.drawing") / "data" / "srgb.icc"
    file.put_stream(profile, b"/N 3", colours.read_bytes())
    intent = b"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/DestOutputProfile %d 0 R>>"
    file.put(
        number,
        b"<</Type/Catalog/Pages %d 0 R/StructTreeRoot %d 0 R/Outlines %d 0 R/PageMode/UseOutlines/Metadata %d 0 R"
        b"/Names<</Dests %d 0 R>>"
        b"/OutputIntents[%s]/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>/Lang%s>>"
        % (
            pages,
            structure,
            ways.bookmarks,
            packet,
            ways.places,
            intent % profile,
            text_string(metadata.language),
        ),
    )
    return number


def _packet(metadata: Metadata) -> bytes:
    """The XMP packet; title, author and producer must equal those of the information dictionary."""
    title, author = escape(metadata.title), escape(metadata.author)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {_NAMESPACES}>'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>"
        f"<dc:language><rdf:Bag><rdf:li>{escape(metadata.language)}</rdf:li></rdf:Bag></dc:language>"
        f"<pdf:Producer>{_PRODUCER}</pdf:Producer>"
        "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>"
        "<pdfuaid:part>1</pdfuaid:part></rdf:Description>"
        f'{_EXTENSION}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()
