"""README.txt: how to open the package. It is not encrypted, so it names no person."""

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dsar_export.language.catalogue import Texts, message, primary_language, texts
from dsar_export.model.package import Document, Member, PackageContents

_WIDTH: Final = 72
_LONGEST_NAME: Final = 200
_NO_BREAK: Final = "\0"
"""Placeholder for a space where no line may break, until the text is wrapped."""
_SPELLED_OUT: Final = str.maketrans(
    {"ł": "l", "Ł": "L", "ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "oe", "Ø": "Oe", "œ": "oe", "Œ": "Oe"}
    | dict.fromkeys("\u2018\u2019", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"')
    | dict.fromkeys("\u2013\u2014", "-")
    | dict.fromkeys("\u00a0\u202f", _NO_BREAK)
)
_SPELLED_OUT_IN: Final[Mapping[str, Mapping[int, str]]] = {
    "de": str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}),
}


@dataclass(frozen=True)
class _Part:
    """One heading with its text; the name of an operating system is not written in capitals."""

    heading: str
    prose: str = ""
    bullets: tuple[str, ...] = ()
    system: bool = False


_PARTS: Final = (
    _Part(
        message("How to open this package"),
        prose=message(
            "This is a ZIP file, encrypted with AES-256. Without the passphrase, only this text and the page open.html "
            "can be read. You receive the passphrase separately, by another channel. It is a row of words."
        ),
    ),
    _Part(
        message("On a computer, in a web browser"),
        bullets=(
            message(
                "Double-click open.html. It lies beside the ZIP file, and in it. Choose the ZIP file in the page, and "
                "type the passphrase: the page checks that nothing was changed or lost, and shows your data."
            ),
            message("Nothing is sent anywhere and nothing is stored. It works without a network."),
            message("Use no other open.html than the one that you received with the ZIP file."),
            message("Telephones often show the page without running it. Use a computer then."),
        ),
        system=True,
    ),
    _Part(
        message("With a program"),
        prose=message("Type the passphrase exactly as it is written, hyphens included."),
        system=True,
    ),
    _Part(
        message("Windows"),
        bullets=(
            message(
                "Install 7-Zip (https://www.7-zip.org). Right-click the ZIP file, choose 7-Zip (in Windows 11 it is "
                "under Show more options), then “Extract to”, and type the passphrase."
            ),
            message("Windows Explorer is reported not to open files of this kind."),
        ),
        system=True,
    ),
    _Part(
        message("macOS"),
        bullets=(
            message(
                "Install Keka (https://www.keka.io). Drop the ZIP file on its window and type the passphrase."
            ),
            message(
                "Archive Utility, which opens files on a double click, is reported not to open files of this kind."
            ),
        ),
        system=True,
    ),
    _Part(
        message("Linux"),
        bullets=(
            message(
                "Install 7-Zip (the package is called 7zip or p7zip-full). Then Archive Manager, Ark or Engrampa can "
                "open the ZIP file: choose Extract and type the passphrase."
            ),
            message("In a terminal, if the file is called NAME.zip: 7zz x NAME.zip"),
            message("Or: 7z x NAME.zip"),
            message("Or: bsdtar -xf NAME.zip"),
            message("unzip and unar do not open it, even with the right passphrase."),
        ),
        system=True,
    ),
    _Part(
        message("If files are empty or do not open"),
        prose=message(
            "The passphrase was probably mistyped: some programs then leave files that are empty or full of zeros. "
            "Delete everything that was unpacked, and try again."
        ),
    ),
    _Part(
        message("What is in it"),
        bullets=(
            message(
                "report.pdf: start here. It shows what the package contains, what it does not contain and why, and "
                "what your rights are."
            ),
            message("data/json: your data for computer programs, complete and unchanged."),
            message(
                "data/csv: the same data as tables, for a spreadsheet. Import them as UTF-8, separated by commas, and "
                "set every column to text. Otherwise numbers can change."
            ),
            message("data/schemas: what each field means. Each schema describes one record (JSON Schema)."),
            message(
                "data/nonconforming: rows that do not match the schema, with the reason. Values that do not match are "
                "shown as they are stored. This folder exists only if there are such rows."
            ),
            message(
                "data/gdpr-information.jsonld: why the data is held, where it came from, who received it and how long "
                "it is kept, for computer programs."
            ),
            message("datapackage.json: a list of all data files, and how they belong together."),
            message(
                "bagit.txt and the manifest files: the hash (fingerprint) of each file, to check that nothing was "
                "changed or lost."
            ),
        ),
    ),
    _Part(
        message("Keep it safe"),
        prose=message(
            "Once unpacked, the files are no longer encrypted. Keep them where only you can read them, and do not "
            "store the passphrase with this file."
        ),
    ),
)
_CONTACT_HEADING: Final = message("Whom to ask")


class Readme:
    """Renders README.txt."""

    def documents(
        self,
        contents: PackageContents,
        members: Sequence[Member],  # noqa: ARG002 # the list of members must not be readable without the passphrase
    ) -> Iterable[Document]:
        """The one unencrypted document: it names the controller, never the request."""
        translated = texts(contents.report.language)
        controller = contents.controller
        contact = f"{controller.name[:_LONGEST_NAME]}: {controller.contact[:_LONGEST_NAME]}"
        parts = (*_PARTS, _Part(_CONTACT_HEADING))
        lines = [line for part in parts for line in _lines(part, translated)]
        lines += [*_wrapped(_ascii(contact, translated.language)), ""]
        yield Document("README.txt", ("\r\n".join(lines).encode("ascii"),), "text/plain", encrypted=False)


def _lines(part: _Part, translated: Texts) -> Iterator[str]:
    heading = _ascii(translated.phrase(part.heading), translated.language)
    yield from _wrapped(heading) if part.system else [*_wrapped(heading.upper()), ""]
    if part.prose:
        yield from _wrapped(_ascii(translated.phrase(part.prose), translated.language))
    for bullet in part.bullets:
        yield from _wrapped("- " + _ascii(translated.phrase(bullet), translated.language), "  ")
    if part.prose or part.bullets:
        yield ""


def _wrapped(text: str, indent: str = "") -> list[str]:
    # People copy file names from here, so hyphens are no place to break.
    lines = textwrap.wrap(text, _WIDTH, subsequent_indent=indent, break_on_hyphens=False)
    return [line.replace(_NO_BREAK, " ") for line in lines]


def _ascii(text: str, language: str) -> str:
    """The text in ASCII on one line, so that every program shows it, whatever encoding it assumes."""
    quoted = text.replace("\u00ab\u00a0", '"').replace("\u00a0\u00bb", '"')
    spelled = quoted.translate(_SPELLED_OUT_IN.get(primary_language(language), {})).translate(_SPELLED_OUT)
    decomposed = unicodedata.normalize("NFKD", spelled)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.encode("ascii", "replace").decode("ascii").split())
