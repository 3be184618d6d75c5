#!/usr/bin/env bash
# pypdfium2 5.15.2 and PyMuPDF 1.28.2: a right-to-left name in a left-to-right line is copied wrongly, by each in its
# own way, although its glyphs have their true characters.
#
# Input: a page with the line "ab cd HEBREW1 HEBREW2 ef gh", as any producer draws it: one string of glyphs from left to
# right, so the two words and their letters stand from the right. There is no ActualText. In the lines below, lower-case
# x, y, z stand for the Hebrew letters alef, bet, gimel; the words are "xy" and "yz".
#
# A reader that knows UAX #9 must return "ab cd xy yz ef gh".
#
# Seen on 2026-11-30, Python 3.11:
#   pypdfium2 (Chrome)   "ab cd yz xy ef gh"   turns each word, but not their order: a search for the name finds nothing
#   PyMuPDF              "ab cd  xy yzef gh"   takes the blank behind the words for one of theirs and puts it before them
# In pdfium the order of a whole line depends on whether it has more right-to-left words than others.
# What our report does about it: docs/adr/0023-report-pdf.md.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check pypdfium2==5.15.2 pymupdf==1.28.2 2>/dev/null
"$folder/venv/bin/python" - "$folder/line.pdf" <<'END'
import sys

import pymupdf
import pypdfium2

ALEF, BET, GIMEL = "\u05d0\u05d1\u05d2"
seen = f"ab cd {GIMEL}{BET} {BET}{ALEF} ef gh"  # from the left
codes = {letter: code for code, letter in enumerate(dict.fromkeys(seen), 1)}


def stream(text: str) -> str:
    return f"<</Length {len(text)}>>stream\n{text}\nendstream"


shown = "".join(f"{codes[letter]:02x}" for letter in seen)
texts = "\n".join(f"<{code:02x}> <{ord(letter):04x}>" for letter, code in codes.items())
objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Count 1/Kids[3 0 R]>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
    stream(f"BT /F 12 Tf 50 50 Td <{shown}> Tj ET"),
    f"<</Type/Font/Subtype/TrueType/BaseFont/Courier/FirstChar 1/LastChar {len(codes)}"
    f"/Widths[{'600 ' * len(codes)}]/ToUnicode 6 0 R>>",
    stream(
        "begincmap 1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{texts}\nendbfchar endcmap"
    ),
]
body, places = "%PDF-1.7\n", []
for number, each in enumerate(objects, 1):
    places.append(len(body))
    body += f"{number} 0 obj\n{each}\nendobj\n"
table = "".join(f"{place:010} 00000 n \n" for place in places)
body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
body += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{body.index('xref')}\n%%EOF\n"
with open(sys.argv[1], "w") as file:
    file.write(body)

latin = str.maketrans({ALEF: "x", BET: "y", GIMEL: "z"})
pdfium = pypdfium2.PdfDocument(sys.argv[1])[0].get_textpage().get_text_range().translate(latin)
mupdf = pymupdf.open(sys.argv[1])[0].get_text().rstrip("\n").translate(latin)
assert pdfium == "ab cd yz xy ef gh", f"pypdfium2 has changed: {pdfium}"
assert mupdf == "ab cd  xy yzef gh", f"PyMuPDF has changed: {mupdf}"
print("as described: pypdfium2 swaps the words, PyMuPDF moves the blank behind them before them")
END
