"""A dataset whose fields the register describes itself: its schema is made from them and from the catalogue."""

import json
import re
from pathlib import Path

import pytest

from dsar_export.errors import RegisterError
from dsar_export.export.gaps import Tally
from dsar_export.export.pipeline import validated_rows
from dsar_export.model.request import Right
from dsar_export.model.schema import FieldKind
from dsar_export.use_cases.find_subject import found_subject
from dsar_export.use_cases.open_sources import OpenSources, opened_sources
from tests.described import KEY, KINDS, SAM, Described, described_by_itself, described_shop
from tests.shops import Shop
from tests.worlds import NOON, OpenPackage

on_each_database = pytest.mark.parametrize("made", KINDS, indirect=True)


@pytest.fixture
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Described:
    return described_shop(request, tmp_path)


def schema_of(package: OpenPackage, dataset: str = "tickets") -> dict[str, dict[str, object]]:
    document = json.loads(package.members[f"data/schemas/{dataset}.schema.json"])
    found: dict[str, dict[str, object]] = document["properties"]
    return found


@on_each_database
def test_types_and_nulls_come_from_the_catalogue(made: Described) -> None:
    assert made.shop.findings() == []
    package = made.shop.package(SAM)
    (record,) = package.json("tickets")
    assert record == {
        "id": 10,
        "subject": "A tent",
        "note": None,
        "fee": "12.5" if made.shop.url.startswith("sqlite") else "12.50",
        "currency": "GBP",
        "opened": "2026-03-04",
        "seen_at": "2026-03-05T06:07:08Z",
        "solved": True,
        "details": {"a": [1]},
        "state": "o",
    }
    assert {name: spec["type"] for name, spec in schema_of(package).items()} == {
        "id": "integer",
        "subject": "string",
        "note": ["string", "null"],
        "fee": "string",
        "currency": "string",
        "opened": "string",
        "seen_at": ["string", "null"],
        "solved": ["boolean", "null"],
        "details": ["object", "array", "null"],
        "state": "string",
    }


@on_each_database
def test_the_schema_that_ships_says_what_the_register_says(made: Described) -> None:
    package = made.shop.package(SAM)
    document = json.loads(package.members["data/schemas/tickets.schema.json"])
    assert document["title"] == "Your tickets"
    assert document["description"] == "What our system holds about you under this name."
    assert document["x-period-field"] == "opened"
    found = schema_of(package)
    assert found["subject"] | {"title": "What it is about", "description": "Your words."} == found["subject"]
    assert found["seen_at"]["title"] == "Seen at"
    assert found["seen_at"]["description"] == "What our system holds under this name."
    assert [found[name]["x-origin"] for name in ("subject", "seen_at")] == ["provided", "observed"]
    assert found["seen_at"]["format"] == "date-time"
    assert found["fee"] | {"x-kind": "decimal", "x-currency-field": "currency"} == found["fee"]
    assert found["state"]["oneOf"] == [
        {"const": "o", "title": "Open", "description": "Open"},
        {"const": "c", "title": "Closed", "description": "Closed"},
    ]


@on_each_database
def test_a_changed_catalogue_is_noticed_by_a_process_that_keeps_its_plans(made: Described) -> None:
    services, request = made.shop.services, made.shop.request(SAM)
    with opened_sources(services, request) as before:
        assert kind_of(before, "note") is FieldKind.TEXT
    with opened_sources(services, request) as again:
        assert again.plans["tickets"] is before.plans["tickets"]
    made.run("ALTER TABLE tickets DROP COLUMN note")
    made.run("ALTER TABLE tickets ADD COLUMN note INTEGER")
    with opened_sources(services, request) as after:
        assert kind_of(after, "note") is FieldKind.INTEGER


def kind_of(sources: OpenSources, field: str) -> FieldKind:
    fields = sources.plans["tickets"].withholding.schema.fields
    return next(f.kind for f in fields if f.name == field)


PLAIN = (
    "CREATE TABLE customers (id INTEGER NOT NULL PRIMARY KEY, email TEXT)",
    "INSERT INTO customers VALUES (1, 'sam@example.org'), (2, 'tom@example.org')",
    "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY, customer_id INTEGER NOT NULL, body, extra JSON)",
    "CREATE INDEX notes_order ON notes (customer_id, id)",
    """INSERT INTO notes VALUES (1, 1, 'mine', '{"a": "x"}'), (2, 2, 'CANARY', NULL)""",
)


