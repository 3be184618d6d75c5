"""The outcome of the rows (marked, kept back, in a gap, masked) is shown where the reader looks for it."""

import pytest

from dsar_export.model.left_out import LeftOut, LeftOutReason
from dsar_export.model.message import Message
from dsar_export.model.outcome import Gap, Reason
from dsar_export.model.package import Member, MemberRole
from dsar_export.model.place import HistoryTable
from dsar_export.model.request import Right
from dsar_export.model.schema import FieldKind
from dsar_export.normalising import marks
from renderers.report_pdf.sections.cells import cell
from renderers.report_pdf.sections.locale import locale_for
from renderers.report_pdf.sections.wording import MARKS, PAST
from tests.builders import changed, contents, dataset_answer, declared, not_portable, schema_field
from tests.renderers.report_pdf.telling import not_here, section_of, text_of
from tests.replacing import replace

ORDERS = dataset_answer("orders", [{"id": str(n)} for n in range(9)])
KNOW = "What you should know"
MARKED = changed(ORDERS, marked=(("deleted_in_source", 2), ("earlier_version", 0), (PAST, 3)))


def test_every_mark_has_words() -> None:
    assert set(MARKS) == {marks.DELETED, marks.EARLIER, marks.PAST}
    assert marks.PAST == PAST


def test_marked_records_are_counted_in_their_dataset() -> None:
    text = section_of("Orders", contents(MARKED))

    assert "Of these Deleted in our system, but still stored: 2" in text
    assert "Should already have been erased: 3" in text
    assert "Earlier versions" not in text


def test_a_mark_without_words_is_shown_by_its_name() -> None:
    assert "Of these disputed: 1" in text_of(contents(changed(ORDERS, marked=(("disputed", 1),))))


def test_page_one_lists_datasets_with_records_past_their_storage_period() -> None:
    text = section_of(KNOW, contents(MARKED, changed(ORDERS, marked=((PAST, 0),))))

    assert (
        "We should already have erased some records, because their storage period is over: Orders (3)."
        in text
    )
    assert "as far as this right covers them" not in text
    portable = section_of(KNOW, contents(MARKED, right=Right.PORTABILITY))
    assert "as far as this right covers them" in portable


def test_many_datasets_past_their_storage_period_are_shortened_on_page_one() -> None:
    many = [changed(dataset_answer(f"set_{n}_", [{"id": "1"}]), marked=((PAST, 1),)) for n in range(300)]

    assert "Set 7 (1); and 292 more." in section_of(KNOW, contents(*many))


def test_a_gap_of_a_dataset_is_on_page_one_under_what_is_not_here_and_in_its_section() -> None:
    gap = Gap("shop_database", "orders", Message("2 rows can't be attributed; not copied"))
    other = Gap("shop_database", "emails", Message("1 is shared"))
    emails = replace(dataset_answer("emails", [{"id": "1"}]), gaps=(other,))

    package = contents(replace(ORDERS, gaps=(gap,)), emails)

    assert "We could not get everything that we searched for" in section_of(KNOW, package)
    assert f"could not get everything: {gap.reason}" in not_here(package)
    orders = section_of("Orders", package)
    assert f"see “What is not here, and why”. {gap.reason}." in orders
    assert str(other.reason) not in orders
    assert str(gap.reason) not in text_of(package).partition("Everything about emails.")[2]


def test_rows_kept_back_and_rows_withheld_are_listed_separately() -> None:
    why = ((Reason("/items", "json"), 2),)
    answer = changed(dataset_answer("orders", [{"id": "1"}], withheld=5, reasons=why), kept_back=2)

    package = contents(answer)

    missing = not_here(package)
    assert "Orders Withheld. 3" in missing
    assert "Held back until one of us has checked them" in missing
    assert "filtered safely: /items: does not match: json (2)" in missing
    assert "6 found: 1 in this package, 3 withheld, 2 held back until one of us has checked them" in text_of(
        package
    )


def test_reasons_shared_by_two_kinds_of_rows_are_listed_once() -> None:
    why = ((Reason("/items", "json"), 1), (Reason("/total", "type"), 1))
    answer = changed(dataset_answer("orders", nonconforming=1, withheld=1, reasons=why), kept_back=1)

    missing = not_here(contents(answer))

    assert missing.count("/items: does not match: json (1); /total: unexpected type (1)") == 1


def test_an_empty_dataset_lists_no_withheld_column() -> None:
    token = {"token": LeftOut(reason=LeftOutReason.WITHHELD, note="We hold what lets you in.")}
    assert "We hold what lets you in." in not_here(contents(declared(ORDERS, left_out=token)))

    empty = declared(dataset_answer("orders"), left_out=token)
    assert "We hold what lets you in." not in text_of(contents(empty))


