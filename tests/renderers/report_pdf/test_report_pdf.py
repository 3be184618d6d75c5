"""The report tells all that a package holds and lacks, and no data can break it."""

import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from dsar_export.model.dataset import LeftOut, LeftOutReason
from dsar_export.model.outcome import Answer, Digest, Gap, Reason
from dsar_export.model.package import Member, MemberRole
from dsar_export.model.request import Right
from dsar_export.model.schema import Code, FieldKind, Origin
from tests.builders import CONTROLLER, changed, contents, dataset_answer, promise_answer, schema_field
from tests.renderers.report_pdf.reading import between, pdf, text_of

NOTHING = "there is nothing that we must disclose"


def test_page_one_says_who_answers_whom_and_on_what_evidence() -> None:
    text = text_of(contents(dataset_answer("orders", [{"id": "1"}])))

    for fact in (
        "Access to your data (Art. 15 GDPR)",
        "Example Shop Ltd",
        "1 High Street, London",
        "United Kingdom",
        "Customer number: 1042",
        "Email address: ada@mail.example",
        "R-2026-0042",
        "2 Nov 2026, 09:30:00 GMT",
        "Verified by support desk",
        "login to the customer portal",
        "privacy@shop.example",
        "Information Commissioner's Office, https://ico.org.uk",
        "datapackage.json",
    ):
        assert fact in text


def test_a_portability_request_is_answered_under_article_20() -> None:
    text = text_of(contents(right=Right.PORTABILITY))

    assert "Your data to take with you (Art. 20 GDPR) From Example Shop Ltd" in text


def test_a_country_is_not_told_twice() -> None:
    written_out = replace(CONTROLLER, address="1 High Street, London, United Kingdom")

    text = text_of(contents(controller=written_out))

    assert text.count("United Kingdom") == 1


def test_what_is_here_is_counted_with_its_period() -> None:
    records = [{"id": str(n), "at": f"2025-{n:02}-01T12:00:00Z"} for n in range(1, 13)]
    orders = dataset_answer("orders", records, period_field="at")

    text = text_of(contents(orders))

    assert "Orders 1 Jan 2025 1 Dec 2025 12" in between(text, "What is here", "What is not here")


def test_what_is_not_here_is_told_with_the_reason() -> None:
    withheld = LeftOut(reason=LeftOutReason.WITHHELD, note="A copy would help a thief.")
    not_personal = LeftOut(reason=LeftOutReason.NOT_PERSONAL, note="Internal numbers.")
    orders = dataset_answer(
        "orders",
        [{"id": "1"}],
        nonconforming=3,
        reasons=((Reason("amount", "pattern"), 2), (Reason("currency", "const"), 1)),
        withheld=4,
        left_out={"card_hash": withheld, "shard": not_personal},
    )
    package = contents(
        orders,
        dataset_answer("emails"),
        promises=(promise_answer("Paper files", Answer.NOT_SEARCHED, ground="It would take 400 hours."),),
        gaps=(Gap("telephone", "calls", "The system did not answer."),),
        left_out={"passwords": withheld, "migrations": not_personal},
    )

    text = between(text_of(package), "What is not here, and why", "How the files belong together")

    assert "data/nonconforming/orders.json: amount: pattern (2); currency: const (1)" in text
    assert "Orders Withheld. 4" in text
    assert "Orders: card_hash Withheld: A copy would help a thief." in text
    assert "passwords (in “shop_database”) Withheld: A copy would help a thief." in text
    assert "calls Searched in “telephone”, but not all was obtained: The system did not answer." in text
    assert "Paper files Not searched: It would take 400 hours." in text
    assert f"Emails We searched, and {NOTHING}." in text
    assert "shard" not in text
    assert "migrations" not in text


@pytest.mark.parametrize("gap", [Gap("any", "emails", "Cut off."), Gap("shop_database", None, "Cut off.")])
def test_a_dataset_with_a_gap_is_never_said_to_be_empty(gap: Gap) -> None:
    text = text_of(contents(dataset_answer("emails"), gaps=(gap,)))

    assert NOTHING not in text
    assert "Cut off." in text
    assert "Not all of it could be obtained" in text


def test_every_promise_of_the_notice_has_its_answer() -> None:
    promises = (
        promise_answer("Your orders", Answer.PRESENT, records=1234),
        promise_answer("Our calls", Answer.NONE_HELD),
        promise_answer("Your claims", Answer.WITHHELD),
        promise_answer("Your visits", Answer.NOT_OBTAINED),
        promise_answer("Paper files", Answer.NOT_SEARCHED, ground="It would take 400 hours."),
    )

    text = between(text_of(contents(promises=promises)), "What we promised", "Your rights")

    assert "Privacy notice of 25 May 2018" in text
    assert "Your orders Present: it is in this package. 1,234" in text
    assert f"Our calls We searched, and {NOTHING}." in text
    assert "Your claims Withheld:" in text
    assert "Your visits Not obtained:" in text
    assert "Paper files Not searched. It would take 400 hours." in text


