"""How to read the report, a glossary, and how to open the other files."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.model.message import BRITISH, EUROPEAN, Message, law_of
from dsar_export.model.package import PackageContents
from dsar_export.model.request import Right
from renderers.report_pdf.blocks import Block, Bullets, Facts
from renderers.report_pdf.sections.locale import Locale

_REPLACEMENT: Final = "\ufffd"
_ELLIPSIS: Final = "\u2026"

_GLOSSARY: Final = (
    (message("Acquired"), message("From someone else, such as a credit agency.")),
    (message("Code"), message("A short form that our systems use in place of words.")),
    (message("Controller"), message("Whoever decides how and why data is used; here, that is us.")),
    (
        message("CSV"),
        message("A table as plain text, for spreadsheets."),
    ),
    (message("Dataset"), message("One kind of record, such as orders.")),
    (message("Derived"), message("Worked out by us from other data, such as a score.")),
    (
        message("Hash"),
        message("A fingerprint of a file: if anything in the file changes, so does the fingerprint."),
    ),
    (
        message("Identifier"),
        message("What a system knows you by, such as a customer number or an email address."),
    ),
    (message("JSON"), message("Text for computer programs; your data is complete in it.")),
    (message("Legal basis"), message("The rule of the {gdpr} that allows us to use the data.")),
    (message("Observed"), message("Recorded while you used our services, such as a page visit.")),
    (message("Processor"), message("A company that works with data on our behalf and only as we say.")),
    (message("Provided"), message("Given by you, such as your name.")),
    (message("Recipient"), message("Anyone your data was disclosed to.")),
    (message("Record"), message("One entry about you, such as one order.")),
    (
        message("Register of processing"),
        message(
            "Our list of what we do with personal data. What this report says about each dataset comes from "
            "it."
        ),
    ),
    (message("Safeguard"), message("What protects data in a country with different laws.")),
    (message("Schema"), message("A description of the fields of a dataset, for computer programs.")),
    (message("Storage period"), message("How long data is kept, and from when that is counted.")),
)
_LAWS: Final[Mapping[Message, str]] = MappingProxyType(
    {
        EUROPEAN: message("The General Data Protection Regulation (EU) 2016/679."),
        BRITISH: message(
            "The General Data Protection Regulation as it is law in the United Kingdom, with the Data Protection Act "
            "2018."
        ),
    }
)
_FILES: Final = (
    (
        message("The ZIP file in a web browser"),
        message(
            "Double-click open.html, choose the ZIP file in the page and type the passphrase. It works without a "
            "network and sends nothing. Telephones may not run it; use a computer."
        ),
    ),
    (
        message("The ZIP file in Windows"),
        message("7-Zip opens it. Windows Explorer is reported not to."),
    ),
    (
        message("The ZIP file in macOS"),
        message("Keka is reported to open it, and Archive Utility not to."),
    ),
    (
        message("The ZIP file in Linux"),
        message(
            "Archive Manager, Ark and Engrampa open it if 7-Zip is installed; in a terminal, 7zz, 7z and bsdtar do. "
            "unzip and unar do not, even with the right passphrase."
        ),
    ),
    (
        message("Files that are empty"),
        message(
            "The passphrase was probably mistyped: some programs then leave files that are empty or full of zeros. "
            "Delete everything that was unpacked, and try again."
        ),
    ),
    (
        message("CSV"),
        message(
            "Import it into a spreadsheet as UTF-8, separated by commas, with every column as text. Otherwise numbers "
            "lose the zeros at their beginning, and LibreOffice in German reads 0.975 as 975."
        ),
    ),
    (
        message("JSON, JSON-LD and JSON Schema"),
        message(
            "Drop the file on the window of a web browser or text editor. A schema describes one record; the JSON file "
            "is a list of records."
        ),
    ),
    (
        message("The hashes"),
        message(
            "To check them in Linux or macOS, run “shasum -a 256 -c manifest-sha256.txt” in the unpacked folder."
        ),
    ),
)


def how_to_read(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """Notes on how values are shown."""
    yield Bullets(tuple(_notes(contents, locale)))


def _notes(contents: PackageContents, locale: Locale) -> Iterator[str]:
    access = contents.request.right is Right.ACCESS
    if access:
        yield locale.phrase(
            "The rarest data comes first: what we worked out and what others told us, then what we recorded while "
            "you used our services, then what you gave us."
        )
        yield locale.phrase(
            "What the shown records of a dataset share stands above them. Fields without a value are left out, and so "
            "are our marks where they do not apply. Times are those of {zone}; those of other clocks have their "
            "distance from UTC, such as (+09:00). Under the heading of a year, dates are shown without it.",
            zone=contents.controller.time_zone,
        )
    yield locale.phrase(
        "Long texts end with {ellipsis} here, and {sign} stands for characters that cannot be printed. The JSON "
        "files have everything in full.",
        ellipsis=_ELLIPSIS,
        sign=_REPLACEMENT,
    )
    if access and _has_masked_values(contents):
        yield locale.phrase(
            "Only the last four characters of bank account and card numbers are shown here. The JSON files have them "
            "in full."
        )


def _has_masked_values(contents: PackageContents) -> bool:
    return any(f.masked for a in contents.datasets if a.outcome.written for f in a.schema.fields)


def glossary(contents: PackageContents, locale: Locale) -> Facts:
    """The terms of the report, sorted in the report's language."""
    entries = [(locale.phrase(word), locale.phrase(meaning)) for word, meaning in _GLOSSARY]
    entries.append((locale.texts.law, locale.phrase(_LAWS[law_of(contents.controller.country)])))
    return Facts(tuple(sorted(entries, key=lambda pair: pair[0].casefold())))


def other_files(locale: Locale) -> Facts:
    """Each file format and how to open it."""
    return Facts(tuple((locale.phrase(what), locale.phrase(how)) for what, how in _FILES))