def test_a_table_withheld_from_others_is_not_listed_as_withheld_if_it_is_read() -> None:
    note = LeftOut(reason=LeftOutReason.WITHHELD, note="For others only.")
    history = HistoryTable(table="orders_before", order_by=("id",))
    answer = declared(ORDERS, history=(history,))

    missing = not_here(contents(answer, left_out={"orders": note, "orders_before": note, "notes": note}))

    assert "notes (in “shop_database”) Withheld: For others only." in missing
    assert missing.count("For others only.") == 1


def test_a_withheld_table_is_listed_though_another_source_has_one_of_the_same_name() -> None:
    note = LeftOut(reason=LeftOutReason.WITHHELD, note="For others only.")
    answer = declared(ORDERS, source="another")

    assert "For others only." in not_here(contents(answer, left_out={"orders": note}))


def test_a_withheld_column_that_only_earlier_versions_have_is_listed() -> None:
    token = LeftOut(reason=LeftOutReason.WITHHELD, note="Whoever has it can log in.")
    both = LeftOut(reason=LeftOutReason.WITHHELD, note="It would help a thief.")
    internal = LeftOut(reason=LeftOutReason.NOT_PERSONAL, note="Ours.")
    history = HistoryTable(
        table="orders_before",
        order_by=("id",),
        left_out={"old_token": token, "pin": both, "shard": internal},
    )

    missing = not_here(contents(declared(ORDERS, history=(history,), left_out={"pin": both})))

    assert "Orders: old_token (in “orders_before”) Withheld: Whoever has it can log in." in missing
    assert missing.count("It would help a thief.") == 1
    assert "shard" not in missing


def test_bank_account_numbers_are_masked_with_one_explanation() -> None:
    fields = [schema_field("iban", masked=True), schema_field("bank")]
    accounts = dataset_answer(
        "accounts", [{"iban": "GB33BUKB20201555555678", "bank": "B Bank"}], fields=fields
    )

    text = text_of(contents(accounts, ORDERS))

    assert "•" * 18 + "5678" in text
    assert "5555" not in text
    assert "20201" not in text
    assert "B Bank" in text
    assert text.count("Only the last four characters of bank account and card numbers are shown here") == 1
    assert "Only the last four characters" not in text_of(contents(ORDERS))


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("12345678", "••••5678"),
        ("1234", "••••"),
        ("", ""),
        (12345678, "••••5678"),
        (None, ""),
    ],
)
def test_a_masked_cell_shows_its_last_four_characters_and_a_shorter_one_nothing(
    number: object, shown: str
) -> None:
    for kind in (FieldKind.TEXT, FieldKind.INTEGER, FieldKind.STRUCTURE):
        assert cell(schema_field("n", kind, masked=True), {"n": number}, locale_for(contents())) == shown


def test_the_information_for_programs_is_listed_where_it_is_in_the_package() -> None:
    notice = Member("data/gdpr-information.jsonld", 1, "0" * 64, MemberRole.DOCUMENT, "application/ld+json")

    assert notice.path in text_of(contents(ORDERS), notice)
    assert notice.path not in text_of(contents(ORDERS))


def test_a_field_that_does_not_fit_is_named_as_in_its_section() -> None:
    orders = dataset_answer(
        "orders", [{"amount": "1"}], nonconforming=1, reasons=((Reason("/amount", "type"), 1),)
    )

    assert "Amount: unexpected type (1)" in not_here(contents(orders))


def test_a_mark_that_the_right_does_not_cover_is_not_counted() -> None:
    rows = [{"id": "1", "past_storage_period": "yes"}]
    marked = changed(dataset_answer("orders", rows), marked=(("past_storage_period", 1),))
    hidden = not_portable(marked, "past_storage_period", reason="not portable: derived")

    assert "Should already have been erased" in text_of(contents(marked))
    assert "Should already have been erased" not in text_of(contents(hidden, right=Right.PORTABILITY))


def test_an_empty_dataset_lists_no_column_though_its_source_has_an_unknown_table() -> None:
    secret = {"secret_hash": LeftOut(reason=LeftOutReason.WITHHELD, note="It lets you in.")}
    gap = Gap("shop_database", None, Message("a table that nobody knows"))

    text = text_of(contents(dataset_answer("logins", left_out=secret), gaps=(gap,)))

    assert "secret_hash" not in text
    assert "Some of what we hold is never copied" not in text


def test_a_gap_of_one_dataset_leaves_its_neighbours_whole() -> None:
    gap = Gap("shop_database", "orders", Message("Cut off."))
    package = contents(
        dataset_answer("orders", [{"id": "1"}]), dataset_answer("visits", [{"id": "1"}]), gaps=(gap,)
    )

    assert "We could not get all of it" in section_of("Orders", package)
    assert "We could not get all of it" not in section_of("Visits", package)
