"""The report shows everything in a package and everything missing, in reading order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from dsar_export.model.dataset import EarlierTerms
from dsar_export.model.left_out import LeftOut, LeftOutReason
from dsar_export.model.message import Message
from dsar_export.model.outcome import Answer, Gap, Reason, Record
from dsar_export.model.package import Member, MemberRole, ReportChoices
from dsar_export.model.request import Right
from dsar_export.model.schema import Code, FieldKind, Origin
from renderers.report_pdf.blocks import Facts, Records
from renderers.report_pdf.sections.content import compose
from tests.builders import (
    CONTROLLER,
    changed,
    contents,
    dataset_answer,
    declared,
    promise_answer,
    schema_field,
)
from tests.renderers.report_pdf.telling import between, block_texts, not_here, section_of, text_of, titles_of

NOTHING_HELD = "there is nothing that we must disclose"


def test_page_one_names_controller_person_request_and_evidence() -> None:
    text = text_of(contents(dataset_answer("orders", [{"id": "1"}])))

    for fact in (
        "Access to your data (Art. 15 UK GDPR)",
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

    assert "Your data to take with you (Art. 20 UK GDPR) Sent by Example Shop Ltd" in text


def test_a_country_is_not_repeated() -> None:
    written_out = replace(CONTROLLER, address="1 High Street, London, United Kingdom")

    (facts,) = compose(contents(controller=written_out), ()).opening

    assert " ".join(block_texts(facts)).count("United Kingdom") == 1


def test_a_country_in_the_companys_own_language_is_not_repeated() -> None:
    german = replace(CONTROLLER, address="99999 Hamburg, Deutschland", country="DE", language="de")

    assert "Germany" not in text_of(contents(controller=german))


def test_datasets_are_listed_with_count_and_period() -> None:
    records = [{"id": str(n), "at": f"2025-{n:02}-01T12:00:00Z"} for n in range(1, 13)]
    orders = dataset_answer("orders", records, period_field="at")

    text = section_of("What is here", contents(orders))

    assert "Orders 1 Jan 2025 1 Dec 2025 12" in text


def test_everything_missing_is_listed_with_the_reason() -> None:
    withheld = LeftOut(reason=LeftOutReason.WITHHELD, note="A copy would help a thief.")
    not_personal = LeftOut(reason=LeftOutReason.NOT_PERSONAL, note="Internal numbers.")
    orders = dataset_answer(
        "orders",
        [{"id": "1"}],
        nonconforming=3,
        reasons=((Reason("/amount", "pattern"), 2), (Reason("currency", "const"), 1)),
        withheld=4,
        left_out={"card_hash": withheld, "shard": not_personal},
    )
    package = contents(
        orders,
        dataset_answer("emails"),
        promises=(promise_answer("Paper files", Answer.NOT_SEARCHED, ground="It would take 400 hours."),),
        gaps=(Gap("telephone", "calls", Message("The system did not answer.")),),
        left_out={"passwords": withheld, "migrations": not_personal},
    )

    text = not_here(package)

    assert (
        "data/nonconforming/orders.json: /amount: unexpected format (2); currency: unknown code (1)"
    ) in text
    assert "Orders Withheld. 4" in text
    assert "Orders: card_hash Withheld: A copy would help a thief." in text
    assert "passwords (in “shop_database”) Withheld: A copy would help a thief." in text
    assert "calls We searched “telephone”, but could not get everything: The system did not answer." in text
    assert "Paper files Not searched: It would take 400 hours." in text
    assert f"Emails We searched, and {NOTHING_HELD}." in text
    assert "shard" not in text
    assert "migrations" not in text


@pytest.mark.parametrize(("source", "dataset"), [("any", "emails"), ("shop_database", None)])
def test_a_dataset_with_a_gap_is_never_called_empty(source: str, dataset: str | None) -> None:
    text = text_of(contents(dataset_answer("emails"), gaps=(Gap(source, dataset, Message("Cut off.")),)))

    assert NOTHING_HELD not in text
    assert "Cut off." in text
    assert "We could not get all of it" in text


def test_every_promise_of_the_notice_has_its_answer() -> None:
    promises = (
        promise_answer("Your orders", Answer.PRESENT, records=1234),
        promise_answer("Our calls", Answer.NONE_HELD),
        promise_answer("Your claims", Answer.WITHHELD),
        promise_answer("Your visits", Answer.NOT_OBTAINED),
        promise_answer("Paper files", Answer.NOT_SEARCHED, ground="It would take 400 hours."),
    )

    text = section_of("What we promised, and what we found", contents(promises=promises))

    assert "Privacy notice of 25 May 2018" in text
    assert "Your orders In this package. 1,234" in text
    assert f"Our calls We searched, and {NOTHING_HELD}." in text
    assert "Your claims Withheld:" in text
    assert "Your visits Not obtained:" in text
    assert "Paper files Not searched: It would take 400 hours." in text


def test_a_dataset_is_shown_with_purposes_recipients_transfers_period_and_origin() -> None:
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

    text = section_of("Letters", contents(letters))

    for fact in (
        "Marketing: You gave consent (Art. 6(1)(a) UK GDPR).",
        "Shared with Parcel Post plc (United Kingdom); Mailer Inc. (United States)",
        "Accounts: 7 years from the end of the relationship",
        "From you, except:",
        "From your use of our services: Opened",
        "From someone else: Score",
        "The score as we hold it.",
        "2 stored times fall in an hour",
        "3 text cells",
        "Id 1 Opened Yes Score 0.5",
    ):
        assert fact in text


def test_values_are_written_for_people_and_codes_are_explained() -> None:
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

    assert "“Shipped” (S): It left our warehouse" in text
    shown = between(text, "The records", "Your rights")
    for value in (
        "Shipped",
        "1 Jul 2026, 14:03:12",
        "4 Jul 2026",
        "£1,234.50",
        "see the JSON file",
        '{"é": 1}',
    ):
        assert value in shown


def test_months_are_counted_by_year() -> None:
    records: list[Record] = [{"at": at} for at in ("2024-12-31", "2025-01-01", "2025-01-02", "2025-12-01")]
    visits = dataset_answer("visits", records * 200, period_field="at")

    text = text_of(contents(visits, records={"visits": records * 200}))

    assert "Nov Dec All months 2024 200 200 2025 400 200 600" in text


def test_months_are_not_counted_where_every_record_is_shown() -> None:
    text = text_of(contents(dataset_answer("visits", [{"at": "2024-12-31"}], period_field="at")))

    assert "Records by month" not in text


def test_five_hundred_rows_are_shown_and_the_rest_is_summarised() -> None:
    records: list[Record] = [{"id": f"row-{n}", "at": f"2025-{1 + n // 100:02}-02"} for n in range(800)]
    csv = Member("data/csv/visits.csv", 1, "00", MemberRole.RECORDS, "text/csv", "visits")
    visits = dataset_answer("visits", records, period_field="at")

    json = Member("data/json/visits.json", 1, "00", MemberRole.RECORDS, "application/json", "visits")
    package = contents(visits, records={"visits": records})

    text = section_of("Visits", package, json, csv)
    without_json = section_of("Visits", package, csv)

    assert "The first 500 of 800; the full list is in data/csv/visits.csv." in text
    assert "row-499" in text
    assert "row-500" not in text
    assert text.endswith(
        "And 300 more records, from Jun 2025 to Aug 2025. All 800 are in data/csv/visits.csv."
    )
    assert without_json.endswith("They are not shown here, but in the files: data/csv/visits.csv.")


def test_the_rest_is_counted_where_records_name_no_time() -> None:
    records: list[Record] = [{"id": f"row-{n}"} for n in range(501)]

    text = section_of("Visits", contents(dataset_answer("visits", records), records={"visits": records}))

    assert text.endswith("And 1 more record. All 501 are in data/csv/visits.csv.")


def test_every_row_is_shown_to_people_who_want_it_on_paper() -> None:
    records: list[Record] = [{"id": f"row-{n}"} for n in range(801)]
    paper = ReportChoices(language="en", every_row=True, large_print=True)
    package = contents(dataset_answer("visits", records), records={"visits": records}, report=paper)

    text = section_of("Visits", package)

    assert "row-800" in text
    assert "full list" not in text
    assert "more records" not in text
    assert compose(package, ()).large_print


@pytest.mark.parametrize("every_row", [True, False])
def test_records_are_surveyed_once_and_then_read_while_they_are_drawn(*, every_row: bool) -> None:
    records: list[Record] = [{"id": str(n)} for n in range(900)]
    choices = ReportChoices(language="en", every_row=every_row)
    package = contents(dataset_answer("visits", records), records={"visits": records}, report=choices)
    begun: list[str] = []

    def asked(name: str) -> Iterator[Record]:
        begun.append(name)
        return iter(records)

    report = compose(replace(package, records=asked), ())
    (block,) = (b for s in report.sections for b in s.blocks if isinstance(b, Records))

    assert begun == ["visits"]
    assert next(iter(block.records)) == ("0",)
    assert begun == ["visits"] * 2


def test_a_wide_record_is_shown_with_every_value() -> None:
    record: dict[str, object] = {f"field_{n}": f"value-{n}" for n in range(30)}

    text = text_of(contents(dataset_answer("wide", [record])))

    assert all(f"Field {n} value-{n}" in text for n in range(30))


def test_recipients_are_explained_once_with_what_they_got() -> None:
    letters = dataset_answer("letters", [{"id": "1"}])
    alone = declared(dataset_answer("notes", [{"id": "1"}]), recipients=())
    unknown = declared(dataset_answer("calls", [{"id": "1"}]), recipients=None)

    text = section_of(
        "Who received it", contents(letters, dataset_answer("orders", [{"id": "1"}]), alone, unknown)
    )

    assert text == (
        "Who What for What they got "
        "Parcel Post plc (United Kingdom) It brings your parcels. "
        "Decides for itself how it uses the data (controller). Letters; Orders "
        "Mailer Inc. (United States) It sends our email. Processes the data on our behalf (processor). "
        "In United States since 27 Jun 2021, protected by standard contractual clauses of the Commission "
        "(Art. 46(2)(c) UK GDPR). Address and name only. Letters; Orders "
        "Shared with no one: Notes. "
        "Our register does not say with whom we share: Calls. Please ask us."
    )


def test_no_one_is_shown_only_if_no_one_ever_received_it() -> None:
    past = EarlierTerms(until=date(2024, 1, 1), purposes={}, recipients=("mailer",), storage_period="brief")
    unknown = replace(past, recipients=None)
    before, unsure, never = (
        declared(dataset_answer(name, [{"id": "1"}]), recipients=(), earlier=earlier)
        for name, earlier in (("orders", (past,)), ("calls", (unknown,)), ("notes", ()))
    )

    text = section_of("Who received it", contents(before, unsure, never))

    assert "(processor). In United States" in text
    assert "Shared with no one: Notes." in text
    assert "Our register does not say with whom we share: Calls." in text


def test_recipients_and_purposes_are_explained_though_every_row_is_kept_beside() -> None:
    package = contents(dataset_answer("orders", nonconforming=2, reasons=((Reason("id", "type"), 2),)))

    assert "It brings your parcels." in section_of("Who received it", package)
    assert "We deliver what you order." in section_of("Why we hold your data", package)


def test_purposes_are_explained_once() -> None:
    orders, offers = (dataset_answer(n, [{"id": "1"}]) for n in ("orders", "offers"))

    text = text_of(contents(orders, offers))

    assert text.count("We deliver what you order.") == 1
    assert "Serving you We deliver what you order." in section_of("Why we hold your data", contents(orders))


def test_rights_follow_the_legal_bases() -> None:
    contract = text_of(contents(dataset_answer("orders", [{"id": "1"}])))
    interest = text_of(contents(dataset_answer("fraud", [{"id": "1"}], purposes={"service": "A6-1-f"})))
    consent = text_of(contents(dataset_answer("offers", [{"id": "1"}], purposes={"marketing": "A9-2-a"})))

    for always in ("(Art. 16 UK GDPR)", "(Art. 17 UK GDPR)", "(Art. 18 UK GDPR)", "(Art. 77 UK GDPR;"):
        assert always in contract
    assert "(Art. 20 UK GDPR): Orders." in contract
    assert "Art. 21" not in contract
    assert "Art. 7(3)" not in contract
    assert "(Art. 21 UK GDPR): Fraud." in interest
    assert "Art. 20" not in interest
    assert "(Art. 7(3) UK GDPR): Offers." in consent


def test_a_person_without_data_gets_a_report() -> None:
    text = text_of(contents())

    assert f"No records. We searched, and {NOTHING_HELD}." in text
    assert "Your rights" in text


def test_a_dataset_without_rows_is_listed() -> None:
    package = contents(
        dataset_answer("emails"), dataset_answer("calls"), dataset_answer("orders", [{"id": "1"}])
    )

    text = section_of("Where there is nothing to disclose", package)

    assert text == (
        f"We searched, and {NOTHING_HELD}. Emails Everything about emails. Calls Everything about calls."
    )
    assert "Emails" not in titles_of(package)
    assert "Where there is nothing to disclose" not in titles_of(
        contents(dataset_answer("orders", [{"id": "1"}]))
    )


def test_a_dataset_with_only_nonconforming_rows_is_not_called_empty() -> None:
    text = text_of(contents(dataset_answer("emails", nonconforming=2, reasons=((Reason("id", "type"), 2),))))

    assert NOTHING_HELD not in text
    assert "2 found: 0 in this package, 2 in a separate file, data/nonconforming/emails.json" in text


def test_the_report_always_explains_where_the_original_characters_and_texts_are() -> None:
    text = section_of("How to read this report", contents())

    assert "Long texts end with … here, and \ufffd stands for characters that cannot be printed." in text
    assert "The JSON files have everything in full." in text


def test_three_hundred_datasets_are_all_named() -> None:
    held = [dataset_answer(f"held_{n}_", [{"id": "1"}]) for n in range(150)]
    empty = [dataset_answer(f"empty_{n}_") for n in range(150)]

    text = text_of(contents(*held, *empty))

    first_pages = text.rpartition("How the files belong together")[0]
    assert all(f"Held {n} " in first_pages and f"Empty {n} " in first_pages for n in range(150))


def test_page_one_names_no_days_if_no_record_does() -> None:
    opening, *_ = compose(contents(dataset_answer("orders", [{"id": "1"}])), ()).opening

    facts = dict(opening.pairs) if isinstance(opening, Facts) else {}

    assert facts["What is here"] == "Records: 1. Datasets: 1."


def test_what_is_missing_has_a_column_of_numbers_only_if_records_are_counted() -> None:
    withheld = changed(dataset_answer("orders", [{"id": "1"}]), read=3, withheld=2)
    paper = promise_answer("Paper files", Answer.NOT_SEARCHED, ground="It would take 400 hours.")

    assert not_here(contents(withheld)).startswith("What Why Records ")
    assert not_here(contents(dataset_answer("orders", [{"id": "1"}]), promises=(paper,))).startswith(
        "What Why Paper files"
    )


def test_page_one_summarises_the_lists() -> None:
    orders = dataset_answer("orders", [{"at": "2025-02-01"}, {"at": "2025-03-01"}], period_field="at")
    opening, *_ = compose(contents(orders, dataset_answer("emails")), ()).opening

    facts = dict(opening.pairs) if isinstance(opening, Facts) else {}

    assert facts["What is here"] == "Records: 2. Datasets: 1. From 1 Feb 2025 to 1 Mar 2025."
    assert str(facts["What is not here, and why"]).startswith("Not here: 1;")
    assert "privacy@shop.example" in str(facts["Whom to ask, and how to complain"])
    assert "https://ico.org.uk" in str(facts["Whom to ask, and how to complain"])
