#!/usr/bin/env bash
# python-bidi 0.6.12: the two functions called get_display disagree about brackets in right-to-left text.
#
# Input: four characters, HEBREW LETTER ALEF, "(", HEBREW LETTER BET, ")", all at a right-to-left level.
# UAX #9, rule L4: a bracket at a right-to-left level is shown as its mirror image. In visual order, left to right, a
# reader must see "(" BET ")" ALEF.
#
# Seen on 2026-11-30, Python 3.11:
#   bidi.get_display (Rust, the documented entry point)   ")" BET "(" ALEF   brackets reversed, not mirrored
#   bidi.algorithm.get_display (Python)                   "(" BET ")" ALEF   mirrored
# So a program that draws glyphs one by one from the first function shows brackets the wrong way round.
# Our report mirrors them itself (renderers/report_pdf/drawing/lettering.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check python-bidi==0.6.12 2>/dev/null
"$folder/venv/bin/python" - <<'END'
from bidi import get_display
from bidi.algorithm import get_display as in_python

text = "\u05d0(\u05d1)"
assert get_display(text) == ")\u05d1(\u05d0", "bidi.get_display has changed"
assert in_python(text) == "(\u05d1)\u05d0", "bidi.algorithm.get_display has changed"
print("as described: bidi.get_display does not mirror brackets, bidi.algorithm.get_display does")
END
