"""Purposes, recipients and storage periods, today and earlier, by article, with the rights that follow."""

from dataclasses import replace
from datetime import date

from dsar_export.model.dataset import EarlierTerms
from tests.builders import contents, dataset_answer, declared
from tests.renderers.report_pdf.telling import section_of, text_of

ORDERS = dataset_answer("orders", [{"id": "1"}])


def earlier(year: int, basis: str = "A6-1-c", recipients: tuple[str, ...] | None = ()) -> EarlierTerms:
    return EarlierTerms(
        until=date(year, 1, 1),
        purposes={"marketing": basis},
        recipients=recipients,
        storage_period="brief",
    )


def test_earlier_terms_are_shown_for_the_records_of_that_time() -> None:
    orders = declared(ORDERS, earlier=(earlier(2018, "A6-1-a"), earlier(2024, recipients=("parcel",))))

    text = section_of("Orders", contents(orders))

    now, _, before = text.partition("For records from 1 Jan 2018, before 1 Jan 2024")
    latest, _, oldest = before.partition("For records before 1 Jan 2018")
    assert "Serving you: Needed for a contract with you" in now
    assert "Accounts: 7 years" in now
    assert "Why we hold it: Marketing: Required by law" in latest
    assert "Shared with: Parcel Post plc" in latest
    assert "How long we keep it: Briefly: 6 months from the day of the visit" in latest
    assert "You gave consent (Art. 6(1)(a) UK GDPR)." in oldest
    assert "Shared with: No one" in oldest


def test_an_earlier_recipient_is_named_with_the_earlier_terms_and_explained_among_the_recipients() -> None:
    orders = declared(ORDERS, recipients=("parcel",), earlier=(earlier(2024, recipients=("mailer",)),))

    text = section_of("Orders", contents(orders))

    now, _, before = text.partition("For records before 1 Jan 2024")
    assert "Mailer" not in now
    assert "Shared with: Mailer Inc. (United States)" in before
    assert "In United States since 27 Jun 2021, protected by" in section_of(
        "Who received it", contents(orders)
    )


def test_no_one_is_named_as_recipient_only_if_the_register_states_it() -> None:
    nobody = section_of("Orders", contents(declared(ORDERS, recipients=())))
    assert "Shared with No one" in nobody

    orders = declared(ORDERS, recipients=None, earlier=(earlier(2024, recipients=None),))
    now, _, before = section_of("Orders", contents(orders)).partition("For records before 1 Jan 2024")
    assert "Shared with Our register does not say. Please ask us." in now
    assert "Shared with: Our register does not say. Please ask us." in before
    assert "No one" not in now + before


def test_a_basis_in_the_notices_words_is_shown_as_its_article() -> None:
    fraud = dataset_answer("fraud", [{"id": "1"}], purposes={"service": "prevention of fraud"})

    text = text_of(contents(fraud))

    assert (
        "Serving you: A legitimate interest that was weighed against yours (Art. 6(1)(f) UK GDPR). "
        "Our notice says: prevention of fraud." in text
    )
    assert "(Art. 21 UK GDPR): Fraud." in text


def test_an_earlier_basis_gives_its_rights_too() -> None:
    text = text_of(contents(declared(ORDERS, earlier=(earlier(2018, "A6-1-a"),))))

    assert "(Art. 7(3) UK GDPR): Orders." in text
    assert "(Art. 7(3) UK GDPR)" not in text_of(contents(ORDERS))


def test_erasure_lists_its_datasets_unless_it_applies_to_all() -> None:
    by_law = dataset_answer("invoices", [{"id": "1"}], purposes={"service": "A6-1-c"})

    assert "(Art. 17 UK GDPR). Say" in text_of(contents(ORDERS))
    assert "(Art. 17 UK GDPR): Orders." in text_of(contents(ORDERS, by_law))
    assert "(Art. 17 UK GDPR)" not in text_of(contents(by_law))


def test_an_unknown_basis_is_shown_unchanged() -> None:
    odd = dataset_answer("odd", [{"id": "1"}], purposes={"service": "custom of the house"})

    assert "Serving you: custom of the house" in text_of(contents(odd))


def test_a_storage_period_counted_from_the_end_of_a_year_is_described() -> None:
    package = contents(ORDERS)
    organisation = package.register.organisation
    accounts = replace(organisation.storage_periods["accounts"], from_year_end=True)
    organisation = replace(organisation, storage_periods={"accounts": accounts})
    package = replace(package, register=replace(package.register, organisation=organisation))

    text = section_of("Orders", package)

    assert "Accounts: 7 years from the end of the year that includes the end of the relationship" in text
