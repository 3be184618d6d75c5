"""Records in the report: what they share is shown once, and what belongs together stands together."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from dsar_export.model.outcome import Record
from dsar_export.model.package import DatasetAnswer, PackageContents, ReportChoices
from dsar_export.model.reference import Reference
from dsar_export.model.schema import Code, FieldKind, Origin
from renderers.report_pdf.blocks import Families, Family, Grid, Group, Records
from renderers.report_pdf.sections.content import compose
from tests.builders import changed, contents, dataset_answer, declared, referring, schema_field, with_key
from tests.renderers.report_pdf.telling import section_of, text_of, titles_of


def block_of(package: PackageContents, dataset: str) -> Records | Families:
    """The records of a dataset's section."""
    (found,) = (
        block
        for section in compose(package, ()).sections
        if section.title == dataset
        for block in section.blocks
        if isinstance(block, Records | Families)
    )
    return found


def titles(package: PackageContents, dataset: str = "Visits") -> tuple[str, ...]:
    block = block_of(package, dataset)
    assert isinstance(block, Records)
    return block.fields.titles


def rows(package: PackageContents, dataset: str = "Visits") -> list[object]:
    """The rows of a dataset's table, with its headings as texts."""
    block = block_of(package, dataset)
    assert isinstance(block, Records)
    return [row.title if isinstance(row, Group) else row for row in block.records]


def visits(*records: Record, period: bool = True, **kinds: FieldKind) -> PackageContents:
    fields = [schema_field(name, kinds.get(name, FieldKind.TEXT)) for name in records[0]]
    answer = dataset_answer("visits", records, fields=fields, period_field="at" if period else None)
    return contents(answer, records={"visits": list(records)})


def test_what_is_the_same_in_all_records_is_shown_once_above() -> None:
    package = visits(
        {"id": "1", "account": "A-1", "at": "2025-01-01"}, {"id": "2", "account": "A-1", "at": "2025-01-02"}
    )

    assert "The same in all: Account: A-1" in section_of("Visits", package)
    assert titles(package) == ("Id", "At")


def test_fields_without_any_value_are_named_once() -> None:
    package = visits(
        {"id": "1", "at": "2025-01-01", "note": None}, {"id": "2", "at": "2025-01-01", "note": None}
    )

    assert "Empty in all: Note" in section_of("Visits", package)
    assert titles(package) == ("Id",)


def test_what_is_the_same_in_the_shown_records_is_not_claimed_for_the_others() -> None:
    flags = ["yes"] * 500 + ["no"] * 100
    records: list[Record] = [{"id": str(n), "past": flag, "note": None} for n, flag in enumerate(flags)]
    package = visits(*records, period=False)

    text = section_of("Visits", package)

    assert "The same in the 500 shown: Past: yes" in text
    assert "Empty in the 500 shown: Note" in text
    assert "The same in all" not in text
    assert "No value in any" not in text


def test_a_value_that_some_records_lack_is_not_the_same_in_all() -> None:
    package = visits({"id": "1", "at": None, "note": "x"}, {"id": "2", "at": None, "note": None})

    assert titles(package) == ("Id", "Note")
    assert "The same in all" not in section_of("Visits", package)


def test_a_mark_is_shown_only_where_it_applies() -> None:
    package = visits(
        {"id": "1", "at": "2025-01-01", "opened": False, "earlier_version": True, "deleted_in_source": False},
        {"id": "2", "at": "2025-01-02", "opened": True, "earlier_version": False, "deleted_in_source": False},
        opened=FieldKind.BOOLEAN,
        earlier_version=FieldKind.BOOLEAN,
        deleted_in_source=FieldKind.BOOLEAN,
    )

    assert titles(package) == ("Id", "At", "Opened", "Earlier version")
    assert rows(package) == [("1", "2025-01-01", "No", "Yes"), ("2", "2025-01-02", "Yes", "")]
    assert "Deleted in source" not in section_of("Visits", package)
    assert "our marks where they do not apply" in section_of("How to read this report", package)


def test_a_yes_is_not_the_same_as_a_one() -> None:
    package = visits(
        {"id": "1", "at": None, "flag": True}, {"id": "2", "at": None, "flag": 1}, flag=FieldKind.STRUCTURE
    )

    assert titles(package) == ("Id", "Flag")