def test_a_dataset_is_told_with_purposes_recipients_transfers_period_and_origin() -> None:
    fields = [
        schema_field("id"),
        schema_field("opened", FieldKind.BOOLEAN, origin=Origin.OBSERVED),
        schema_field("score", FieldKind.NUMBER, origin=Origin.ACQUIRED),
    ]
    letters = dataset_answer(
        "letters",
        [{"id": "1", "opened": True, "score": 0.5}],
        fields=fields,
        purposes={"marketing": "A6-1-a"},
    )
    letters = changed(letters, times_kept_beside=2, csv_cells_changed=3)

    text = between(text_of(contents(letters)), "Dataset by dataset", "Your rights")

    for fact in (
        "Marketing: We write to you about offers. You gave consent (Art. 6(1)(a) GDPR).",
        "Parcel Post plc (United Kingdom), decides itself what it does with it: It brings your parcels.",
        "Mailer Inc. (United States), processes it on our behalf: It sends our email.",
        "under standard contractual clauses of the Commission (Art. 46(2)(c) GDPR), since 27 Jun 2021",
        "Accounts: 7 years, counted from: the end of the relationship",
        "Given by you: Id",
        "Observed while you used our services: Opened",
        "Obtained from somebody else: Score",
        "The score as we hold it.",
        "2 stored times fall in an hour",
        "3 text cells",
        "1 Yes 0.5",
    ):
        assert fact in text


def test_values_read_as_a_person_writes_them_and_codes_are_explained() -> None:
    fields = [
        schema_field("status", codes=(Code("S", "Shipped", "It left our warehouse."),)),
        schema_field("at", FieldKind.INSTANT),
        schema_field("on", FieldKind.DATE),
        schema_field("total", FieldKind.DECIMAL, currency_field="currency"),
        schema_field("currency"),
        schema_field("photo", FieldKind.BYTES),
        schema_field("items", FieldKind.STRUCTURE),
    ]
    record: dict[str, object] = {
        "status": "S",
        "at": "2026-07-01T13:03:12Z",
        "on": "2026-07-04",
        "total": "1234.50",
        "currency": "GBP",
        "photo": "AAAA",
        "items": [{"é": 1}],
    }

    text = text_of(contents(dataset_answer("orders", [record, dict.fromkeys(record)], fields=fields)))

    assert "Status S Shipped It left our warehouse." in text
    shown = between(text, "The records", "Your rights")
    for value in (
        "Shipped",
        "1 Jul 2026, 14:03:12 BST",
        "4 Jul 2026",
        "£1,234.50",
        "see the JSON file",
        '[{"é": 1}]',
    ):
        assert value in shown


def test_months_are_counted_by_year() -> None:
    records = [{"at": at} for at in ("2024-12-31", "2025-01-01", "2025-01-02", "2025-12-01")]

    text = text_of(contents(dataset_answer("visits", records, period_field="at")))

    assert "Nov Dec All 2024 1 1 2025 2 1 3" in text


def test_two_hundred_rows_are_shown_and_the_rest_is_pointed_to() -> None:
    records = [{"id": f"row-{n}"} for n in range(300)]
    csv = Member("data/csv/visits.csv", 1, "00", MemberRole.RECORDS, "text/csv", "visits")

    visits = dataset_answer("visits", records)
    visits = replace(visits, digest=Digest({}, tuple(map(dict, records))))

    text = text_of(contents(visits), csv)

    assert "The first 200 of 300; the full list is in data/csv/visits.csv." in text
    assert "row-199" in text
    assert "row-200" not in text


def test_a_wide_record_is_shown_as_a_card_with_every_value() -> None:
    record: dict[str, object] = {f"field_{n}": f"value-{n}" for n in range(30)}

    text = text_of(contents(dataset_answer("wide", [record])))

    assert "Record 1 Field 0 value-0 Field 1 value-1" in text
    assert all(f"Field {n} value-{n}" in text for n in range(30))


