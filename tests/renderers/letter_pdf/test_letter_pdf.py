"""A letter's PDF has its whole text, conforms like the report, and shows every script."""

from dataclasses import replace
from pathlib import Path

import pytest

from dsar_export.model.letter import Letter, LetterKind
from dsar_export.plugins import BUILT_IN, letter_renderer
from tests.renderers.report_pdf.drawing.awkward import MARKUP, NAUGHTY, SCRIPTS
from tests.renderers.report_pdf.drawing.readers import mupdf, pdfium, plain, poppler
from tests.renderers.report_pdf.drawing.tagged import Tagged
from tests.renderers.report_pdf.drawing.test_conformance import PROFILES, failures

LETTER = Letter(
    kind=LetterKind.QUESTION,
    language="de",
    sender=("Größe & Söhne GmbH", "Beispielstraße 8, 99999 Hamburg", "datenschutz@example.org"),
    date="2. März 2026",
    reference="DSAR-20260302-AAAAAAAA",
    subject="Eine Frage zu Ihrem Antrag",
    paragraphs=(
        "Guten Tag,",
        "Wann war das, und wo?\nIn welchem Laden?",
        "Mit freundlichen Grüßen\nGröße & Söhne",
    ),
)
LONG = replace(LETTER, paragraphs=tuple(f"Absatz {n}: {'Wort ' * 780}Ende {n}." for n in range(9)))
LETTERS = {
    "a short letter": LETTER,
    "a long letter": LONG,
    "nothing below the subject": replace(LETTER, paragraphs=()),
    "all scripts": replace(LETTER, sender=tuple(SCRIPTS.values()), paragraphs=tuple(SCRIPTS.values())),
    "markup": replace(LETTER, subject=MARKUP[0], paragraphs=MARKUP),
    "naughty texts": replace(LETTER, paragraphs=tuple(text[:2_000] for text in NAUGHTY.values())),
}


def pdf(letter: Letter) -> bytes:
    return letter_renderer("letter_pdf", BUILT_IN).render(letter)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf(LETTER))
    return path


@pytest.mark.parametrize("name", LETTERS)
def test_it_conforms(name: str) -> None:
    body = pdf(LETTERS[name])
    for profile in PROFILES:
        assert list(failures(body, profile)) == []


@pytest.mark.parametrize("reader", [poppler, pdfium, mupdf])
def test_readers_copy_the_whole_text_in_order(reader: object, file: Path) -> None:
    assert callable(reader)
    shown = plain(reader(file))
    head = (*LETTER.sender, LETTER.date, f"Unser Zeichen: {LETTER.reference}", LETTER.subject)
    whole = plain(" ".join((*head, *LETTER.paragraphs)))
    assert shown.startswith(whole)


def test_a_screen_reader_meets_the_sender_the_date_the_subject_and_the_text() -> None:
    elements = Tagged(pdf(LETTER)).elements("P", "H1")
    assert [element.tag for element in elements] == ["P", "P", "H1", "P", "P", "P"]
    assert elements[2].text == LETTER.subject
    assert elements[3].text == "Guten Tag,"


def test_the_file_has_title_language_and_a_footer_in_the_language_of_the_letter() -> None:
    read = Tagged(pdf(LONG))
    assert read.untagged == []
    assert read.root["/Lang"] == "de"
    assert read.reader.metadata is not None
    assert read.reader.metadata.title == LETTER.subject
    assert read.reader.metadata.author == LETTER.sender[0]
    assert "Größe & Söhne GmbH · DSAR-20260302-AAAAAAAA" in read.artifacts
    assert any("Seite 2 von" in text for text in read.artifacts)


def test_a_long_letter_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf(LONG))
    shown = poppler(path)
    assert [n for n in range(9) if f"Ende {n}." not in shown] == []
    assert shown.count("Wort") == 9 * 780


def test_a_paragraph_as_long_as_a_letter_may_have_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    paragraphs = ("W" * 3_995 + "Ende.", "x\n" * 299 + "unten")
    path.write_bytes(pdf(replace(LETTER, paragraphs=paragraphs)))
    shown = "".join(poppler(path).split())
    assert shown.count("W") == 3_995 + LETTER.subject.count("W") + sum(s.count("W") for s in LETTER.sender)
    assert "Ende." in shown
    assert "unten" in shown
    assert "…" not in shown


@pytest.mark.parametrize(
    "script", ["Greek", "Cyrillic", "Armenian", "Georgian", "Chinese", "Japanese", "Thai"]
)
def test_names_of_any_script_are_copied_as_they_were_written(script: str, tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    text = SCRIPTS[script]
    path.write_bytes(pdf(replace(LETTER, sender=(text,), subject=text, paragraphs=(text,))))
    assert "".join(plain(poppler(path)).split()).count("".join(plain(text).split())) >= 3


def test_the_greeting_is_never_alone_on_a_page() -> None:
    greeting = "Mit freundlichen Grüßen"
    ends = set()
    for lines in range(36, 46):
        made = Tagged(pdf(replace(LETTER, paragraphs=("x\n" * lines + "end", greeting))))
        pages = {shown.text: shown.page for shown in made.shown if shown.text in {"end", greeting}}
        assert pages["end"] == pages[greeting]
        ends.add(pages["end"])
    assert ends == {0, 1}


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert pdf(LETTER) == pdf(LETTER)