def test_an_amount_is_the_same_only_in_the_same_currency() -> None:
    fields = [
        schema_field("id"),
        schema_field("paid", FieldKind.DECIMAL, currency_field="currency"),
        schema_field("currency"),
    ]
    records: list[Record] = [
        {"id": str(n), "paid": "5.00", "currency": c} for n, c in enumerate(("GBP", "EUR"))
    ]
    package = contents(dataset_answer("visits", records, fields=fields))

    assert titles(package) == ("Id", "Paid", "Currency")


def test_a_single_record_is_shown_whole() -> None:
    package = visits({"id": "1", "at": "2025-01-01", "note": None})

    assert titles(package) == ("Id", "At")
    assert "Empty: Note" in section_of("Visits", package)


def test_records_that_are_all_alike_need_no_table() -> None:
    package = visits({"id": "1", "at": "2025-01-01"}, {"id": "1", "at": "2025-01-01"})

    assert "The same in all: Id: 1 \u00b7 At: 2025-01-01" in section_of("Visits", package)
    assert not any(isinstance(b, Records) for s in compose(package, ()).sections for b in s.blocks)


def dated(*times: str | None) -> PackageContents:
    records: list[Record] = [{"id": str(n), "at": time} for n, time in enumerate(times)]
    return visits(*records, at=FieldKind.INSTANT)


def test_many_records_stand_under_their_years_by_the_controllers_clock_with_short_times() -> None:
    times = [f"2024-0{n}-01T12:00:00Z" for n in range(1, 9)]
    package = dated(*times, "2024-12-31T23:59:00Z", *[f"2025-07-0{n}T12:00:00Z" for n in range(1, 6)])

    shown = rows(package)

    assert shown[0] == "2024"
    assert shown[1] == ("0", "1 Jan, 12:00:00")
    assert shown[9:12] == [("8", "31 Dec, 23:59:00"), "2025", ("9", "1 Jul, 13:00:00")]


def test_few_records_or_those_of_one_year_keep_the_year_in_each() -> None:
    few = dated("2024-01-01T12:00:00Z", "2025-01-01T12:00:00Z")
    one_year = dated(*[f"2024-01-{n:02}T12:00:00Z" for n in range(1, 20)])

    assert rows(few)[0] == ("0", "1 Jan 2024, 12:00:00")
    assert rows(one_year)[0] == ("0", "1 Jan 2024, 12:00:00")


def test_records_are_shown_by_time_and_those_without_one_last() -> None:
    times = [f"2025-01-{n:02}T12:00:00Z" for n in range(1, 15)]
    package = dated(None, *times, "2024-06-01T12:00:00+02:00", "2024-06-01T09:30:00Z")

    shown = rows(package)

    assert shown[:4] == ["2024", ("16", "1 Jun, 10:30:00"), ("15", "1 Jun, 12:00:00 (+02:00)"), "2025"]
    assert shown[-2:] == ["Without a date", ("0", "")]


def large(*years: int) -> PackageContents:
    """Every record of many, in the order of the file."""
    records: list[Record] = [
        {"id": f"{year}-{n}", "at": f"{year}-01-01T12:00:00Z"} for year in years for n in range(300)
    ]
    fields = [schema_field("id"), schema_field("at", FieldKind.INSTANT)]
    answer = dataset_answer("visits", records, fields=fields, period_field="at")
    choices = ReportChoices(language="en", every_row=True)
    return contents(answer, records={"visits": records}, report=choices)


def test_more_records_than_can_be_sorted_have_years_only_if_the_file_is_in_order() -> None:
    in_order, mixed = large(2024, 2025), large(2025, 2024)

    assert [row for row in rows(in_order) if isinstance(row, str)] == ["2024", "2025"]
    assert rows(mixed)[0] == ("2025-0", "1 Jan 2025, 12:00:00")
    assert not [row for row in rows(mixed) if isinstance(row, str)]


