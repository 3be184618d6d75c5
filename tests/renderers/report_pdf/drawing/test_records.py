"""Records as tables, with shared lines below, as cards, and with those that belong to them."""

from typing import Any

from renderers.report_pdf.blocks import Families, Family, Fields, Group, Records, Row
from tests.renderers.report_pdf.drawing.tagged import Shown, Tagged, records, tagged

EVENTS = (
    "Number",
    "Time",
    "Event",
    "Page",
    "Came from",
    "Device",
    "Browser",
    "Address",
    "Country",
    "Details",
)
EVENT = (
    *("12", "7 Nov, 23:48:11", "Taken out of the basket", "/boots?with=a_long_list_of_words&and=more_words"),
    *("https://search.example/?q=tent", "Phone (Android 15)", "Mobile Safari 18.1", "2001:db8::1", "GB"),
    "sku: BOT-042; quantity: 1; size: 42; in stock: true; price: 12.50",
)
LONG = "word " * 119


def texts(read: Tagged) -> list[str]:
    """The strings in the order in which they are drawn, without titles and feet."""
    return [each.text.rstrip() for each in read.shown if each.content is not None][2:]


def where(read: Tagged, text: str) -> Shown:
    return next(each for each in read.shown if text in each.text)


def test_records_that_fit_are_a_table_with_a_column_for_each_field() -> None:
    read = tagged(records(("Id", "Name"), (("1", "Ada"), ("2", "Bob"))))

    assert texts(read) == ["Id", "Name", "1", "Ada", "2", "Bob"]


def test_wide_records_take_two_or_three_lines_with_the_labels_of_what_stands_below() -> None:
    read = tagged(records(EVENTS, [EVENT] * 20))

    header, below = read.elements("TH")[-1].text, read.elements("TD")[-1].text
    values = dict(zip(EVENTS, EVENT, strict=True))
    assert below == " \u00b7 ".join(f"{title}: {values[title]}" for title in header.split(" \u00b7 "))
    heights = {
        round(each.y) for each in read.shown if each.page == 0 and each.y > 60 and each.content is not None
    }
    assert len(heights) <= 2 + 2 + 20 * 3
    number, details = where(read, "12"), where(read, "Details: ")
    assert details.y < number.y


def test_the_header_names_the_fields_that_stand_below() -> None:
    *_, below = tagged(records(EVENTS, [EVENT] * 20)).elements("TH")

    assert {"Page", "Details"} <= set(below.text.split(" \u00b7 "))


def test_a_field_without_value_is_left_out_of_the_lines_below() -> None:
    read = tagged(records(EVENTS, [(*EVENT[:3], "", *EVENT[4:]), *[EVENT] * 20]))

    first, second, *_ = (cell.text for cell in read.elements("TD") if "Details: " in cell.text)
    assert "Page: " not in first
    assert "Page: " in second


def test_every_value_of_a_wide_record_is_drawn_once() -> None:
    rows = [tuple(f"{cell} {n}" for cell in EVENT) for n in range(70)]
    read = tagged(records(EVENTS, rows))

    shown = "".join("".join(cell.text.split()) for cell in read.elements("TD"))
    assert all(shown.count("".join(f"{EVENT[at]}{n}".split())) >= 1 for n in range(70) for at in range(10))


def test_records_with_long_texts_are_cards() -> None:
    read = tagged(records(("Id", "Text", "Note"), (("1", LONG, LONG), ("2", LONG, "y"))))

    assert [table.children[0].tag for table in read.elements("Table")] == ["Caption", "Caption"]
    assert [each for each in texts(read) if not each.startswith("word")] == [
        *("Record 1", "Id", "1", "Text", "Note"),
        *("Record 2", "Id", "2", "Text", "Note", "y"),
    ]


def test_a_word_of_a_header_is_not_broken() -> None:
    titles = (
        "Abonnementnummer",
        "Dienst",
        "Tarif",
        "Beginn",
        "Wird erneuert am",
        "Preis",
        "Abrechnungszeitraum",
    )
    plan = "All of Great Britain (with-one-long-word-p001-GB)"
    row = ("SUB-2", "Map service", plan, "05.02.2017, 09:00:00", "16.09.2027", "59,00 \u20ac", "Jahr")

    shown = texts(tagged(records(titles, [row] * 4)))

    assert {"Abonnementnummer", "Abrechnungszeitraum"} <= set(shown)


def test_a_single_record_is_a_card_if_a_column_would_break_a_word() -> None:
    titles = (
        "Number",
        "Given name",
        "Family name",
        "Email address",
        "Phone number",
        "Street",
        "City",
        "Postcode",
    )
    row = (
        "2",
        "Leonie",
        "Example",
        "leonie.katharina.example@mail.example.org",
        "+49 0711 2842222",
        "Example Street 34",
    )

    short, long = (
        tagged(records(titles[: len(cells)], [cells])) for cells in (row[:3], (*row, "Stuttgart", "70174"))
    )

    assert [table.children[0].tag for read in (short, long) for table in read.elements("Table")] == [
        "TR",
        "Caption",
    ]
    assert "leonie.katharina.example@mail.example.org" in texts(long)


def test_a_long_value_is_cut_with_a_mark_unless_wanted_whole() -> None:
    typed = "word " * 1_000

    (cut,) = tagged(records(("Text",), ((typed,),))).elements("TD")
    (whole,) = tagged(records(("Text",), ((typed,),), whole=True)).elements("TD")

    assert cut.text.endswith("\u2026")
    assert cut.text.count("word") == 120
    assert whole.text.count("word") == 1_000