def notes(tmp_path: Path, more: str = 'origin = "provided"', **fields: str) -> Shop:
    """Notes with a body of no declared type and JSON beside."""
    made = Shop(tmp_path / "register", left_out=["customers"]).link(
        "customers", "email:email", "customer_id:id"
    )
    mapped = {"id": "", **fields}
    unread = [name for name in ("body", "extra") if not any(name in (n + m) for n, m in mapped.items())]
    made.dataset("notes", KEY, mapped, left_out=unread)
    described_by_itself(made, "notes", more)
    return made.write(*PLAIN)


def test_a_part_of_json_needs_its_type_because_no_catalogue_says_it(tmp_path: Path) -> None:
    made = notes(tmp_path, a='{ column = "extra", path = "/a" }', extra="")
    problem = (
        "notes.toml: fields.a.type: the source does not say what stands at this path; add type, one of string"
    )
    assert any(problem in line for line in made.findings())
    with pytest.raises(RegisterError, match=r"fields\.a\.type: the source does not say"):
        made.export(SAM)
    made.change("datasets/notes.toml", 'path = "/a"', 'path = "/a", type = "string"')
    assert made.findings() == []
    assert made.values("notes", "a", SAM) == ["x"]


def test_a_dataset_without_a_schema_needs_the_origin_of_each_field(tmp_path: Path) -> None:
    made = notes(tmp_path, "", body='{ column = "body", origin = "provided" }')
    with pytest.raises(
        RegisterError, match=r"fields\.id\.origin: this key is missing.*provided, observed"
    ) as caught:
        made.export(SAM)
    assert "fields.body" not in str(caught.value)
    made.change("datasets/notes.toml", 'column = "id"', 'column = "id", origin = "observed"')
    assert made.findings() == []


def test_no_row_is_read_while_it_is_not_known_what_a_field_is(tmp_path: Path) -> None:
    made = notes(tmp_path, body="")
    services = made.services
    plan = services.plans.of("acme", Right.ACCESS, NOON.date())["notes"]
    with found_subject(services, made.request(SAM)) as (_, subject, _):
        rows = validated_rows(subject, plan, Tally(), services.progress)
        with pytest.raises(RegisterError, match=r"notes\.toml: fields: no catalogue says"):
            next(rows)


def test_meanings_keep_a_row_with_another_code_beside(tmp_path: Path) -> None:
    made = notes(tmp_path, body='{ column = "body", meanings = { yours = "From you", ours = "From us" } }')
    package = made.package(SAM)
    assert package.json("notes") == []
    assert len(package.kept_beside("notes")) == 1


@pytest.mark.parametrize(
    ("more", "fields", "problem"),
    [
        ('origin = "provided"\nperiod = "when"', {}, "period: unknown field 'when'"),
        ('origin = "provided"\nperiod = "id"', {}, "period: the field 'id' is integer"),
        (
            'origin = "provided"',
            {"body": '{ column = "body", currency = "euro" }'},
            "fields.body.currency: unknown field 'euro'",
        ),
        (
            'origin = "provided"',
            {"body": '{ column = "body", currency = "id" }'},
            "fields.body.currency: only an amount has a currency; this field is text",
        ),
        (
            'origin = "provided"',
            {"body": '{ column = "body", type = "integer", meanings = { a = "A" } }'},
            "meanings need a field that is a string",
        ),
        (
            'origin = "provided"',
            {"body": '{ column = "body", type = "text" }'},
            "fields.body.type: input should be",
        ),
    ],
)
def test_a_wrong_description_is_refused(
    tmp_path: Path, more: str, fields: dict[str, str], problem: str
) -> None:
    made = notes(tmp_path, more, **fields)
    with pytest.raises(RegisterError, match=re.escape(problem)):
        made.export(SAM)


def test_a_dataset_with_a_schema_describes_only_the_fields_that_the_schema_lacks(tmp_path: Path) -> None:
    made = notes(tmp_path, 'schema = "profile"', customer_id="", given_name='{ column = "body" }')
    made.change("datasets/notes.toml", 'id = { column = "id" }', 'number = { column = "id", title = "No." }')
    with pytest.raises(RegisterError, match=r"fields\.number\.origin: this key is missing"):
        made.export(SAM)
    made.change("datasets/notes.toml", 'title = "No."', 'title = "No.", origin = "observed"')
    assert made.findings() == []
    package = made.package(SAM)
    assert package.json("notes") == [{"customer_id": "1", "given_name": "mine", "number": 1}]
    found = schema_of(package, "notes")
    assert found["number"] | {"type": "integer", "title": "No.", "x-origin": "observed"} == found["number"]
    made.change("datasets/notes.toml", 'column = "body"', 'column = "body", title = "A name"')
    with pytest.raises(
        RegisterError, match=r"fields\.given_name: schema 'profile' describes this field already"
    ):
        made.export(SAM)
