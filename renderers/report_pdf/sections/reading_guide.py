"""How to read the report, a glossary, and how to open the other files."""

from collections.abc import Iterator
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.model.package import PackageContents
from dsar_export.model.request import Right
from renderers.report_pdf.blocks import Block, Bullets, Facts
from renderers.report_pdf.sections.locale import NO_VALUE, Locale

_REPLACEMENT: Final = "\ufffd"
_ELLIPSIS: Final = "\u2026"

_GLOSSARY: Final = (
    (message("Acquired"), message("Obtained from somebody else, such as a credit agency.")),
    (
        message("Supervisory authority"),
        message("The public body that watches over data protection where we are."),
    ),
    (message("Code"), message("A short sign that our systems write in place of words.")),
    (message("Controller"), message("Who decides what is done with data, and why; here that is us.")),
    (
        message("CSV"),
        message(
            "A table as plain text: one record a line, the cells parted by commas. Spreadsheets open it."
        ),
    ),
    (message("Dataset"), message("One kind of record, such as orders.")),
    (message("Derived"), message("Worked out by us from other data, such as a score.")),
    (message("Field"), message("One thing that a record says, such as the day of an order.")),
    (
        message("GDPR"),
        message(
            "The General Data Protection Regulation (EU) 2016/679; in the United Kingdom, the UK GDPR with the "
            "Data Protection Act 2018."
        ),
    ),
    (
        message("Hash"),
        message("A fingerprint of a file: if one sign in the file changes, the fingerprint is another."),
    ),
    (
        message("Identifier"),
        message("What a system knows you by, such as a customer number or an address for email."),
    ),
    (
        message("Joint controller"),
        message("Who decides together with us what is done with data, and why."),
    ),
    (message("JSON"), message("A form of text that programs read; your data is complete in it.")),
    (message("Legal basis"), message("The rule of the GDPR that allows us to use the data.")),
    (message("Observed"), message("Noted while you used our services, such as a visit to a page.")),
    (
        message("Privacy notice"),
        message("The text in which we say in advance what data we hold and what for."),
    ),
    (message("Processor"), message("A company that works with data on our behalf and only as we say.")),
    (message("Provided"), message("Given by you, such as your name.")),
    (message("Recipient"), message("Anybody to whom your data was disclosed.")),
    (message("Record"), message("One entry about you, such as one order.")),
    (
        message("Register of processing"),
        message(
            "Our list of what we do with personal data: from it comes what this report says of each dataset."
        ),
    ),
    (message("Safeguard"), message("What protects data that went to a country with other laws.")),
    (message("Schema"), message("The description of a dataset's fields, for programs.")),
    (message("Source"), message("A system that holds data, or somebody who gave us data.")),
    (message("Storage period"), message("How long data is kept, and from when that is counted.")),
)
_FORMATS: Final = (
    (
        message("JSON, JSON-LD and JSON Schema"),
        message("With any web browser or text editor: drop the file on its window. No program is needed."),
    ),
    (
        message("CSV"),
        message(
            "With a spreadsheet. Where it asks: the characters are UTF-8, the separator is the comma, and every "
            "column is text, so that no number loses its first zeros."
        ),
    ),
    (
        message("The hashes"),
        message(
            "Who wants to check them: on Linux and macOS, in the unpacked folder, with "
            "“shasum -a 256 -c manifest-sha256.txt”."
        ),
    ),
    (
        message("The package again"),
        message("README.txt says with which program, for Windows, macOS and Linux."),
    ),
)


def how_to_read(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """Notes on how values are shown."""
    yield Bullets(tuple(_notes(contents, locale)))


def _notes(contents: PackageContents, locale: Locale) -> Iterator[str]:
    if contents.request.right is Right.ACCESS:
        yield locale.phrase(
            "What is rarest stands first: what we worked out and what others told us, then what was observed, "
            "then what you gave us."
        )
        yield locale.phrase(
            "A field without a value is shown as {sign} in tables; where each record stands by itself, it is left out.",
            sign=NO_VALUE,
        )
        yield locale.phrase("Times are those of {zone}.", zone=contents.controller.time_zone)
    yield locale.phrase(
        "Some characters can't be printed here and are shown as {sign}; the JSON files hold the originals.",
        sign=_REPLACEMENT,
    )
    yield locale.phrase("Long texts end with {sign} here; the JSON files hold them whole.", sign=_ELLIPSIS)
    if contents.request.right is Right.ACCESS and _has_masked_values(contents):
        yield locale.phrase(
            "Of the numbers of bank accounts and cards, only the last four characters are shown here; "
            "the JSON files hold them whole."
        )


def _has_masked_values(contents: PackageContents) -> bool:
    return any(f.masked for a in contents.datasets if a.outcome.written for f in a.schema.fields)


def glossary(locale: Locale) -> Facts:
    """The terms of the report, sorted in the report's language."""
    entries = ((locale.phrase(word), locale.phrase(meaning)) for word, meaning in _GLOSSARY)
    return Facts(tuple(sorted(entries, key=lambda pair: pair[0].casefold())))


def other_files(locale: Locale) -> Facts:
    """Each file format and how to open it."""
    return Facts(tuple((locale.phrase(what), locale.phrase(how)) for what, how in _FORMATS))
