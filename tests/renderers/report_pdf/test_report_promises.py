"""Every promise of the notice has its answer, and every answer its next step."""

from dataclasses import replace

from dsar_export.model.left_out import LeftOut, LeftOutReason
from dsar_export.model.message import Message
from dsar_export.model.outcome import Answer, Gap, Reason
from dsar_export.model.package import PackageContents
from tests.builders import (
    CONTROLLER,
    changed,
    contents,
    dataset_answer,
    declared,
    not_covered,
    promise_answer,
)
from tests.renderers.report_pdf.telling import section_of, text_of

ORDERS = dataset_answer("orders", [{"id": str(n)} for n in range(1234)])
PAYMENTS = dataset_answer("payments", [{"id": "1"}])


def found(of: PackageContents) -> str:
    return section_of("What we promised, and what we found", of)


def test_present_data_is_shown_with_its_datasets_and_counts() -> None:
    promised = promise_answer(
        "Your orders", Answer.PRESENT, records=1235, datasets=("orders", "payments", "emails")
    )

    text = found(contents(ORDERS, PAYMENTS, dataset_answer("emails"), promises=(promised,)))

    assert "In this package, under Orders (1,234); Payments (1). 1,235" in text
    assert "Emails" not in text


def test_present_but_incomplete_data_names_the_source() -> None:
    gap = Gap("shop_database", "orders", Message("Cut off."))
    orders = replace(ORDERS, gaps=(gap,))
    promised = promise_answer("Your orders", Answer.PRESENT, records=1234, datasets=("orders",))

    text = found(contents(orders, promises=(promised,)))

    assert "under Orders (1,234). We could not get everything from: “shop_database”." in text


def test_partly_present_data_lists_the_missing_rows_and_the_rule() -> None:
    orders = changed(dataset_answer("orders", [{"id": "1"}], withheld=3), kept_back=1)
    promised = promise_answer("Your orders", Answer.PRESENT, records=1, datasets=("orders",))

    text = found(contents(orders, promises=(promised,)))

    assert "under Orders (1). Missing from Orders: 2. Withheld. Missing from Orders: 1. Held back" in text


def test_withheld_data_is_shown_with_the_rule_and_the_remedy() -> None:
    why = ((Reason("/items", "json"), 2),)
    orders = changed(dataset_answer("orders", withheld=2, reasons=why), kept_back=2)
    promised = promise_answer("Your orders", Answer.WITHHELD, records=1, datasets=("orders", "payments"))

    text = found(contents(orders, PAYMENTS, promises=(promised,)))

    assert "Withheld: see “What is not here, and why”." in text
    assert "Missing from Orders: 2. Held back until one of us has checked them" in text
    assert "under Payments (1)." in text
    assert "look again (privacy@shop.example), and you can complain; see “Your rights”." in text


def test_data_that_was_not_obtained_is_shown_with_the_source_and_the_next_step() -> None:
    promised = promise_answer("Your orders", Answer.NOT_OBTAINED, datasets=("orders",))
    package = contents(
        dataset_answer("orders"),
        promises=(promised,),
        gaps=(Gap("shop_database", None, Message("Cut off.")),),
    )

    text = found(package)

    assert "Not obtained: we could not read every system that keeps it" in text
    assert "We could not get everything from: “shop_database”." in text
    assert "We are looking into it, and will send you what is yours." in text


def test_data_that_was_not_searched_is_shown_with_ground_effort_and_decider() -> None:
    promised = promise_answer("Paper files", Answer.NOT_SEARCHED, ground="It would take 400 hours.")

    for text in (found(contents(promises=(promised,))), _not_here(contents(promises=(promised,)))):
        assert "Not searched: It would take 400 hours." in text
        assert "We looked at the index." in text
        assert "Decided by: data protection officer" in text


def _not_here(of: PackageContents) -> str:
    return section_of("What is not here, and why", of)


def test_data_kept_only_by_another_company_is_shown_with_its_contact() -> None:
    sister = replace(CONTROLLER, name="Sister SARL", contact="donnees@sister.example")
    hire = declared(dataset_answer("hire"), controllers=("sister",))
    promised = promise_answer("Your hires", Answer.NOT_SEARCHED, datasets=("hire",), elsewhere=True)
    package = contents(promises=(promised,))
    organisation = package.register.organisation
    controllers = {"shop": CONTROLLER, "sister": sister}
    register = replace(
        package.register,
        organisation=replace(organisation, controllers=controllers),
        datasets=(hire.dataset,),
    )

    text = found(replace(package, register=register))

    assert "another company that the notice names keeps it. Please ask there: Sister SARL" in text
    assert "(donnees@sister.example)." in text
    assert "keeps it. Please ask there." in found(package)


