"""datapackage.json: the members of every dataset with hash and schema, and the outcome of every row."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from dsar_export.model.comparison import Strength
from dsar_export.model.identity import Identity, Reached, SharedIdentifiers
from dsar_export.model.message import Message
from dsar_export.model.outcome import Answer, Gap, Reason
from dsar_export.model.package import Member, MemberRole, PackageContents, SourceMoment
from dsar_export.model.periods import Span, periods
from dsar_export.model.request import Identifier
from dsar_export.model.schema import Code, FieldKind, SchemaField
from renderers.documents.data_package import DataPackage
from tests.builders import (
    DECIDED_BY,
    EFFORT,
    changed,
    contents,
    dataset_answer,
    not_covered,
    not_portable,
    promise_answer,
    schema_field,
)

MEMBERS = (
    Member("README.txt", 10, "0" * 64, MemberRole.DOCUMENT, "text/plain"),
    Member("report.pdf", 10, "1" * 64, MemberRole.DOCUMENT, "application/pdf"),
    Member("data/json/orders.json", 20, "2" * 64, MemberRole.RECORDS, "application/json", "orders"),
    Member("data/csv/orders.csv", 30, "3" * 64, MemberRole.RECORDS, "text/csv", "orders"),
    Member(
        "data/nonconforming/orders.json", 40, "4" * 64, MemberRole.NONCONFORMING, "application/json", "orders"
    ),
    Member(
        "data/schemas/orders.schema.json",
        50,
        "5" * 64,
        MemberRole.SCHEMA,
        "application/schema+json",
        "orders",
    ),
)


def manifest(of: PackageContents, members: tuple[Member, ...] = MEMBERS) -> dict[str, Any]:
    (document,) = DataPackage().documents(of, members)
    assert (document.path, document.mediatype, document.encrypted) == (
        "datapackage.json",
        "application/json",
        True,
    )
    found: dict[str, Any] = json.loads(b"".join(document.body))
    return found


def identity_of(of: PackageContents) -> dict[str, Any]:
    found: dict[str, Any] = manifest(of, members=())["dsar"]["identity"]
    return found


def fields_of_the_csv(*fields: SchemaField) -> list[dict[str, Any]]:
    package = manifest(contents(dataset_answer("orders", fields=fields)))
    (table,) = (r for r in package["resources"] if r["path"] == "data/csv/orders.csv")
    found: list[dict[str, Any]] = table["schema"]["fields"]
    return found


def orders() -> PackageContents:
    answer = dataset_answer(
        "orders", [{"id": "1"}, {"id": "2"}], nonconforming=1, reasons=((Reason("/id", "type"), 1),)
    )
    return contents(
        answer,
        promises=(
            promise_answer("Your orders", Answer.PRESENT, records=2),
            promise_answer("Letters", Answer.NOT_SEARCHED, ground="on paper"),
        ),
        gaps=(Gap("archive", None, Message("did not answer")),),
    )


def test_every_member_of_a_dataset_is_a_resource_with_path_and_hash_and_no_document_is() -> None:
    resources = manifest(orders())["resources"]
    assert {r["path"]: r["hash"] for r in resources} == {
        m.path: f"sha256:{m.sha256}" for m in MEMBERS if m.dataset is not None
    }


def test_the_names_of_the_resources_are_unique_and_plain() -> None:
    names = [r["name"] for r in manifest(orders())["resources"]]
    assert names == ["orders-json", "orders", "orders-nonconforming", "orders-schema"]


def test_a_table_has_its_format_and_fields_and_only_csv_its_size() -> None:
    by_path = {r["path"]: r for r in manifest(orders())["resources"]}
    table, array = by_path["data/csv/orders.csv"], by_path["data/json/orders.json"]
    assert (table["format"], table["mediatype"], table["bytes"]) == ("csv", "text/csv", 30)
    assert (array["format"], array["mediatype"]) == ("json", "application/json")
    assert table["schema"] == array["schema"]
    assert [f["name"] for f in table["schema"]["fields"]] == ["id"]
    assert by_path["data/schemas/orders.schema.json"]["format"] == "jsonschema"
    assert "schema" not in by_path["data/nonconforming/orders.json"]


def test_it_explains_that_a_schema_describes_one_record_and_what_frictionless_needs() -> None:
    package = manifest(orders())
    (schema,) = (r for r in package["resources"] if r["name"] == "orders-schema")
    assert schema["description"].startswith("JSON Schema of one record.")
    assert "$comment" in schema["description"]
    assert "pip install 'frictionless[json]'" in package["description"]
    assert "import every column as text" in package["description"]


@pytest.mark.parametrize("kind", list(FieldKind))
def test_every_kind_of_field_has_a_type_and_money_is_not_a_number(kind: FieldKind) -> None:
    (field,) = fields_of_the_csv(schema_field("f", kind))
    assert field["type"] in {"string", "integer", "number", "boolean", "date", "any"}
    assert field["title"]
    assert field["description"]
    if kind in {FieldKind.DECIMAL, FieldKind.PHONE, FieldKind.INSTANT}:
        assert field["type"] == "string"


def test_codes_are_listed_with_their_titles() -> None:
    status = schema_field("status", codes=(Code("a", "Active", "In use."), Code("c", "Closed", "No more.")))
    (field,) = fields_of_the_csv(status)
    assert field["categories"] == [{"value": "a", "label": "Active"}, {"value": "c", "label": "Closed"}]


def test_an_empty_array_is_described_as_a_file_and_not_as_a_table() -> None:
    package = manifest(contents(dataset_answer("orders")))
    (array,) = (r for r in package["resources"] if r["path"] == "data/json/orders.json")
    assert "type" not in array
    assert array["hash"] == f"sha256:{'2' * 64}"


def test_the_outcome_of_every_dataset_is_written() -> None:
    (outcome,) = manifest(orders())["dsar"]["outcomes"]
    assert {k: outcome[k] for k in ("dataset", "read", "written", "withheld", "nonconforming")} == {
        "dataset": "orders",
        "read": 3,
        "written": 2,
        "withheld": 0,
        "nonconforming": 1,
    }
    assert outcome["reasons"] == [{"field": "/id", "rule": "type", "rows": 1}]


def test_promises_and_gaps_are_listed_with_the_reason_for_not_searching() -> None:
    dsar = manifest(orders())["dsar"]
    assert [(p["answer"], p["records"]) for p in dsar["promises"]] == [("present", 2), ("not_searched", 0)]
    assert [p.get("not_searched") for p in dsar["promises"]] == [
        None,
        {"ground": "on paper", "effort": EFFORT, "decided_by": DECIDED_BY},
    ]
    assert not any("elsewhere" in p for p in dsar["promises"])
    assert dsar["gaps"] == [{"source": "archive", "dataset": None, "reason": "did not answer"}]


def test_it_names_the_request_the_register_and_the_software_and_the_person_in_one_place_only() -> None:
    package = manifest(orders())
    assert package["name"] == "r-2026-0042"
    assert package["dsar"]["reference"] == "R-2026-0042"
    assert package["dsar"]["register"] == {"version": "2026-11-01", "notice": "Privacy notice of 25 May 2018"}
    assert package["dsar"]["software"] == "dsar-export 0.1.0"
    assert "ada@mail.example" in json.dumps(package["dsar"].pop("identity"))
    assert "ada@mail.example" not in json.dumps(package)
    assert "1042" not in json.dumps(package)


def test_a_ledger_counts_rows_kept_back_and_records_by_mark() -> None:
    answer = changed(
        dataset_answer("orders", [{"id": "1", "earlier_version": True}], withheld=3),
        kept_back=2,
        marked=(
            ("earlier_version", 1),
            ("past_storage_period", 1),
        ),  # the second is not a field of the released schema
    )
    (outcome,) = manifest(contents(answer))["dsar"]["outcomes"]
    assert (outcome["withheld"], outcome["kept_back"], outcome["marked"]) == (3, 2, {"earlier_version": 1})


def test_a_left_out_field_is_listed_with_its_reason_even_if_its_whole_dataset_is_left_out() -> None:
    whole = not_portable(dataset_answer("orders", [{"id": "1"}]), "id", reason="not portable: acquired")
    part = not_portable(dataset_answer("visits", [{"id": "1", "score": "2"}]), "score")
    package = manifest(contents(whole, part), members=())["dsar"]
    assert package["fields_left_out"] == [
        {"dataset": "orders", "field": "id", "title": "Id", "reason": "not portable: acquired"},
        {"dataset": "visits", "field": "score", "title": "Score", "reason": "not portable: derived"},
    ]
    assert [(o["dataset"], o["read"], o["withheld"]) for o in package["outcomes"]] == [
        ("orders", 1, 1),
        ("visits", 1, 0),
    ]


NINE = datetime(2023, 1, 1, 9, tzinfo=UTC)
TEN = datetime(2024, 1, 1, 10, tzinfo=UTC)
CUSTOMER, EMAIL, OLD_EMAIL = (
    Identifier("customer_id", "1042"),
    Identifier("email", "ada@mail.example"),
    Identifier("email", "ada@old.example"),
)


def test_the_identifiers_that_were_used_are_listed_with_their_time_and_way() -> None:
    twice = periods([Span(until=NINE), Span(TEN)])
    known = (
        Reached(OLD_EMAIL, twice, parent=CUSTOMER, over="shop_database.emails"),
        Reached(EMAIL, periods([Span(NINE)]), parent=CUSTOMER, over="shop_database.customers"),
        Reached(CUSTOMER),
    )
    identity = identity_of(contents(identity=Identity(known, (SharedIdentifiers("device_id", 2),))))
    nine, ten = "2023-01-01T09:00:00+00:00", "2024-01-01T10:00:00+00:00"
    over, number, mail = "shop_database.emails", "Customer number", "Email address"
    assert identity["identifiers"] == [
        {"kind": "customer_id", "title": number, "value": "1042", "over": None, "since": None, "until": None},
        # Given with the request, so no table is named.
        {
            "kind": "email",
            "title": mail,
            "value": "ada@mail.example",
            "over": None,
            "since": nine,
            "until": None,
        },
        {
            "kind": "email",
            "title": mail,
            "value": "ada@old.example",
            "over": over,
            "since": None,
            "until": nine,
        },
        {
            "kind": "email",
            "title": mail,
            "value": "ada@old.example",
            "over": over,
            "since": ten,
            "until": None,
        },
    ]
    assert identity["shared"] == [{"kind": "device_id", "count": 2}]
    assert identity["candidates"] == 0
    assert "decided_by" not in identity
    assert "decided_at" not in identity


def test_what_the_persons_row_refers_to_is_listed_apart_from_their_identifiers() -> None:
    home = Reached(
        Identifier("home_id", "H-1"), parent=CUSTOMER, over="shop.people", strength=Strength.REFERENCE
    )
    identity = identity_of(contents(identity=Identity((Reached(CUSTOMER), home))))
    assert [each["kind"] for each in identity["identifiers"]] == ["customer_id"]
    assert identity["references"] == [
        {
            "kind": "home_id",
            "title": "Home id",
            "value": "H-1",
            "over": "shop.people",
            "since": None,
            "until": None,
        }
    ]
    assert "references" not in identity_of(contents(identity=Identity((Reached(CUSTOMER),))))


def test_the_choice_among_candidates_names_decider_and_time() -> None:
    known = (Reached(CUSTOMER), Reached(EMAIL))
    identity = identity_of(contents(identity=Identity(known, candidates=3), chosen=("1042",)))
    assert (identity["candidates"], identity["decided_by"]) == (3, "support desk")
    assert identity["decided_at"] == "2026-11-02T09:30:00+00:00"
    assert {i["value"] for i in identity["identifiers"]} == {"1042", "ada@mail.example"}


def test_an_identifier_that_utf_8_can_not_encode_is_escaped() -> None:
    odd = Identity((Reached(Identifier("email", "caf\udce9@mail.example")),))
    (identifier,) = identity_of(contents(identity=odd))["identifiers"]
    assert identifier["value"] == "caf\\udce9@mail.example"


def test_the_same_contents_give_the_same_bytes() -> None:
    first, second = (next(iter(DataPackage().documents(orders(), MEMBERS))) for _ in range(2))
    assert first == second


def test_a_document_among_the_payload_is_a_resource_but_not_a_table() -> None:
    notice = Member("data/notice.jsonld", 60, "6" * 64, MemberRole.DOCUMENT, "application/ld+json")
    (resource,) = (r for r in manifest(orders(), (*MEMBERS, notice))["resources"] if r["name"] == "notice")
    assert resource == {
        "name": "notice",
        "path": "data/notice.jsonld",
        "format": "jsonld",
        "mediatype": "application/ld+json",
        "encoding": "utf-8",
        "bytes": 60,
        "hash": f"sha256:{'6' * 64}",
    }


def test_each_source_is_listed_with_the_time_of_its_data() -> None:
    opened = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    moments = (
        SourceMoment("shop", opened, opened),
        SourceMoment("crm", opened, datetime(2026, 7, 1, 10, 30, 5, 999, tzinfo=UTC)),
    )
    assert manifest(replace(contents(), moments=moments), members=())["dsar"]["sources"] == [
        {"source": "shop", "as_of": "2026-07-01T12:00:00+00:00"},
        {"source": "crm", "as_of": "2026-07-01T10:30:05+00:00"},
    ]


def test_what_an_agents_mandate_does_not_cover_has_no_outcome_and_its_own_list() -> None:
    package = orders()
    assert "not_covered" not in manifest(package)["dsar"]
    promised = replace(package.promises[1], not_covered=("letters",))
    outside = (not_covered(dataset_answer("letters")),)
    dsar = manifest(replace(package, promises=(promised,), not_covered=outside))["dsar"]
    assert [o["dataset"] for o in dsar["outcomes"]] == ["orders"]
    (listed,) = dsar["not_covered"]
    assert (listed["dataset"], listed["title"]) == ("letters", "Letters")
    assert "the person can ask for it directly" in listed["reason"]
    assert dsar["promises"][0]["not_covered"] == ["letters"]
