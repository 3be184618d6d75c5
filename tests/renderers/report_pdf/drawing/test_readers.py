"""What readers copy from a report is the text as it was stored, in any script and direction.

Each reader reorders right-to-left text by rules of its own (ADR 23). Where no way of drawing came out right in all,
`wrong` names the readers that show another order; they must find the words nevertheless. Those in `apart` end a line
where none ends.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from renderers.report_pdf.blocks import Grid, Prose
from tests.renderers.report_pdf.drawing.expecting import without_blanks
from tests.renderers.report_pdf.drawing.readers import READERS, mupdf_finds, pdfium_finds, plain
from tests.renderers.report_pdf.drawing.tagged import drawn, report, section

_ENGLISH: Final = (
    "An English sentence, as most of a report is, for poppler asks which letters are more on a page. "
)


@dataclass(frozen=True)
class Line:
    text: str
    wrong: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()


def line(text: str, *wrong: str, apart: tuple[str, ...] = ()) -> Line:
    return Line(text, frozenset(wrong), frozenset(apart))


LINES: Final = {
    "a Hebrew word": line("שלום"),
    "two Hebrew words": line("שלום עולם"),
    "a Hebrew sentence": line("דוד בן גוריון כתב מכתב ארוך"),
    "Hebrew with points": line("שָׁלוֹם"),
    "an Arabic name": line("مريم"),
    "two Arabic words": line("السلام عليكم"),
    "ligatures of lam and alef": line("لا إله الأمر"),
    "Arabic with vowel signs": line("مُحَمَّد"),
    "Persian with a non-joiner": line("نمی‌دانم چه بگویم"),
    "Urdu": line("پاکستان ٹیلی ویژن"),
    "a Hebrew name in English": line("Name: דוד, paid", apart=("pdfium",)),
    "a Hebrew name at the end": line("Order of דוד"),
    "a Hebrew name at the start": line("דוד has paid", "poppler"),
    "an Arabic name in brackets": line("Mariam (مريم), born", apart=("pdfium",)),
    "a Hebrew name of three words in English": line("Order for דוד בן גוריון was paid"),
    "Latin in Hebrew": line("שלום abc עולם", "poppler"),
    "Latin at the end of Hebrew": line("שלום abc", "poppler"),
    "a number in Hebrew": line("הזמנה 12.50 מאה", "poppler"),
    "numbers in Hebrew": line("הזמנה 123 ו 456", "poppler"),
    "brackets in Hebrew": line("שלום (עולם) טוב", "pdfium"),
    "an e-mail address in Hebrew": line("כתבו אל support@example.org היום", "poppler"),
    "English words in Hebrew": line("הספר Hello World, Again נמכר", "poppler"),
    "a number in Arabic": line("الطلب 1234 جاهز", "poppler"),
    "Arabic digits": line("الطلب ١٢٣٤ جاهز", "poppler"),
    "a date in Arabic": line("في 2026-11-30 تم", "poppler", apart=("pdfium", "mupdf")),
    "an amount in Arabic": line("المبلغ 12.50 EUR فقط", "poppler"),
    "an e-mail address in Arabic": line("راسلنا على support@example.org الآن", "poppler"),
    "Hebrew and Hindi": line("שלום नमस्ते", "poppler"),
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
    "two names of two words": line("from דנה לוי to רון כהן today"),
    "a name before a full stop": line("by דנה לוי.", apart=("pdfium",)),
    "a comma in Hebrew": line("שלום, עולם", "poppler"),
    "a question": line("מה נשמע?"),
    "quotation marks in Hebrew": line("\"מכתב\" של ג'ורג'"),
    "a hyphen in Hebrew": line("תל-אביב יפו", "poppler"),
    "a telephone number in Hebrew": line("טלפון +972-3-555-0101 במשרד", "poppler", apart=("pdfium", "mupdf")),
    "a percentage in Hebrew": line("הנחה 15% היום", "poppler"),
    "an address": line("רחוב הרצל 12, Tel Aviv", "poppler", apart=("pdfium",)),
    "Latin and numbers in brackets in Hebrew": line("שלום (abc) עולם (12) טוב", "poppler"),
    "a web address in Hebrew": line("ראו https://example.org/a?b=1 כאן", "poppler"),
    "a vowel sign at the end of a word": line("رَسُولٌ كريم", apart=("pdf.js",)),
    "a vowel sign at the end of a line": line("رجل رَسُولٌ", "pdf.js"),
    "a percentage in Arabic digits": line("خصم ٢٥٪ اليوم", "poppler", apart=("pdfium", "mupdf")),
    "a word in brackets": line("by (דנה לוי) today"),
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

    _compare(found, typed, reader)


@pytest.mark.parametrize("name", SHORT)
@pytest.mark.parametrize("reader", READERS)
def test_a_cell_is_copied_as_stored(read: Callable[[str], tuple[str, str]], reader: str, name: str) -> None:
    at, typed = list(SHORT).index(name), SHORT[name]

    # Chrome reads a row that has more right-to-left words than others from the right.
    found = _between(read(reader)[1], f"c{at}c(.+?)e{at}e|e{at}e(.+?)c{at}c")

    _compare(found, typed, reader)


def test_nothing_of_a_text_is_a_private_character(tmp_path: Path) -> None:
    path = tmp_path / "paragraphs.pdf"
    path.write_bytes(drawn(report(section(*_paragraphs()))))

    for reader in ("pdfium", "mupdf"):
        assert re.search("[\ue000-\uf8ff]", READERS[reader](path)) is None


@pytest.mark.parametrize("name", ["דנה לוי", "דוד בן גוריון", "علاء الدين", "محمد عبد الله", "सीता शर्मा"])
def test_a_search_finds_a_name_in_a_row_with_english(tmp_path: Path, name: str) -> None:
    path = tmp_path / "row.pdf"
    columns = ("Number", "Customer", "City")
    path.write_bytes(drawn(report(section(Grid(columns, (("Order one two", name, "Tel Aviv, Israel"),))))))

    assert pdfium_finds(path, name)
    assert mupdf_finds(path, name)
    for reader in ("poppler", "pdf.js"):
        assert name in plain(READERS[reader](path))


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


def _compare(found: str, typed: Line, reader: str) -> None:
    stored = plain(typed.text)
    if reader in typed.wrong:
        assert found != stored
        assert [word for word in re.findall(r"[^\W\d_]+", stored) if word not in found] == []
    elif reader in typed.apart:
        assert found != stored
        assert without_blanks(found) == without_blanks(stored)
    else:
        assert found == stored