def test_the_repeated_hour_of_autumn_has_its_zone() -> None:
    package = dated("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")

    assert rows(package) == [("0", "25 Oct 2026, 01:30:00 BST"), ("1", "25 Oct 2026, 01:30:00 GMT")]


def test_lists_are_shown_as_lists() -> None:
    records: list[Record] = [
        {"id": "1", "at": None, "tags": ["Trailers", "Commentaries"]},
        {"id": "2", "at": None, "tags": {"sku": "B-1", "sizes": [1, 2], "note": None}},
        {"id": "3", "at": None, "tags": []},
    ]
    package = visits(*records, tags=FieldKind.STRUCTURE)

    assert rows(package) == [
        ("1", "Trailers; Commentaries"),
        ("2", "sku: B-1; sizes: [1, 2]; note: null"),
        ("3", "(empty)"),
    ]


ORDERS = dataset_answer(
    "orders",
    [
        {"order_id": f"SO-{n}", "at": f"2025-01-0{n}", "status": s}
        for n, s in ((1, "paid"), (2, "sent"), (3, "sent"))
    ],
    period_field="at",
)
LINES = referring(
    dataset_answer(
        "lines",
        [{"id": str(n), "order_id": f"SO-{o}", "product": f"Boot {n}"} for n, o in ((1, 1), (2, 1), (3, 3))],
    ),
    order_id="orders.order_id",
)


def family_of(*answers: DatasetAnswer, dataset: str = "Orders", **changes: object) -> Mapping[str, Family]:
    block = block_of(contents(*answers, **changes), dataset)  # type: ignore[arg-type] # the builder's own arguments
    assert isinstance(block, Families)
    return {family.title: family for family in block.families if isinstance(family, Family)}


def test_an_order_stands_with_its_lines_and_payments_by_the_packages_foreign_keys() -> None:
    payments = referring(
        dataset_answer("payments", [{"id": "9", "order_id": "SO-3"}, {"id": "8", "order_id": "SO-1"}]),
        order_id="orders.order_id",
    )

    families = family_of(ORDERS, LINES, payments)

    assert families["Order id: SO-1 \u00b7 At: 2025-01-01"] == Family(
        "Order id: SO-1 \u00b7 At: 2025-01-01",
        "Status: paid",
        (
            ("Lines", ("Id: 1 \u00b7 Product: Boot 1", "Id: 2 \u00b7 Product: Boot 2")),
            ("Payments", ("Id: 8",)),
        ),
    )
    assert families["Order id: SO-2 \u00b7 At: 2025-01-02"].parts == ()


def test_a_record_stands_with_what_belongs_to_it_by_several_fields_together() -> None:
    days = with_key(
        dataset_answer(
            "orders", [{"id": "1", "day": "5", "total": "8"}, {"id": "1", "day": "6", "total": "9"}], title="Orders"
        ),
        "id", "day",
    )  # fmt: skip
    parts = [{"of": "1", "on": "6", "what": "rope"}, {"of": "1", "on": "5", "what": "tent"}]
    by_day = Reference(fields=("of", "on"), dataset="orders", to=("id", "day"))
    lines = declared(with_key(dataset_answer("lines", parts), "of", "on"), references=(by_day,))
    found = family_of(days, lines)
    assert {title: [texts for _, texts in family.parts] for title, family in found.items()} == {
        "Id: 1 \u00b7 Day: 5": [("What: tent",)],
        "Id: 1 \u00b7 Day: 6": [("What: rope",)],
    }


def test_where_a_record_goes_on_its_title_says_so_in_the_reports_language() -> None:
    in_german = ReportChoices(language="de")
    block = block_of(contents(ORDERS, LINES, report=in_german), "Orders")
    listed = block_of(contents(ORDERS, report=in_german), "Orders")

    assert block.continued == listed.continued == "{record} (Fortsetzung)"


def test_what_belongs_to_another_record_is_shown_once() -> None:
    text = text_of(contents(ORDERS, LINES))

    assert text.count("Boot 3") == 1
    assert "The records are shown in “Orders”, each where it belongs." in section_of(
        "Lines", contents(ORDERS, LINES)
    )


