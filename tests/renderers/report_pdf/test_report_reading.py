"""Help for reading the report; a portability report is short."""

import re

from dsar_export.model.request import Right
from renderers.report_pdf.blocks import Facts, Timeline
from renderers.report_pdf.sections.content import compose
from tests.builders import contents, dataset_answer, schema_field
from tests.renderers.report_pdf.telling import section_of, text_of, titles_of

ORDERS = dataset_answer("orders", [{"id": "row-1", "at": "2025-01-01"}], period_field="at")


def test_the_glossary_is_in_alphabetical_order() -> None:
    report = compose(contents(ORDERS), ())
    (section,) = (s for s in report.sections if s.title == "What the words mean")
    (facts,) = section.blocks
    assert isinstance(facts, Facts)

    words = [word for word, _ in facts.pairs]

    assert words == sorted(words, key=str.casefold)
    for word in (
        "Record",
        "Dataset",
        "Recipient",
        "Processor",
        "Controller",
        "Legal basis",
        "Storage period",
    ):
        assert word in words


def test_the_glossary_explains_origins_roles_and_file_formats() -> None:
    text = section_of("What the words mean", contents(ORDERS))

    for word in ("Derived", "Observed", "Acquired", "Provided", "JSON", "CSV", "Hash", "Safeguard"):
        assert re.search(rf"\b{word}\b", text)


def test_the_other_files_open_with_common_programs() -> None:
    text = section_of("How to open the other files", contents(ORDERS))

    assert "the window of a web browser or text editor. A schema describes one record" in text
    assert "as UTF-8, separated by commas, with every column as text" in text
    assert "LibreOffice in German reads 0.975 as 975" in text


def test_the_programs_that_open_the_package_are_named_for_each_system() -> None:
    text = section_of("How to open the other files", contents(ORDERS))

    for program in ("7-Zip opens it", "Keka is reported to open it", "7zz, 7z and bsdtar do"):
        assert program in text
    assert "unzip and unar do not, even with the right passphrase" in text
    assert "leave files that are empty or full of zeros. Delete everything that was unpacked" in text


def test_a_portability_report_is_short() -> None:
    package = contents(ORDERS, dataset_answer("emails"), right=Right.PORTABILITY)

    assert titles_of(package) == [
        "What you should know",
        "What is here",
        "What is not here, and why",
        "How the files belong together",
        "Whom to ask, and how to complain",
        "How to pass your data on",
        "What is in the files",
        "Orders",
        "Your rights",
        "How to open the files",
    ]
    text = text_of(package)
    assert "row-1" not in text
    assert "Who received it" not in text
    assert not any(isinstance(b, Timeline) for s in compose(package, ()).sections for b in s.blocks)


def test_a_portability_report_explains_fields_codes_and_how_to_hand_data_on() -> None:
    package = contents(ORDERS, right=Right.PORTABILITY)

    fields = section_of("Orders", package)
    assert "Records 1 in this package; 1 Jan 2025 What" in fields
    assert "Id id The id as we hold it." in fields
    handing_on = section_of("How to pass your data on", package)
    assert "JSON and as CSV, with a JSON Schema" in handing_on
    assert (
        "directly, where that is technically feasible (Art. 20(2) UK GDPR): privacy@shop.example"
        in handing_on
    )
    assert "(Art. 77 UK GDPR;" in section_of("Your rights", package)


def test_masking_is_explained_where_masked_numbers_are_shown() -> None:
    accounts = dataset_answer("accounts", [{"iban": "GB33"}], fields=[schema_field("iban", masked=True)])

    without = dataset_answer("accounts", fields=[schema_field("iban", masked=True)])

    masked = "Only the last four characters of bank account and card numbers are shown here"
    assert masked in section_of("How to read this report", contents(accounts))
    assert masked not in text_of(contents(without))
    assert masked not in text_of(contents(accounts, right=Right.PORTABILITY))