def test_a_title_of_many_words_stays_within_its_card() -> None:
    read = tagged(records(("a", "b"), ((LONG, LONG),), title="long title " * 30))

    assert read.elements("Caption")
    assert all(each.x + each.width < 560 for each in read.shown)


def test_the_labels_of_a_card_have_the_scope_of_their_row_and_a_years_heading_spans_its_table() -> None:
    read = tagged(
        records(("h", "i"), ((LONG, LONG),)), records(("a", "b", "c"), (Group("2025"), ("1", "2", "3")))
    )

    def attributes(number: int) -> Any:
        return read.reader.get_object(number)["/A"]  # type: ignore[index]

    scopes = {head.text: attributes(head.number)["/Scope"] for head in read.elements("TH")}
    assert (scopes["h"], scopes["a"], scopes["2025"]) == ("/Row", "/Column", "/Row")
    (year,) = (head for head in read.elements("TH") if head.text == "2025")
    assert attributes(year.number)["/ColSpan"] == 3


def test_the_year_is_repeated_below_the_header_on_each_further_page() -> None:
    rows: list[Row | Group] = [Group("2024"), *[("1", "a")] * 30, Group("2025"), *[("2", "b")] * 99]
    read = tagged(records(("Number", "Name"), rows))

    for page in range(1, len(read.reader.pages)):
        top = sorted((s for s in read.shown if s.page == page), key=lambda each: (-each.y, each.x))
        assert [each.text for each in top[:3]] == ["Number", "Name", "2025"]
        assert all(each.content is None for each in top[:3])


def test_a_year_that_begins_a_page_stands_there_once() -> None:
    for count in range(35, 50):
        read = tagged(records(("Number", "Name"), [("1", "a")] * count + [Group("2025"), ("2", "b")]))

        last = len(read.reader.pages) - 1
        assert [s.text for s in read.shown if s.page == last].count("2025") <= 1


def test_each_group_has_a_bookmark_below_its_section() -> None:
    rows: list[Row | Group] = [Group("2024"), ("1", "a"), Group("2025"), ("2", "b")]
    families = Families((Group("2023"), Family("Order 1", "text", ())))
    read = tagged(records(("Number", "Name"), rows), families)

    section = read.root["/Outlines"]["/First"]
    titles = [section["/First"]["/Title"], section["/First"]["/Next"]["/Title"], section["/Last"]["/Title"]]
    assert titles == ["2024", "2025", "2023"]


def test_numbers_of_records_are_right_aligned() -> None:
    fields = Fields(("Name", "Amount"), ("Name:", "Amount:"), frozenset({1}))
    read = tagged(Records("Record", fields, [("a", "1.50"), ("b", "1,000.00")]))

    assert {round(each.x + each.width, 1) for each in read.shown if each.text in {"1.50", "1,000.00"}} == {
        round(where(read, "Amount").x + where(read, "Amount").width, 1)
    }


def test_a_family_is_a_heading_its_values_and_a_list_for_each_kind() -> None:
    family = Family("Order SO-1", "Status: Paid", (("Lines", ("Boots", "Socks")), ("Payments", ("Card",))))
    read = tagged(Families((family,)))

    tags = [(node.tag, node.text) for node in read.elements("H3", "P", "LBody")]
    assert tags == [
        ("H3", "Order SO-1"),
        ("P", "Status: Paid"),
        ("P", "Lines"),
        ("LBody", "Boots"),
        ("LBody", "Socks"),
        ("P", "Payments"),
        ("LBody", "Card"),
    ]


def pages_beginning_with(read: Tagged, text: str) -> list[int]:
    """The pages whose first text is an artifact with this text."""
    first = {
        page: next(each for each in read.shown if each.page == page) for page in range(len(read.reader.pages))
    }
    return [page for page, each in first.items() if (each.text, each.content) == (text, None)]


def test_the_title_of_a_record_is_repeated_where_what_belongs_to_it_goes_on() -> None:
    order = Family("Order SO-394", "sent", (("Lines", tuple(f"line {n}" for n in range(150))),))
    read = tagged(Families((order, Family("Order SO-395", "x", ())), continued="{record}, continued"))

    assert pages_beginning_with(read, "Order SO-394, continued") == list(range(1, len(read.reader.pages)))
    assert len(read.reader.pages) > 2
    assert [node.text for node in read.elements("H3", "H4")] == ["Order SO-394", "Order SO-395"]
    assert [node.text for node in read.elements("LBody")] == [f"line {n}" for n in range(150)]


def test_the_title_of_a_card_is_repeated_where_it_goes_on() -> None:
    fields = tuple(f"field {n}" for n in range(150))
    read = tagged(records(fields, [("word " * 60,) * 150], continued="{record}, continued"))

    assert pages_beginning_with(read, "Record 1, continued") == list(range(1, len(read.reader.pages)))
    assert len(read.reader.pages) > 2
    assert [node.text for node in read.elements("Caption")] == ["Record 1"]


def test_without_words_a_mark_says_that_a_record_goes_on() -> None:
    order = Family("Order {record}", "sent", (("Lines", ("line",) * 100),))

    assert pages_beginning_with(tagged(Families((order,))), "Order {record} \u2026") == [1]