def test_a_single_order_stands_with_its_lines_too() -> None:
    order = dataset_answer("orders", [{"order_id": "SO-1", "status": "paid"}])
    lines = referring(dataset_answer("lines", [{"id": "1", "order_id": "SO-1"}]), order_id="orders.order_id")

    assert family_of(order, lines)["Order id: SO-1"].parts == (("Lines", ("Id: 1",)),)


def is_family(*answers: DatasetAnswer, **changes: object) -> bool:
    package = contents(*answers, **changes)  # type: ignore[arg-type] # the builder's own arguments
    return isinstance(block_of(package, "Orders"), Families)


def test_records_do_not_stand_with_the_person_to_whom_everything_belongs() -> None:
    (key,) = ORDERS.dataset.subject_keys
    persons = declared(ORDERS, subject_keys=(replace(key, column="order_id"),))

    assert is_family(ORDERS, LINES)
    assert not is_family(persons, LINES)


def test_a_record_with_an_earlier_version_has_nothing_below_it_as_either_would_be_a_guess() -> None:
    twice = dataset_answer("orders", [{"order_id": "SO-1", "status": s} for s in ("paid", "sent")])
    lines = referring(dataset_answer("lines", [{"id": "1", "order_id": "SO-1"}]), order_id="orders.order_id")

    assert not is_family(twice, lines)


def test_a_long_list_below_each_record_stays_a_list_of_its_own() -> None:
    order = dataset_answer("orders", [{"order_id": "SO-1"}])

    def lines(count: int) -> DatasetAnswer:
        records = [{"id": str(n), "order_id": "SO-1"} for n in range(count)]
        return referring(dataset_answer("lines", records), order_id="orders.order_id")

    assert is_family(order, lines(20))
    assert not is_family(order, lines(21))


def test_records_of_which_one_belongs_to_no_order_stay_a_list_of_their_own() -> None:
    payments = referring(
        dataset_answer("payments", [{"id": "9", "order_id": "SO-3"}, {"id": "8", "order_id": None}]),
        order_id="orders.order_id",
    )

    assert not is_family(ORDERS, payments)
    assert "Id 8" in section_of("Payments", contents(ORDERS, payments))


def test_records_stand_alone_if_some_of_those_that_they_refer_to_are_not_here() -> None:
    assert not is_family(changed(ORDERS, nonconforming=1, read=4), LINES)


def test_values_of_belonging_records_that_are_the_same_in_all_stand_in_their_own_section() -> None:
    lines = referring(
        dataset_answer("lines", [{"id": str(n), "order_id": f"SO-{n}", "currency": "GBP"} for n in (1, 2)]),
        order_id="orders.order_id",
    )

    assert "The same in all: Currency: GBP" in section_of("Lines", contents(ORDERS, lines))
    assert family_of(ORDERS, lines)["Order id: SO-1 \u00b7 At: 2025-01-01"].parts == (("Lines", ("Id: 1",)),)


def test_what_was_concluded_and_what_others_gave_us_stand_on_the_first_pages() -> None:
    fields = [schema_field("id"), schema_field("result", origin=Origin.DERIVED)]
    profiles = dataset_answer("profiles", [{"id": "1", "result": "Likely to return"}], fields=fields)
    fields = [schema_field("name"), *(schema_field(f"score_{n}", origin=Origin.ACQUIRED) for n in range(2))]
    scores = dataset_answer("scores", [{"name": "x", "score_0": "838", "score_1": None}] * 7, fields=fields)
    single = [schema_field("a"), schema_field("b"), schema_field("tier", origin=Origin.DERIVED)]
    customer = dataset_answer("customer", [{"a": "x", "b": "y", "tier": "gold"}], fields=single)
    package = contents(profiles, scores, customer)

    concluded = section_of("What we concluded about you", package)
    others = section_of("What others told us about you", package)

    assert (
        concluded
        == "Dataset In brief Profiles Result: Likely to return Single details are in: Customer (Tier)."
    )
    assert others == f"Dataset In brief Scores {'Score 0: 838 ' * 5}And 2 more records."


