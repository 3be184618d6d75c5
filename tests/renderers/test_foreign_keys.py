"""A reference is declared only if every referenced row is in the package."""

import json
from dataclasses import replace
from typing import Any

import pytest

from dsar_export.model.message import Message
from dsar_export.model.outcome import Gap, Reason
from dsar_export.model.package import DatasetAnswer, Member, MemberRole
from dsar_export.model.reference import Reference
from dsar_export.model.schema import FieldKind
from renderers.documents.data_package import DataPackage
from tests.builders import (
    changed,
    contents,
    dataset_answer,
    declared,
    not_portable,
    referring,
    schema_field,
    with_key,
)

ORDERS = dataset_answer("orders", [{"order_id": "1", "total": "5"}, {"order_id": "2", "total": "6"}])
LINES = referring(dataset_answer("lines", [{"line_id": "1", "order_id": "1"}]), order_id="orders.order_id")


def members(*names: str) -> tuple[Member, ...]:
    return tuple(
        Member(f"data/{kind}/{name}.{kind}", 1, "0" * 64, MemberRole.RECORDS, mediatype, name)
        for name in names
        for kind, mediatype in (("json", "application/json"), ("csv", "text/csv"))
    )


def keys(*answers: DatasetAnswer, gaps: tuple[Gap, ...] = (), shipped: tuple[str, ...] | None = None) -> Any:
    """The foreign keys of each resource that has any."""
    names = tuple(a.dataset.name for a in answers) if shipped is None else shipped
    (document,) = DataPackage().documents(contents(*answers, gaps=gaps), members(*names))
    resources = json.loads(b"".join(document.body))["resources"]
    declared_keys = {r["name"]: r.get("schema", {}).get("foreignKeys") for r in resources}
    return {name: declared_key for name, declared_key in declared_keys.items() if declared_key is not None}


def to(resource: str, field: str = "order_id", referred: str = "order_id") -> dict[str, object]:
    return {"fields": [field], "reference": {"resource": resource, "fields": [referred]}}


def test_csv_refers_to_csv_and_json_to_json() -> None:
    assert keys(ORDERS, LINES) == {"lines": [to("orders")], "lines-json": [to("orders-json")]}


def test_a_dataset_may_refer_to_itself_and_to_several() -> None:
    replies = dataset_answer("replies", [{"reply_id": "1", "answers": "1", "order_id": "2"}])
    replies = referring(replies, answers="replies.reply_id", order_id="orders.order_id")
    assert keys(ORDERS, replies)["replies"] == [to("replies", "answers", "reply_id"), to("orders")]


@pytest.mark.parametrize(
    ("orders", "why"),
    [
        (changed(ORDERS, read=3, withheld=1), "a row was withheld"),
        (
            changed(ORDERS, read=3, nonconforming=1, reasons=((Reason("/total", "type"), 1),)),
            "a row was kept beside",
        ),
        (changed(ORDERS, read=0, written=0), "it is empty"),
        (not_portable(ORDERS, "order_id"), "the field was left out"),
        (not_portable(ORDERS, "order_id", "total"), "the whole dataset was left out"),
        (declared(ORDERS, name="purchases"), "it is not in the package"),
        (
            replace(
                ORDERS, schema=replace(ORDERS.schema, fields=(schema_field("order_id", FieldKind.INTEGER),))
            ),
            "a number never matches a text",
        ),
    ],
    ids=lambda given: given.replace(" ", "_") if isinstance(given, str) else "",
)
def test_no_key_is_declared_if_the_referenced_dataset_is_not_complete(
    orders: DatasetAnswer, why: str
) -> None:
    assert keys(orders, LINES) == {}, why


DAYS = with_key(
    dataset_answer("days", [{"id": "1", "day": "5", "total": "8"}, {"id": "1", "day": "6", "total": "9"}]),
    "id",
    "day",
)
BY_DAY = Reference(fields=("of", "on"), dataset="days", to=("id", "day"))


def parts(*rows: tuple[str | None, str | None]) -> DatasetAnswer:
    answer = with_key(dataset_answer("parts", [{"of": of, "on": on} for of, on in rows]), "of", "on")
    return declared(answer, references=(BY_DAY,))


def test_a_key_of_several_fields_is_declared_in_its_order() -> None:
    by_day = {"fields": ["of", "on"], "reference": {"resource": "days", "fields": ["id", "day"]}}
    assert keys(DAYS, parts(("1", "6"), ("1", None)))["parts"] == [by_day]


@pytest.mark.parametrize("row", [("1", "7"), ("6", "1")])
def test_a_key_of_several_fields_is_declared_only_if_all_of_its_values_are_found_together(
    row: tuple[str, str],
) -> None:
    assert keys(DAYS, parts(("1", "6"), row)) == {}


def test_a_key_of_several_fields_is_not_declared_without_one_of_them_or_for_another_kind() -> None:
    assert keys(DAYS, not_portable(parts(("1", "6")), "on")) == {}
    numbers = (schema_field("id"), schema_field("day", FieldKind.INTEGER))
    assert keys(replace(DAYS, schema=replace(DAYS.schema, fields=numbers)), parts(("1", "6"))) == {}


@pytest.mark.parametrize(
    "gap", [Gap("shop_database", "orders", Message("Cut off.")), Gap("shop_database", None, Message("New."))]
)
def test_no_key_is_declared_to_a_dataset_in_a_gap(gap: Gap) -> None:
    assert keys(ORDERS, LINES, gaps=(gap,)) == {}


@pytest.mark.parametrize(
    "gap", [Gap("archive", None, Message("Cut off.")), Gap("shop_database", "lines", Message("Cut off."))]
)
def test_a_gap_elsewhere_changes_nothing(gap: Gap) -> None:
    assert set(keys(ORDERS, LINES, gaps=(gap,))) == {"lines", "lines-json"}


def test_no_key_is_declared_to_a_missing_file() -> None:
    assert keys(ORDERS, LINES, shipped=("lines",)) == {}


def test_no_key_is_declared_for_a_left_out_field() -> None:
    assert keys(ORDERS, not_portable(LINES, "order_id")) == {}


def test_no_key_is_declared_if_a_row_refers_to_a_missing_row() -> None:
    rows = [{"line_id": "1", "order_id": "1"}, {"line_id": "2", "order_id": "somebody else's"}]
    assert keys(ORDERS, referring(dataset_answer("lines", rows), order_id="orders.order_id")) == {}


def test_a_row_without_a_reference_leaves_the_key_declared() -> None:
    rows: list[dict[str, object]] = [{"line_id": "1", "order_id": "1"}, {"line_id": "2", "order_id": None}]
    assert set(keys(ORDERS, referring(dataset_answer("lines", rows), order_id="orders.order_id"))) == {
        "lines",
        "lines-json",
    }


@pytest.mark.parametrize("of", ["child", "parent"])
def test_no_key_is_declared_if_there_were_too_many_values_to_compare(of: str) -> None:
    child, parent = (
        without_values(a) if of == kind else a for kind, a in (("child", LINES), ("parent", ORDERS))
    )
    assert keys(parent, child) == {}


def without_values(answer: DatasetAnswer) -> DatasetAnswer:
    return replace(answer, digest=replace(answer.digest, key_values={}))


def test_an_object_is_never_a_reference() -> None:
    odd = [schema_field("order_id", FieldKind.STRUCTURE)]
    orders = dataset_answer("orders", [{"order_id": {}}], fields=odd)
    lines = dataset_answer("lines", [{"order_id": {}}], fields=odd)
    assert keys(orders, referring(lines, order_id="orders.order_id")) == {}
