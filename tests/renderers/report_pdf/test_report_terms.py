"""Why, for whom, how long: today and earlier, by the article that it is, with the rights that follow."""

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


def test_what_held_before_a_day_is_told_for_records_of_that_time() -> None:
    orders = declared(ORDERS, earlier=(earlier(2018, "A6-1-a"), earlier(2024, recipients=("parcel",))))

    text = section_of("Orders", contents(orders))

    now, _, before = text.partition("For records from 1 Jan 2018, before 1 Jan 2024")
    latest, _, oldest = before.partition("For records before 1 Jan 2018")
    assert "Serving you: We deliver what you order." in now
    assert "Accounts: 7 years" in now
    assert "Why we hold it: Marketing: We write to you about offers. Required by law" in latest
    assert "Who received it: Parcel Post plc" in latest
    assert "How long we keep it: Briefly: 6 months, counted from: the day of the visit" in latest
    assert "You gave consent (Art. 6(1)(a) GDPR)." in oldest
    assert "Who received it: Nobody." in oldest


def test_a_transfer_to_somebody_who_received_it_earlier_is_told_there() -> None:
    orders = declared(ORDERS, recipients=("parcel",), earlier=(earlier(2024, recipients=("mailer",)),))

    text = section_of("Orders", contents(orders))

    now, _, before = text.partition("For records before 1 Jan 2024")
    assert "Transferred to" not in now
    assert "Transferred to: Mailer Inc. (United States)" in before


def test_nobody_received_it_only_where_the_register_decided_so() -> None:
    nobody = section_of("Orders", contents(declared(ORDERS, recipients=())))
    assert "Who received it Nobody." in nobody

    orders = declared(ORDERS, recipients=None, earlier=(earlier(2024, recipients=None),))
    now, _, before = section_of("Orders", contents(orders)).partition("For records before 1 Jan 2024")
    assert "Who received it Our register of processing does not say it. Ask us." in now
    assert "Who received it: Our register of processing does not say it. Ask us." in before
    assert "Nobody" not in now + before


def test_a_basis_that_the_notice_names_is_told_as_the_article_that_it_is() -> None:
    fraud = dataset_answer("fraud", [{"id": "1"}], purposes={"service": "prevention of fraud"})

    text = text_of(contents(fraud))

    assert (
        "We deliver what you order. A legitimate interest that was weighed against yours (Art. 6(1)(f) GDPR). "
        "Our notice says: prevention of fraud." in text
    )
    assert "(Art. 21 GDPR): Fraud." in text


def test_a_basis_of_earlier_gives_its_rights_too() -> None:
    text = text_of(contents(declared(ORDERS, earlier=(earlier(2018, "A6-1-a"),))))

    assert "(Art. 7(3) GDPR): Orders." in text
    assert "(Art. 7(3) GDPR)" not in text_of(contents(ORDERS))


def test_erasure_names_the_datasets_that_it_holds_for_where_it_does_not_hold_for_all() -> None:
    by_law = dataset_answer("invoices", [{"id": "1"}], purposes={"service": "A6-1-c"})

    assert "(Art. 17 GDPR). Say" in text_of(contents(ORDERS))
    assert "(Art. 17 GDPR): Orders." in text_of(contents(ORDERS, by_law))
    assert "(Art. 17 GDPR)" not in text_of(contents(by_law))


def test_a_basis_that_is_none_is_told_as_it_stands() -> None:
    odd = dataset_answer("odd", [{"id": "1"}], purposes={"service": "custom of the house"})

    assert "We deliver what you order. custom of the house" in text_of(contents(odd))


def test_a_storage_period_that_counts_from_the_end_of_a_year_says_so() -> None:
    package = contents(ORDERS)
    organisation = package.register.organisation
    accounts = replace(organisation.storage_periods["accounts"], from_year_end=True)
    organisation = replace(organisation, storage_periods={"accounts": accounts})
    package = replace(package, register=replace(package.register, organisation=organisation))

    text = section_of("Orders", package)

    assert "Accounts: 7 years, counted from the end of the year of: the end of the relationship" in text
