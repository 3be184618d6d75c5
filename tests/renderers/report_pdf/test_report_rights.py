"""Rights with instructions, and the remedies of the controller's country."""

from dataclasses import replace

import pytest

from dsar_export.model.controller import Authority, Controller
from dsar_export.model.request import Right
from renderers.report_pdf.blocks import Facts, Link
from renderers.report_pdf.sections.content import compose
from tests.builders import CONTROLLER, contents, dataset_answer
from tests.renderers.report_pdf.telling import section_of

ORDERS = dataset_answer("orders", [{"id": "1"}])
FRENCH = replace(
    CONTROLLER,
    country="FR",
    contact="12 rue de l’Exemple, Annecy",
    authority=Authority(name="CNIL", url="https://www.cnil.fr/fr/plaintes"),
)


def test_each_right_explains_how_to_exercise_it() -> None:
    consent = dataset_answer("offers", [{"id": "1"}], purposes={"marketing": "A6-1-a"})
    interest = dataset_answer("fraud", [{"id": "1"}], purposes={"service": "A6-1-f"})

    text = section_of("Your rights", contents(ORDERS, consent, interest))

    for expected in (
        "(Art. 16 UK GDPR). Say which record is wrong and what is right",
        "(Art. 17 UK GDPR). Say which data",
        "(Art. 18 UK GDPR). Say which data and which question",
        "(Art. 20 UK GDPR): Orders; Offers. Ask for your data to take with you",
        "(Art. 21 UK GDPR): Fraud. Say what in your situation speaks against it",
        "(Art. 22 UK GDPR). Say which decision",
        "(Art. 7(3) UK GDPR): Offers. Say which consent",
        "free of charge: privacy@shop.example. Please give the reference R-2026-0042",
    ):
        assert expected in text


def test_the_contact_is_named_once_for_all_datasets_and_each_names_its_rights() -> None:
    consent = dataset_answer("offers", [{"id": "1"}], purposes={"marketing": "A6-1-a"})
    interest = dataset_answer("fraud", [{"id": "1"}], purposes={"service": "A6-1-f"})
    package = contents(ORDERS, consent, interest)

    asked = "Write to privacy@shop.example with the reference R-2026-0042"
    assert asked in section_of("What holds for every dataset", package)
    assert "You can object" in section_of("Fraud", package)
    assert "You can withdraw your consent" in section_of("Offers", package)
    assert "You can" not in section_of("Orders", package)


@pytest.mark.parametrize("right", list(Right))
def test_complaints_go_to_a_british_company_first_which_acknowledges_within_thirty_days(right: Right) -> None:
    text = section_of("Your rights", contents(ORDERS, right=right))

    assert "Complain to us first So that we can put it right: privacy@shop.example." in text
    assert "within 30 days" in text
    assert "section 164A Data Protection Act 2018" in text
    assert "Information Commissioner's Office, https://ico.org.uk" in text
    assert "where you live or work" not in text


@pytest.mark.parametrize("right", list(Right))
def test_outside_britain_the_authority_at_home_or_work_and_the_courts_are_named(right: Right) -> None:
    text = section_of("Your rights", contents(ORDERS, controller=FRENCH, right=right))

    assert "CNIL, https://www.cnil.fr/fr/plaintes" in text
    assert (
        "Complain to us So that we can put it right: 12 rue de l’Exemple, Annecy. You do not have to: you can go to "
        in text
    )
    assert "the country where you live or work" in text
    assert "(Art. 78 and 79 GDPR)" in text
    assert "Data Protection Act" not in text


def test_page_one_names_whom_to_complain_to_and_where_the_details_are() -> None:
    text = section_of("Whom to ask, and how to complain", contents(ORDERS))

    assert "Ask, correct, object: Example Shop Ltd privacy@shop.example" in text
    assert (
        "Complain to us first So that we can put it right: privacy@shop.example. For details, see “Your rights”."
        in text
    )
    assert "To the authority Information Commissioner's Office, https://ico.org.uk" in text


def test_addresses_of_the_register_are_links_and_other_texts_are_not() -> None:
    assert links(CONTROLLER) == {"mailto:privacy@shop.example", "https://ico.org.uk"}
    odd = replace(FRENCH, authority=Authority(name="CNIL", url="javascript:alert(1)"))
    assert links(odd) == set()


def links(controller: Controller) -> set[str]:
    report = compose(contents(ORDERS, controller=controller), ())
    facts = (b for s in report.sections for b in s.blocks if isinstance(b, Facts))
    return {value.url for block in facts for _, value in block.pairs if isinstance(value, Link)}


def test_the_editions_of_notice_and_register_are_named() -> None:
    text = section_of("Your rights", contents(ORDERS))

    assert "Privacy notice Privacy notice of 25 May 2018 Register of processing 2026-11-01" in text