def test_rights_follow_the_legal_bases() -> None:
    contract = text_of(contents(dataset_answer("orders", [{"id": "1"}])))
    interest = text_of(contents(dataset_answer("fraud", [{"id": "1"}], purposes={"service": "A6-1-f"})))
    consent = text_of(contents(dataset_answer("offers", [{"id": "1"}], purposes={"marketing": "A9-2-a"})))

    for always in ("(Art. 16 GDPR)", "(Art. 17 GDPR)", "(Art. 18 GDPR)", "(Art. 77 GDPR)"):
        assert always in contract
    assert "(Art. 20 GDPR): Orders." in contract
    assert "Art. 21" not in contract
    assert "Art. 7(3)" not in contract
    assert "(Art. 21 GDPR): Fraud." in interest
    assert "Art. 20" not in interest
    assert "(Art. 7(3) GDPR): Offers." in consent


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
        gaps=(Gap(typed, typed, typed),),
        email=typed,
    )

    assert "Your rights" in text_of(package)


def test_a_character_without_glyph_is_said_to_be_in_the_json_files() -> None:
    with_emoji = text_of(contents(dataset_answer("feedback", [{"text": "fine 😀"}])))
    without = text_of(contents(dataset_answer("feedback", [{"text": "fine, Łódź, Ελλάδα, Київ"}])))

    assert "Some characters can't be printed here" in with_emoji
    assert "fine \ufffd" in with_emoji
    assert "Some characters can't be printed here" not in without
    assert "fine, Łódź, Ελλάδα, Київ" in without


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
def test_a_value_of_another_kind_is_shown_nevertheless(kind: FieldKind, value: object) -> None:
    answer = dataset_answer("odd", [{"x": value}], fields=[schema_field("x", kind, currency_field="x")])

    assert "The records" in text_of(contents(answer))


def test_a_person_with_nothing_gets_a_report() -> None:
    text = text_of(contents())

    assert f"No records. We searched, and {NOTHING}." in text
    assert "Your rights" in text


def test_a_dataset_without_rows_is_told() -> None:
    text = text_of(contents(dataset_answer("emails")))

    assert f"Everything about emails. We searched, and {NOTHING}." in text


def test_a_dataset_whose_rows_are_all_kept_beside_is_not_said_to_be_empty() -> None:
    text = text_of(contents(dataset_answer("emails", nonconforming=2, reasons=((Reason("id", "type"), 2),))))

    assert NOTHING not in text
    assert "2 read: 0 here, 2 kept beside in data/nonconforming/emails.json" in text


def test_three_hundred_datasets_are_all_named() -> None:
    held = [dataset_answer(f"held_{n}_", [{"id": "1"}]) for n in range(150)]
    empty = [dataset_answer(f"empty_{n}_") for n in range(150)]

    text = text_of(contents(*held, *empty))

    first_pages = text.partition("How the files belong together")[0]
    assert all(f"Held {n} " in first_pages and f"Empty {n} " in first_pages for n in range(150))


def test_every_page_says_which_it_is_of_how_many_and_repeats_the_heads() -> None:
    body = pdf(contents(dataset_answer("visits", [{"visit_id": str(n)} for n in range(200)])))
    pages = [page.extract_text() for page in PdfReader(BytesIO(body)).pages]

    assert len(pages) > 3
    assert all(f"Page {n} of {len(pages)}" in " ".join(text.split()) for n, text in enumerate(pages, start=1))
    of_rows = [text for text in pages if "\n50\n" in text or "\n100\n" in text or "\n150\n" in text]
    assert len(of_rows) == 3
    assert all("Visit id\n" in text for text in of_rows)


def test_sections_and_datasets_are_in_the_outline() -> None:
    body = pdf(contents(dataset_answer("orders", [{"id": "1"}])))

    outline = str(PdfReader(BytesIO(body)).outline)

    for title in ("What is here", "What is not here, and why", "Orders", "Your rights"):
        assert title in outline


def test_the_same_contents_give_the_same_bytes() -> None:
    package = contents(dataset_answer("orders", [{"id": str(n)} for n in range(50)]))

    assert pdf(package) == pdf(package)


def test_fonts_are_embedded_and_nothing_else_is() -> None:
    body = pdf(contents(dataset_answer("orders", [{"id": "<img src='/etc/hostname'/>"}])))

    assert b"/FontFile2" in body
    assert b"/Subtype /Image" not in body
    assert b"Helvetica" not in body


def test_a_big_report_is_fast() -> None:
    records = [{f"field_{n}": f"Value {row} of {n}" for n in range(12)} for row in range(200)]
    package = contents(*(dataset_answer(f"set_{n}", records) for n in range(7)))
    pdf(contents())  # fonts are read once

    start = time.perf_counter()
    pdf(package)

    assert time.perf_counter() - start < 4  # takes 0.6 s; a Paragraph a cell would take 15 s
