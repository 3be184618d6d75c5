"""No promise of the notice without its answer, and no answer without what follows from it."""

from dataclasses import replace

from dsar_export.model.left_out import LeftOut, LeftOutReason
from dsar_export.model.message import Message
from dsar_export.model.outcome import Answer, Gap, Reason
from dsar_export.model.package import PackageContents
from tests.builders import CONTROLLER, changed, contents, dataset_answer, declared, promise_answer
from tests.renderers.report_pdf.telling import section_of

ORDERS = dataset_answer("orders", [{"id": str(n)} for n in range(1234)])
PAYMENTS = dataset_answer("payments", [{"id": "1"}])


def found(of: PackageContents) -> str:
    return section_of("What we promised, and what we found", of)


def test_what_is_present_is_told_with_where_and_how_many() -> None:
    promised = promise_answer(
        "Your orders", Answer.PRESENT, records=1235, datasets=("orders", "payments", "emails")
    )

    text = found(contents(ORDERS, PAYMENTS, dataset_answer("emails"), promises=(promised,)))

    assert "Present: it is in this package, under Orders (1,234); Payments (1). 1,235" in text
    assert "Emails" not in text


def test_what_is_present_and_incomplete_says_from_where() -> None:
    gap = Gap("shop_database", "orders", Message("Cut off."))
    orders = replace(ORDERS, gaps=(gap,))
    promised = promise_answer("Your orders", Answer.PRESENT, records=1234, datasets=("orders",))

    text = found(contents(orders, promises=(promised,)))

    assert "under Orders (1,234). Not all could be obtained from: “shop_database”." in text


def test_what_is_present_in_part_says_what_is_not_and_by_which_rule() -> None:
    orders = changed(dataset_answer("orders", [{"id": "1"}], withheld=3), kept_back=1)
    promised = promise_answer("Your orders", Answer.PRESENT, records=1, datasets=("orders",))

    text = found(contents(orders, promises=(promised,)))

    assert "under Orders (1). Not here of Orders: 2. Withheld. Not here of Orders: 1. Kept back" in text


def test_what_is_withheld_is_told_with_the_rule_and_the_remedy() -> None:
    why = ((Reason("/items", "json"), 2),)
    orders = changed(dataset_answer("orders", withheld=2, reasons=why), kept_back=2)
    promised = promise_answer("Your orders", Answer.WITHHELD, records=1, datasets=("orders", "payments"))

    text = found(contents(orders, PAYMENTS, promises=(promised,)))

    assert "Withheld: see “What is not here, and why”." in text
    assert "Not here of Orders: 2. Kept back until one of us has looked at them" in text
    assert "under Payments (1)." in text
    assert "look at this again (privacy@shop.example), and you may complain; see “Your rights”." in text


def test_what_was_not_obtained_is_told_with_the_source_and_what_happens_next() -> None:
    promised = promise_answer("Your orders", Answer.NOT_OBTAINED, datasets=("orders",))
    package = contents(
        dataset_answer("orders"),
        promises=(promised,),
        gaps=(Gap("shop_database", None, Message("Cut off.")),),
    )

    text = found(package)

    assert "Not obtained: we could not read every place where it is kept" in text
    assert "Not all could be obtained from: “shop_database”." in text
    assert "We look into it, and send you what we find to be yours." in text


def test_what_was_not_searched_is_told_with_ground_effort_and_who_decided() -> None:
    promised = promise_answer("Paper files", Answer.NOT_SEARCHED, ground="It would take 400 hours.")

    for text in (found(contents(promises=(promised,))), _not_here(contents(promises=(promised,)))):
        assert "Not searched: It would take 400 hours." in text
        assert "We looked at the index." in text
        assert "Decided by: data protection officer" in text


def _not_here(of: PackageContents) -> str:
    return section_of("What is not here, and why", of)


def test_what_only_another_company_keeps_is_told_with_whom_to_ask() -> None:
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

    assert "kept by another company that the notice names. Ask that company for it: Sister SARL" in text
    assert "(donnees@sister.example)." in text
    assert "Ask that company for it." in found(package)


def test_what_is_held_and_never_copied_is_pointed_to() -> None:
    password = {"password": LeftOut(reason=LeftOutReason.WITHHELD, note="A copy would help a thief.")}

    assert "Some of what we hold is never copied; “What is not here, and why” names it" in found(
        contents(declared(ORDERS, left_out=password))
    )
    assert "never copied" not in found(contents(ORDERS))


def test_a_notice_that_promises_nothing_is_said_to() -> None:
    assert "No kinds of data are named in: Privacy notice of 25 May 2018." in found(contents())


def test_what_another_company_keeps_too_is_told_beside_what_was_found() -> None:
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

    assert "A part of it is kept by another company" in text
    assert "Sister SARL (donnees@sister.example)" in text
