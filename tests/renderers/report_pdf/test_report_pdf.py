"""The drawn report shows everything in a package and everything missing, and no data can break it."""

from io import BytesIO
from pathlib import Path
from typing import cast

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from dsar_export.model.message import Message
from dsar_export.model.outcome import Answer, Gap, Reason
from dsar_export.model.schema import Code, FieldKind
from tests.builders import contents, dataset_answer, promise_answer, schema_field
from tests.renderers.report_pdf.reading import pdf, text_of

NOTHING_HELD = "there is nothing that we must disclose"


def test_markup_stays_visible_as_typed(tmp_path: Path) -> None:
    picture = tmp_path / "secret.txt"
    picture.write_text("top secret")
    typed = [
        f'<img src="{picture}"/>',
        "</para><b>bold</b>",
        "%s {0} &amp; &#65;",
        "<a href='file:///etc'>x</a>",
    ]
    title = '<img src="/etc/passwd"> & <b>'
    fields = [schema_field("text", title=title)]

    text = text_of(
        contents(dataset_answer("feedback", [{"text": t} for t in typed], fields=fields, title=title))
    )

    for each in (*typed, title):
        assert " ".join(each.split()) in text
    assert "top secret" not in text


HOSTILE = {
    "lone surrogate": "a\ud800b",
    "control characters": "a\x00\x01\x1b\x7f\x9fb",
    "emoji": "a😀👩\u200d👩\u200d👧b",
    "right to left": "a\u202eשלום مرحباb",
    "other scripts": "a漢字 हिन्दी ไทยb",
    "combining": "e" + "\u0301" * 3000,
    "line ends": "\n" * 10_000,
    "a megabyte": "word " * 200_000,
    "a megabyte without spaces": "x" * 1_000_000,
    "a long token": "x" * 10_000,
    "format": "%s %(x)s {0} {} \\ ( ) <</Type/Page>> endstream",
    "nothing": "",
}


@pytest.mark.parametrize("columns", [1, 7, 8, 30])
@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_no_cell_breaks_the_report(typed: str, columns: int) -> None:
    record: dict[str, object] = {f"f{n}": typed for n in range(columns)}

    text = text_of(contents(dataset_answer("hostile", [record] * 3)))

    assert "Your rights" in text


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_no_title_ground_or_identifier_breaks_the_report(typed: str) -> None:
    code = Code(typed, typed, typed)
    hostile = dataset_answer(
        "hostile",
        [{"id": typed}],
        title=typed,
        fields=[schema_field("id", title=typed, codes=(code,))],
        nonconforming=1,
        reasons=((Reason(typed, typed), 1),),
    )
    package = contents(
        hostile,
        promises=(promise_answer(typed, Answer.NOT_SEARCHED, ground=typed),),
        gaps=(Gap(typed, typed, Message("{x}", (("x", typed),))),),
        email=typed,
    )

    assert "Your rights" in text_of(package)


def test_a_character_without_a_glyph_is_explained_with_a_pointer_to_the_json_files() -> None:
    replaced = text_of(contents(dataset_answer("feedback", [{"text": "fine \U00013000"}])))
    drawn = text_of(
        contents(dataset_answer("feedback", [{"text": "fine, Łódź, Ελλάδα, Київ, 漢字, 한글, 😀"}]))
    )

    assert "\ufffd stands for characters that cannot be printed. The JSON files have everything" in replaced
    assert "fine \ufffd" in replaced
    assert "fine, Łódź, Ελλάδα, Київ, 漢字, 한글, 😀" in drawn


@pytest.mark.parametrize(
    "value",
    [
        10**400,
        -1.5e300,
        True,
        [[]] * 50,
        {"a": {"b": ["\ud800"]}},
        {"$base64": "AAAA"},
        "2026-13-45T99:99:99Z",
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", list(FieldKind))
def test_a_value_of_the_wrong_kind_is_still_shown(kind: FieldKind, value: object) -> None:
    answer = dataset_answer("odd", [{"x": value}], fields=[schema_field("x", kind, currency_field="x")])

    assert "The records" in text_of(contents(answer))


def test_every_page_is_numbered_and_repeats_the_table_header() -> None:
    body = pdf(contents(dataset_answer("visits", [{"visit_id": str(n)} for n in range(200)])))
    pages = [page.extract_text() for page in PdfReader(BytesIO(body)).pages]

    assert len(pages) > 3
    assert all(f"Page {n} of {len(pages)}" in " ".join(text.split()) for n, text in enumerate(pages, start=1))
    rows = {str(n) for n in range(200)}
    row_pages = [words for text in pages if len(rows.intersection(words := text.split())) > 20]
    assert len(row_pages) > 2
    assert all(lines[:2] == ["Visit", "id"] for lines in row_pages[1:])


def test_sections_and_datasets_are_in_the_outline() -> None:
    body = pdf(contents(dataset_answer("orders", [{"id": "1"}])))

    outline = str(PdfReader(BytesIO(body)).outline)

    for title in ("What is here", "What is not here, and why", "Orders", "Your rights"):
        assert title in outline


def test_the_same_contents_give_the_same_bytes() -> None:
    package = contents(dataset_answer("orders", [{"id": str(n)} for n in range(50)]))

    assert pdf(package) == pdf(package)


def test_fonts_are_embedded_and_nothing_else_is() -> None:
    reader = PdfReader(
        BytesIO(pdf(contents(dataset_answer("orders", [{"id": "<img src='/etc/hostname'/>"}]))))
    )

    objects = [reader.get_object(number) for number in range(1, cast("int", reader.trailer["/Size"]))]
    fonts = [o for o in objects if isinstance(o, DictionaryObject) and o.get("/Type") == "/Font"]
    assert fonts
    assert all("/FontFile2" in cast(DictionaryObject, font["/FontDescriptor"].get_object()) for font in fonts)
    assert not any(page.images for page in reader.pages)
