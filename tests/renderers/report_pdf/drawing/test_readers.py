"""What readers copy from a report is the text as it was stored, in any script and direction.

Each reader reorders right-to-left text by rules of its own (ADR 23). Where no way of drawing came out right in all,
`wrong` and `wrong_in_cell` name the readers that show another order; they must find the words nevertheless.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from renderers.report_pdf.blocks import Grid, Prose
from tests.renderers.report_pdf.drawing.readers import READERS, plain
from tests.renderers.report_pdf.drawing.tagged import drawn, report, section

_ENGLISH: Final = (
    "An English sentence, as most of a report is, for poppler asks which letters are more on a page. "
)


@dataclass(frozen=True)
class Line:
    text: str
    wrong: frozenset[str] = frozenset()
    wrong_in_cell: frozenset[str] = frozenset()


def line(text: str, *wrong: str, in_cell: tuple[str, ...] = ()) -> Line:
    return Line(text, frozenset(wrong), frozenset({*wrong, *in_cell}))


CHROME: Final = ("pdfium",)  # reorders the words of a whole row
LINES: Final = {
    "a Hebrew word": line("שלום"),
    "two Hebrew words": line("שלום עולם", in_cell=CHROME),
    "a Hebrew sentence": line("דוד בן גוריון כתב מכתב ארוך", in_cell=CHROME),
    "Hebrew with points": line("שָׁלוֹם", in_cell=CHROME),
    "an Arabic name": line("مريم"),
    "two Arabic words": line("السلام عليكم", in_cell=CHROME),
    "ligatures of lam and alef": line("لا إله الأمر", in_cell=CHROME),
    "Arabic with vowel signs": line("مُحَمَّد", in_cell=CHROME),
    "Persian with a non-joiner": line("نمی‌دانم چه بگویم", in_cell=CHROME),
    "Urdu": line("پاکستان ٹیلی ویژن", in_cell=CHROME),
    "a Hebrew name in English": line("Name: דוד, paid"),
    "a Hebrew name at the end": line("Order of דוד"),
    "a Hebrew name at the start": line("דוד has paid", "poppler", "pdfium"),
    "an Arabic name in brackets": line("Mariam (مريم), born", "pdfium"),
    "a Hebrew name of three words in English": line("Order for דוד בן גוריון was paid", "pdfium"),
    "Latin in Hebrew": line("שלום abc עולם", "poppler", in_cell=CHROME),
    "Latin at the end of Hebrew": line("שלום abc", "poppler", "pdfium"),
    "a number in Hebrew": line("הזמנה 12.50 מאה", "poppler", in_cell=CHROME),
    "numbers in Hebrew": line("הזמנה 123 ו 456", "poppler", in_cell=CHROME),
    "brackets in Hebrew": line("שלום (עולם) טוב", "pdfium"),
    "an e-mail address in Hebrew": line("כתבו אל support@example.org היום", "poppler", "pdfium"),
    "English words in Hebrew": line("הספר Hello World, Again נמכר", "poppler", "pdfium"),
    "a number in Arabic": line("الطلب 1234 جاهز", "poppler", in_cell=CHROME),
    "Arabic digits": line("الطلب ١٢٣٤ جاهز", "poppler", "mupdf", in_cell=CHROME),
    "an amount in Arabic": line("المبلغ 12.50 EUR فقط", "poppler", in_cell=CHROME),
    "an e-mail address in Arabic": line("راسلنا على support@example.org الآن", "poppler", "pdfium"),
    "Hebrew and Hindi": line("שלום नमस्ते", "poppler", "pdfium"),
    "Hindi": line("क्षत्रिय हिन्दी में नमस्ते दुनिया"),
    "Hindi in English": line("Name: सीता शर्मा (id 5)"),
    "Bengali": line("বাংলা কোম্পানি"),
    "Tamil": line("தமிழ் கொடு"),
    "Telugu": line("తెలుగు క్ష్మ"),
    "Kannada": line("ಕನ್ನಡ ಕ್ಷೇತ್ರ"),
    "Malayalam": line("മലയാളം ക്ഷേ"),
    "Gurmukhi": line("ਪੰਜਾਬੀ ਕਿਤਾਬ"),
    "Gujarati": line("ગુજરાતી કિતાબ"),
    "Oriya": line("ଓଡ଼ିଆ କେ"),
    "Sinhala with a joiner": line("සිංහල ක්‍රි"),
    "Thai": line("ภาษาไทย น้ำ กำลัง"),
    "Lao": line("ພາສາລາວ ນ້ຳ"),
    "Burmese": line("မြန်မာ ကြောင့်"),
    "Khmer": line("ភាសាខ្មែរ ស្រី កែ"),
    "Chinese and Korean": line("漢字 abc 한국어"),
    "Latin and Cyrillic": line("naïve Київ"),
    "a long Hebrew paragraph": line("דוד בן גוריון כתב מכתב ארוך " * 11 + "סוף"),
    "a long Arabic paragraph": line("السلام عليكم ورحمة الله وبركاته " * 9 + "تم"),
}
SHORT: Final = {name: each for name, each in LINES.items() if len(each.text) < 80}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[str, str]]:
    """What a reader reads of the lines as paragraphs and as cells of a table."""
    folder = tmp_path_factory.mktemp("readers")
    paragraphs, cells = folder / "paragraphs.pdf", folder / "cells.pdf"
    paragraphs.write_bytes(drawn(report(section(*_paragraphs()))))
    rows = [(f"c{at}c", each.text, f"e{at}e") for at, each in enumerate(SHORT.values())]
    cells.write_bytes(drawn(report(section(Grid(("first column", "middle column", "last column"), rows)))))

    @cache
    def by(reader: str) -> tuple[str, str]:
        return READERS[reader](paragraphs), READERS[reader](cells)

    return by


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("reader", READERS)
def test_a_paragraph_is_copied_as_stored(
    read: Callable[[str], tuple[str, str]], reader: str, name: str
) -> None:
    at, typed = list(LINES).index(name), LINES[name]

    found = _between(read(reader)[0], f"p{at}p(.+?)An English sentence")

    _compare(found, typed.text, wrong=reader in typed.wrong)


@pytest.mark.parametrize("name", SHORT)
@pytest.mark.parametrize("reader", READERS)
def test_a_cell_is_copied_as_stored(read: Callable[[str], tuple[str, str]], reader: str, name: str) -> None:
    at, typed = list(SHORT).index(name), SHORT[name]

    # Chrome reads a row that has more right-to-left words than others from the right.
    found = _between(read(reader)[1], f"c{at}c(.+?)e{at}e|e{at}e(.+?)c{at}c")

    _compare(found, typed.text, wrong=reader in typed.wrong_in_cell)


def test_nothing_of_a_text_is_a_private_character(tmp_path: Path) -> None:
    path = tmp_path / "paragraphs.pdf"
    path.write_bytes(drawn(report(section(*_paragraphs()))))

    for reader in ("pdfium", "mupdf"):
        assert re.search("[\ue000-\uf8ff]", READERS[reader](path)) is None


def _paragraphs() -> list[Prose]:
    return [
        Prose(text)
        for at, each in enumerate(LINES.values())
        for text in (f"p{at}p", each.text, _ENGLISH * (1 + len(each.text) // 30))
    ]


def _between(text: str, pattern: str) -> str:
    found = re.search(pattern, re.sub(r"Your data, A Shop Ltd|Page \d+ of ?\d+", " ", plain(text)))
    assert found is not None
    return plain(next(filter(None, found.groups())))


def _compare(found: str, typed: str, *, wrong: bool) -> None:
    if wrong:
        assert [word for word in _words(typed) if word not in found] == []
    else:
        assert found == plain(typed)


def _words(typed: str) -> list[str]:
    """The words of letters, without vowel signs, which Chrome puts before their letters in some rows."""
    return re.findall(r"[^\W\d_]+", plain(typed))