def test_a_belonging_record_of_which_nothing_else_is_known_is_named_by_what_it_refers_to() -> None:
    fields = [schema_field("order_id"), schema_field("past_storage_period", FieldKind.BOOLEAN)]
    records: list[Record] = [
        {"order_id": f"SO-{n}", "past_storage_period": past} for n, past in ((1, False), (2, True))
    ]
    lines = referring(dataset_answer("lines", records, fields=fields), order_id="orders.order_id")

    found = family_of(ORDERS, lines)

    assert found["Order id: SO-1 \u00b7 At: 2025-01-01"].parts == (("Lines", ("Order id: SO-1",)),)


def scored(*scores: str | None) -> DatasetAnswer:
    """Records that are mainly from others, with these scores."""
    fields = [schema_field("name"), *(schema_field(f"score_{n}", origin=Origin.ACQUIRED) for n in range(2))]
    records: list[Record] = [{"name": "x", "score_0": score, "score_1": None} for score in scores]
    return dataset_answer("scores", records, fields=fields)


def test_a_record_that_says_nothing_of_it_has_no_line_in_brief() -> None:
    package = contents(scored(None, "1", None, "2", "3", "4", "5", None, "6"))

    (grid,) = (
        block
        for section in compose(package, ()).sections
        if section.title == "What others told us about you"
        for block in section.blocks
    )

    assert isinstance(grid, Grid)
    assert grid.rows[0][1].split("\n") == [*(f"Score 0: {n}" for n in range(1, 6)), "And 2 more records."]
    assert "What others told us about you" not in titles_of(contents(scored(None, None)))


def test_a_line_in_brief_is_cut_between_words() -> None:
    brief = section_of("What others told us about you", contents(scored("word " * 99, "x" * 999)))

    assert "word \u2026 Score 0: xxx" in brief
    assert brief.endswith("x \u2026")


@pytest.mark.parametrize("rest", [1, 4, 8, 14, 20])
def test_a_line_in_brief_does_not_end_with_a_label(rest: int) -> None:
    fields = [schema_field(name, origin=Origin.ACQUIRED) for name in ("said", "about_the_house")]
    record: Record = {"said": "x" * (190 - rest), "about_the_house": "a roof"}
    package = contents(dataset_answer("scores", [record], fields=fields))

    _, _, last = section_of("What others told us about you", package).rpartition(" \u00b7 ")

    assert last.startswith("About the house: a") or "xxx" in last


def test_details_that_no_record_has_are_not_announced() -> None:
    fields = [*map(schema_field, "abc"), schema_field("tier", origin=Origin.DERIVED)]
    customer = dataset_answer("customer", [{"a": "x", "b": "y", "c": "z", "tier": None}], fields=[*fields])

    assert "What we concluded about you" not in titles_of(contents(customer))


def test_nothing_is_claimed_about_conclusions_where_there_are_none() -> None:
    shown = titles_of(contents(ORDERS))

    assert "What is here" in shown
    assert "What we concluded about you" not in shown
    assert "What others told us about you" not in shown


def test_facts_that_all_datasets_share_are_shown_once_in_front() -> None:
    names = ("orders", "lines", "letters")
    package = contents(*(dataset_answer(name, [{"id": "1"}]) for name in names))

    shared = section_of("What holds for every dataset", package)

    assert "Where it is kept System “shop_database”" in shared
    assert all("System “shop_database”" not in section_of(name.capitalize(), package) for name in names)
    assert all("Records 1 in this package" in section_of(name.capitalize(), package) for name in names)


def test_a_fact_that_differs_in_one_dataset_stands_with_each() -> None:
    elsewhere = declared(dataset_answer("calls", [{"id": "1"}]), source="telephone")
    package = contents(*(dataset_answer(name, [{"id": "1"}]) for name in ("orders", "letters")), elsewhere)

    assert "System" not in section_of("What holds for every dataset", package)
    assert "Where it is kept System “telephone”" in section_of("Calls", package)


def test_codes_are_explained_beside_their_field() -> None:
    codes = (Code("sent", "Sent", "It left us."), Code("P", "Paid", "You paid."))
    orders = dataset_answer("orders", [{"status": "P"}], fields=[schema_field("status", codes=codes)])

    text = section_of("Orders", contents(orders))

    assert "The status as we hold it. “Sent”: It left us; “Paid” (P): You paid" in text
