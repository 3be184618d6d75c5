"""README.txt: how to open the package; the one member that anybody can read, so it names no person."""

import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from dsar_export.model.package import Document, Member, PackageContents

_WIDTH: Final = 72
_LONGEST_NAME: Final = 200
_SPELLED_OUT: Final = str.maketrans("łŁ\u2018\u2019\u201c\u201d\u2013\u2014", "lL''\"\"--") | str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "oe", "Ø": "Oe", "œ": "oe", "Œ": "Oe"}
)

_TEXT: Final = """\
HOW TO OPEN THIS PACKAGE

This is a ZIP file with AES-256 encryption. All that is in it, except
this text, opens only with a passphrase. You get the passphrase by
another channel than this file. It is a row of words: type them exactly
as they are written.

Windows
- Install 7-Zip (https://www.7-zip.org). Click the ZIP file with the
  right mouse button, choose 7-Zip, then Extract Here, and type the
  passphrase.
- Windows Explorer is reported not to open files of this kind.

macOS
- Install Keka (https://www.keka.io). Drop the ZIP file on its window
  and type the passphrase.
- Archive Utility, which a double click starts, is reported not to open
  files of this kind.

Linux
- Archive Manager: open the ZIP file, choose Extract and type the
  passphrase.
- In a terminal, NAME.zip being the file: 7z x NAME.zip
- Or: bsdtar -xf NAME.zip

WHAT IS IN IT

- report.pdf: start here. It says what is here, what is not here and
  why, and shows your data.
- data/json: your data for programs, complete and unchanged.
- data/csv: the same data as tables, for a spreadsheet.
- data/schemas: what each field means.
- data/nonconforming: rows that do not fit that meaning, with the
  reason; what does not fit is as it is stored. Only if there are any.
- data/gdpr-information.jsonld: why, from whom, to whom and how long,
  for programs.
- datapackage.json: the list of all files, and how they belong together.
- bagit.txt and the manifest files: the hash of each file, to check that
  none was changed or lost.

KEEP IT SAFE

Once unpacked, the files are no longer encrypted. Keep them where only
you can read them, and never keep the passphrase beside this file.

WHOM TO ASK

"""


class Readme:
    """Renders README.txt."""

    def documents(
        self,
        contents: PackageContents,
        members: Sequence[Member],  # noqa: ARG002 # the protocol's: what members there are is told encrypted
    ) -> Iterable[Document]:
        """The one text that is not encrypted: it tells of the controller, never of the request."""
        controller = contents.controller
        asked = textwrap.wrap(f"{_ascii(controller.name)}: {_ascii(controller.contact)}", _WIDTH)
        lines = [*_TEXT.splitlines(), *asked, ""]
        yield Document("README.txt", "\r\n".join(lines).encode("ascii"), "text/plain", encrypted=False)


def _ascii(text: str) -> str:
    """The nearest in ASCII on one line: every reader shows it, whatever encoding it guesses."""
    decomposed = unicodedata.normalize("NFKD", text[:_LONGEST_NAME].translate(_SPELLED_OUT))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.encode("ascii", "replace").decode("ascii").split())
