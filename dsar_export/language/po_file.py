"""Catalogues as translators edit them: gettext's .po files."""

import re
from collections.abc import Iterable
from io import BytesIO
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, PoFileParser, write_po

_TEXT: Final = r'"(?:[^"\\]|\\[\\"nrt])*"'
_LINE: Final = re.compile(rf"\s*(?:#.*|(?:(?:msgid|msgstr)\s+)?{_TEXT}\s*)?")
_MSGID: Final = re.compile(r"\s*msgid\s")


class StableCatalog(Catalog):
    """A catalogue whose header has nothing that changes by itself, such as the time or Babel's version."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", self.locale_identifier or ""),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]

    @mime_headers.setter
    def mime_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        """Takes no header from a file: other programs write dates and people there."""


class MalformedError(ValueError):
    """A .po file that is not well-formed, with the line and what is wrong with it."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


def parsed(text: str, language: str) -> StableCatalog:
    """The catalogue in the text of a .po file without plural forms and contexts; raises MalformedError."""
    catalog = StableCatalog(language, header_comment="", fuzzy=False)
    lines = text.split("\n")
    # Babel drops an entry without a word if a quotation mark is missing, or if another has the same text.
    for number, line in enumerate(lines, start=1):
        if not _LINE.fullmatch(line):
            raise MalformedError(
                number, 'expected msgid or msgstr with a text between quotation marks (\\" within it), or #'
            )
    try:
        PoFileParser(catalog, abort_invalid=True).parse(lines)
    except PoFileError as error:
        raise MalformedError(error.lineno + 1, "expected a msgstr after each msgid") from None
    kept = {message.lineno for message in catalog if message.id}
    for number, line in enumerate(lines, start=1):
        if _MSGID.match(line) and number not in kept and not _is_header(lines[number - 1 :]):
            raise MalformedError(number, "the file has this text twice; keep one of the two")
    return catalog


def written(catalog: Catalog) -> bytes:
    """The .po file, its lines as long as other programs for translators write them."""
    file = BytesIO()
    write_po(file, catalog, no_location=True)
    return file.getvalue()


def _is_header(lines: list[str]) -> bool:
    return lines[0].split(maxsplit=1)[1].strip() == '""' and not lines[1].lstrip().startswith('"')