def test_data_that_is_never_copied_is_mentioned() -> None:
    password = {"password": LeftOut(reason=LeftOutReason.WITHHELD, note="A copy would help a thief.")}

    assert "Some of what we hold is never copied; “What is not here, and why” lists it" in found(
        contents(declared(ORDERS, left_out=password))
    )
    assert "never copied" not in found(contents(ORDERS))


def test_a_notice_without_promises_is_reported() -> None:
    assert "Our notice (Privacy notice of 25 May 2018) names no kinds of data." in found(contents())


def test_data_that_another_company_keeps_too_is_shown_beside_the_answer() -> None:
    sister = replace(CONTROLLER, name="Sister SARL", contact="donnees@sister.example")
    hire = declared(dataset_answer("hire"), controllers=("sister",))
    promised = promise_answer("Your orders", Answer.NONE_HELD, datasets=("orders",))
    both = replace(promised, promise=replace(promised.promise, datasets=("orders", "hire")))
    package = contents(dataset_answer("orders"), promises=(both,))
    organisation = replace(package.register.organisation, controllers={"shop": CONTROLLER, "sister": sister})
    register = replace(
        package.register, organisation=organisation, datasets=(*package.register.datasets, hire.dataset)
    )

    text = found(replace(package, register=register))

    assert "Another company that the notice names keeps part of it." in text
    assert "Sister SARL (donnees@sister.example)" in text


NOT_COVERED = (
    "Not included, because the mandate of whoever asked on your behalf does not cover it. You can ask us for it "
    "yourself: privacy@shop.example."
)


def test_what_an_agents_mandate_does_not_cover_is_listed_and_is_neither_none_nor_a_gap() -> None:
    promised = replace(promise_answer("Your letters", Answer.NOT_SEARCHED), not_covered=("letters",))
    package = contents(PAYMENTS, promises=(promised,))
    package = replace(package, not_covered=(not_covered(dataset_answer("letters")),))

    assert "Your letters Outside the mandate: Letters." in found(package)
    assert f"Letters {NOT_COVERED}" in _not_here(package)
    for text in (found(package), _not_here(package)):
        assert "We searched" not in text
        assert "could not" not in text
        assert "Not searched" not in text
    assert "their mandate does not cover everything" in section_of("What you should know", package)


def test_what_follows_from_a_mandate_stands_once_however_much_it_leaves_out() -> None:
    names = ("letters", "calls", "visits")
    promised = tuple(
        replace(promise_answer(f"Your {name}", Answer.NOT_SEARCHED), not_covered=(name,)) for name in names
    )
    package = contents(PAYMENTS, promises=promised)
    package = replace(package, not_covered=tuple(not_covered(dataset_answer(name)) for name in names))
    assert f"Letters; Calls; Visits {NOT_COVERED}" in _not_here(package)
    assert text_of(package).count(NOT_COVERED) == 1


def test_a_promise_that_a_mandate_covers_in_part_has_both_answers_and_sends_nobody_elsewhere() -> None:
    sister = replace(CONTROLLER, name="Sister SARL")
    letters = declared(dataset_answer("letters"), controllers=("sister", "shop"))
    promised = promise_answer("Your data", Answer.PRESENT, records=1, datasets=("payments",))
    promised = replace(
        promised,
        promise=replace(promised.promise, datasets=("payments", "letters")),
        not_covered=("letters",),
    )
    package = replace(contents(PAYMENTS, letters, promises=(promised,)), not_covered=(not_covered(letters),))
    package = replace(package, datasets=(PAYMENTS,))
    organisation = replace(package.register.organisation, controllers={"shop": CONTROLLER, "sister": sister})
    text = found(replace(package, register=replace(package.register, organisation=organisation)))
    assert "In this package, under Payments (1). Outside the mandate: Letters. 1" in text
    assert "Another company" not in text


def test_nothing_found_within_a_mandate_is_not_shown_as_nothing_at_all() -> None:
    package = replace(contents(dataset_answer("orders")), not_covered=(not_covered(PAYMENTS),))
    assert "No records; the next part explains why." in section_of("What is here", package)
