"""The report names the identifiers that were searched with and who decided; never another person's."""

from datetime import UTC, datetime

from dsar_export.model.comparison import Strength
from dsar_export.model.identity import Identity, Reached, SharedIdentifiers
from dsar_export.model.package import PackageContents
from dsar_export.model.periods import Span, periods
from dsar_export.model.request import Identifier
from tests.builders import contents
from tests.renderers.report_pdf.telling import section_of
from tests.replacing import replace

CUSTOMER = Identifier("customer_id", "1042")
EMAIL = Identifier("email", "ada@mail.example")
NOON = datetime(2023, 7, 1, 11, tzinfo=UTC)


def searched_with(of: PackageContents) -> str:
    return section_of("What we searched with", of)


def orders(count: int) -> tuple[Reached, ...]:
    return tuple(
        Reached(Identifier("order_id", f"SO-{n:03}"), parent=CUSTOMER, over="shop_database.orders")
        for n in range(count)
    )


def test_each_identifier_is_shown_with_its_period_and_how_it_was_found() -> None:
    known = (
        Reached(Identifier("device_id", "D-7"), periods([Span(until=NOON)]), EMAIL, "shop_database.devices"),
        Reached(EMAIL, periods([Span(NOON)]), parent=CUSTOMER, over="shop_database.customers"),
        Reached(Identifier("loyalty_card", "L-9")),
    )

    text = searched_with(contents(identity=Identity(known)))

    assert "Email address ada@mail.example since 1 Jul 2023, 12:00:00 BST Given with the request" in text
    until = "until 1 Jul 2023, 12:00:00 BST"
    assert f"Device number D-7 {until} Found in “shop_database.devices” through: Email address" in text
    assert "Loyalty card L-9 at any time Found through what was given" in text
    assert "decided" not in text
    assert "someone else" not in text


def test_every_period_of_an_identifier_is_shown_up_to_a_limit() -> None:
    years = [Span(datetime(y, 1, 1, tzinfo=UTC), datetime(y, 7, 1, tzinfo=UTC)) for y in range(2000, 2008)]
    two, eight = (Reached(EMAIL, periods(years[:count])) for count in (2, 8))

    assert "2000, 01:00:00 BST from 1 Jan 2001" in searched_with(contents(identity=Identity((two,))))
    text = searched_with(contents(identity=Identity((eight,))))
    assert "1 Jan 2004" in text
    assert "1 Jan 2005" not in text
    assert "and 3 more periods" in text


def test_identifiers_found_in_the_same_way_are_grouped_up_to_a_limit() -> None:
    text = searched_with(contents(identity=Identity(orders(300))))

    assert "SO-000; SO-001" in " ".join(text.split())
    assert "SO-019" in text
    assert "SO-020" not in text
    assert "and 280 more" in text
    assert text.count("Order number") == 1
    assert "datapackage.json lists each" in text


def test_what_the_persons_row_refers_to_stands_apart_from_their_identifiers() -> None:
    homes = tuple(
        Reached(
            Identifier("home_id", f"H-{n}"), parent=CUSTOMER, over="shop.people", strength=Strength.REFERENCE
        )
        for n in (1, 2)
    )
    text = searched_with(contents(identity=Identity((Reached(CUSTOMER), *homes))))
    own, apart, referred = text.partition(
        "They are not identifiers of yours: data about others may refer to them too."
    )
    assert apart
    assert "H-1" not in own
    assert "Home id H-1; H-2 Found in “shop.people” through: Customer number" in " ".join(referred.split())
    assert "at any time" not in referred
    assert "not identifiers of yours" not in searched_with(contents(identity=Identity((Reached(CUSTOMER),))))


def test_a_kind_of_identifier_is_called_as_the_register_calls_it() -> None:
    made = contents(identity=Identity(orders(1)))
    named = replace(made.register.organisation, identifiers={"order_id": "Booking in our system"})
    text = searched_with(replace(made, register=replace(made.register, organisation=named)))
    assert "Booking in our system SO-000" in text
    assert "Order number" not in text


def test_a_choice_among_candidates_is_shown_with_decider_and_time() -> None:
    identity = Identity((Reached(CUSTOMER), Reached(EMAIL), *orders(1)), candidates=3)
    by_choice = contents(identity=identity, chosen=("1042",))

    text = searched_with(by_choice)

    assert "leads to more than one match, possibly of different people. Customer number: 3." in text
    assert "support desk decided on 2 Nov 2026, 09:30:00 GMT which is yours." in text


def test_several_chosen_numbers_are_all_the_persons() -> None:
    both = (Reached(CUSTOMER), Reached(Identifier("customer_id", "77")))

    text = searched_with(contents(identity=Identity(both, candidates=2), chosen=("1042", "77")))

    assert "which are yours." in text
    assert "which is yours" not in text


def test_an_identifier_that_was_chosen_and_not_given_is_shown_as_chosen() -> None:
    chosen = Identity((Reached(Identifier("customer_id", "77")),), candidates=2)

    text = searched_with(contents(identity=chosen, chosen=("77",)))

    assert "Customer number 77 at any time support desk decided on" in text
    assert "Found through what was given" not in text


def test_identifiers_shared_with_another_person_are_counted_and_not_named() -> None:
    shared = Identity(
        (Reached(CUSTOMER),), (SharedIdentifiers("email", 1), SharedIdentifiers("device_id", 2))
    )

    text = searched_with(contents(identity=shared))

    assert "Email address: 1 also used by someone else at the same time." in text
    assert "Device number: 2 also used by someone else" in text


def test_no_identifier_that_was_found_breaks_the_report() -> None:
    hostile = ("a\ud800b", "x" * 100_000, "<b>&amp;", "\n" * 1000, "😀", "")
    known = tuple(Reached(Identifier(value, value), parent=EMAIL, over=value) for value in hostile)

    assert "&amp;" in searched_with(contents(identity=Identity(known)))
